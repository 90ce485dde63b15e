"""App servers that are looked after: health checks, draining, lists of servers, and routes with more than one upstream."""
import contextlib
import sqlite3
import time

import larder
from checks.bodies import digest_of
from checks.pages import PUBLIC, STALE_AFTER
from client import Browser
from process import until
from report import check, ensure, same
from visitors import Visitors
from world import BASIC

# Far more than it takes: checks run every half second, and two must agree.
SOON = 10
DOWNLOAD = 40_000_000

LOOKED_AFTER = BASIC + """
upstreams:
  app:
    servers: ["${APP1}", "${APP2}"]
    balance: round-robin
    timeouts: { first-byte: 20s }
    health: { path: /lab/health/, interval: 500ms, timeout: 1s, rise: 2, fall: 2 }
    retry: { hedge-after: 300ms }
sites: { shop: { upstream: app } }
"""


def address(app):
    return f"{app.server.host}:{app.server.port}"


def listed(world, gateway):
    """What larder upstream list says of the state of each app server, by its name."""
    status, output = world.command("upstream", "list", gateway=gateway)
    same(status, 0, f"exit status ({output})")
    rows = [line.split() for line in output.splitlines()]
    return {app.name: row[2] for app in world.apps for row in rows if address(app) in row}


def becomes(gateway, app, state):
    until(lambda: larder.states(gateway)[address(app)] == state, SOON, f"{app.name} is {state}")


def everybody_serves(visitors, apps):
    """All app servers have answered requests that began after now."""
    wanted, now = {app.name for app in apps}, time.monotonic()
    until(lambda: visitors.servers(now) == wanted, SOON, f"{', '.join(sorted(wanted))} serve")


def only_serves(visitors, app, least=20):
    """So many requests that begin after now are all answered by one app server."""
    now = time.monotonic()
    until(lambda: len(visitors.since(now)) >= least, SOON, f"{least} answers")
    same(visitors.servers(now), {app.name}, "who answers")


@check("an app server whose health page says 503 gets no requests until it is well again, and visitors notice nothing", "apps own")
def unhealthy(world):
    ailing, well = world.apps
    illness = world.directory / f"unhealthy-{ailing.name}"
    with world.another_gateway("larder-health", LOOKED_AFTER) as gateway:
        with Visitors(gateway.site, world.fresh) as visitors:
            everybody_serves(visitors, world.apps)
            illness.touch()
            try:
                becomes(gateway, ailing, "down")
                only_serves(visitors, well)
                same(listed(world, gateway), {ailing.name: "down", well.name: "up"}, "states listed")
            finally:
                illness.unlink()
            becomes(gateway, ailing, "up")
            everybody_serves(visitors, world.apps)
        visitors.unharmed()


@check("an app server that is frozen accepts and stays silent: the other one answers, and it is out within seconds", "apps own")
def silent(world):
    frozen, lively = world.apps
    with world.another_gateway("larder-silent", LOOKED_AFTER) as gateway:
        with Visitors(gateway.site, world.fresh) as visitors:
            everybody_serves(visitors, world.apps)
            begun = time.monotonic()
            frozen.process.suspend()
            try:
                becomes(gateway, frozen, "down")
                only_serves(visitors, lively)
            finally:
                frozen.process.resume()
            becomes(gateway, frozen, "up")
            everybody_serves(visitors, world.apps)
        visitors.unharmed()
        slowest = max(answer.seconds for answer in visitors.since(begun))
        ensure(slowest < 5, f"somebody waited {slowest:.1f} s")


@contextlib.contextmanager
def download_from(world, site, app):
    """A download that this app server has begun, and that nobody reads yet: more than fits into all buffers. It must come whole."""
    while True:
        connection, answer = site.open(world.fresh("/lab/download/", size=DOWNLOAD, framing="chunked", cc="no-store"))
        with contextlib.closing(connection):
            if answer.getheader("X-Served-By") == app.name:
                yield
                same(digest_of(answer)[0], DOWNLOAD, f"bytes of the download from {app.name}")
                return


@check("larder upstream drain: what is under way there finishes, nothing new arrives, nobody notices; resume brings it back", "apps own")
def drained(world):
    leaving, staying = world.apps
    with world.another_gateway("larder-emptied", LOOKED_AFTER) as gateway:
        with Visitors(gateway.site, world.fresh) as visitors:
            everybody_serves(visitors, world.apps)
            with download_from(world, gateway.site, leaving):
                status, output = world.command("upstream", "drain", "app", address(leaving), gateway=gateway)
                same(status, 0, f"exit status ({output})")
                only_serves(visitors, staying, least=50)
                same(listed(world, gateway), {leaving.name: "drained", staying.name: "up"}, "states listed")
            status, output = world.command("upstream", "resume", "app", address(leaving), gateway=gateway)
            same(status, 0, f"exit status ({output})")
            everybody_serves(visitors, world.apps)
        visitors.unharmed()


FOUND = BASIC + """
upstreams: { app: { discover: { file: servers.txt }, balance: round-robin } }
sites: { shop: { upstream: app } }
"""


