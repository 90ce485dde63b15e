"""HTTP clients: one request on a connection of its own, a browser with cookies, curl, and bare sockets."""
import http.client
import http.cookiejar
import json
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field

TIMEOUT = 30
SITE = "shop.test"


@dataclass
class Response:
    status: int
    fields: list
    body: bytes
    seconds: float = 0.0

    def get(self, name, default=""):
        """A field's value; several lines are joined as RFC 9110 §5.3 says."""
        return ", ".join(self.all(name)) or default

    def all(self, name):
        return [value for key, value in self.fields if key.lower() == name.lower()]

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    def json(self):
        return json.loads(self.body)


class Server:
    """One server as seen by clients that open a connection for each request."""

    def __init__(self, host, port, name=None):
        self.host, self.port = host, port
        self.authority = f"{name or host}:{port}"
        self.url = f"http://{self.authority}"

    def connect(self):
        return http.client.HTTPConnection(self.host, self.port, timeout=TIMEOUT)

    def send(self, method, target, headers=None, body=None, on=None):
        """Sends the target exactly as given. `on` is a connection to be reused."""
        connection = on or self.connect()
        begun = time.monotonic()
        fields = {"Host": self.authority, **(headers or {})}
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        if body is not None and "Content-Length" not in fields:
            fields["Content-Length"] = str(len(body))
        for name, value in fields.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        response = Response(answer.status, answer.getheaders(), answer.read())
        response.seconds = time.monotonic() - begun
        if on is None:
            connection.close()
        return response

    def get(self, target, headers=None, on=None):
        return self.send("GET", target, headers, on=on)

    def head(self, target, headers=None, on=None):
        return self.send("HEAD", target, headers, on=on)

    def post_form(self, target, values, headers=None):
        body = urllib.parse.urlencode(values).encode()
        return self.send("POST", target, {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}, body)

    def open(self, target, headers=None):
        """A response whose body the caller reads: (connection, http.client response)."""
        connection = self.connect()
        connection.request("GET", target, headers={"Host": self.authority, **(headers or {})})
        return connection, connection.getresponse()

    def wire(self):
        return Wire(self.host, self.port)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


class Browser:
    """A visitor with a cookie jar, who follows redirects."""

    def __init__(self, server):
        self._base = f"http://{server.host}:{server.port}"
        self.jar = http.cookiejar.CookieJar()
        cookies = urllib.request.HTTPCookieProcessor(self.jar)
        self._following = urllib.request.build_opener(cookies)
        self._staying = urllib.request.build_opener(cookies, _NoRedirect)

    def get(self, path, follow=True):
        return self._open(urllib.request.Request(self._base + path), follow)

    def post(self, path, values, follow=True):
        """A form post that carries the CSRF token as the form's hidden field does."""
        token = self.cookie("csrftoken")
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": token, **values}).encode()
        return self._open(urllib.request.Request(self._base + path, body), follow)

    def log_in(self, user, password):
        self.get("/admin/login/?next=/account/")
        return self.post("/admin/login/?next=/account/", {"username": user, "password": password, "next": "/account/"})

    def add_to_cart(self, product, times=1):
        self.get("/cart/")
        for _ in range(times):
            answer = self.post("/cart/", {"product": product})
        return answer

    def cookie(self, name):
        return next((cookie.value for cookie in self.jar if cookie.name == name), "")

    def _open(self, request, follow):
        opener = self._following if follow else self._staying
        try:
            answer = opener.open(request, timeout=TIMEOUT)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return Response(answer.status, list(answer.headers.items()), answer.read())


def curl(server, path, *options, timeout=120):
    """curl against the site's public name: (exit status, what it wrote)."""
    resolve = f"{SITE}:{server.port}:{server.host}"
    command = ["curl", "-sS", "--globoff", "--path-as-is", "--resolve", resolve, *options, f"http://{SITE}:{server.port}{path}"]
    done = subprocess.run(command, capture_output=True, timeout=timeout)
    return done.returncode, done.stdout


@dataclass
class Wire:
    """A bare connection: bytes out, responses in, one after the other."""

    host: str
    port: int
    _buffer: bytes = field(default=b"", repr=False)

    def __post_init__(self):
        self.socket = socket.create_connection((self.host, self.port), timeout=TIMEOUT)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def response(self, to="GET"):
        """The next response on this connection; ConnectionError where it ends too early."""
        head = self._through(b"\r\n\r\n").decode("latin-1").split("\r\n")
        status = int(head[0].split()[1])
        fields = [tuple(part.strip() for part in line.split(":", 1)) for line in head[1:] if line]
        response = Response(status, fields, b"")
        response.body = self._body(response, to)
        return response

    def final_response(self):
        """The next response that is not interim (1xx)."""
        while (response := self.response()).status < 200:
            pass
        return response

    def closed(self, seconds=5):
        """Whether the peer closes without another byte."""
        self.socket.settimeout(seconds)
        try:
            return self._buffer == b"" and self.socket.recv(1) == b""
        except ConnectionResetError:
            return True
        except TimeoutError:
            return False

    def _body(self, response, to):
        if to == "HEAD" or response.status in (204, 304) or response.status < 200:
            return b""
        if response.get("Transfer-Encoding").lower() == "chunked":
            return b"".join(self._chunks())
        if response.get("Content-Length"):
            return self._take(int(response.get("Content-Length")))
        return self._rest()

    def _chunks(self):
        while size := int(self._through(b"\r\n").split(b";")[0], 16):
            yield self._take(size)
            self._take(2)
        while self._through(b"\r\n") != b"\r\n":
            pass

    def _through(self, mark):
        while mark not in self._buffer:
            self._more()
        end = self._buffer.index(mark) + len(mark)
        return self._cut(end)

    def _take(self, size):
        while len(self._buffer) < size:
            self._more()
        return self._cut(size)

    def _rest(self):
        try:
            while True:
                self._more()
        except ConnectionError:
            return self._cut(len(self._buffer))

    def _cut(self, size):
        data, self._buffer = self._buffer[:size], self._buffer[size:]
        return data

    def _more(self):
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError(f"closed, with {self._buffer[:200]!r} unread")
        self._buffer += data
