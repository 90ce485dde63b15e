"""CPU per hit of Larder as work grows: more objects, routes, connections, cores."""

import time

import clients
import jvm
import load
import redis
import report
import servers
import workloads
from admin import Admin
from process import Failed
from progress import say

HOT = 1000
CACHE = 3072        # MiB; a million objects of 1 KB with their heads
CALL = 500          # purges in one call


class Point:
    """One size of the work: its server, and how it is loaded."""

    def __init__(self, label, setting, server, **loading):
        self.label, self.setting, self.server, self.loading = label, setting, server, loading
        self.cells = []

    def warm(self, seconds):
        workloads.settle(self.server, self.setting, self._load, *seconds)

    def measure(self, seconds):
        cell = workloads.metered(self.server, self.setting, lambda: self._load(seconds))
        if cell["at_origin"] > cell["requests"] / 1000 + 10:
            raise Failed(f"{self.label}: {cell['at_origin']} of {cell['requests']} requests were no hits")
        self.cells.append(cell)
        return cell

    def _load(self, seconds):
        return load.timed(self.setting, self.server, seconds=seconds, **self.loading)


class Series:
    """Points measured in turns, in one or more lines of a chart. `start` says how the server of a size is started."""

    def __init__(self, name, title, axis, setting, ports):
        self.name, self.title, self.axis = name, title, axis
        self.setting, self.ports = setting, ports
        self.servers, self.lines = [], {}

    def start(self, label, core=None, **larder):
        server = servers.start_larder(self.setting, next(self.ports), f"-{self.name}-{label}", core or self.setting.server_core, **larder)
        self.servers.append(server)
        server.await_answer()
        return server

    def add(self, line, label, server, **loading):
        self.lines.setdefault(line, []).append(Point(label, self.setting, server, **loading))

    def points(self):
        return [point for line in self.lines.values() for point in line]

    def stop(self):
        for server in self.servers:
            server.stop()

    def result(self):
        lines = [{"title": title, "points": [{"label": point.label, **report.spread([cell["cpu_us"] for cell in point.cells]), "cells": point.cells}
                                             for point in points]} for title, points in self.lines.items()]
        medians = [point["median"] for point in lines[0]["points"]]
        return {"title": self.title, "axis": self.axis, "lines": lines, "factor": max(medians) / medians[0]}


def _objects(series, quick):
    """As many stored as the label says. The first line asks for a thousand of them, whatever else is stored: what finding one costs.
    The second asks for all alike: what it costs that memory is larger than the processor's caches."""
    for count in (10**3, 10**4, 10**5, *([] if quick else [10**6])):
        server = series.start(f"{count:,}".replace(",", " "), memory=CACHE)
        load.fill(series.setting, server, "/zipf", count)
        jvm.collect(server)
        for title, asked in (("1 000 of them asked for", HOT), ("all asked for alike", count)):
            series.add(title, f"{count:,}".replace(",", " "), server, path="/zipf/1", script="objects.lua", arguments=("/zipf", count, asked))


def _routes(series, quick):
    """The last route is the one that fits."""
    for count in (1, 10, 100, 1000):
        routes = [f'      - {{ path: "/section-{number}/**" }}' for number in range(1, count)] + ['      - { path: "/**" }']
        series.add("hit 1 KB", f"{count:,}".replace(",", " "), series.start(count, routes="\n".join(routes)), path="/hit/1k")


def _connections(series, quick):
    server = series.start("all")
    for count in (64, 256, 1000, 4000):
        series.add("hit 1 KB", f"{count:,}".replace(",", " "), server, path="/hit/1k", connections=count)


def _purges(series, quick):
    """None of them covers what is asked for; all are of its host."""
    for count in (0, 100, 1000, 10_000):
        server = series.start(count)
        _purge(server, server.port, count)
        series.add("hit 1 KB", f"{count:,}".replace(",", " "), server, path="/hit/1k")


def _shared_purges(series, quick):
    """The same, but another node is told: they come through the log in Redis. That node is ended before anything is measured."""
    shared = redis.start(series.setting, next(series.ports))
    series.servers.append(shared)
    for count in (0, 1000, 8000, 10_000):
        config = shared.config(namespace=f"purges-{count}")
        server = series.start(count, redis=config)
        if count:
            other = series.start(f"{count}-told", core=str(series.setting.load_core), redis=config)
            _purge(other, server.port, count)
            _await_purges(server, count)
            other.stop()
        series.add("hit 1 KB", f"{count:,}".replace(",", " "), server, path="/hit/1k")


def _purge(server, port, count):
    """Purges so many prefixes of the host with that port."""
    with Admin(server) as admin:
        for first in range(0, count, CALL):
            admin.purge(prefixes=[f"http://127.0.0.1:{port}/purged/{number}/" for number in range(first, min(first + CALL, count))])


def _await_purges(server, count):
    deadline = time.monotonic() + 30
    with Admin(server) as admin:
        while (come := admin.purges()) < count:
            if time.monotonic() > deadline:
                raise Failed(f"only {come} of {count} purges have come to {server.name}")
            time.sleep(0.1)


def _loops(series, quick):
    """With two, the second core is that of wrk and the origin: there is no third."""
    setting = series.setting
    series.add("hit 1 KB", "1", series.start(1), path="/hit/1k")
    series.add("hit 1 KB", "2", series.start(2, core=f"{setting.load_core},{setting.server_core}", loops=2), path="/hit/1k")


ALL = {
    "objects": ("more stored objects", "stored objects of 1 KB", _objects),
    "routes": ("more routes", "routes, the last one fits", _routes),
    "purges": ("more purges", "prefixes purged", _purges),
    "shared-purges": ("more purges of another node", "prefixes purged on another node that shares Redis", _shared_purges),
    "connections": ("more connections", "connections", _connections),
    "loops": ("more event loops", "event loops, one a core; the second shares its core with the load", _loops),
}


def run(name, setting, ports, rounds, seconds, warm_up, quick):
    """Measures one series and returns it as data."""
    title, axis, prepare = ALL[name]
    series = Series(name, title, axis, setting, ports)
    try:
        say(f"growth, {title}: starting and filling")
        prepare(series, quick)
        for point in series.points():
            clients.get(point.server.port, "/hit/1k")
            point.warm(warm_up)
        for number in range(1, rounds + 1):
            for line, points in series.lines.items():
                for point in points:
                    cell = point.measure(seconds)
                    say(f"growth, {title}, round {number}: {point.label}, {line}: {cell['cpu_us']:.1f} µs/request, {cell['rps']:.0f}/s")
        return series.result()
    finally:
        series.stop()
