"""Clients other than wrk: single requests, idle connections, slow readers."""

import gzip
import http.client
import re
import socket
import time

from process import Failed


def get(port, path, coding="identity"):
    """Status, fields and body of one GET that accepts this content coding."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": coding})
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def origin_requests(port):
    """How many requests the origin has had, this one left out."""
    text = get(port, "/requests")[2].decode()
    return int(re.search(r"(\d+) +(\d+) +(\d+) *\n", text).group(3)) - _asked(port)


_asked_of = {}


def _asked(port):
    _asked_of[port] = _asked_of.get(port, 0) + 1
    return _asked_of[port]


def verify(server, origin, path, cached, coding="identity"):
    """The body is the origin's, in the coding asked for; a cached path gives one origin answer again and again, any other a new
    one each time."""
    expected = _put_together(origin, get(origin, path)[2])
    if coding != "identity":
        _await_coding(server, path, coding)
    answers = []
    for _ in range(3):
        try:
            status, headers, body = get(server.port, path, coding)
            body = _decoded(server, path, headers, body, coding)
        except (OSError, http.client.HTTPException) as problem:
            raise Failed(f"{server.name} did not answer {path}: {problem!r}") from None
        if status != 200:
            raise Failed(f"{server.name} answered {path} with {status}")
        if body != expected:
            raise Failed(f"{server.name} answered {path} with another body than the origin ({len(body)} bytes)")
        answers.append(headers.get("X-Origin-Answer"))
    if None in answers:
        raise Failed(f"{server.name} dropped the field X-Origin-Answer of {path}")
    if cached and answers[1] != answers[2]:
        raise Failed(f"{server.name} does not serve {path} from its cache")
    if not cached and len(set(answers)) != 3:
        raise Failed(f"{server.name} serves {path} from its cache")


def _put_together(origin, page):
    """With what it includes in its place."""
    return re.sub(rb'<esi:include src="([^"]*)"/>', lambda place: get(origin, place[1].decode())[2], page)


def _await_coding(server, path, coding):
    """Who compresses when he stores may answer the first request, and those until he has done so, with what the origin sent."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and get(server.port, path, coding)[1].get("Content-Encoding") != coding:
        time.sleep(0.05)


def _decoded(server, path, headers, body, coding):
    got = headers.get("Content-Encoding", "identity")
    if got != coding:
        raise Failed(f"{server.name} sends {path} in the coding {got}, not {coding}")
    return gzip.decompress(body) if coding == "gzip" else body


class IdleConnections:
    """Kept-alive connections that ask once, wait while others load the server, and ask once more."""

    def __init__(self, port, path, count):
        self.request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
        self.sockets, self.lost = [], 0
        for _ in range(count):
            try:
                self.sockets.append(socket.create_connection(("127.0.0.1", port), timeout=10))
            except OSError:
                self.lost += 1
        self._ask_all()

    def finish(self):
        """Asks on each again, closes all; returns how many were refused, closed or answered wrongly."""
        self._ask_all()
        for connection in self.sockets:
            connection.close()
        return self.lost

    def _ask_all(self):
        """All requests before the first answer: one by one, a busy machine takes longer than the server's idle time-out."""
        sent = [connection for connection in self.sockets if self._send(connection)]
        good = [connection for connection in sent if self._answered(connection)]
        for connection in set(self.sockets) - set(good):
            connection.close()
        self.lost += len(self.sockets) - len(good)
        self.sockets = good

    def _send(self, connection):
        try:
            connection.sendall(self.request)
            return True
        except OSError:
            return False

    @staticmethod
    def _answered(connection):
        try:
            response = http.client.HTTPResponse(connection)
            response.begin()
            response.read()
            return response.status == 200 and not response.will_close
        except (OSError, http.client.HTTPException):
            return False


def slow_read(server, path, length, seconds):
    """Reads a large body slowly for a while, then to its end at full speed. Returns the server's peak memory growth in bytes."""
    before = peak = server.resident()
    with _slow_socket(server.port, path) as connection:
        deadline, received = time.monotonic() + seconds, 0
        while time.monotonic() < deadline:
            received += len(connection.recv(65536))
            peak = max(peak, server.resident())
            time.sleep(0.05)
        peak, rest = _drain(connection, server, peak)
    if received + rest < length:
        raise Failed(f"{server.name} sent {received + rest} of {length} bytes to a slow reader")
    return peak - before


def _slow_socket(port, path):
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    connection.settimeout(30)
    connection.connect(("127.0.0.1", port))
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
    return connection


def _drain(connection, server, peak):
    buffer, total, look = bytearray(1 << 20), 0, time.monotonic()
    while count := connection.recv_into(buffer):
        total += count
        if time.monotonic() > look:
            peak, look = max(peak, server.resident()), time.monotonic() + 0.1
    return peak, total
