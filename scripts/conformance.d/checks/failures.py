"""App servers that fail, stop and die."""
import http.client
import time

import larder
from checks.pages import STALE_AFTER
from client import curl
from process import until
from report import check, ensure, same
from visitors import Visitors


def alive(world):
    """Both app servers run and get requests from the gateway again."""
    for app in world.apps:
        if not app.process.running:
            app.start()
    wanted = {app.name for app in world.apps}
    seen = set()

    def asked():
        seen.add(world.site.get("/lab/echo/").get("X-Served-By"))
        return wanted <= seen

    until(asked, 30, "the gateway uses both app servers again")


@check("a GET that one app server answers with 503 is answered by the other", "apps")
def retried(world):
    for _ in range(5):
        same(world.site.get("/lab/fail/?status=503&only=a").text, "fine here\n", "answer")
        time.sleep(0.1)


@check("a POST that fails is sent once", "apps")
def post_once(world):
    target = f"/lab/fail/?status=503&n={world.token()}"
    same(world.site.send("POST", target, body=b"x").status, 503, "status")
    same(world.arrived(target, "POST"), {503: 1}, "requests at the app servers")


@check("connections that gunicorn closes for idleness are never a visitor's problem")
def idle_connections(world):
    for _ in range(3):
        time.sleep(2.0)
        for number in range(8):
            answer = world.site.send("POST", "/lab/echo/", body=b"x") if number % 2 else world.site.get("/lab/echo/")
            same(answer.status, 200, "status")


@check("stale-if-error: the app's 503 is hidden behind the last good page until it heals")
def stale_if_error(world):
    target = f"/lab/switched/?n={world.token()}"
    same(world.site.get(target).text, "switched on\n", "page")
    world.site.post_form("/lab/switch/", {"state": "off"})
    try:
        time.sleep(STALE_AFTER)
        answer = world.site.get(target)
        same((answer.status, answer.text), (200, "switched on\n"), "answer while switched off")
        same(larder.cache(answer), larder.STALE, "X-Cache")
        same(world.site.get(f"/lab/switched/?n={world.token()}").status, 503, "status of a page that was never stored")
    finally:
        world.site.post_form("/lab/switch/", {"state": "on"})
    until(lambda: larder.cache(world.site.get(target)) != larder.STALE, 5, "a fresh page")


def broken(framing):
    @check(f"an app that dies in the middle of a download ({framing}): the client can see it, nothing is stored")
    def visibly(world):
        target = world.fresh("/lab/download/", size=2000000, cut=500000, framing=framing)
        status, body = curl(world.site, target)
        ensure(status == 18, f"curl's exit status {status} with {len(body)} bytes")
        ensure(len(body) < 2000000, "the whole body came")
        again, _ = curl(world.site, target)
        same(again, 18, "curl's exit status the second time")


for one in ("length", "chunked"):
    broken(one)


@check("an app server killed in the middle of a download: the client can see it", "apps own")
def killed_in_download(world):
    target = world.fresh("/lab/download/", size=20000000, pause=20, framing="chunked", cc="no-store")
    connection, answer = world.site.open(target)
    served_by = answer.getheader("X-Served-By")
    answer.read(65536)
    next(app for app in world.apps if app.name == served_by).process.kill()
    try:
        answer.read()
        raise AssertionError("the download ended as if it were whole")
    except (http.client.IncompleteRead, ConnectionError):
        pass
    finally:
        connection.close()
        alive(world)


@check("an app server killed under a stream of GETs: no request fails, and no answer is cut off", "apps own")
def killed_under_load(world):
    try:
        with Visitors(world.site, world.fresh, pause=0) as visitors:
            time.sleep(1)
            world.apps[0].process.kill()
            time.sleep(3)
        visitors.unharmed()
    finally:
        alive(world)


@check("an app server that is back gets requests again", "apps own")
def back_again(world):
    world.apps[1].process.stop()
    for _ in range(10):
        same(world.site.get("/lab/echo/").status, 200, "status with one app server")
    world.apps[1].start()
    alive(world)


@check("both app servers stopped: fresh and stale pages are served, the rest gets a clear error; then recovery", "apps own")
def all_stopped(world):
    fresh, stale = world.fresh(cc="public, max-age=600"), world.fresh("/products/honey/stock/")
    world.site.get(fresh)
    stocked = world.site.get(stale)
    same(stocked.status, 200, "status before")
    for app in world.apps:
        app.process.stop()
    try:
        time.sleep(STALE_AFTER)
        ensure(larder.is_hit(world.site.get(fresh)), "the fresh page is no hit")
        answer = world.site.get(stale)
        same((answer.status, answer.body), (200, stocked.body), "the stale page")
        same(larder.cache(answer), larder.STALE, "X-Cache of the stale page")
        error = world.site.get(world.fresh())
        ensure(error.status in (502, 503, 504), f"status of an unknown page: {error.status}")
        ensure("larder" in error.get("Proxy-Status"), f"Proxy-Status {error.get('Proxy-Status')!r}")
        ensure(error.seconds < 5, f"it took {error.seconds:.1f} s")
        ensure(error.body and "\tat " not in error.text, f"body {error.text[:200]!r}")
    finally:
        alive(world)
    same(world.site.get(stale).status, 200, "status after recovery")
    until(lambda: larder.cache(world.site.get(stale)) != larder.STALE, 5, "a fresh page")
