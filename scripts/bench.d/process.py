"""A server under test: its processes, pinned and accounted for through /proc."""

import contextlib
import os
import resource
import signal
import socket
import subprocess
import time
from pathlib import Path

TICK = 1e6 / os.sysconf("SC_CLK_TCK")  # µs


class Failed(Exception):
    """Something that ends the run, told in one line."""


def _stat(pid):
    """Parent, user ticks and system ticks of a process (proc(5)), or None when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[1]), int(fields[11]), int(fields[12])


def cpu_of(pids):
    """CPU time of these processes and all their threads so far, user and system, in µs."""
    return sum((stat[1] + stat[2]) * TICK for stat in map(_stat, pids) if stat)


def cpu_of_others():
    """CPU time of the whole machine so far, without this script and all that it started, in µs."""
    user, nice, system, _, _, _, _, steal = map(int, Path("/proc/stat").read_text().split(maxsplit=9)[1:9])
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (user + nice + system + steal) * TICK - cpu_of(family([os.getpid()])) - (ended.ru_utime + ended.ru_stime) * 1e6


def family(roots):
    """The pids of these processes and of all that they started."""
    parents = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit() and (stat := _stat(entry)):
            parents[int(entry)] = stat[0]
    members = {pid for pid in roots if pid in parents}
    while grown := {pid for pid, parent in parents.items() if parent in members} - members:
        members |= grown
    return members


class Server:
    """Processes started together, ended together, by pid; their output goes to one file."""

    def __init__(self, name, port, log):
        self.name, self.port, self.log = name, port, log
        self.processes = []

    def start(self, command, core, environment=None, output=None):
        """Starts one process on the given core; None leaves it on all cores. `output` takes standard output."""
        cores = str(core) if core is not None else f"0-{os.cpu_count() - 1}"
        with open(self.log, "ab") as log, open(output or self.log, "ab") as out:
            self.processes.append(subprocess.Popen(
                ["taskset", "-c", cores, *map(str, command)],
                stdin=subprocess.DEVNULL, stdout=out, stderr=log, env={**os.environ, **(environment or {})},
                start_new_session=True))  # Ctrl-C reaches this script alone, which then ends the servers in order

    def pids(self):
        return family(process.pid for process in self.processes)

    def cpu(self):
        """CPU time of all its processes so far, in µs."""
        return cpu_of(self.pids())

    def resident(self):
        """Resident memory of all processes, in bytes."""
        total = 0
        for pid in self.pids():
            try:
                lines = Path(f"/proc/{pid}/status").read_text().splitlines()
            except OSError:
                continue
            total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))
        return total

    @contextlib.contextmanager
    def on(self, cores):
        """Lets all of its threads run on these cores for a while: a JVM on one core compiles on the core that it serves from."""
        before = {thread: affinity for thread in self._threads() if (affinity := _affinity(thread))}
        usual = set.union(*before.values())
        for thread in before:
            _pin(thread, cores)
        try:
            yield
        finally:
            for thread in self._threads():
                _pin(thread, before.get(thread, usual))

    def _threads(self):
        return [int(path.name) for pid in self.pids() for path in Path(f"/proc/{pid}/task").glob("*")]

    def jvm(self):
        """The pid and the java binary of a server that runs on a JVM, else None."""
        for pid in self.pids():
            try:
                executable = os.readlink(f"/proc/{pid}/exe")
            except OSError:
                continue
            if executable.endswith("/java"):
                return pid, executable
        return None

    def await_answer(self, path="/hit/1k", seconds=60.0):
        """Returns as soon as a GET is answered 200."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.must_run()
            if answers(self.port, path):
                return
            time.sleep(0.001)
        raise Failed(f"{self.name} did not answer {path} within {seconds:.0f} s: {self.last_words()}")

    def must_run(self):
        if any(process.poll() is not None for process in self.processes):
            raise Failed(f"{self.name} ended by itself: {self.last_words()}")

    def last_words(self):
        text = Path(self.log).read_text(errors="replace").strip() if os.path.exists(self.log) else ""
        return " | ".join(text.splitlines()[-5:]) or "it printed nothing"

    def stop(self):
        """SIGTERM, and SIGKILL for what is left after five seconds."""
        members = self.pids()
        for process in reversed(self.processes):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + 5
        while self._alive(members) and time.monotonic() < deadline:
            time.sleep(0.01)
        for pid in self._alive(members):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        for process in self.processes:
            process.wait()
        self.processes = []

    def _alive(self, members):
        for process in self.processes:
            process.poll()
        return [pid for pid in members if _stat(pid)]


def _affinity(thread):
    try:
        return os.sched_getaffinity(thread)
    except ProcessLookupError:
        return None


def _pin(thread, cores):
    try:
        os.sched_setaffinity(thread, cores)
    except ProcessLookupError:
        pass


def answers(port, path):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
            return connection.recv(64).startswith(b"HTTP/1.1 200")
    except OSError:
        return False
