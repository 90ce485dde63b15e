"""Figures of pages that are put together from parts: slow parts, one that never comes, very many of them."""

import contextlib
import dataclasses
import http.client
import sys
import threading
import time

import servers
from process import Failed, Server
from setting import HERE

PARTS, EACH = 20, 50            # fragments of a cold page, and the milliseconds that the app takes for each
DEADLINE = 500                  # ms, of a fragment that never comes
LARGE, INCLUDES = 10 << 20, 1000
READERS, READS = 4, 25          # of the large page at the same time, and each how often
WARM = 60                       # pages, before any counts

ROUTES = f"""\
      - {{ path: "/hung/**", fragments: {{ deadline: {DEADLINE}ms }} }}
      - {{ path: "/large/**", fragments: {{ max-includes: {INCLUDES} }} }}
      - {{ path: "/**", fragments: esi }}"""


@contextlib.contextmanager
def kitchen(setting, name, ports):
    """The named server in front of an app whose fragments take their time."""
    app = Server("slow-origin", next(ports), setting.run / "slow-origin.log")
    slow = dataclasses.replace(setting, origin=app.port)
    server = None
    try:
        app.start([sys.executable, "-B", HERE / "slow_origin.py", app.port], setting.load_core)
        app.await_answer()
        port, suffix = next(ports), "-fragments"
        server = servers.start_larder(slow, port, suffix, routes=ROUTES, memory=256) if name == "larder" else servers.start(slow, name, port, suffix)
        server.await_answer()
        yield server
    finally:
        if server:
            server.stop()
        app.stop()


def cold(setting, name, ports, rounds):
    """Milliseconds until a page that nobody has asked for, of PARTS fragments of EACH ms, is whole: one figure a page."""
    with kitchen(setting, name, ports) as server:
        for number in range(WARM if name == "larder" else 2):
            _page(server, f"/page/{PARTS}/1/warm/{number}")
        return [_page(server, f"/page/{PARTS}/{EACH}/{number}", PARTS * 1024)[1] * 1e3 for number in range(rounds)]


def hung(setting, ports, rounds):
    """Milliseconds until the first octet, and until the last, of a page one of whose five fragments never comes."""
    with kitchen(setting, "larder", ports) as server:
        for number in range(WARM):
            _page(server, f"/page/5/1/warm/{number}")
        found = [_page(server, "/hung/page", 4 * 1024) for _ in range(rounds)]
        return [first * 1e3 for first, _, _ in found], [whole * 1e3 for _, whole, _ in found]


def large(setting, ports):
    """Octets of a page with INCLUDES fragments, the milliseconds that it takes, and by how much reading it raises resident memory."""
    path = f"/large/{INCLUDES}/{LARGE}"
    with kitchen(setting, "larder", ports) as server:
        for _ in range(10):
            length = _page(server, path)[2]
        before, peak, times = server.resident(), [0], []
        readers = [threading.Thread(target=lambda: times.extend(_page(server, path)[1] for _ in range(READS))) for _ in range(READERS)]
        for reader in readers:
            reader.start()
        while any(reader.is_alive() for reader in readers):
            peak[0] = max(peak[0], server.resident())
            time.sleep(0.02)
        if len(times) < READERS * READS:
            raise Failed("a reader of the large page broke off")
        return length, sorted(times)[len(times) // 2] * 1e3, max(0, peak[0] - before)


def _page(server, path, least=0):
    """Seconds until the first octet of the content, seconds until the last, and how many there are."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        began = time.monotonic()
        connection.request("GET", path)
        response = connection.getresponse()
        text = response.read(1)
        first = time.monotonic() - began
        text += response.read()
        whole = time.monotonic() - began
    except (OSError, http.client.HTTPException) as problem:
        raise Failed(f"{server.name} broke off {path}: {problem!r}") from None
    finally:
        connection.close()
    if response.status != 200 or not text.endswith(b"</html>") or len(text) < least:
        raise Failed(f"{server.name} answered {path} with {response.status} and {len(text)} octets")
    return first, whole, len(text)
