"""Figures of Larder's nodes that share a Redis: hits in it, hits beside it, purges that all confirm, purges of much."""

import contextlib
import os
import time

import clients
import jvm
import load
import paced
import redis
import servers
import workloads
from admin import Admin
from process import Failed
from progress import say

HOST = "shop.example"       # the same for all nodes: it is part of the key
HEADERS = (("Host", HOST),)
HIT = workloads.ALL[0]

NODES = 3
LOADED, LOAD = 1000, 300            # of each node, while it is purged: objects, and hits per second
BEFOREHAND = 4000                   # purges until three JVMs have compiled what purges take
TAGGED, FEW = 100_000, 1_000        # objects of one tag
ALL_BUT = 0.98                      # of the objects have to be where they are said to be: wrk does not wait for its last answers
BEFORE, AFTER = 1.0, 2.0            # seconds of hits before a tag is purged, and after


class Fleet:
    """A Redis and nodes that share it, each on the core of the servers; all ended together."""

    def __init__(self, setting, ports):
        self.setting, self.ports, self.started = setting, ports, []

    def __enter__(self):
        self.redis = redis.start(self.setting, next(self.ports))
        return self

    def __exit__(self, *_):
        for server in reversed(self.started):
            server.stop()
        self.redis.stop()

    def node(self, name, **config):
        """A Larder with Redis; with more of its configuration than where it is."""
        return self._start(name, self.redis.config(node=name, **config))

    def alone(self, name):
        """A Larder without Redis."""
        return self._start(name, "")

    def _start(self, name, shared):
        server = servers.start_larder(self.setting, next(self.ports), f"-{name}", self.setting.server_core, redis=shared)
        self.started.append(server)
        server.await_answer()
        return server

    def share(self, node, prefix, count):
        """Has the node store prefix/1 … prefix/count, and waits until all of them are in Redis. Slowly: what a node cannot write in time
        it does not write at all."""
        before = self.redis.keys()
        paced.ask(self.setting, node, HOST, prefix, count, count)
        self.redis.await_keys(before + count)


def _fill(setting, node, prefix, count):
    """As fast as it can, on both cores: a JVM that has just been started has more to do."""
    with node.on({setting.load_core, setting.server_core}):
        load.fill(setting, node, prefix, count, HEADERS)


def _paced(setting, server, prefix, objects, count):
    return paced.ask(setting, server, HOST, prefix, objects, count)


def shared_hit(setting, ports, rounds, seconds, warm_up, quick):
    """By round: latency of hits that only Redis has, and of the same ones when they are local. The node that stored them is ended before."""
    count = int(paced.RATE * seconds)
    warm = 2_000 if quick else 30_000
    with Fleet(setting, ports) as fleet:
        first, second = fleet.node("storing", timeout="1s"), fleet.node("empty")  # a machine that hangs for 50 ms is to lose no write
        fleet.share(first, "/zipf/warm", warm)
        for number in range(rounds + 1):
            fleet.share(first, f"/zipf/{number}", count)
        first.stop()
        _fill(setting, second, "/zipf/warm", warm)
        workloads.settle(second, setting, lambda length: load.timed(setting, second, "/zipf/warm/1", length, headers=HEADERS), *warm_up)
        _shared_round(setting, second, "/zipf/0", count)  # what comes at this pace is another thing to a JVM
        return [_shared_round(setting, second, f"/zipf/{number}", count) for number in range(1, rounds + 1)]


def _shared_round(setting, node, prefix, count):
    with Admin(node) as admin:
        fetched, stored = clients.origin_requests(setting.origin), admin.stored()
        shared = _paced(setting, node, prefix, count, count).percentiles()
        fetched, stored = clients.origin_requests(setting.origin) - fetched, admin.stored() - stored
        if fetched > count / 1000:
            raise Failed(f"{fetched} of {count} objects were asked of the origin")
        if stored < count * ALL_BUT:
            raise Failed(f"{count - stored} of {count} objects were in the node's own tier before")
        local = _paced(setting, node, prefix, count, count).percentiles()
    say(f"hits in Redis: p50 {shared['p50_us']:.0f} µs, p99 {shared['p99_us']:.0f} µs; local ones {local['p50_us']:.0f} and {local['p99_us']:.0f} µs")
    return {"shared": shared, "local": local, "at_origin": fetched}


def hit_redis(setting, ports, rounds, seconds, warm_up, pairs):
    """Cells of hit-1k by round, with Redis and without, first the one and then the other. Two JVMs of the same program differ by more
    than what is looked for, for as long as they live: so there are several pairs."""
    cells = []
    for pair in range(pairs):
        with Fleet(setting, ports) as fleet:
            nodes = {"with": fleet.node(f"with-{pair}"), "without": fleet.alone(f"without-{pair}")}
            for node in nodes.values():
                workloads.verify(HIT, node, setting.origin)
                workloads.warm(HIT, node, setting, warm_up)
            for number in range(rounds):
                turn = sorted(nodes, reverse=number % 2)
                both = {name: workloads.measure(HIT, nodes[name], setting, seconds) for name in turn}
                cells.append(both)
                say(f"{HIT.title}, pair {pair + 1}, round {number + 1}: " + ", ".join(f"{name} Redis {both[name]['cpu_us']:.1f} µs/request" for name in nodes))
    return cells


