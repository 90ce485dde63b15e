"""What a running JVM tells of itself: threads, garbage collection, pauses."""

import re
import subprocess
from pathlib import Path

from process import Failed

_UNITS = {"B": 1, "K": 2**10, "M": 2**20, "G": 2**30}
_ALLOCATED = re.compile(r" allocated=(\d+)([BKMG])")
_SAFEPOINT = re.compile(r'Safepoint "(\w+)".* Total: +(\d+) ns')


def jcmd(server, *command):
    """What jcmd prints for the server's JVM; it comes with a JDK, not with every Java."""
    found = server.jvm()
    if not found:
        raise Failed(f"{server.name} does not run on a JVM")
    pid, java = found
    tool = Path(java).with_name("jcmd")
    if not tool.exists():
        raise Failed(f"{tool} is missing: a whole JDK is needed")
    done = subprocess.run([tool, str(pid), *command], capture_output=True, text=True, timeout=60)
    if done.returncode:
        raise Failed(f"jcmd {' '.join(command)} failed: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def collect(server):
    """A full garbage collection."""
    jcmd(server, "GC.run")


def allocated(server):
    """Bytes that the threads alive have allocated on the heap so far. The JVM rounds what a thread has to three digits or more:
    a difference over a few hundred thousand requests is good to some ten bytes a request."""
    return sum(int(number) * _UNITS[unit] for number, unit in _ALLOCATED.findall(jcmd(server, "Thread.print", "-e")))


def live_heap(server):
    """Bytes of heap in use, by the collector's own account."""
    used = re.search(r"used (\d+)([BKMG])", jcmd(server, "GC.heap_info"))
    return int(used[1]) * _UNITS[used[2]] if used else None


def pauses(text):
    """The stop-the-world pauses in a log of -Xlog:safepoint, in ms, each with its cause."""
    return [(int(nanos) / 1e6, cause) for cause, nanos in _SAFEPOINT.findall(text)]
