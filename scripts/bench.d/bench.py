"""scripts/bench: Larder beside its peers, in one run. docs/performance.md says what is measured and how to read it."""

import argparse
import os
import resource
import shlex
import shutil
import signal
import socket
import sys
import tempfile
from pathlib import Path
from statistics import median

import clients
import machine
import replay
import report
import servers
import trials
import workloads
from process import Failed

TRIALS = {"slow-reader": "slow reader of 1 GiB, memory growth", "start-up": "start-up, exec to first answer",
          "hit-ratio": "a trace over caches of 64 MiB"}
BODIES = {"1k": 1024, "10k": 10 * 1024, "100k": 100 * 1024}
OPEN_FILES = 10_000


def options():
    known = [workload.name for workload in workloads.ALL] + list(TRIALS)
    parser = argparse.ArgumentParser(
        prog="scripts/bench", formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Measures CPU per request of Larder, nginx, Varnish, HAProxy and bare Netty, side by side.",
        epilog=f"workloads: {' '.join(known)}\nservers:   {' '.join(servers.ORDER)} (nginx-copy: without sendfile; not in the default; ats: hit-ratio only)")
    parser.add_argument("--only", metavar="A,B", type=_names(known), default=known, help="these workloads")
    parser.add_argument("--peers", metavar="A,B", type=_names(servers.ORDER), default=servers.DEFAULT, help="these servers")
    parser.add_argument("--rounds", metavar="N", type=_one_to_sixty, help="interleaved rounds (5)")
    parser.add_argument("--seconds", metavar="N", type=_one_to_sixty, help="length of a round (4)")
    parser.add_argument("--quick", action="store_true", help="two rounds of one second, less warm-up: two to three minutes")
    parser.add_argument("--no-access-log", action="store_true", help="switch the access log off, at all servers")
    parser.add_argument("--json", type=Path, metavar="FILE", help="the whole result (target/bench/result.json)")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="the tables")
    parser.add_argument("--larder-cmd", metavar="CMD", default=shlex.quote(str(servers.PROJECT / "scripts/larder")), help="the launcher (scripts/larder)")
    parser.add_argument("--server-core", type=int, default=1, metavar="N", help="core of the server under test (1)")
    parser.add_argument("--load-core", type=int, default=0, metavar="N", help="core of wrk and the origin (0)")
    parser.add_argument("--first-port", type=int, default=21000, metavar="N", help="use free loopback ports from here on (21000)")
    chosen = parser.parse_args()
    chosen.rounds = chosen.rounds or (2 if chosen.quick else 5)
    chosen.seconds = chosen.seconds or (1 if chosen.quick else 4)
    # A JVM compiles what runs often; that belongs to its start, not to the first rounds.
    chosen.warm_up, chosen.jvm_warm_up, chosen.jvm_first = (0, 1, 4) if chosen.quick else (2, 5, 15)
    if chosen.server_core == chosen.load_core or not {chosen.server_core, chosen.load_core} <= os.sched_getaffinity(0):
        parser.error("the server and the load need two different cores of this machine (--server-core, --load-core)")
    return chosen


def _one_to_sixty(text):
    if not text.isdigit() or not 0 < int(text) <= 60:  # the servers close idle connections after 75 s
        raise argparse.ArgumentTypeError("a whole number from 1 to 60 is wanted")
    return int(text)


def _names(known):
    def parse(text):
        names = [name for name in text.split(",") if name]
        if unknown := [name for name in names if name not in known]:
            raise argparse.ArgumentTypeError(f"{', '.join(unknown)} is not one of {', '.join(known)}")
        return [name for name in known if name in names]
    return parse


