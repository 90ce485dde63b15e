"""Debian's Chromium without a screen, driven through pipes by the DevTools protocol: JSON messages, each ended by a zero octet."""
import contextlib
import itertools
import json
import os
import select
import shutil
import time

from client import SITE
from process import Process, until

# Itself, and not the script on PATH that starts it: what is asked to end has to be the browser.
BINARY = "/usr/lib/chromium/chromium-headless-shell"
TIMEOUT = 30
# Chromium reads from descriptor 3 and writes to 4.
WITH_PIPES = 'exec "$0" "$@" 3<&{reads} 4>&{writes}'
OPTIONS = [
    "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
    # Nothing but the gateway is there, whatever a page or the browser itself asks for.
    f"--host-resolver-rules=MAP {SITE} 127.0.0.1, MAP * ~NOTFOUND", "--disable-background-networking", "--disable-component-update",
]


class Refused(AssertionError):
    """The browser says no to a call, as it does while it goes from one page to the next."""


class Chromium:
    """One tab. Every call takes TIMEOUT seconds at most."""

    def __init__(self, world, options):
        self.home = world.directory / f"chromium-{world.token()}"
        self.home.mkdir()
        reads, self._to = os.pipe()
        self._from, writes = os.pipe()
        shell = ["bash", "-c", WITH_PIPES.format(reads=reads, writes=writes), BINARY]
        environment = {**os.environ, "HOME": str(self.home)}
        self.process = Process(
            "chromium", [*shell, *OPTIONS, *options, f"--user-data-dir={self.home}"], environment,
            world.directory / f"{self.home.name}.log", self.home, pass_fds=(reads, writes),
        )
        self.process.start()
        os.close(reads)
        os.close(writes)
        self._numbers = itertools.count(1)
        self._unread = b""
        self._session = {}
        self.responses = {}

    def attach(self):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = {"sessionId": self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]}
        for domain in ("Page", "Network"):
            self.call(f"{domain}.enable")

    def open(self, url):
        """Loads a page, and waits until it is complete."""
        failed = self.call("Page.navigate", url=url).get("errorText")
        if failed:
            raise AssertionError(f"{url}: {failed}")
        self.wait(f"document.readyState == 'complete' && location.href == {json.dumps(url)}", url)

    def run(self, script):
        """The value of an expression in the page."""
        outcome = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in outcome:
            raise AssertionError(f"{script}: {outcome['exceptionDetails']}")
        return outcome["result"].get("value")

    def wait(self, script, what):
        until(lambda: self._holds(script), TIMEOUT, what)

    def _holds(self, script):
        try:
            return self.run(script)
        except Refused:
            return False

    def type(self, selector, text):
        """As from the keyboard."""
        self.run(f"document.querySelector({json.dumps(selector)}).focus()")
        self.call("Input.insertText", text=text)

    def press(self, selector):
        self.run(f"document.querySelector({json.dumps(selector)}).click()")

    def call(self, method, **parameters):
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters, **self._session}
        os.write(self._to, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + TIMEOUT
        while (answer := self._message(deadline)).get("id") != number:
            if answer.get("method") == "Network.responseReceived":
                response = answer["params"]["response"]
                self.responses[response["url"]] = response
        if "error" in answer:
            raise Refused(f"{method}: {answer['error']}")
        return answer["result"]

    def close(self):
        self.process.stop()
        os.close(self._to)
        os.close(self._from)
        shutil.rmtree(self.home, ignore_errors=True)

    def _message(self, deadline):
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._from], [], [], max(0, deadline - time.monotonic()))
            data = os.read(self._from, 65536) if ready else b""
            if not data:
                raise AssertionError(f"no word from the browser:\n{''.join(self.process.tail())}")
            self._unread += data
        message, _, self._unread = self._unread.partition(b"\0")
        return json.loads(message)


@contextlib.contextmanager
def chromium(world, *options):
    """A browser, started with `options` besides."""
    browser = Chromium(world, options)
    world.processes.append(browser.process)
    try:
        browser.attach()
        yield browser
    finally:
        browser.close()
