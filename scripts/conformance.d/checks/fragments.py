"""Pages that the gateway puts together from parts, and what becomes of them when parts fail."""
import gzip
import re
import time
import urllib.parse

import larder
from checks.pages import PUBLIC, STALE_AFTER
from checks.privacy import cart
from checks.sharing import at_once
from client import curl
from process import until
from report import check, ensure, same

CART, BESTSELLERS, LAST_PIECES = "/parts/cart/", "/parts/bestsellers/", "/parts/last-pieces/"
EMPTY = "Your cart is empty"
# Of the route: how long a part is waited for.
DEADLINE = 1.0
# Beyond a deadline, on a busy machine.
SLACK = 1.0


def offers(world):
    return world.fresh("/offers/")


def session(visitor):
    return {"Cookie": f"sessionid={visitor.cookie('sessionid')}"}


def asked(world, target):
    return sum(world.arrived(target).values())


def set_stock(world, **stock):
    """At the app, behind the gateway's back."""
    for product, left in stock.items():
        same(world.apps[0].server.post_form(f"/products/{product}/stock/", {"stock": left}).status, 200, "status of a new stock")


def purge(world, path):
    status, output = world.command("purge", world.site.url + path)
    same(status, 0, f"exit status of the purge ({output})")


def nothing_kept(world):
    """Of the parts, which may be older than what the app says now."""
    same(world.purge(prefixes=[f"{world.site.url}/parts/"]).status, 200, "status of the purge")


def first_bestseller(page):
    return re.search(r'<ol id="bestsellers"><li>([^<]*)</li>', page.text).group(1)


def page_of(world, *sources, **query):
    """A page of the laboratory with a hole for each of these."""
    fields = [("n", world.token()), *query.items(), *(("src", source) for source in sources)]
    return f"/lab/assembled/?{urllib.parse.urlencode(fields)}"


def part(world, **query):
    """The address of a part, and what stands in the page for it."""
    target = world.fresh(**query)
    number = urllib.parse.parse_qs(target.partition("?")[2])["n"][0]
    return target, f"[page {number} for anybody\n]"


def shows(answer, *parts):
    same((answer.status, answer.text), (200, f"<!DOCTYPE html>\n<p>{''.join(parts)}</p>\n"), "page")


# --- what a page is ---------------------------------------------------------------------------


@check("a page put together by the gateway is, octet by octet, what Django makes of it by itself", "apps")
def same_page(world):
    visitor = world.browser()
    visitor.add_to_cart("jam", 2)
    nothing_kept(world)
    for language in ("en", "de", "fr"):
        for fields in ({}, session(visitor)):
            request = {"Accept-Language": language, **fields}
            alone = world.apps[0].server.get("/offers/", request)
            ensure("<esi:" not in alone.text and 'id="last-pieces"' in alone.text, f"Django's page: {alone.text!r}")
            target = offers(world)
            for turn in ("miss", "hit"):
                same(world.site.get(target, request).text, alone.text, f"the page, {language}, {turn}")


@check("Django tells caches apart what it leaves open for a gateway and what it fills in itself", "apps")
def two_forms(world):
    app = world.apps[0].server
    open_page = app.get("/offers/", {"Surrogate-Capability": 'one="Surrogate/1.0", two="Surrogate/1.0 ESI/1.0"'})
    whole = app.get("/offers/", {"Surrogate-Capability": 'one="Surrogate/1.0"'})
    same(open_page.text.count("<esi:include "), 3, "holes of the open page")
    same((open_page.get("Surrogate-Control"), open_page.get("Cache-Control")), ('content="ESI/1.0"', "public, max-age=300"), "its head")
    same((whole.text.count("<esi:"), whole.get("Surrogate-Control")), (0, ""), "the whole page")
    same(sorted(whole.get("Cache-Control").split(", ")), ["max-age=1", "private"], "Cache-Control of the whole page")
    for page in (open_page, whole):
        ensure("Surrogate-Capability" in page.get("Vary"), f"Vary {page.get('Vary')!r}")


