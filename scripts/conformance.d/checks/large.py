"""Objects larger than the heap: a gateway of its own with 256 MiB passes them on at speed and does not grow.

GIB in the environment says how large (1); by hand, 4: GIB=4 scripts/conformance --only "larger than the heap"
"""
import contextlib
import os
import subprocess
import sys
from pathlib import Path

import ports
from client import Server
from process import Process, until
from report import check, ensure, same
from world import ROOT, status_of

GIB = float(os.environ.get("GIB", "1"))
SIZE = int(GIB * 1024**3)
HEAP, DIRECT = 256, 64  # MiB
RESIDENT = 640  # MiB: the heap, what is direct, the code and the JVM's own
SLOWEST = 100  # MiB/s, for a machine that does much else
ORIGIN = Path(__file__).resolve().parents[1] / "large_origin.py"

CONFIG = """
listeners: {{ web: {{ bind: "127.0.0.1:{port}" }} }}
admin: {{ bind: "127.0.0.1:{admin}" }}
log: {{ access: {{ format: off }} }}
cache: {{ memory: 64MiB, max-object: 16MiB }}
upstreams: {{ app: {{ servers: ["127.0.0.1:{origin}"] }} }}
sites:
  large:
    upstream: app
    routes:
      - {{ path: "/plain/**", cache: off }}
      - {{ path: "/**" }}
"""


@contextlib.contextmanager
def small_gateway(world):
    """A Larder with a small heap before an origin of zeros: (its server, the origin, its process)."""
    port, admin, origin = ports.free(), ports.free(), ports.free()
    config = world.directory / "large.yaml"
    config.write_text(CONFIG.format(port=port, admin=admin, origin=origin))
    options = f"-Xmx{HEAP}m -XX:MaxDirectMemorySize={DIRECT}m"
    zeros = Process("large-origin", [sys.executable, str(ORIGIN), str(origin)], os.environ, world.directory / "large-origin.log", ROOT)
    larder = Process(
        "larder-large", [*world.launcher, "serve", "-c", str(config)], {**os.environ, "LARDER_OPTS": options},
        world.directory / "larder-large.log", ROOT,
    )
    try:
        zeros.start()
        larder.start()
        until(lambda: status_of(Server("127.0.0.1", admin), "/readyz") == 200, 60, "the small gateway is ready")
        yield Server("127.0.0.1", port), Server("127.0.0.1", origin), larder
    finally:
        larder.stop()
        zeros.stop()


def most_resident(process):
    """The most memory the process ever had, in MiB."""
    with open(f"/proc/{process.pid}/status") as status:
        return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM"))


def download(server, path):
    """(bytes, MiB/s) of a download that nobody keeps."""
    command = ["curl", "-sS", "-o", os.devnull, "-w", "%{size_download} %{speed_download}", f"http://{server.host}:{server.port}{path}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    same((done.returncode, done.stderr), (0, ""), "curl's exit status and trouble")
    size, speed = done.stdout.split()
    return int(size), float(speed) / 1024**2


@check("objects larger than the heap pass through it: cacheable or not, their length declared or not", "own")
def larger_than_the_heap(world):
    with small_gateway(world) as (server, origin, process):
        speeds = {"from the origin itself": download(origin, f"/plain/length/{SIZE}")[1]}
        for route in ("plain", "cached"):
            for framing in ("length", "chunked"):
                size, speeds[f"{route} {framing}"] = download(server, f"/{route}/{framing}/{SIZE}")
                same(size, SIZE, f"bytes of {route} {framing}")
        resident = most_resident(process)
        told = ", ".join(f"{name} {speed:.0f}" for name, speed in speeds.items())
        print(f"    {GIB:g} GiB each, MiB/s: {told}; at most {resident} MiB resident", flush=True)
        ensure(resident < RESIDENT, f"{resident} MiB resident")
        ensure(min(speeds.values()) > SLOWEST, f"MiB/s: {told}")
