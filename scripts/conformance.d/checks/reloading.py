"""Configuration that changes while visitors are there."""
import contextlib
import itertools
import os
import shutil
import signal
import tempfile
import time
from pathlib import Path

import larder
import ports
from checks.pages import PUBLIC
from checks.upstreams import address, download_from, everybody_serves, only_serves
from client import SITE, Server
from process import until
from report import check, ensure, same
from visitors import Visitors
from world import BASIC, status_of

SEEN_WITHIN = 3
RELOADS = 100

SHOP = BASIC + """
upstreams: { app: { servers: ["${APP1}", "${APP2}"], balance: round-robin } }
sites:
  shop:
    upstream: app
    cache-status: on
    headers: { response: { set: { X-Edition: "EDITION" } } }
"""


def edition(number):
    return SHOP.replace("EDITION", str(number))


# --- ways to change a file -------------------------------------------------------------------

def in_place(file, text):
    file.write_text(text)


def renamed(file, text):
    """As editors do."""
    new = file.with_suffix(".new")
    new.write_text(text)
    new.rename(file)


def linked(file, text):
    """As the kubelet does with a ConfigMap: the link ..data is led to a new directory, and the one before goes."""
    data, link = file.parent / "..data", file.parent / "..data_tmp"
    before = data.resolve()
    new = Path(tempfile.mkdtemp(prefix="..", dir=file.parent))
    (new / file.name).write_text(text)
    link.symlink_to(new.name)
    link.rename(data)
    if file.is_symlink():
        shutil.rmtree(before)
    else:
        file.symlink_to(data.relative_to(file.parent) / file.name)


def unnoticed(file, text):
    """As long as before, and of the same time: whoever does not read it sees no change."""
    known = file.stat()
    file.write_text(text)
    os.utime(file, ns=(known.st_atime_ns, known.st_mtime_ns))
    same(file.stat().st_size, known.st_size, "size of the file")


# --- a gateway that is busy meanwhile --------------------------------------------------------

class Shop:
    """A gateway with a configuration file that may be edited, and visitors."""

    def __init__(self, gateway, file, visitors):
        self.gateway, self.file, self.visitors = gateway, file, visitors

    def shows(self, number):
        """All see that edition, on the connections that they have, and none sees the one before any more."""
        until(lambda: self.visitors.seen[-1].answer.get("X-Edition") == str(number), SEEN_WITHIN, f"edition {number}")
        now = time.monotonic()
        until(lambda: len(self.visitors.since(now)) >= 20, SEEN_WITHIN, "answers")
        same({answer.get("X-Edition") for answer in self.visitors.since(now)}, {str(number)}, "editions")

    def reload(self):
        """POST /v1/reload."""
        return self.gateway.admin.send("POST", "/v1/reload", {"Content-Type": "application/json"}, b"{}")

    def edit(self, text):
        """Lets that be the configuration at once."""
        renamed(self.file, text)
        answer = self.reload()
        same(answer.status, 200, f"status of the reload ({answer.text[:300]})")

    def counted(self, name):
        return larder.counted(self.gateway.admin.get("/metrics").text, name)


@contextlib.contextmanager
def busy(world, name, write=in_place, text=edition(1)):
    """A shop whose visitors ask in turn for one stored page and for fresh ones; in the end none has been harmed."""
    file = world.directory / name / "larder.yaml"
    file.parent.mkdir()
    write(file, text)
    page = world.fresh(cc=PUBLIC.replace("60", "600"))
    with world.another_gateway(name, file) as gateway:
        rendered = gateway.site.get(page).get("X-Rendered")
        turns = itertools.cycle((lambda: page, world.fresh))
        with Visitors(gateway.site, lambda: next(turns)()) as visitors:
            everybody_serves(visitors, world.apps)
            yield Shop(gateway, file, visitors)
        visitors.unharmed()
    pages = [seen.answer for seen in visitors.seen if seen.target == page]
    ensure(pages and all(larder.is_hit(answer) for answer in pages), "the stored page was lost")
    same({answer.get("X-Rendered") for answer in pages}, {rendered}, "renderings of the stored page")