@check("a client that calls itself a gateway gets a page without holes")
def forged_capability(world):
    target = offers(world)
    for _ in range(2):
        page = world.site.get(target, {"Surrogate-Capability": 'evil="ESI/1.0"'})
        ensure(page.status == 200 and "<esi:" not in page.text and cart(page) == EMPTY, f"page {page.text!r}")
    ensure("<esi:" not in world.site.get(target).text, "holes for the next one")


@check("each part lives as long as it says: one is renewed while page and other parts stay", "apps")
def own_lifetimes(world):
    target = offers(world)
    set_stock(world, honey=12)
    nothing_kept(world)
    first = world.site.get(target)
    before = {part: asked(world, part) for part in (BESTSELLERS, LAST_PIECES)}
    set_stock(world, honey=11)
    time.sleep(STALE_AFTER)
    second = world.site.get(target)
    ensure("Honey: 12 left" in first.text and "Honey: 11 left" in second.text, f"{first.text!r}, then {second.text!r}")
    ensure(larder.is_hit(second), f"the page itself: {second.get('Cache-Status')!r}")
    same({part: asked(world, part) - count for part, count in before.items()}, {BESTSELLERS: 0, LAST_PIECES: 1}, "requests for parts")
    same(asked(world, target), 1, "requests for the page")


@check("a purge of a part shows at once on every page that has it", "apps")
def purged_part(world):
    targets = [offers(world) for _ in range(3)]
    set_stock(world, honey=10, jam=10, cheese=10, pickles=0)
    purge(world, BESTSELLERS)
    same({first_bestseller(world.site.get(target)) for target in targets}, {"Pickles"}, "before")
    set_stock(world, jam=0, pickles=10)
    same({first_bestseller(world.site.get(target)) for target in targets}, {"Pickles"}, "before the purge")
    purge(world, BESTSELLERS)
    pages = [world.site.get(target) for target in targets]
    same({first_bestseller(page) for page in pages}, {"Strawberry jam"}, "after it")
    ensure(all(larder.is_hit(page) for page in pages), "a page went as well")
    set_stock(world, jam=10)


# --- whose it is ------------------------------------------------------------------------------


@check("a cart on a shared page is its visitor's alone, and kept for him", "apps")
def own_carts(world):
    target, visitors = offers(world), [world.browser() for _ in range(4)]
    for number, visitor in enumerate(visitors, 1):
        visitor.add_to_cart("honey", number)
    nothing_kept(world)
    before = asked(world, CART)
    rendered = set()
    for _ in range(3):
        for number, visitor in enumerate(visitors, 1):
            page = world.site.get(target, session(visitor))
            same(cart(page), f"In your cart: {number} × honey", f"cart of visitor {number}")
            ensure("private" in page.get("Cache-Control"), f"Cache-Control {page.get('Cache-Control')!r}")
            stranger = world.site.get(target)
            same(cart(stranger), EMPTY, "a stranger's cart")
            rendered |= {page.get("X-Rendered"), stranger.get("X-Rendered")}
    same(len(rendered), 1, "renderings of the page")
    same(asked(world, CART) - before, len(visitors) + 1, "requests for carts: one of each visitor, and one of all strangers")


@check("carts on a shared page that all ask for at once stay apart")
def carts_at_once(world):
    visitors = [world.browser() for _ in range(6)]
    for number, visitor in enumerate(visitors, 1):
        visitor.add_to_cart("cheese", number)
    target = offers(world)
    crowd = [session(visitor) for visitor in visitors] + [{}] * 6
    pages = at_once(24, lambda number: world.site.get(target, crowd[number % 12]))
    expected = [f"In your cart: {number} × cheese" for number in range(1, 7)] + [EMPTY] * 6
    same([cart(page) for page in pages], expected * 2, "carts")


