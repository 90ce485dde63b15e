"""Larder's admin API, over one kept-alive connection."""

import http.client
import json
import re
import time

from process import Failed


class Admin:
    def __init__(self, server):
        self.server = server
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port + 1, timeout=30)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def purge(self, **what):
        """What POST /v1/purge answers, and how long that took, in ms. Nodes that have not confirmed are told, not an error."""
        call = json.dumps({name.replace("_", "-"): value for name, value in what.items()})
        began = time.monotonic()
        text = self._call("POST", "/v1/purge", call)
        return json.loads(text), (time.monotonic() - began) * 1e3

    def stored(self):
        """How many responses the local tier holds."""
        return next(tier["entries"] for tier in json.loads(self._call("GET", "/v1/status"))["tiers"] if tier["name"] == "local")

    def purges(self):
        """How many purges have come to this node, its own and those of others."""
        return sum(int(float(count)) for count in re.findall(r"^larder_purges_total\{.*\} (\S+)$", self._call("GET", "/metrics"), re.M))

    def _call(self, method, path, body=None):
        try:
            self.connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
            response = self.connection.getresponse()
            text = response.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as problem:
            self.connection.close()
            raise Failed(f"{self.server.name} did not answer {path}: {problem!r}") from None
        if response.status not in (200, 202):
            raise Failed(f"{self.server.name} answered {path} with {response.status}: {text}")
        return text