class Bench:
    """One run: the servers that are up, the rows and the errors so far."""

    def __init__(self, chosen, setting):
        self.chosen, self.setting = chosen, setting
        self.ports = _free_ports(chosen.first_port)
        self.origin, self.running, self.details = None, {}, {}
        self.rows, self.errors, self.others = [], [], []

    def run(self):
        self.setting.origin = next(self.ports)
        self.origin = servers.start_origin(self.setting)
        self.origin.await_answer()
        if "start-up" in self.chosen.only:
            self.start_ups()
        if "hit-ratio" in self.chosen.only:
            self.hit_ratios()
        if set(self.chosen.only) - {"start-up", "hit-ratio"}:
            self.start_servers()
        facts = machine.describe(self.setting, self.running, self.chosen.peers)
        self.run_jvms_warm()
        for workload in workloads.ALL:
            if workload.name in self.chosen.only:
                self.load(workload)
        if "slow-reader" in self.chosen.only:
            self.slow_readers()
        if self.others:
            facts["cores used by other programs"] = f"median {median(self.others):.2f}, at most {max(self.others):.2f} (above 0.1: measure again on a quiet machine)"
        return {"machine": facts, "servers": self.chosen.peers, "rounds": self.chosen.rounds, "seconds": self.chosen.seconds,
                "rows": self.rows, "errors": self.errors, "details": self.details}

    def start_servers(self):
        for name in self.loaded():
            say(f"starting {name}")
            self.running[name] = servers.start(self.setting, name, next(self.ports), core=self.setting.server_core)
            self.running[name].await_answer()

    def loaded(self):
        return [name for name in self.chosen.peers if name in servers.LOADED]

    def load(self, workload):
        entries = {name: server for name, server in self.running.items() if name not in servers.FLOORS or self._on_floor(workload)}
        say(f"{workload.title}: warming up {', '.join(entries)}")
        entries = {name: server for name, server in entries.items() if self.attempt(workload.name, name, self.prepare, workload, name, server)}
        measured = {name: [] for name in entries}
        for number in range(1, self.chosen.rounds + 1):
            for name, server in entries.items():
                cell = self.attempt(workload.name, name, workloads.measure, workload, server, self.setting, self.chosen.seconds)
                if cell:
                    measured[name].append(cell)
                    self.others.append(cell["others"])
                    self.errors += [f"{workload.name}, {name}, round {number}: {count} {kind}" for kind, count in cell["errors"].items()]
                    say(f"{workload.title}, round {number}: {name} {cell['cpu_us']:.1f} µs/request, {cell['rps']:.0f}/s, p50 {cell['p50_us']:.0f} µs")
        for figure in (*workload.figures, "rps"):
            unit, key = workloads.FIGURES[figure]
            values = {name: [cell[key] for cell in cells] for name, cells in measured.items()}
            self.rows.append({"workload": workload.name, **report.row(workload.title, unit, values)})
        self.details[workload.name] = measured

    def prepare(self, workload, name, server):
        if name not in servers.FLOORS:
            path = workload.path if workload.urls == 1 else f"{workload.path}/{workload.urls}"
            clients.verify(server, self.setting.origin, path, workload.cached())
        workloads.warm(workload, server, self.setting, self.chosen.jvm_warm_up if name in servers.JVM else self.chosen.warm_up)
        return True

    def run_jvms_warm(self):
        hit = workloads.ALL[0]
        for name, server in self.running.items():
            if name in servers.JVM:
                self.attempt(hit.name, name, workloads.warm, hit, server, self.setting, self.chosen.jvm_first)

    def start_ups(self):
        times = {name: [] for name in self.loaded()}
        for number in range(1, self.chosen.rounds + 1):
            for name in times:
                took = self.attempt("start-up", name, trials.start_up, self.setting, name, next(self.ports), number)
                if took:
                    times[name].append(took * 1e3)
                    say(f"{TRIALS['start-up']}: {name} {took * 1e3:.0f} ms")
        self.rows.append({"workload": "start-up", **report.row(TRIALS["start-up"], "ms", times)})

    def hit_ratios(self):
        trace = replay.draw(60_000 if self.chosen.quick else 200_000)
        replay.write(trace, self.setting.run)
        title, results = TRIALS["hit-ratio"], {}
        for name in [name for name in replay.PEERS if name in self.chosen.peers]:
            if result := self.attempt("hit-ratio", name, replay.run, self.setting, name, next(self.ports), trace):
                results[name] = result
                say(f"{title}: {name} {result['fetches']} fetches, hit ratio {result['hit']:.3f}, in {result['seconds']:.0f} s")
        self.errors += [f"hit-ratio: larder fetches more than {name}" for name in replay.better_than("larder", results)]
        self.details["hit-ratio"] = {"requests": len(trace.requests), "unbounded": trace.most(), "servers": results}
        self.rows.append({"workload": "hit-ratio", **report.row(title, "fetches", {name: [result["fetches"]] for name, result in results.items()})})
        for kind, most in zip(("hit", "byte_hit"), trace.most()):
            text = f"{kind.replace('_', ' ')} ratio ({most * 100:.1f} without bounds)"
            self.rows.append({"workload": "hit-ratio", **report.row(text, report.PERCENT, {name: [result[kind] * 100] for name, result in results.items()})})

    def slow_readers(self):
        growth = {}
        for name, server in self.running.items():
            if name not in servers.FLOORS:
                grown = self.attempt("slow-reader", name, trials.slow_reader, self.setting, server, 2 if self.chosen.quick else 10)
                if grown is not None:
                    growth[name] = [grown / 2**20]
                    say(f"{TRIALS['slow-reader']}: {name} {grown / 2**20:.0f} MiB")
        self.rows.append({"workload": "slow-reader", **report.row(TRIALS["slow-reader"], "MiB", growth, ratios=False)})

    def attempt(self, what, name, action, *arguments):
        """A server that fails a workload is left out of it; the others go on, and the run ends with status 1."""
        try:
            return action(*arguments)
        except Failed as problem:
            self.errors.append(f"{what}, {name}: {problem}")
            say(f"{what}, {name}: {problem}")
            return None

    def stop(self):
        for server in [*self.running.values(), self.origin]:
            if server:
                server.stop()

    def _on_floor(self, workload):
        return workload.quick_floors if self.chosen.quick else workload.floors


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


def _write_bodies(folder):
    folder.mkdir()
    for name, length in BODIES.items():
        (folder / name).write_text("0123456789abcdef" * (length // 16))
    with open(folder / "1g", "wb") as big:
        big.truncate(trials.BIG)


def _allow_many_connections():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < OPEN_FILES:
        raise Failed(f"at most {hard} open files are allowed here; {OPEN_FILES} are needed: ulimit -Hn {OPEN_FILES}")
    if soft != resource.RLIM_INFINITY and soft < OPEN_FILES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, hard))


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def measure(chosen, target, run):
    setting = servers.Setting(run=run, root=servers.install_peers(), origin=0, server_core=chosen.server_core, load_core=chosen.load_core,
                              access_log=not chosen.no_access_log, larder=shlex.split(chosen.larder_cmd),
                              floor=servers.floor_command(target) if servers.FLOORS & set(chosen.peers) else [])
    if "larder" in chosen.peers:
        say("building Larder, where its sources are newer than its jar")
        setting.larder_version = servers.larder_version(setting)
    _allow_many_connections()
    _write_bodies(run / "bodies")
    bench = Bench(chosen, setting)
    try:
        return bench.run()
    finally:
        bench.stop()


def main():
    chosen = options()
    target = servers.PROJECT / "target/bench"
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
    text = report.markdown(result)
    print(text, end="")
    report.write_json(result, chosen.json or target / "result.json")
    if chosen.markdown:
        chosen.markdown.write_text(text)
    return 1 if result["errors"] else 0


if __name__ == "__main__":
    sys.exit(main())
