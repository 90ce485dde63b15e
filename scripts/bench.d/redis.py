"""The Redis that nodes share: started without persistence, beside wrk and the origin, and asked how much it holds."""

import contextlib
import re
import socket
import time

from process import Failed, Server


class Redis(Server):
    def config(self, **more):
        """What Larder's configuration says of it, with other keys of cache.redis."""
        return "{ " + ", ".join([f'uri: "redis://127.0.0.1:{self.port}"', *(f"{key}: {value}" for key, value in more.items())]) + " }"

    def keys(self):
        """How many keys there are, of whatever kind."""
        answer = self._ask("DBSIZE")
        if not (found := re.fullmatch(r":(\d+)\r\n", answer)):
            raise Failed(f"Redis does not count its keys: {answer.strip()}")
        return int(found[1])

    def await_keys(self, count, seconds=30.0):
        """Returns as soon as there are that many keys: nodes write later than they answer."""
        deadline = time.monotonic() + seconds
        while (found := self.keys()) < count:
            if time.monotonic() > deadline:
                raise Failed(f"only {found} of {count} keys were in Redis after {seconds:.0f} s")
            time.sleep(0.05)

    def await_pong(self, seconds=10.0):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.must_run()
            with contextlib.suppress(OSError):
                if self._ask("PING") == "+PONG\r\n":
                    return
            time.sleep(0.01)
        raise Failed(f"Redis did not answer within {seconds:.0f} s: {self.last_words()}")

    def _ask(self, command):
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(f"{command}\r\n".encode())
            return connection.recv(256).decode()


def start(setting, port):
    """An empty one, that answers."""
    server = Redis("redis", port, setting.run / f"redis-{port}.log")
    try:
        server.start([setting.root / "usr/bin/redis-server", "--bind", "127.0.0.1", "--port", port, "--save", "", "--appendonly", "no",
                      "--dir", setting.run], setting.load_core, setting.environment())
        server.await_pong()
    except BaseException:
        server.stop()
        raise
    return server
