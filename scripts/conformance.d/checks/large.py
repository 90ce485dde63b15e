"""Large objects before a gateway of its own with a small heap: it passes them on at speed, to one and to many, and does not grow.

GIB in the environment says how large the one is (1); by hand, 4: GIB=4 scripts/conformance --only "larger than the heap"
CROWD says how many ask for the other at once and how many MiB it has (20x60), HEAP before how many MiB of heap (512):
CROWD=50x200 HEAP=1664 scripts/conformance --only "many at once"
"""
import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
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
CLIENTS, MIB = map(int, os.environ.get("CROWD", "20x60").split("x"))
CROWD_HEAP = int(os.environ.get("HEAP", "512"))  # MiB
PATIENCE = 300  # seconds
ZEROS = bytes(1024 * 1024)
ORIGIN = Path(__file__).resolve().parents[1] / "large_origin.py"

CONFIG = """
listeners: {{ web: {{ bind: "127.0.0.1:{port}" }} }}
admin: {{ bind: "127.0.0.1:{admin}" }}
log: {{ access: {{ format: off }} }}
cache: {{ memory: {memory}MiB, max-object: {largest}MiB }}
upstreams: {{ app: {{ servers: ["127.0.0.1:{origin}"] }} }}
sites:
  large:
    upstream: app
    routes:
      - {{ path: "/plain/**", cache: off }}
      - {{ path: "/**" }}
"""


@contextlib.contextmanager
def small_gateway(world, heap=HEAP, memory=64, largest=16):
    """A Larder with a small heap before an origin of zeros, all sizes in MiB: (its server, the origin, its process)."""
    port, admin, origin = ports.free(), ports.free(), ports.free()
    config = world.directory / "large.yaml"
    config.write_text(CONFIG.format(port=port, admin=admin, origin=origin, memory=memory, largest=largest))
    options = f"-Xmx{heap}m -XX:MaxDirectMemorySize={DIRECT}m"
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


class Reader(threading.Thread):
    """A client that reads an object of zeros, as fast as it can or in `seconds`."""

    def __init__(self, server, path, size, seconds):
        super().__init__(daemon=True)
        self.server, self.path, self.size, self.seconds = server, path, size, seconds
        self.read, self.trouble = 0, None

    def run(self):
        try:
            with socket.create_connection((self.server.host, self.server.port), PATIENCE) as wire:
                wire.sendall(f"GET {self.path} HTTP/1.1\r\nHost: large\r\nConnection: close\r\n\r\n".encode())
                self._take(wire)
        except Exception as error:
            self.trouble = error

    def _take(self, wire):
        head, _, begun = self._head(wire).partition(b"\r\n\r\n")
        ensure(head.startswith(b"HTTP/1.1 200 "), head.split(b"\r\n")[0])
        self._count(memoryview(begun))
        start, block = time.monotonic(), memoryview(bytearray(len(ZEROS)))
        while taken := wire.recv_into(block):
            self._count(block[:taken])
            ahead = self.seconds * self.read / self.size - (time.monotonic() - start)
            if ahead > 0:
                time.sleep(ahead)

    def _head(self, wire):
        head = b""
        while b"\r\n\r\n" not in head:
            more = wire.recv(64 * 1024)
            ensure(more, "a whole head")
            head += more
        return head

    def _count(self, block):
        ensure(block == memoryview(ZEROS)[: len(block)], f"zeros at {self.read}")
        self.read += len(block)


def asked(origin):
    return int(origin.get("/asked").text)


@check("a large object that many ask for at once is fetched once, and reaches the fast and the slow whole", "own")
def many_at_once(world):
    size = MIB * 1024**2
    with small_gateway(world, CROWD_HEAP, CROWD_HEAP // 2, MIB + 1) as (server, origin, process):
        readers = [Reader(server, f"/cached/length/{size}", size, 4 if number % 4 == 0 else 0) for number in range(CLIENTS)]
        begun = time.monotonic()
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join(PATIENCE)
        seconds = time.monotonic() - begun
        resident, requests = most_resident(process), asked(origin)
        print(
            f"    {CLIENTS} x {MIB} MiB, a heap of {CROWD_HEAP} MiB: asked for {requests} times, {CLIENTS * MIB / seconds:.0f} MiB/s,"
            f" at most {resident} MiB resident", flush=True,
        )
        same([(reader.read, reader.trouble) for reader in readers], [(size, None)] * CLIENTS, "what the readers got")
        same(requests, 1, "requests at the origin")
        ensure(resident < CROWD_HEAP + RESIDENT - HEAP, f"{resident} MiB resident")
