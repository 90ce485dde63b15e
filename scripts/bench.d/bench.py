"""scripts/bench: Larder beside its peers, in one run. docs/performance.md says what is measured and how to read it."""

import dataclasses
import resource
import shutil
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import bodies
import chart
import growth
import machine
import options
import own
import peers
import replay
import report
import servers
import targets
import trials
import workloads
from options import TRIALS
from process import Failed
from setting import PROJECT, Setting

OPEN_FILES = 10_000
_BEGAN = time.monotonic()


class Bench:
    """One run: the servers that are up, the rows and the errors so far."""

    def __init__(self, chosen, setting):
        self.chosen, self.setting = chosen, setting
        self.ports = _free_ports(chosen.first_port)
        self.origin, self.running, self.details = None, {}, {}
        self.rows, self.growth, self.errors, self.others = [], {}, [], []

    def run(self):
        self.setting.origin = next(self.ports)
        self.origin = peers.start_origin(self.setting)
        self.origin.await_answer()
        self.alone()
        loads = [workload for workload in workloads.ALL if workload.name in self.chosen.only]
        if loads or {"slow-reader", "allocation", "syscalls"} & set(self.chosen.only):
            self.running = self.start_servers(self.setting, self.chosen.peers)
        facts = machine.describe(self.setting, self.running, self.chosen.peers)
        self.run_jvms_warm(self.running)
        for workload in loads:
            self.load(workload) if workload.log else self.load_without_log(workload)
        for trial, measure in (("allocation", self.allocations), ("syscalls", self.syscalls), ("slow-reader", self.slow_readers)):
            if trial in self.chosen.only:
                measure()
        if self.others:
            facts["cores used by other programs"] = f"median {median(self.others):.2f}, at most {max(self.others):.2f} (above 0.1: measure again on a quiet machine)"
        return {"machine": facts, "servers": self.chosen.peers, "quick": self.chosen.quick, "seconds": self.chosen.seconds, "rows": self.rows,
                "growth": self.growth, "targets": targets.judge(self.rows, self.growth), "errors": self.errors, "details": self.details}

    def alone(self):
        """Trials that start servers of their own, before the others are there to share the cores."""
        for trial, measure in (("start-up", self.start_ups), ("memory", self.memory), ("gc", self.pauses), ("hit-ratio", self.hit_ratios), ("growth", self.growths)):
            if trial in self.chosen.only:
                measure()

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

    def start_ups(self):
        """Of what has been started before; and, for Larder, the very first start of an install, in which the launcher may prepare things."""
        times, first = {name: [] for name in self.proxies()}, []
        for number in range(options.rounds(self.chosen, 1) + 1):
            for name in times:
                took = self.attempt("start-up", name, trials.start_up, self.setting, name, next(self.ports), f"-start-{number}")
                if took and number:
                    times[name].append(took * 1e3)
                    say(f"{TRIALS['start-up']}: {name} {took * 1e3:.0f} ms")
            if "larder" in times and self.chosen.own_launcher and number:
                launcher = trials.fresh_install(self.setting, number)
                took = self.attempt("start-up", "larder", trials.start_up, self.setting, "larder", next(self.ports), f"-first-{number}", launcher)
                if took:
                    first.append(took * 1e3)
                    say(f"start-up, the first of an install: larder {took * 1e3:.0f} ms")
        self.row("start-up", "start", TRIALS["start-up"], "ms", times)
        self.row("start-up", "first", "the very first start of an install", "ms", {"larder": first}, report.OWN)

    def memory(self):
        found, title = {}, TRIALS["memory"]
        for name in self.proxies():
            if figures := self.attempt("memory", name, own.memory, self.setting, name, next(self.ports)):
                found[name] = figures
                say(f"{title}: {name} {figures['resident'] / 2**20:.0f} MiB")
        self.row("memory", "resident", title, "MiB", {name: [figures["resident"] / 2**20] for name, figures in found.items()}, report.OWN)
        self.row("memory", "heap", "of it live objects on the heap", "MiB",
                 {name: [figures["live_heap"] / 2**20] for name, figures in found.items() if figures.get("live_heap")}, report.OWN)
        self.details["memory"] = found

    def pauses(self):
        if "larder" not in self.chosen.peers or not (found := self.attempt("gc", "larder", own.gc, self.setting, next(self.ports), self.chosen.quick)):
            return
        say(f"{TRIALS['gc']}: {found}")
        title = f"pauses with {found['objects'] * 10 / 2**20:.1f} GiB cached ({found['collector']})"
        for figure, key, text in (("longest", "longest_ms", "longest of the"), ("median", "median_ms", "median of the"), ("count", "count", "number of")):
            self.row("gc", figure, f"{text} {title}, hits", "pauses" if key == "count" else "ms", {"larder": [found["hits"][key]]}, report.OWN)
        self.row("gc", "filling", f"longest of the {title}, filling", "ms", {"larder": [found["filling"]["longest_ms"]]}, report.OWN)
        self.details["gc"] = found

    def allocations(self):
        if not (server := self.running.get("larder")):
            return
        for workload in [workload for workload in workloads.ALL if workload.name in ("hit-1k", "hit-1k-browser")]:
            seconds = 1 if self.chosen.quick else 4
            found = [self.attempt("allocation", "larder", own.allocation, self.setting, server, workload, seconds) for _ in range(options.rounds(self.chosen, 1))]
            found = [value for value in found if value is not None]
            self.row("allocation", workload.name, f"heap allocated per request, {workload.title}", "bytes", {"larder": found}, report.OWN)
            say(f"heap allocated per request, {workload.title}: {found}")

    def syscalls(self):
        counted = {}
        for name, server in self.running.items():
            if calls := self.attempt("syscalls", name, own.syscalls, self.setting, server, workloads.ALL[0]):
                counted[name] = calls
                say(f"{TRIALS['syscalls']}: {name} {sum(calls.values()):.2f}")
        self.row("syscalls", "calls", TRIALS["syscalls"], "calls", {name: [sum(calls.values())] for name, calls in counted.items()}, report.OWN)
        self.details["syscalls"] = counted

    def hit_ratios(self):
        trace = replay.draw(20_000 if self.chosen.quick else 200_000)
        replay.write(trace, self.setting.run)
        title, results = TRIALS["hit-ratio"], {}
        for name in [name for name in replay.PEERS if name in self.chosen.peers]:
            if result := self.attempt("hit-ratio", name, replay.run, self.setting, name, next(self.ports), trace):
                results[name] = result
                say(f"{title}: {name} {result['fetches']} fetches, hit ratio {result['hit']:.3f}, in {result['seconds']:.0f} s")
        self.errors += [f"hit-ratio: larder fetches more than {name}" for name in replay.better_than("larder", results)]
        self.details["hit-ratio"] = {"requests": len(trace.requests), "unbounded": trace.most(), "servers": results}
        self.row("hit-ratio", "fetches", title, "fetches", {name: [result["fetches"]] for name, result in results.items()})
        for kind, most in zip(("hit", "byte_hit"), trace.most()):
            text = f"{kind.replace('_', ' ')} ratio ({most * 100:.1f} without bounds)"
            self.row("hit-ratio", kind, text, "%", {name: [result[kind] * 100] for name, result in results.items()}, report.SHARES)

    def growths(self):
        for name in self.chosen.series:
            result = self.attempt("growth", name, growth.run, name, self.setting, self.ports, options.rounds(self.chosen), self.chosen.seconds,
                                  self.chosen.jvm_first, self.chosen.quick, say)
            if result:
                self.growth[name] = result
                cells = [cell for line in result["lines"] for point in line["points"] for cell in point["cells"]]
                self.others += [cell["others"] for cell in cells]
                self.errors += [f"growth, {name}: {count} {kind}" for cell in cells for kind, count in cell["errors"].items()]

    def slow_readers(self):
        growth_of = {}
        for name, server in self.running.items():
            if name not in servers.FLOORS:
                grown = self.attempt("slow-reader", name, trials.slow_reader, self.setting, server, 1 if self.chosen.quick else 10)
                if grown is not None:
                    growth_of[name] = [grown / 2**20]
                    say(f"{TRIALS['slow-reader']}: {name} {grown / 2**20:.0f} MiB")
        self.row("slow-reader", "memory", TRIALS["slow-reader"], "MiB", growth_of, report.OWN)

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