@check("who changes a cart sees it at once on the shared page")
def changed_cart(world):
    target, visitor = offers(world), world.browser()
    for number in (1, 2):
        visitor.add_to_cart("jam")
        for _ in range(2):
            same(cart(world.site.get(target, session(visitor))), f"In your cart: {number} × jam", "cart")


@check("a made-up session gets an empty cart, and leaves nothing behind for others")
def made_up_session(world):
    target, visitor = offers(world), world.browser()
    visitor.add_to_cart("jam")
    for fields in ({"Cookie": f"sessionid={world.token()}-made-up"}, session(visitor), {}):
        same(cart(world.site.get(target, fields)), EMPTY if fields != session(visitor) else "In your cart: 1 × jam", f"cart with {fields}")


@check("the app is asked for a part that everybody gets as if by nobody")
def asked_as_nobody(world):
    source, shown = part(world, cc=PUBLIC)
    for visitor in ("eve", "adam"):
        shows(world.site.get(page_of(world, source), {"Cookie": f"who={visitor}"}), shown)


# --- parts that fail --------------------------------------------------------------------------


@check("a part that answers 500 leaves its gap, with onerror=continue, and an alternative stands in for it where there is one")
def failing_part(world):
    (first, shown), (last, shown_last) = part(world), part(world, cc=PUBLIC)
    broken = world.fresh("/lab/fail/", status=500)
    shows(world.site.get(page_of(world, first, broken, last, onerror="continue")), shown, "[]", shown_last)
    shows(world.site.get(page_of(world, broken, first, alt=last)), shown_last, shown)
    shows(world.site.get(page_of(world, "/lab/crash/", last, onerror="continue")), "[]", shown_last)


@check("a part that hangs costs its page's deadline or its own maxwait, and nothing else")
def hanging_part(world):
    for attributes, deadline in (({}, DEADLINE), ({"maxwait": 300}, 0.3)):
        (first, shown), (last, shown_last) = part(world, cc=PUBLIC), part(world)
        slow = world.fresh(delay=4000)
        page = world.site.get(page_of(world, first, slow, last, onerror="continue", **attributes))
        shows(page, shown, "[]", shown_last)
        ensure(deadline * 0.9 < page.seconds < deadline + SLACK, f"it took {page.seconds:.2f} s, for a deadline of {deadline} s")


@check("what stands before a slow part arrives before it")
def beginning(world):
    first, shown = part(world, cc=PUBLIC)
    slow, shown_slow = part(world, delay=900)
    begun = time.monotonic()
    connection, answer = world.site.open(page_of(world, first, slow))
    start = answer.read(len(shown))
    early = time.monotonic() - begun
    rest = answer.read()
    late = time.monotonic() - begun
    connection.close()
    same(start + rest, f"<!DOCTYPE html>\n<p>{shown}{shown_slow}</p>\n".encode(), "page")
    ensure(early < 0.6 and late > 0.8, f"the beginning came after {early:.2f} s, the end after {late:.2f} s")


@check("20 parts of 300 ms each are asked for at once", "apps")
def side_by_side(world):
    parts = [part(world, delay=300) for _ in range(20)]
    page = world.site.get(page_of(world, *(target for target, _ in parts)))
    shows(page, *(shown for _, shown in parts))
    ensure(page.seconds < 0.3 + SLACK, f"it took {page.seconds:.2f} s")
    same([asked(world, target) for target, _ in parts], [1] * 20, "requests for each")


@check("a page that cannot do without a failing part never looks whole")
def needed_part(world):
    broken = world.fresh("/lab/fail/", status=500)
    for options in ((), ("--compressed",)):
        status, body = curl(world.site, page_of(world, broken), *options)
        ensure(status in (18, 56) and b"</p>" not in body, f"curl's exit status {status} with {body!r}")


@check("a part that fails is served stale where it may be")
def stale_part(world):
    switched = f"/lab/switched/?n={world.token()}"
    target = page_of(world, switched, onerror="continue")
    shows(world.site.get(target), "[switched on\n]")
    world.site.post_form("/lab/switch/", {"state": "off"})
    try:
        time.sleep(STALE_AFTER)
        shows(world.site.get(target), "[switched on\n]")
    finally:
        world.site.post_form("/lab/switch/", {"state": "on"})
    until(lambda: larder.cache(world.site.get(switched)) != larder.STALE, 5, "a fresh part")


