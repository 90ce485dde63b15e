"""TLS and HTTP/2: what a hit costs over them, what a handshake costs, and what a connection that only waits takes of memory."""

import contextlib
import re
import ssl
import socket
import subprocess
import time

import servers
import workloads
from process import Failed

PEERS = ("nginx", "larder")
CONNECTIONS, STREAMS = 64, 4        # streams at once on each connection of HTTP/2
IDLE, QUICK_IDLE = 10_000, 500      # connections that wait
LINE = re.compile(r"requests: (\d+) total, \d+ started, (\d+) done, (\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout")
MEAN = re.compile(r"time for request: +\S+ +\S+ +(\S+)")
UNITS = {"us": 1, "ms": 1e3, "s": 1e6}


def certificate(setting):
    """A key of P-256 and a certificate that it signs itself."""
    cert, key = setting.run / "bench.crt", setting.run / "bench.key"
    if not cert.exists():
        done = subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                               "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", key, "-out", cert],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise Failed(f"openssl cannot make a certificate: {done.stdout.strip()}")
        key.chmod(0o600)
    return cert, key


@contextlib.contextmanager
def serving(setting, names, ports):
    """The named servers, each with a port for TLS beside its plain one; what is yielded has (server, TLS port) by name."""
    started = {}
    try:
        for name in names:
            port = next(ports)
            server = servers.start(setting, name, next(ports), "-tls", setting.server_core, secure=(port, *certificate(setting)))
            started[name] = (server, port)
            server.await_answer()
        yield started
    finally:
        for server, _ in started.values():
            server.stop()


def warm(setting, server, port, seconds, http2):
    workloads.settle(server, setting, lambda length: load(setting, port, length, http2), *seconds)


def load(setting, port, seconds, http2):
    """h2load for that long; as wrk's result is written."""
    how = ["-m", str(STREAMS)] if http2 else ["--h1"]
    command = ["taskset", "-c", setting.load_core, setting.root / "usr/bin/h2load", "-t1", f"-c{CONNECTIONS}", *how, f"-D{max(1, round(seconds))}",
               f"https://127.0.0.1:{port}/hit/1k"]
    done = subprocess.run(list(map(str, command)), env=setting.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    counts, mean = LINE.search(done.stdout), MEAN.search(done.stdout)
    if not counts or not mean:
        raise Failed(f"h2load failed: {done.stdout.strip()}")
    if http2 and "Application protocol: h2" not in done.stdout:
        raise Failed("the server does not speak HTTP/2 over TLS")
    if "TLS Protocol: TLSv1.3" not in done.stdout:
        raise Failed("the server does not speak TLS 1.3")
    ended, good, failed, errored, late = (int(counts[at]) for at in (2, 3, 4, 5, 6))
    micros = float(mean[1].rstrip("mus")) * UNITS[mean[1].lstrip("0123456789.")]
    # what is still under way when the time is over counts as failed, but not as done
    return {"requests": good, "micros": max(1, round(seconds)) * 1e6, "p50": micros, "p99": micros, "bytes": good * 1024,
            "errors": {"failed": max(0, ended - good), "late": late}}


def round_of_hits(setting, server, port, seconds, http2):
    return workloads.metered(server, setting, lambda: load(setting, port, seconds, http2))


def warm_handshakes(setting, server, port, seconds):
    """A JVM compiles the way of a handshake by itself; on both cores, as everything else is run warm."""
    with server.on({setting.load_core, setting.server_core}):
        round_of_handshakes(setting, server, port, seconds)


def round_of_handshakes(setting, server, port, seconds):
    """Full handshakes, one after the other, no session resumed: CPU of the server for each, in µs."""
    before = server.cpu()
    done = subprocess.run(["taskset", "-c", str(setting.load_core), "openssl", "s_time", "-connect", f"127.0.0.1:{port}", "-new", "-time", str(max(1, round(seconds)))],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    spent = server.cpu() - before
    made = re.search(r"(\d+) connections in \d+ real seconds", done.stdout)
    if not made or int(made[1]) == 0:
        raise Failed(f"openssl s_time failed at {server.name}: {done.stdout.strip()[-300:]}")
    return spent / int(made[1])


def idle(setting, server, port, count):
    """Resident bytes for each of so many connections that have had one answer and wait."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    held = []
    try:
        _open(context, port, 200, held)     # what grows once, whoever comes
        before, first = server.resident(), len(held)
        _open(context, port, count, held)
        time.sleep(1)
        return (server.resident() - before) / (len(held) - first)
    finally:
        for connection in held:
            connection.close()


def _open(context, port, count, held):
    request = f"GET /hit/1k HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
    for _ in range(count):
        plain = socket.create_connection(("127.0.0.1", port), timeout=30)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = context.wrap_socket(plain)
        connection.sendall(request)
        if not connection.recv(4096).startswith(b"HTTP/1.1 200"):
            raise Failed(f"a connection over TLS was not answered, after {len(held)} others")
        held.append(connection)