def _allow_many_connections():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < OPEN_FILES:
        raise Failed(f"at most {hard} open files are allowed here; {OPEN_FILES} are needed: ulimit -Hn {OPEN_FILES}")
    if soft != resource.RLIM_INFINITY and soft < OPEN_FILES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, hard))


def say(text):
    print(f"bench, {time.monotonic() - _BEGAN:.0f} s: {text}", file=sys.stderr, flush=True)


def measure(chosen, target, run):
    setting = Setting(run=run, root=servers.install_peers(), origin=0, server_core=chosen.server_core, load_core=chosen.load_core,
                      access_log=not chosen.no_access_log, larder=chosen.larder_cmd,
                      floor=servers.floor_command(target) if servers.FLOORS & set(chosen.peers) else [])
    if "larder" in chosen.peers:
        say("building Larder, where its sources are newer than its jar")
        setting.larder_version = servers.larder_version(setting)
    _allow_many_connections()
    bodies.write(run / "bodies")
    bench = Bench(chosen, setting)
    try:
        return bench.run()
    finally:
        bench.stop()


def write(chosen, target, result):
    text = report.markdown(result)
    print(text, end="")
    report.write_json(result, chosen.json or target / "result.json")
    if chosen.markdown:
        chosen.markdown.write_text(text)
    if chosen.svg:
        chosen.svg.mkdir(parents=True, exist_ok=True)
        for name, series in result["growth"].items():
            note = f"Larder, median and range of {len(series['lines'][0]['points'][0]['rounds'])} rounds, {result['machine']['date'].split()[0]}"
            (chosen.svg / f"growth-{name}.svg").write_text(chart.draw(series, note))


def main():
    chosen = options.parse()
    target = PROJECT / "target/bench"
    target.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    run = Path(tempfile.mkdtemp(prefix="larder-bench."))
    try:
        result = measure(chosen, target, run)
    except Failed as problem:
        say(str(problem))
        return 1
    except KeyboardInterrupt:
        say("interrupted; all servers are stopped")
        return 130
    finally:
        shutil.rmtree(run, ignore_errors=True)
    write(chosen, target, result)
    return 1 if result["errors"] else 0


if __name__ == "__main__":
    sys.exit(main())
