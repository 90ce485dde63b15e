"""Figures that lie inside a server: resident memory, heap allocated per hit, pauses, system calls."""

import re
import signal
import subprocess
import time
from statistics import median

import clients
import jvm
import load
import servers
import workloads
from process import Failed

OBJECTS = 100_000           # of 1 KB, for memory
SETTLED = 1 << 20           # resident memory that moves by less than this within half a second has settled

CACHE, FILLED = 4096, 0.6       # MiB of cache for the pauses, and how much of it is filled
QUICK_CACHE = 512
WARM = 5                        # seconds of hits before any counts
LOADS, PAUSES = 6, 5            # loads at most, and pauses that are enough: what allocates little collects seldom


def memory(setting, name, port):
    """Resident bytes of a server that holds OBJECTS of 1 KB, after a garbage collection where there is one."""
    server = servers.start(setting, name, port, suffix="-memory", core=setting.server_core)
    try:
        server.await_answer()
        with server.on({setting.load_core, setting.server_core}):
            load.fill(setting, server, "/zipf", OBJECTS)
        before = clients.origin_requests(setting.origin)
        load.fill(setting, server, "/zipf", OBJECTS)
        if (fetched := clients.origin_requests(setting.origin) - before) > OBJECTS / 1000:
            raise Failed(f"{fetched} of {OBJECTS} objects are not in the cache")
        figures = {"resident": server.resident()}
        if server.jvm():
            jvm.collect(server)
            figures["before_collection"] = figures["resident"]
            figures["live_heap"] = jvm.live_heap(server)
        figures["resident"] = _settled(server)
        return figures
    finally:
        server.stop()


def _settled(server):
    """Collectors give memory back a while after they have collected."""
    deadline, last = time.monotonic() + 5, server.resident()
    while time.monotonic() < deadline:
        time.sleep(0.5)
        now = server.resident()
        if abs(now - last) < SETTLED:
            return now
        last = now
    return last


def allocation(setting, server, workload, seconds):
    """Heap bytes per hit, of all threads."""
    clients.get(server.port, workload.path, workload.coding)
    before = jvm.allocated(server)
    result = load.timed(setting, server, workload.path, seconds, workload.connections, workload.headers, workload.script)
    return (jvm.allocated(server) - before) / result["requests"]


def gc(setting, port, quick):
    """Pauses in ms, while a cache of 4 GiB fills to more than a half and while it then serves hits. What filling left behind is
    filling's: hits count after a first load of them, as in other workloads."""
    cache, seconds, loads = (QUICK_CACHE, 3, 1) if quick else (CACHE, 10, LOADS)
    count = int(cache * FILLED * 2**20 / workloads.BODIES["10k"])
    log = setting.run / "larder-gc.log"
    server = servers.start_larder(setting, port, "-gc", setting.server_core, cache, options=f"-Xlog:safepoint,gc:file={log}:uptime:filecount=0")
    try:
        server.await_answer()
        began = log.stat().st_size
        load.fill(setting, server, "/10k", count)
        hits = {"script": "objects.lua", "arguments": ("/10k", count, count)}
        load.timed(setting, server, "/10k/1", WARM, **hits)
        loaded = log.stat().st_size
        before, requests = clients.origin_requests(setting.origin), 0
        for _ in range(loads):
            requests += load.timed(setting, server, "/10k/1", seconds, **hits)["requests"]
            text = log.read_text()
            if len(jvm.pauses(text[loaded:])) >= PAUSES:
                break
        if (fetched := clients.origin_requests(setting.origin) - before) > requests / 1000:
            raise Failed(f"{fetched} of {requests} requests were no hits")
        return {"cache_mib": cache, "objects": count, "requests": requests, "resident_mib": server.resident() / 2**20,
                "filling": _summary(jvm.pauses(text[began:loaded])), "hits": _summary(jvm.pauses(text[loaded:])),
                "collector": re.search(r"Using (.*)", text)[1]}
    finally:
        server.stop()


def _summary(pauses):
    lengths = [length for length, _ in pauses]
    return {"count": len(lengths), "median_ms": median(lengths) if lengths else 0.0,
            "longest_ms": max(lengths, default=0.0), "longest_cause": max(pauses)[1] if pauses else None}


def syscalls(setting, server, workload):
    """System calls per request, by name, of all the server's processes under strace."""
    output = setting.run / f"{server.name}.strace"
    pids = [word for pid in sorted(server.pids()) for word in ("-p", str(pid))]
    with subprocess.Popen([setting.root / "usr/bin/strace", "-c", "-f", "-o", output, *pids], env=setting.environment(),
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as strace:
        if "attached" not in (said := strace.stderr.readline()):
            raise Failed(f"strace cannot attach (is tracing allowed here?): {said.strip()}")
        time.sleep(0.5)  # to the other threads as well
        result = load.timed(setting, server, workload.path, 1, workload.connections, workload.headers, workload.script)
        strace.send_signal(signal.SIGINT)
        strace.communicate()
    calls = _calls(output.read_text())
    if not calls:
        raise Failed("strace counted nothing")
    return {name: count / result["requests"] for name, count in calls.items()}


def _calls(table):
    """Counts by name out of the table of strace -c; a column for errors may be empty."""
    rows = re.findall(r"^ *[\d.]+ +[\d.]+ +\d+ +(\d+) +(?:\d+ +)?(\w+)$", table, re.M)
    return {name: int(count) for count, name in rows if name != "total"}