@check("servers listed in a file: one that is added gets requests, one that is taken out finishes what it has; nobody notices", "apps own")
def servers_in_a_file(world):
    leaving, coming = world.apps
    servers = world.directory / "servers.txt"
    servers.write_text(address(leaving) + "\n")
    with world.another_gateway("larder-servers", FOUND) as gateway:
        with Visitors(gateway.site, world.fresh) as visitors:
            only_serves(visitors, leaving)
            renewed = servers.with_suffix(".new")
            renewed.write_text(f"# by hand\n{address(leaving)}\n{address(coming)}  weight=2\n")
            renewed.rename(servers)
            everybody_serves(visitors, world.apps)
            with download_from(world, gateway.site, leaving):
                servers.write_text(address(coming) + "\n")
                until(lambda: set(larder.states(gateway)) == {address(coming)}, SOON, "one server is left")
                only_serves(visitors, coming)
        visitors.unharmed()


# --- more than one upstream -------------------------------------------------------------------

SPLIT = BASIC + """
upstreams:
  primary: { servers: ["${APP1}"] }
  replica: { servers: ["${REPLICA}"] }
sites:
  shop:
    upstream: replica
    cache-status: on
    routes:
      - { path: /**, writes: primary, read-your-writes: 4s }
"""


class Replica:
    """An app server whose database is a copy, which is as old as the last time it caught up."""

    def __init__(self, world):
        self._original = world.directory / "shop.sqlite3"
        data = world.directory / "replica"
        data.mkdir()
        self._copy = data / "shop.sqlite3"
        self.catch_up()
        self.app = world.start_app("replica", data)

    def catch_up(self):
        with contextlib.closing(sqlite3.connect(self._original)) as original, contextlib.closing(sqlite3.connect(self._copy)) as copy:
            original.backup(copy)


@check("reads from a lagging replica: who writes sees it at once, others once it has caught up; his view is never stored", "apps own")
def read_your_writes(world):
    replica = Replica(world)
    with world.another_gateway("larder-split", SPLIT, REPLICA=address(replica.app)) as gateway:
        writer = Browser(gateway.site)
        stock, product, said = world.fresh("/products/jam/stock/"), world.fresh("/products/jam/"), f"said {world.token()}"
        before = gateway.site.get(stock)
        same(before.get("X-Served-By"), "replica", "who serves reads")
        after = {**before.json(), "stock": before.json()["stock"] + 7}
        gateway.site.get(product)

        wrote = writer.post(stock, {"stock": after["stock"]})
        same((wrote.status, wrote.get("X-Served-By")), (200, "a"), "the write")
        seen = writer.get(stock)
        same((seen.json(), seen.get("X-Served-By"), larder.cache(seen)), (after, "a", larder.BYPASS), "what the writer sees")
        writer.get("/products/jam/comments/")
        commented = writer.post("/products/jam/comments/", {"author": "anna", "text": said})
        ensure(said in commented.text, "the writer's comment is missing")
        ensure(said in writer.get(product).text, "the writer sees the stored page")

        for _ in range(2):
            others = gateway.site.get(stock)
            same((others.json(), others.get("X-Served-By")), (before.json(), "replica"), "what others see")
            ensure(said not in gateway.site.get(product).text, "others see the comment before the replica has it")
            time.sleep(STALE_AFTER)
        replica.catch_up()
        until(lambda: gateway.site.get(stock).json() == after, 5, "others see it as well")
        until(lambda: writer.get(stock).get("X-Served-By") == "replica", 10, "the writer reads from the replica again")
        same(writer.get(stock).json(), after, "what the writer sees there")
        ensure(said in gateway.site.get(world.fresh("/products/jam/")).text, "others do not see the comment")
    replica.app.process.stop()


HALVES = BASIC + """
trusted-proxies: [127.0.0.1/32]
upstreams:
  app: { servers: ["${APP1}"] }
  next: { servers: ["${APP2}"] }
sites:
  shop:
    upstream: app
    cache-status: on
    routes:
      - { path: /**, upstream: { app: 50%, next: 50% } }
"""


@check("a route with two upstreams: a client always sees the same side, and stored pages of the two do not mix", "apps own")
def two_sides(world):
    clients = [{"X-Forwarded-For": f"192.0.2.{number}"} for number in range(40)]
    stored = world.fresh(cc=PUBLIC)
    with world.another_gateway("larder-halves", HALVES) as gateway:
        sides = [gateway.site.get(world.fresh(), client).get("X-Served-By") for client in clients]
        ensure(10 <= sides.count("a") <= 30, f"sides: {sides}")
        for target in (world.fresh, lambda: stored, lambda: stored):
            answers = [gateway.site.get(target(), client) for client in clients]
            same([answer.get("X-Served-By") for answer in answers], sides, "sides")
        same(len({answer.get("X-Rendered") for answer in answers}), 2, "renderings of the stored page")
        ensure(all(larder.is_hit(answer) for answer in answers), "not all of the last round are hits")
    same(world.arrived(stored), {200: 2}, "requests for the stored page")
