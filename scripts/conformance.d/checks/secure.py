"""What a real browser speaks over TLS: Debian's Chromium, which trusts the one key that these checks make."""
import base64
import contextlib
import hashlib
import json
import subprocess
import sys

import ports
from chromium import chromium
from client import SITE
from process import Process, until
from report import check, same
from world import ROOT, status_of

CONFIG = """
listeners:
  web: {{ bind: "127.0.0.1:${{PORT}}" }}
  secure:
    bind: "127.0.0.1:{secure}"
    tls: {{ certificates: [{{ cert: "{directory}/shop.crt", key: "{directory}/shop.key" }}] }}
admin: {{ bind: "${{ADMIN}}" }}
log: {{ access: {{ format: json, to: "{directory}/access.log" }} }}
shutdown: {{ drain: 10s }}
upstreams: {{ app: {{ servers: ["127.0.0.1:{origin}"] }} }}
sites: {{ shop: {{ upstream: app }} }}
"""
KEY = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
PUBLIC = ["openssl", "pkey", "-pubout", "-outform", "der"]
ASK = """
    window.heard = [];
    window.chat = new WebSocket('wss://' + location.host + '/chat');
    chat.onopen = () => {{ for (let i = 0; i < {times}; i++) chat.send('{word}' + i + '.'.repeat(i * 1000)); }};
    chat.onmessage = message => heard.push(message.data);
    chat.onclose = event => heard.push('closed ' + event.code);
    0
"""


@contextlib.contextmanager
def secured(world):
    """A gateway with TLS in front of an app that speaks WebSocket: its directory, its secure port, and the key's name."""
    directory = world.directory / f"secure-{world.token()}"
    directory.mkdir()
    key, certificate = directory / "shop.key", directory / "shop.crt"
    subprocess.run(
        [*KEY, "-subj", f"/CN={SITE}", "-addext", f"subjectAltName=DNS:{SITE}", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )
    public = subprocess.run([*PUBLIC, "-in", key], check=True, capture_output=True).stdout
    origin, secure = ports.free(), ports.free()
    command = [sys.executable, str(ROOT / "scripts" / "conformance.d" / "socket_origin.py"), str(origin)]
    app = Process("sockets", command, None, directory / "sockets.log", directory)
    world.processes.append(app)
    app.start()
    try:
        config = CONFIG.format(secure=secure, origin=origin, directory=directory)
        with world.another_gateway("secure", config) as gateway:
            until(lambda: status_of(gateway.site, "/") == 200, 30, "the app answers")
            yield directory, secure, base64.b64encode(hashlib.sha256(public).digest()).decode()
    finally:
        app.stop()


def logged(directory, path):
    """The lines of the access log about a path: (protocol, status)."""
    lines = map(json.loads, (directory / "access.log").read_text().splitlines())
    return [(line["protocol"], line["status"]) for line in lines if line["path"] == path]


@check("Chromium: a page over HTTP/2, and a WebSocket on a stream of the same connection")
def streams(world):
    with secured(world) as (directory, port, key), chromium(world, f"--ignore-certificate-errors-spki-list={key}") as browser:
        browser.open(f"https://{SITE}:{port}/page")
        same(browser.responses[f"https://{SITE}:{port}/page"]["protocol"], "h2", "what the browser says it speaks")
        browser.run(ASK.format(times=50, word="hello"))
        browser.wait("heard.length == 50", "50 answers")
        same(browser.run("heard.every((text, i) => text == 'hello' + i + '.'.repeat(i * 1000))"), True, "what was heard")
        browser.run("chat.close(); 0")
        browser.wait("heard.length == 51", "the end")
        same(browser.run("heard[50]"), "closed 1005", "how it ended")
        until(lambda: logged(directory, "/chat"), 10, "the socket is in the log")
        same(logged(directory, "/chat"), [("HTTP/2", 200)], "the log on the socket")
        same(logged(directory, "/page"), [("HTTP/2", 200)], "the log on the page")
