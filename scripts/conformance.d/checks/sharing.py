"""One fetch for many: who waits together, and who must not."""
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import larder
from checks.pages import STALE_AFTER
from process import until
from report import check, ensure, same

CROWD = 50
SLOW = 150


def at_once(count, ask):
    """Runs ask(number) in so many threads that start together; their results in order."""
    barrier = threading.Barrier(count)

    def wait_and_ask(number):
        barrier.wait()
        return ask(number)

    with ThreadPoolExecutor(count) as crowd:
        return list(crowd.map(wait_and_ask, range(count)))


@check("50 visitors of a slow page at once: one request reaches the app", "apps")
def one_fetch(world):
    target = world.fresh(delay=SLOW, cc="public, max-age=60")
    answers = at_once(CROWD, lambda number: world.site.get(target))
    same({answer.status for answer in answers}, {200}, "statuses")
    same(len({answer.get("X-Rendered") for answer in answers}), 1, "number of renderings")
    same(world.arrived(target), {200: 1}, "requests at the app servers")


@check("50 visitors of a slow private page at once: each gets their own, and nobody queues")
def private_not_shared(world):
    target = world.fresh(delay=SLOW, cc="private, max-age=60")
    begun = time.monotonic()
    answers = at_once(CROWD, lambda number: world.site.get(target, {"Cookie": f"who=visitor-{number}."}))
    took = time.monotonic() - begun
    for number, answer in enumerate(answers):
        ensure(answer.text.endswith(f"for visitor-{number}.\n"), f"visitor {number} got {answer.text!r}")
    ensure(took < CROWD * SLOW / 1000 / 2, f"took {took:.1f} s: one after the other")


@check("50 visitors of a page that sets a cookie: nobody gets another's cookie")
def cookie_not_shared(world):
    target = world.fresh(delay=SLOW, cc="max-age=60", cookie="mine")
    answers = at_once(CROWD, lambda number: world.site.get(target))
    same(len({answer.get("X-Rendered") for answer in answers}), CROWD, "number of renderings")


@check("a follower gets the answer for their own language, not the leader's")
def languages_not_shared(world):
    target = world.fresh("/products/")
    languages = ["en", "de", "fr"]
    answers = at_once(30, lambda number: world.site.get(target, {"Accept-Language": languages[number % 3]}))
    for number, answer in enumerate(answers):
        same(answer.get("Content-Language"), languages[number % 3], f"language of visitor {number}")


@check("a slow page that only some wait for: leaving does not harm the others", "apps")
def leader_leaves(world):
    target = world.fresh(delay=600, cc="public, max-age=60")
    with world.site.wire() as leader:
        leader.send(f"GET {target} HTTP/1.1\r\nHost: {world.site.authority}\r\n\r\n".encode())
        time.sleep(0.2)
        with ThreadPoolExecutor(5) as followers:
            waiting = [followers.submit(world.site.get, target) for _ in range(5)]
            time.sleep(0.1)
            leader.socket.close()
            answers = [future.result() for future in waiting]
    same({answer.status for answer in answers}, {200}, "statuses")
    ensure(sum(world.arrived(target).values()) <= 2, f"requests at the app servers: {world.arrived(target)}")


@check("stale-while-revalidate: the stale page at once, the fresh one soon after")
def stale_while_revalidate(world):
    target = world.fresh(delay=500, cc="public, max-age=1, stale-while-revalidate=60")
    first = world.site.get(target)
    time.sleep(STALE_AFTER)
    stale = world.site.get(target)
    same(stale.get("X-Rendered"), first.get("X-Rendered"), "the rendering")
    same(larder.cache(stale), larder.STALE, "X-Cache")
    ensure(stale.seconds < 0.4, f"the visitor waited {stale.seconds:.2f} s")
    until(lambda: world.site.get(target).get("X-Rendered") != first.get("X-Rendered"), 3, "a new rendering")