def purge_ack(setting, ports, count, warm_up, quick):
    """What each purge answered and how long it took for the caller, in ms, while all nodes are asked for what is purged. The nodes take
    turns in being told."""
    with Fleet(setting, ports) as fleet, contextlib.ExitStack() as stack:
        nodes = [fleet.node(f"node-{number}") for number in range(1, NODES + 1)]
        hits = {"script": "objects.lua", "arguments": ("/zipf", LOADED, LOADED), "headers": HEADERS}
        for node in nodes:
            _fill(setting, node, "/zipf", LOADED)
            workloads.settle(node, setting, lambda length: load.timed(setting, node, "/zipf/1", length, **hits), *warm_up)
        admins = [stack.enter_context(Admin(node)) for node in nodes]
        stack.enter_context(_on(setting.load_core))
        with contextlib.ExitStack() as wide:
            for node in nodes:
                wide.enter_context(node.on({setting.load_core, setting.server_core}))
            _purges_under_load(setting, nodes, admins, range(BEFOREHAND // 20 if quick else BEFOREHAND))
        return _purges_under_load(setting, nodes, admins, range(count))


def _purges_under_load(setting, nodes, admins, turns):
    purges = []
    with contextlib.ExitStack() as loads:
        asking = [paced.Asking(setting, node, HOST, "/zipf", LOADED, LOAD * load.LONGEST, LOAD) for node in nodes]
        for client in asking:
            loads.callback(client.stop)
        time.sleep(0.5)
        for turn in turns:
            answer, seen = admins[turn % len(admins)].purge(urls=[f"http://{HOST}/zipf/{turn % LOADED + 1}"], wait="5s")
            purges.append({"seen": seen, "took": answer["took-ms"], "acked": answer["nodes"]["acked"], "missing": answer["nodes"]["missing"]})
        for client in asking:
            if client.is_over():
                client.answers()
                raise Failed(f"{client.server.name} was asked for too short a time")
    return purges


def purge_tag(setting, ports, rounds, warm_up, tagged):
    """By round, and by how many objects have the tag: how long the call took, how long they were in the local tier, and how long clients
    waited for others, in ms; and the heap that all of that leaves behind."""
    with Fleet(setting, ports) as fleet:
        node = fleet.node("tagged")
        _fill(setting, node, "/zipf", LOADED)
        hits = {"script": "objects.lua", "arguments": ("/zipf", LOADED, LOADED), "headers": HEADERS}
        workloads.settle(node, setting, lambda length: load.timed(setting, node, "/zipf/1", length, **hits), *warm_up)
        with Admin(node) as admin, _on(setting.load_core):
            _tag_round(fleet, node, admin, FEW)
            _tag_round(fleet, node, admin, tagged)
            return [{count: _tag_round(fleet, node, admin, count) for count in (FEW, tagged)} for _ in range(rounds)]


def _tag_round(fleet, node, admin, count):
    setting = fleet.setting
    others, heap = admin.stored(), _heap(node)
    _fill(setting, node, "/tagged", count)
    _at_rest(node)
    filled = _heap(node)
    if (stored := admin.stored() - others) < count * ALL_BUT:
        raise Failed(f"only {stored} of {count} objects with a tag are stored")
    asking = paced.Asking(setting, node, HOST, "/zipf", LOADED, int(paced.RATE * (BEFORE + AFTER)))
    try:
        asking.wait(BEFORE)
        began = time.monotonic()
        answer, call = admin.purge(tags=["tagged"], wait="5s")
        while (left := admin.stored() - others) > count / 1000 and time.monotonic() < began + AFTER:
            time.sleep(0.005)
        freed = time.monotonic()
        answers = asking.answers()
    finally:
        asking.stop()
    if left > count / 1000:
        raise Failed(f"{left} of {count} objects that were purged are in the local tier after {AFTER:.0f} s")
    if answer["matched"] < stored * ALL_BUT and not answer.get("counting"):  # the answer does not wait until all are counted
        raise Failed(f"{answer['matched']} of {stored} objects were purged")
    found = {"call": call, "took": answer["took-ms"], "free": (freed - began) * 1e3,
             "longest": answers.longest(began, freed) / 1e3, "longest_before": answers.longest(began - BEFORE / 2, began) / 1e3,
             "heap_taken": filled - heap, "heap_left": _heap(node) - heap}
    say(f"purge of {count} objects: {call:.1f} ms, free after {found['free']:.1f} ms; longest hit {found['longest']:.1f} ms, "
        f"{found['longest_before']:.1f} ms before")
    return found


def _heap(node):
    jvm.collect(node)
    return jvm.live_heap(node)


def _at_rest(node, seconds=20.0):
    """What it stores, it writes to Redis later."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        before = node.cpu()
        time.sleep(0.3)
        if node.cpu() - before < 0.03e6:
            return


@contextlib.contextmanager
def _on(core):
    """This script is a client, too."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
