"""The hit ratio at equal memory: the same trace replayed at each cache, its fetches read from the origin's log."""

import itertools
import math
import random
import time
from bisect import bisect_left
from dataclasses import dataclass

import load
import peers
import servers

PEERS = ["nginx", "varnish", "ats", "larder"]
CONNECTIONS = 8

OBJECTS, EXPONENT = 30_000, 0.9
ONE_HIT_WONDERS = 0.30      # of the requests: objects that nobody asks for again
MEDIAN, SIGMA = 8 * 1024, 1.2   # lengths are lognormal
STEPS, LARGEST = 20, 4.0    # in steps of a twentieth of σ, cut at ±4 σ: no more lengths than there are files for
SEED = 9111


@dataclass(frozen=True)
class Trace:
    """Requests in their order, each an (object, length)."""
    requests: list

    def bytes(self):
        return sum(length for _, length in self.requests)

    def most(self):
        """What a cache without bounds would serve: the share of requests, and of bytes."""
        firsts = dict(self.requests)
        return 1 - len(firsts) / len(self.requests), 1 - sum(firsts.values()) / self.bytes()


def draw(count):
    chance = random.Random(SEED)
    weights = list(itertools.accumulate(rank ** -EXPONENT for rank in range(1, OBJECTS + 1)))
    lengths, requests, wonders = {}, [], itertools.count(OBJECTS)
    for _ in range(count):
        once = chance.random() < ONE_HIT_WONDERS
        item = next(wonders) if once else bisect_left(weights, chance.random() * weights[-1])
        if item not in lengths:
            lengths[item] = _length(chance.gauss(0, 1))
        requests.append((item, lengths[item]))
    return Trace(requests)


def _length(deviation):
    step = round(max(-LARGEST, min(LARGEST, deviation)) * STEPS) / STEPS
    return round(MEDIAN * math.exp(SIGMA * step))


def write(trace, run):
    """The bodies that the origin serves, one for each length, and the paths for wrk."""
    folder = run / "trace"
    folder.mkdir()
    for length in {length for _, length in trace.requests}:
        (folder / str(length)).write_bytes(random.Random(length).randbytes(length))
    (run / "trace.txt").write_text("".join(f"/trace/{item}/{length}\n" for item, length in trace.requests))


def run(setting, name, port, trace):
    """Starts the named cache, replays the trace, stops it. Returns fetches, hit ratio and byte hit ratio."""
    server = servers.start(setting, name, port, suffix="-trace", core=setting.server_core, memory=peers.TRACE_MEMORY)
    log = setting.run / "trace.log"
    try:
        server.await_answer()
        before = log.stat().st_size
        began = time.monotonic()
        load.through(setting, server, "trace.lua", [setting.run / "trace.txt"], len(trace.requests), CONNECTIONS)
        took = time.monotonic() - began
        with open(log, encoding="ascii") as file:
            file.seek(before)
            fetched = [int(line.rpartition("/")[2]) for line in file]
        server.must_run()
    finally:
        server.stop()
    return {"fetches": len(fetched), "hit": 1 - len(fetched) / len(trace.requests), "byte_hit": 1 - sum(fetched) / trace.bytes(), "seconds": took}


def better_than(name, results):
    """Who fetches less than the named one, or as much."""
    own = results.get(name, {"fetches": 0})["fetches"]
    return [other for other, result in results.items() if other != name and result["fetches"] <= own]