@check("a page within itself is cut")
def cycle(world):
    source, shown = part(world, cc=PUBLIC)
    target = page_of(world, "self", source, onerror="continue")
    for _ in range(2):
        shows(world.site.get(target), "[]", shown)


# --- on the wire ------------------------------------------------------------------------------


@check("gzip: a page inflates to the same octets, for Python and for curl, as it is made and as it is stored")
def gzipped(world):
    visitor = world.browser()
    visitor.add_to_cart("honey")
    parts = [part(world, cc=PUBLIC)[0] for _ in range(20)] + [part(world)[0]]
    for target, fields in ((offers(world), {}), (offers(world), session(visitor)), (page_of(world, *parts), {})):
        for turn in ("miss", "hit"):
            packed = world.site.get(target, {"Accept-Encoding": "gzip", **fields})
            same((packed.status, packed.get("Content-Encoding")), (200, "gzip"), f"status and coding, {turn}")
            ensure("Accept-Encoding" in packed.get("Vary") or "private" in packed.get("Cache-Control"), f"Vary {packed.get('Vary')!r}")
            plain = world.site.get(target, fields)
            same(plain.get("Content-Encoding"), "", "coding of the plain page")
            same(gzip.decompress(packed.body), plain.body, f"the page, {turn}")
            options = [option for name, value in fields.items() for option in ("-H", f"{name}: {value}")]
            same(curl(world.site, target, "--compressed", *options), (0, plain.body), f"what curl makes of it, {turn}")


@check("a page's head is that of the whole: no validator, no word to gateways, no part's cookie, the least freshness of all")
def honest_head(world):
    long, short = part(world, cc="public, max-age=500", vary="X-Country")[0], part(world, cc="public, max-age=40")[0]
    unstored = part(world, cc="public, max-age=30", cookie="of-a-part")[0]
    known = page_of(world, long, short, cc="public, max-age=600")
    for target in (known, page_of(world, long, unstored)):
        for page in (world.site.get(target), world.site.get(target), world.site.head(target)):
            for name in ("ETag", "Last-Modified", "Surrogate-Control", "Set-Cookie", "Age", "Accept-Ranges"):
                same(page.get(name), "", name)
            ensure(page.get("Cache-Control") == "private, no-cache" or target == known, f"Cache-Control {page.get('Cache-Control')!r}")
    page = world.site.get(known)
    left = re.fullmatch(r"max-age=(\d+)", page.get("Cache-Control"))
    ensure(left and 30 < int(left.group(1)) <= 40, f"Cache-Control {page.get('Cache-Control')!r}")
    ensure("X-Country" in page.get("Vary"), f"Vary {page.get('Vary')!r}")


@check("HEAD of a page says no length, for that of the template is none")
def head_of_page(world):
    target = offers(world)
    for _ in range(2):
        head = world.site.head(target)
        same((head.status, head.body, head.get("Content-Length")), (200, b"", ""), "answer to HEAD")
        world.site.get(target)


@check("a condition or a range on a page gets the whole of it")
def conditions(world):
    source, shown = part(world, cc=PUBLIC)
    target = page_of(world, source)
    for fields in ({"If-None-Match": '"of-the-template"'}, {"If-None-Match": "*"}, {"Range": "bytes=0-5"}):
        for _ in range(2):
            shows(world.site.get(target, fields), shown)


@check("a page's parts may be asked for by themselves, and are hits then")
def parts_alone(world):
    nothing_kept(world)
    world.site.get(offers(world))
    answer = world.site.get(BESTSELLERS)
    ensure(larder.is_hit(answer) and answer.text.startswith('<ol id="bestsellers">'), f"{answer.get('Cache-Status')!r}, {answer.text!r}")
