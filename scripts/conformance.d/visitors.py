"""Visitors who keep a gateway busy while something happens to it, and remember what they got."""
import threading
import time
from collections import namedtuple

import larder
from report import ensure, same

# When it was asked for, the target, and the answer.
Seen = namedtuple("Seen", "begun target answer")


ENOUGH = 100  # answers without which nothing is shown


class Visitors:
    """A few at once, who ask for one page after the other until they are told to leave, each on a connection that is kept.

    A connection that the gateway closes is a failure, as an answer other than 200 is.
    """

    def __init__(self, site, target, count=4, pause=0.02):
        """target() says what to ask for next."""
        self.seen, self.failures = [], []
        self._site, self._target, self._pause = site, target, pause
        self._leaving = threading.Event()
        self._threads = [threading.Thread(target=self._visit) for _ in range(count)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, error, *_):
        patience = time.monotonic() + 15
        while error is None and len(self.seen) < ENOUGH and not self.failures and time.monotonic() < patience:
            time.sleep(0.01)  # what was over quickly has met few of them
        self._leaving.set()
        for thread in self._threads:
            thread.join()

    def since(self, moment):
        """The answers to what was asked for after that moment."""
        return [seen.answer for seen in list(self.seen) if seen.begun >= moment]

    def servers(self, moment=0.0):
        """Who answered what was asked for after that moment and was not in the store."""
        return {answer.get("X-Served-By") for answer in self.since(moment) if not larder.is_hit(answer)}

    def unharmed(self, least=ENOUGH):
        same(self.failures[:5], [], f"failures ({len(self.failures)} beside {len(self.seen)} answers)")
        ensure(len(self.seen) >= least, f"only {len(self.seen)} answers")

    def _visit(self):
        connection = None
        while not self._leaving.is_set():
            try:
                connection = connection or self._kept()
                self._ask(connection)
            except Exception as error:
                self.failures.append(repr(error))
                connection = None
            self._leaving.wait(self._pause)
        if connection:
            connection.close()

    def _kept(self):
        connection = self._site.connect()
        connection.connect()
        connection.auto_open = 0  # http.client would open another one without a word
        return connection

    def _ask(self, connection):
        target, begun = self._target(), time.monotonic()
        answer = self._site.get(target, on=connection)
        self.seen.append(Seen(begun, target, answer))
        if answer.status != 200:
            self.failures.append(f"{answer.status} {answer.get('Proxy-Status')}")
