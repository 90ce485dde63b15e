"""A client that asks at a constant rate, whether answers come or not, and counts each one from when it was due.

wrk asks again once it has been answered: while a server hangs it asks for nothing, and hardly sees that it hangs (coordinated
omission). Here what falls due meanwhile waits, and its waiting counts.

It is a program of its own, on the load's core. It is in the figures itself: that it wakes up, sends, is woken by the answer and reads
it. Who wants to know how much that is runs it at the same rate against what is answered at once.
"""

import gc
import json
import re
import select
import socket
import subprocess
import sys
import time
from collections import deque
from pathlib import Path

import report
from process import Failed

RATE = 1000             # requests per second, where nothing else is said
CONNECTIONS = 8
LEAD = 0.05             # seconds before the first request is due
PATIENCE = 10.0         # seconds without any answer

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)


class Answers:
    """How long they took: in µs, in the order in which the requests were due, the first of them at `began` (time.monotonic)."""

    def __init__(self, began, latencies, rate):
        self.began, self.latencies, self.rate = began, latencies, rate

    def percentiles(self):
        return {"p50_us": report.percentile(self.latencies, 0.5), "p99_us": report.percentile(self.latencies, 0.99)}

    def longest(self, since, until):
        """The longest, in µs, of those that were waited for at some time between the two moments."""
        dues = (self.began + number / self.rate for number in range(len(self.latencies)))
        return max((took for due, took in zip(dues, self.latencies) if due <= until and due + took / 1e6 >= since), default=0.0)


class Asking:
    """A client at work: asks for prefix/1 … prefix/objects again and again, as often as `count` says, naming that host, so many times a
    second."""

    def __init__(self, setting, server, host, prefix, objects, count, rate=RATE):
        self.server, self.rate = server, rate
        command = ["taskset", "-c", setting.load_core, sys.executable, __file__, server.port, host, prefix, objects, count, rate]
        self.process = subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.said = self.process.stdout.readline()

    def wait(self, seconds):
        """Returns that long after the first request was due."""
        if self.said:
            time.sleep(max(0.0, float(self.said) + seconds - time.monotonic()))

    def answers(self):
        """All of them, once it is through."""
        printed, complaints = self.process.communicate()
        if self.process.returncode:
            raise Failed(f"{self.server.name}, asked at a constant rate: {(complaints.strip() or 'the client died').splitlines()[-1]}")
        return Answers(float(self.said), json.loads(printed), self.rate)

    def is_over(self):
        """Whether it has ended, be it that it is through."""
        return self.process.poll() is not None

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()


def ask(*what):
    """Asks, and waits for all answers."""
    asking = Asking(*what)
    try:
        return asking.answers()
    finally:
        asking.stop()


class _Connection:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.number, self.buffer, self.whole = 0, b"", 0

    def fileno(self):
        return self.socket.fileno()

    def send(self, number, request):
        self.number, self.buffer, self.whole = number, b"", 0
        self.socket.send(request)

    def is_answered(self):
        """Reads what has come; True once that is a whole answer."""
        part = self.socket.recv(1 << 16)
        if not part:
            raise ConnectionError("a connection was closed before the answer was whole")
        self.buffer += part
        if not self.whole and (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self.buffer, 0, end)
            if not self.buffer.startswith(b"HTTP/1.1 200 ") or not length:
                raise ConnectionError(f"answered with {self.buffer[:end].decode(errors='replace').splitlines()[0]}")
            self.whole = end + 4 + int(length[1])
        return 0 < self.whole <= len(self.buffer)


def _run(port, host, prefix, objects, count, rate):
    requests = [f"GET {prefix}/{number} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: identity\r\n\r\n".encode() for number in range(1, objects + 1)]
    idle, busy = deque(_Connection(port) for _ in range(CONNECTIONS)), set()
    latencies, sent = [0.0] * count, 0
    began = time.monotonic() + LEAD
    print(began, flush=True)
    while sent < count or busy:
        while sent < count and idle and began + sent / rate <= time.monotonic():
            connection = idle.popleft()
            connection.send(sent, requests[sent % objects])
            busy.add(connection)
            sent += 1
        # select, not epoll: it alone waits for less than a millisecond
        due = max(0.0, began + sent / rate - time.monotonic()) if sent < count and idle else PATIENCE
        answering = select.select(busy, (), (), due)[0]
        if not answering and due == PATIENCE:
            raise TimeoutError(f"no answer for {PATIENCE:.0f} s")
        for connection in answering:
            if connection.is_answered():
                latencies[connection.number] = (time.monotonic() - began - connection.number / rate) * 1e6
                busy.remove(connection)
                idle.append(connection)
    print(json.dumps(latencies))


def _main(port, host, prefix, objects, count, rate):
    gc.disable()
    Path("/proc/self/timerslack_ns").write_text("1")  # the kernel would let it sleep for 50 µs more than asked for
    _run(int(port), host, prefix, int(objects), int(count), int(rate))


if __name__ == "__main__":
    _main(*sys.argv[1:])
