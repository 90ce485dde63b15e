"""One run: the servers that are up, the loads, and what was found so far."""

import dataclasses
import socket
from statistics import median

import asides
import machine
import options
import peers
import report
import servers
import targets
import workloads
from process import Failed
from progress import say


class Run:
    """Ends, with stop(), every server that it started."""

    def __init__(self, chosen, setting):
        self.chosen, self.setting = chosen, setting
        self.ports = _free_ports(chosen.first_port)
        self.origin, self.running, self.details = None, {}, {}
        self.rows, self.growth, self.errors, self.others = [], {}, [], []

    def run(self):
        self.setting.origin = next(self.ports)
        self.origin = peers.start_origin(self.setting)
        self.origin.await_answer()
        for trial, measure in asides.ALONE.items():
            if trial in self.chosen.only:
                measure(self)
        loads = [workload for workload in workloads.ALL if workload.name in self.chosen.only]
        if loads or set(asides.BESIDE) & set(self.chosen.only):
            self.running = self.start_servers(self.setting, self.chosen.peers)
        facts = machine.describe(self.setting, self.running, [*self.chosen.peers, *(["redis"] if self.chosen.redis else [])])
        self.run_jvms_warm(self.running)
        for workload in loads:
            (self.load if workload.log else self.load_without_log)(workload)
        for trial, measure in asides.BESIDE.items():
            if trial in self.chosen.only:
                measure(self)
        if self.others:
            facts["cores used by other programs"] = f"median {median(self.others):.2f}, at most {max(self.others):.2f} (above 0.1: measure again on a quiet machine)"
        return {"machine": facts, "servers": self.chosen.peers, "quick": self.chosen.quick, "seconds": self.chosen.seconds, "rows": self.rows,
                "growth": self.growth, "targets": targets.judge(self.rows, self.growth), "errors": self.errors, "details": self.details}

    def start_servers(self, setting, names, suffix=""):
        started = {}
        try:
            for name in names:
                say(f"starting {name}{suffix}")
                started[name] = servers.start(setting, name, next(self.ports), suffix, setting.server_core)
                started[name].await_answer()
        except BaseException:
            _stop(started)
            raise
        return started

    def run_jvms_warm(self, running):
        hit = workloads.ALL[0]
        for name, server in running.items():
            if name in servers.JVM:
                seconds = self.chosen.floor_first if name in servers.FLOORS else self.chosen.jvm_first
                self.attempt(hit.name, name, workloads.warm, hit, server, self.setting, seconds)

    def load(self, workload):
        self._load(workload, {name: server for name, server in self.running.items() if name not in servers.FLOORS or self._on_floor(workload)})

    def load_without_log(self, workload):
        if not self.setting.access_log:
            return
        names = [name for name in self.chosen.peers if name not in servers.FLOORS]
        running = self.start_servers(dataclasses.replace(self.setting, access_log=False), names, "-nolog")
        try:
            self.run_jvms_warm(running)
            self._load(workload, running)
        finally:
            _stop(running)

    def _load(self, workload, entries):
        say(f"{workload.title}: warming up {', '.join(entries)}")
        entries = {name: server for name, server in entries.items() if workload.can(name)}
        entries = {name: server for name, server in entries.items() if self.attempt(workload.name, name, self.prepare, workload, name, server)}
        ats = peers.AtsLog(self.setting, entries["ats"]) if "ats" in entries and workload.log and workload.cached() else None
        measured = {name: [] for name in entries}
        for number in range(1, options.rounds(self.chosen, workload.quick_rounds) + 1):
            for name, server in entries.items():
                cell = self.attempt(workload.name, name, workloads.measure, workload, server, self.setting, self.chosen.seconds)
                if cell:
                    measured[name].append(cell)
                    self.others.append(cell["others"])
                    self.errors += [f"{workload.name}, {name}, round {number}: {count} {kind}" for kind, count in cell["errors"].items()]
                    say(f"{workload.title}, round {number}: {name} {cell['cpu_us']:.1f} µs/request, {cell['rps']:.0f}/s, p50 {cell['p50_us']:.0f} µs")
        if ats:
            self.attempt(workload.name, "ats", ats.check)
        for figure in (*workload.figures, "rps"):
            unit, key = workloads.FIGURES[figure]
            values = {name: [cell[key] for cell in cells] for name, cells in measured.items()}
            self.row(workload.name, figure, workload.title, unit, values, report.RATES if figure == "rps" else report.COMPARED)
        self.details[workload.name] = measured

    def prepare(self, workload, name, server):
        if name not in servers.FLOORS:
            workloads.verify(workload, server, self.setting.origin)
        workloads.warm(workload, server, self.setting, self.chosen.jvm_warm_up if name in servers.JVM else self.chosen.warm_up)
        return True

    def row(self, *what):
        self.rows.append(report.row(*what))

    def proxies(self):
        return [name for name in self.chosen.peers if name not in servers.FLOORS]

    def attempt(self, what, name, action, *arguments):
        """A server that fails a workload is left out of it; the others go on, and the run ends with status 1."""
        try:
            return action(*arguments)
        except Failed as problem:
            self.errors.append(f"{what}, {name}: {problem}")
            say(f"{what}, {name}: {problem}")
            return None

    def stop(self):
        _stop({**self.running, "origin": self.origin})

    def _on_floor(self, workload):
        return workload.quick_floors if self.chosen.quick else workload.floors


def _stop(running):
    for server in running.values():
        if server:
            server.stop()


def _free_ports(first):
    """Every second free port: the one after it is the server's own, for its admin listener."""
    for port in range(first, 65000, 2):
        if all(_free(number) for number in (port, port + 1)):
            yield port


def _free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
