"""The workloads, as data, and one measurement of one of them at one server."""

import json
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import clients
from process import Failed, cpu_of_others

WRK_FOLDER = Path(__file__).resolve().parent / "wrk"

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
    script: str = "report.lua"
    urls: int = 1                   # pre-warmed: path/1 … path/urls when more than one
    idle: int = 0                   # kept-alive connections held open beside the load
    floors: bool = False            # bare Netty answers it as well
    quick_floors: bool = False      # … even with --quick

    def cached(self):
        return not self.path.startswith("/pass")


ALL = [
    Workload("hit-1k", "hit 1 KB", "/hit/1k", floors=True, quick_floors=True),
    Workload("hit-1k-browser", "hit 1 KB, a browser's request head", "/hit/1k", headers=tuple(BROWSER.items()), floors=True),
    Workload("hit-10k", "hit 10 KB", "/hit/10k", body=10 * 1024),
    Workload("hit-100k", "hit 100 KB", "/hit/100k", body=100 * 1024),
    Workload("zipf", "hits over 10 000 URLs, Zipf", "/zipf", script="zipf.lua", urls=10_000),
    Workload("pass", "pass 1 KB (no-store)", "/pass/1k"),
    Workload("conns-512", "512 connections, hit 1 KB", "/hit/1k", connections=512, figures=("cpu", "p99"), floors=True),
    Workload("conn-1", "one connection, hit 1 KB", "/hit/1k", connections=1, figures=("p50", "cpu"), floors=True),
    Workload("idle-2000", "2 000 idle connections, hit 1 KB", "/hit/1k", figures=("cpu", "p99"), idle=2000),
]

FIGURES = {
    "cpu": ("CPU µs/request", "cpu_us"),
    "p50": ("p50 µs", "p50_us"),
    "p99": ("p99 µs", "p99_us"),
    "rps": ("requests/s", "rps"),
}


def warm(workload, server, setting, seconds):
    """Fills the cache and lets the server run warm."""
    paths = [f"{workload.path}/{n}" for n in range(1, workload.urls + 1)] if workload.urls > 1 else [workload.path]
    clients.get_all(server.port, paths)
    if seconds:
        _wrk(workload, server, setting, seconds)


def measure(workload, server, setting, seconds):
    """One round: CPU of all the server's processes over the requests that were completed meanwhile, and what went wrong."""
    server.must_run()
    idle = clients.IdleConnections(server.port, workload.path, workload.idle)
    others, at_origin, cpu, began = cpu_of_others(), clients.origin_requests(setting.origin), server.cpu(), time.monotonic()
    result = _wrk(workload, server, setting, seconds)
    time.sleep(0.05)  # a log writer that runs behind is part of the cost
    cpu, elapsed = server.cpu() - cpu, time.monotonic() - began
    at_origin, others = clients.origin_requests(setting.origin) - at_origin, cpu_of_others() - others
    server.must_run()
    errors = {f"wrk {kind}": count for kind, count in result["errors"].items() if count}
    if lost := idle.finish():
        errors["idle connections lost"] = lost
    requests = result["requests"]
    if requests == 0:
        raise Failed(f"{server.name} completed no request of {workload.name}: {server.last_words()}")
    if result["bytes"] < requests * workload.body:
        errors["answers or more were too short"] = requests - result["bytes"] // workload.body
    if workload.cached() and at_origin > requests / 1000 + 10:
        errors["requests of a hit workload at the origin"] = at_origin
    if not workload.cached() and at_origin < requests * 0.99:
        errors["requests that did not reach the origin"] = requests - at_origin
    return {
        "cpu_us": cpu / requests, "rps": requests / result["micros"] * 1e6, "p50_us": result["p50"], "p99_us": result["p99"],
        "requests": requests, "core_busy": cpu / (elapsed * 1e6), "others": max(0.0, others / (elapsed * 1e6)), "errors": errors,
    }


def _wrk(workload, server, setting, seconds):
    command = ["taskset", "-c", setting.load_core, setting.root / "usr/bin/wrk", "-t1", f"-c{workload.connections}", f"-d{seconds}s",
               "-s", workload.script]
    for name, value in workload.headers:
        command += ["-H", f"{name}: {value}"]
    command.append(f"http://127.0.0.1:{server.port}{workload.path}")
    done = subprocess.run(list(map(str, command)), cwd=WRK_FOLDER, env=setting.environment(), capture_output=True, text=True)
    if result := result_of(done.stdout):
        return result
    raise Failed(f"wrk failed at {server.name}, {workload.name}: {(done.stderr or done.stdout).strip()}")


def result_of(printed):
    """What wrk/report.lua says in the output of wrk, or None."""
    for line in printed.splitlines():
        if line.startswith("RESULT "):
            return json.loads(line.removeprefix("RESULT "))
    return None
