"""The workloads, as data, and one measurement of one of them at one server."""

import math
import time
from dataclasses import dataclass

import clients
import load
from process import Failed, cpu_of_others

BROWSER = {  # with Host, ten fields
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "de-DE,de;q=0.8,en-US;q=0.5,en;q=0.3",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Referer": "http://127.0.0.1/products/?page=3&sort=price",
    "Connection": "keep-alive",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Site": "same-origin",
}


@dataclass(frozen=True)
class Workload:
    name: str
    title: str
    path: str
    body: int = 1024                # length in bytes
    connections: int = 64
    figures: tuple = ("cpu",)       # of FIGURES; the first is what the workload is about
    headers: tuple = ()
    coding: str = "identity"        # of the answers
    script: str = "report.lua"
    urls: int = 1                   # pre-warmed: path/1 … path/urls when more than one
    idle: int = 0                   # kept-alive connections held open beside the load
    log: bool = True                # with the access log that the run has; without, on servers of its own
    floors: bool = False            # bare Netty answers it as well
    quick_floors: bool = False      # … even with --quick
    quick_rounds: int = 1
    peers: tuple = ()               # those of the other servers that can do it, where not all can

    def can(self, server):
        return server == "larder" or not self.peers or server in self.peers

    def cached(self):
        return not self.path.startswith("/pass")


ALL = [
    Workload("hit-1k", "hit 1 KB", "/hit/1k", floors=True, quick_floors=True, quick_rounds=2),
    Workload("hit-1k-browser", "hit 1 KB, a browser's request head", "/hit/1k", headers=tuple(BROWSER.items()), floors=True),
    Workload("hit-1k-nolog", "hit 1 KB, no access log", "/hit/1k", log=False),
    Workload("hit-10k", "hit 10 KB", "/hit/10k", body=10 * 1024),
    Workload("hit-100k", "hit 100 KB", "/hit/100k", body=100 * 1024),
    Workload("gzip", "50 KB of HTML, sent gzipped", "/gzip/page", body=5 * 1024, headers=(("Accept-Encoding", "gzip"),), coding="gzip"),
    Workload("zipf", "hits over 10 000 URLs, Zipf", "/zipf", script="zipf.lua", urls=10_000),
    Workload("esi", "page of five cached fragments of 1 KB (ESI)", "/esi/page", body=6 * 1024, peers=("varnish",)),
    Workload("pass", "pass 1 KB (no-store)", "/pass/1k"),
    Workload("conns-512", "512 connections, hit 1 KB", "/hit/1k", connections=512, figures=("cpu", "p99"), floors=True),
    Workload("conn-1", "one connection, hit 1 KB", "/hit/1k", connections=1, figures=("p50", "cpu"), floors=True),
    Workload("idle-2000", "2 000 idle connections, hit 1 KB", "/hit/1k", figures=("cpu", "p99"), idle=2000),
]

SLICE, STALE = 2, 3     # seconds of warm-up, and how many of these without a gain are enough

FIGURES = {
    "cpu": ("CPU µs/request", "cpu_us"),
    "p50": ("p50 µs", "p50_us"),
    "p99": ("p99 µs", "p99_us"),
    "rps": ("requests/s", "rps"),
}

BODIES = {"1k": 1024, "10k": 10 * 1024, "100k": 100 * 1024}
"""Plain text of these lengths; beside it page, 50 KB of HTML."""


def verify(workload, server, origin):
    path = workload.path if workload.urls == 1 else f"{workload.path}/{workload.urls}"
    clients.verify(server, origin, path, workload.cached(), workload.coding)


def warm(workload, server, setting, seconds):
    """Fills the cache, twice where only what is asked for again comes into memory, and lets the server run warm."""
    for _ in range(2 if server.name.startswith("ats") else 1):
        if workload.urls > 1:
            load.fill(setting, server, workload.path, workload.urls)
        else:
            clients.get(server.port, workload.path, workload.coding)
    settle(server, setting, lambda length: _load(workload, server, setting, length), *seconds)


def settle(server, setting, loading, least, most):
    """Loads a server, on both cores, until it gets no cheaper, but for so many seconds at least and at most."""
    began, best, stale = time.monotonic(), math.inf, 0
    with server.on({setting.load_core, setting.server_core}):
        while (took := time.monotonic() - began) < least or (took < most and stale < STALE):
            before = server.cpu()
            requests = loading(min(SLICE, least))["requests"]
            cost = (server.cpu() - before) / max(1, requests)
            stale = 0 if cost < best * 0.95 else stale + 1
            best = min(best, cost)


def measure(workload, server, setting, seconds):
    """One round: CPU of all the server's processes over the requests that were completed meanwhile, and what went wrong."""
    server.must_run()
    idle = clients.IdleConnections(server.port, workload.path, workload.idle)
    cell = metered(server, setting, lambda: _load(workload, server, setting, seconds))
    if lost := idle.finish():
        cell["errors"]["idle connections lost"] = lost
    requests, at_origin = cell["requests"], cell["at_origin"]
    if cell["bytes"] < requests * workload.body:
        cell["errors"]["answers or more were too short"] = requests - cell["bytes"] // workload.body
    if workload.cached() and at_origin > requests / 1000 + 10:
        cell["errors"]["requests of a hit workload at the origin"] = at_origin
    if not workload.cached() and at_origin < requests * 0.99:
        cell["errors"]["requests that did not reach the origin"] = requests - at_origin
    return cell


def metered(server, setting, loading):
    """What the server spends while it is loaded, as `loading` returns it from wrk."""
    others, at_origin, cpu, began = cpu_of_others(), clients.origin_requests(setting.origin), server.cpu(), time.monotonic()
    result = loading()
    time.sleep(0.05)  # a log writer that runs behind is part of the cost
    cpu, elapsed = server.cpu() - cpu, time.monotonic() - began
    at_origin, others = clients.origin_requests(setting.origin) - at_origin, cpu_of_others() - others
    server.must_run()
    requests = result["requests"]
    if requests == 0:
        raise Failed(f"{server.name} completed no request: {server.last_words()}")
    return {
        "cpu_us": cpu / requests, "rps": requests / result["micros"] * 1e6, "p50_us": result["p50"], "p99_us": result["p99"],
        "requests": requests, "bytes": result["bytes"], "at_origin": at_origin, "core_busy": cpu / (elapsed * 1e6),
        "others": max(0.0, others / (elapsed * 1e6)), "errors": {f"wrk {kind}": count for kind, count in load.failures(result).items()},
    }


def _load(workload, server, setting, seconds):
    return load.timed(setting, server, workload.path, seconds, workload.connections, workload.headers, workload.script)
