"""Everything a check may use: the gateway, the app servers behind it, and their processes where they are ours."""
import contextlib
import itertools
import json
import os
import random
import subprocess
import sys
import urllib.parse
from dataclasses import dataclass, field
from pathlib import Path

import ports
from client import SITE, Browser, Server
from process import Process, until

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "config" / "examples" / "django"
PASSWORD = "larder"
# What the configurations of checks begin with that have one of their own.
BASIC = """
listeners: { web: { bind: "127.0.0.1:${PORT}" } }
admin: { bind: "${ADMIN}" }
log: { access: { format: off } }
shutdown: { drain: 10s }
"""


@dataclass
class Gateway:
    """A Larder: its public listener, its admin listener, and its process unless it was running already."""

    site: Server
    admin: Server
    process: Process = None

    def ready(self):
        return status_of(self.admin, "/readyz") == 200


@dataclass
class App:
    """One app server, asked directly."""

    name: str
    server: Server
    process: Process = None

    def tally(self):
        return self.server.get("/lab/tally/").json()

    def start(self):
        self.process.start()
        self.wait()

    def wait(self):
        until(lambda: status_of(self.server, "/lab/tally/") == 200, 30, f"app server {self.name} answers")


@dataclass
class World:
    gateway: Gateway
    apps: list
    launcher: list
    directory: Path
    processes: list = field(default_factory=list)
    _numbers: itertools.count = field(default_factory=lambda: itertools.count(1))
    _run: int = field(default_factory=lambda: random.randrange(10**9))

    @property
    def site(self):
        return self.gateway.site

    @property
    def admin(self):
        return self.gateway.admin

    def browser(self):
        return Browser(self.site)

    def fresh(self, path="/lab/page/", **query):
        """A target that nobody has asked for before."""
        return f"{path}?{urllib.parse.urlencode({'n': self.token(), **query})}"

    def token(self):
        return f"{self._run}-{next(self._numbers)}"

    def arrived(self, target, method="GET"):
        """How often the app servers were asked for this target, by status."""
        counts = {}
        for app in self.apps:
            for name, count in app.tally().items():
                asked, seen, status = (name.split(" ") + ["", ""])[:3]
                if (asked, seen) == (method, target):
                    counts[int(status)] = counts.get(int(status), 0) + count
        return counts

    def counted(self, name):
        return sum(app.tally().get(name, 0) for app in self.apps)

    def command(self, *arguments, gateway=None):
        """Runs the larder command against a gateway's admin listener, this one's or another's: (exit status, what it wrote)."""
        env = {**os.environ, "LARDER_ADMIN": (gateway or self.gateway).admin.url}
        done = subprocess.run([*self.launcher, *arguments], env=env, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout + done.stderr

    def purge(self, **body):
        """POST /v1/purge."""
        content = json.dumps(body).encode()
        return self.admin.send("POST", "/v1/purge", {"Content-Type": "application/json"}, content)

    def stop(self):
        for process in reversed(self.processes):
            process.stop()

    # --- starting ---------------------------------------------------------------------------

    def start_apps(self):
        subprocess.run([EXAMPLE / "manage.py", "setup_shop"], env=self._app_environment(self.directory), check=True, stdout=sys.stderr)
        for name in ("a", "b"):
            self.apps.append(self.start_app(name, self.directory))

    def start_app(self, name, data):
        """One more app server, with the database of the directory `data`."""
        port = ports.free()
        command = ["/usr/bin/gunicorn", "--bind", f"127.0.0.1:{port}", "storefront.wsgi"]
        environment = {**self._app_environment(data), "SERVED_BY": name}
        process = Process(f"app-{name}", command, environment, self.directory / f"app-{name}.log", EXAMPLE)
        self.processes.append(process)
        app = App(name, Server("127.0.0.1", port, SITE), process)
        app.start()
        return app

    def _app_environment(self, data):
        return {**os.environ, "SHOP_DATA": str(data), "SHOP_PASSWORD": PASSWORD, "PYTHONDONTWRITEBYTECODE": "1"}

    def start_gateway(self, name="larder", seconds=60, config=EXAMPLE / "larder.yaml", **variables):
        """A Larder on ports of its own, with the example's configuration or another, which may name more `variables`."""
        public, admin = ports.free(), ports.free()
        environment = {**os.environ, **self.variables(public, admin), **variables}
        command = [*self.launcher, "serve", "-c", str(config)]
        process = Process(name, command, environment, self.directory / f"{name}.log", ROOT)
        self.processes.append(process)
        process.start()
        gateway = Gateway(Server("127.0.0.1", public, SITE), Server("127.0.0.1", admin), process)
        until(lambda: gateway.ready() or not process.running, seconds, f"{name} is ready")
        if not process.running:
            raise RuntimeError(f"{name} ended before it was ready, with status {process.wait(1)}:\n{''.join(process.tail())}")
        return gateway

    @contextlib.contextmanager
    def another_gateway(self, name, config, **variables):
        """A Larder beside the one that all checks share, as long as it is needed. `config`: a file, or the text of one."""
        if isinstance(config, str):
            text, config = config, self.directory / f"{name}.yaml"
            config.write_text(text)
        gateway = self.start_gateway(name, config=config, **variables)
        try:
            yield gateway
        finally:
            gateway.process.stop()

    def variables(self, public, admin):
        """What configurations take from the environment."""
        servers = {f"APP{number}": f"127.0.0.1:{app.server.port}" for number, app in enumerate(self.apps, 1)}
        return {"PORT": str(public), "ADMIN": f"127.0.0.1:{admin}", **servers}


def status_of(server, target):
    """The status of a GET, or None where nobody answers."""
    try:
        return server.get(target).status
    except OSError:
        return None