def edited(how, write):
    @check(f"a configuration that is {how}: all visitors see it within seconds, and none is harmed; pages stay stored", "apps own")
    def seen(world):
        with busy(world, f"larder-{write.__name__}", write) as shop:
            with download_from(world, shop.gateway.site, world.apps[0]):
                write(shop.file, edition(2))
                shop.shows(2)


for one in (("edited in place", in_place), ("renamed over the old one", renamed), ("swapped as Kubernetes does", linked)):
    edited(*one)


@check("larder reload says what has changed, and reads what no watcher sees; SIGHUP reads it, too", "apps own")
def asked(world):
    with busy(world, "larder-reload") as shop:
        unnoticed(shop.file, edition(2))
        status, output = world.command("reload", gateway=shop.gateway)
        same(status, 0, f"exit status ({output})")
        ensure("X-Edition" in output, f"it says {output!r}")
        shop.shows(2)
        unnoticed(shop.file, edition(3))
        shop.gateway.process.signal(signal.SIGHUP)
        shop.shows(3)


@check("a broken configuration: the one before stays, status and reload say what is wrong and where, until it is mended", "apps own")
def broken(world):
    failures = "larder_config_reload_failures_total"
    with busy(world, "larder-broken") as shop:
        same(shop.counted(failures), 0, "failures before")
        text = edition(2).replace("cache-status", "cache-state")
        place = f"larder.yaml:{text[:text.index('cache-state')].count(chr(10)) + 1}:"
        in_place(shop.file, text)
        until(lambda: shop.counted(failures) >= 1, SEEN_WITHIN, "it is refused")
        shop.shows(1)
        ensure(shop.gateway.ready(), "it is not ready any more")
        for command, expected in (("status", 0), ("reload", 1)):
            status, output = world.command(command, gateway=shop.gateway)
            same(status, expected, f"exit status of {command} ({output})")
            ensure(place in output and "cache-state" in output, f"{command} says {output!r}")
        refused = shop.counted(failures)
        in_place(shop.file, edition(2))
        shop.shows(2)
        same(shop.counted(failures), refused, "failures after")
        ensure(shop.gateway.admin.get("/v1/status").json()["configuration"]["current"], "status says that it is still broken")


@check(f"{RELOADS} changes one after the other, with other servers each time: nobody is harmed", "apps own")
def again_and_again(world):
    both = 'servers: ["${APP1}", "${APP2}"]'
    with busy(world, "larder-restless") as shop:
        for number in range(2, 2 + RELOADS):
            servers = (both, 'servers: ["${APP1}"]', 'servers: ["${APP2}"]')[number % 3]
            shop.edit(edition(number).replace(both, servers))
        shop.edit(edition(0))
        shop.shows(0)
        everybody_serves(shop.visitors, world.apps)
        ensure(shop.counted("larder_config_reloads_total") >= RELOADS, "some changes were not counted")


@check("a server that is taken out of the configuration finishes what it has, and gets nothing new", "apps own")
def server_removed(world):
    leaving, staying = world.apps
    with busy(world, "larder-server") as shop:
        with download_from(world, shop.gateway.site, leaving):
            shop.edit(edition(1).replace('"${APP1}", ', ""))
            same(set(larder.states(shop.gateway)), {address(staying)}, "servers")
            only_serves(shop.visitors, staying)


@check("a listener that is added opens, one that is taken away closes, and a download that came by it completes", "apps own")
def listeners(world):
    port = ports.free()
    more = edition(1).replace("listeners: {", f'listeners: {{ more: {{ bind: "127.0.0.1:{port}" }},')
    site = Server("127.0.0.1", port, SITE)
    with busy(world, "larder-listeners") as shop:
        same(status_of(site, "/lab/echo/"), None, "status where nobody listens")
        shop.edit(more)
        same(status_of(site, "/lab/echo/"), 200, "status of the new listener")
        with download_from(world, site, world.apps[0]):
            shop.edit(edition(1))
            until(lambda: status_of(site, "/lab/echo/") is None, SEEN_WITHIN, "nobody listens")
