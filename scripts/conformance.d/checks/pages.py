"""The pages of the shop, and what of them is served from the store."""
import time

import larder
from report import check, ensure, same

PUBLIC = "public, max-age=60"
# A page with max-age=1 is stale by then, however the seconds are rounded.
STALE_AFTER = 2.1


def stored(world, target, headers=None):
    """Asks twice; the second answer, which must be a hit on the first."""
    first = world.site.get(target, headers)
    second = world.site.get(target, headers)
    ensure(larder.is_hit(second), f"second request: Cache-Status {second.get('Cache-Status')!r}, X-Cache {larder.cache(second)!r}")
    same(second.get("X-Rendered"), first.get("X-Rendered"), "the rendering")
    same(second.body, first.body, "the body")
    return second


def not_stored(world, target, headers=None):
    first = world.site.get(target, headers)
    second = world.site.get(target, headers)
    same((first.status, second.status), (200, 200), "statuses")
    ensure(second.get("X-Rendered") != first.get("X-Rendered"), "the same rendering came twice")
    ensure(not larder.is_hit(second), f"Cache-Status says {second.get('Cache-Status')!r}")
    return second


@check("product page: arrives whole")
def product_page(world):
    answer = world.site.get("/products/honey/")
    same(answer.status, 200, "status")
    ensure("<h1>Honey</h1>" in answer.text and answer.text.endswith("</html>\n"), f"body: {answer.text!r}")
    same(answer.get("Content-Length"), str(len(answer.body)), "Content-Length")


@check("product page: second request is a hit, with Age and time to live")
def product_hit(world):
    answer = stored(world, "/products/honey/")
    ensure(answer.get("Age").isdigit(), f"Age: {answer.get('Age')!r}")
    left = int(larder.cache_status(answer).get("ttl", 0))
    ensure(0 < left <= 60, f"ttl={left}")


@check("a miss says so: fwd=uri-miss, stored")
def miss_says_so(world):
    answer = world.site.get(world.fresh(cc=PUBLIC))
    status = larder.cache_status(answer)
    same(larder.cache(answer), larder.MISS, "X-Cache")
    same(status.get("fwd"), "uri-miss", "fwd")
    ensure(status.get("stored") is True, f"Cache-Status: {answer.get('Cache-Status')!r}")


@check("Via names the gateway on a miss and on a hit")
def via(world):
    target = world.fresh(cc=PUBLIC)
    for turn in ("miss", "hit"):
        ensure(larder.VIA in world.site.get(target).get("Via"), f"no Via on a {turn}")


@check("Age grows while a page is stored")
def age_grows(world):
    target = world.fresh(cc=PUBLIC)
    young = int(stored(world, target).get("Age"))
    time.sleep(2.1)
    old = int(world.site.get(target).get("Age"))
    ensure(old - young in (2, 3), f"Age {young}, then {old} after 2.1 s")


@check("product list: order of the query and tracking parameters make no new entry")
def query_normalised(world):
    token = world.token()
    first = world.site.get(f"/products/?a=1&n={token}&b=2")
    second = world.site.get(f"/products/?b=2&utm_source=mail&a=1&n={token}&fbclid=x")
    same(second.get("X-Rendered"), first.get("X-Rendered"), "the rendering")


@check("another query is another page")
def query_counts(world):
    first, second = world.site.get(world.fresh(cc=PUBLIC)), world.site.get(world.fresh(cc=PUBLIC))
    ensure(first.body != second.body, f"both are {first.text!r}")


@check("queries that only look alike stay apart: none, empty, order, escapes")
def queries_apart(world):
    token = world.token()
    base = f"/lab/page/?cc=public,max-age=60&n={token}"
    targets = [base, base + "&", base + "&x", base + "&x=", base + "&x=%2F", base + "&x=%2f", base + "&x=/"]
    rendered = [world.site.get(target).get("X-Rendered") for target in targets]
    same(len(set(rendered)), len(targets), "number of renderings")


@check("no freshness, no reuse")
def no_ttl_from_thin_air(world):
    not_stored(world, world.fresh())


@check("no-store is never stored")
def no_store(world):
    not_stored(world, world.fresh(cc="no-store, max-age=60"))


@check("s-maxage rules over max-age=0")
def s_maxage(world):
    stored(world, world.fresh(cc="max-age=0, s-maxage=60"))


@check("a quoted max-age is understood")
def quoted_max_age(world):
    stored(world, world.fresh(cc='public, max-age="60"'))


@check("static file: the route's ttl of a day makes it a hit")
def static_file(world):
    answer = stored(world, f"/static/shop/shop.css?n={world.token()}")
    left = int(larder.cache_status(answer).get("ttl", 0))
    ensure(86000 < left <= 86400, f"ttl={left}")
    same(answer.get("Content-Type"), "text/css", "Content-Type")


@check("an analytics cookie does not keep a public page from being a hit")
def analytics_cookie(world):
    target = f"/products/jam/?n={world.token()}"
    first = world.site.get(target, {"Cookie": "_ga=GA1.2.3"})
    second = world.site.get(target, {"Cookie": "_ga=GA1.9.9; _ga_X=1"})
    ensure(larder.is_hit(second), f"Cache-Status {second.get('Cache-Status')!r}")
    same(second.get("X-Rendered"), first.get("X-Rendered"), "the rendering")


@check("a plain cookie does not either")
def plain_cookie(world):
    target = world.fresh(cc=PUBLIC)
    world.site.get(target, {"Cookie": "theme=dark"})
    ensure(larder.is_hit(world.site.get(target, {"Cookie": "theme=light"})), "no hit")


@check("a missing product: the app's 404, stored for the route's negative-ttl")
def missing_product(world):
    target = f"/products/nothing-{world.token()}/"
    first, second = world.site.get(target), world.site.get(target)
    same((first.status, second.status), (404, 404), "statuses")
    same(second.get("X-Rendered"), first.get("X-Rendered"), "the rendering")


@check("404 and 500 elsewhere are not stored")
def errors_not_stored(world):
    for status in (404, 500):
        target = world.fresh(status=status)
        first, second = world.site.get(target), world.site.get(target)
        same((first.status, second.status), (status, status), "statuses")
        ensure(first.get("X-Rendered") != second.get("X-Rendered"), f"{status} came from the store")


@check("HEAD of a stored page is a hit without a body")
def head_hit(world):
    target = world.fresh(cc=PUBLIC)
    page = stored(world, target)
    head = world.site.head(target)
    ensure(larder.is_hit(head), f"Cache-Status {head.get('Cache-Status')!r}")
    same(head.body, b"", "body")
    same(head.get("Content-Length"), str(len(page.body)), "Content-Length")


@check("HEAD is passed on; the body that gunicorn sends with it reaches nobody")
def head_passes(world):
    connection = world.site.connect()
    for _ in range(5):
        target = world.fresh(cc="no-store")
        head = world.site.head(target, on=connection)
        same((head.status, head.body), (200, b""), "answer to HEAD")
        page = world.site.get(target, on=connection)
        ensure(page.text.startswith("page "), f"the GET behind it got {page.text!r}")
    connection.close()


@check("conditional GET: the gateway answers 304 for a stored page, by ETag and by date")
def client_condition(world):
    page = stored(world, f"/products/cheese/?n={world.token()}")
    target = f"/products/cheese/?n={world.token()}"
    stored(world, target)
    for condition in ({"If-None-Match": page.get("ETag")}, {"If-Modified-Since": page.get("Last-Modified")}):
        answer = world.site.get(target, condition)
        same((answer.status, answer.body), (304, b""), f"answer to {condition}")
        same(answer.get("ETag"), page.get("ETag"), "ETag")
    changed = world.site.get(target, {"If-None-Match": '"something-else"'})
    same(changed.status, 200, "status for another ETag")


@check("conditional GET: a stale page is validated with the app, whose 304 makes it fresh", "apps")
def origin_condition(world):
    target = f"/products/jam/stock/?n={world.token()}"
    first = world.site.get(target)
    time.sleep(STALE_AFTER)
    second = world.site.get(target)
    same((second.status, second.body), (200, first.body), "answer")
    same(second.get("X-Rendered"), first.get("X-Rendered"), "the rendering")
    ensure(larder.was_revalidated(second), f"Cache-Status {second.get('Cache-Status')!r}")
    same(world.arrived(target), {200: 1, 304: 1}, "requests at the app servers")


@check("conditional GET: what changed behind the gateway's back comes with the next validation", "apps")
def origin_changed(world):
    target = f"/products/pickles/stock/?n={world.token()}"
    world.site.get(target)
    world.apps[0].server.post_form("/products/pickles/stock/", {"stock": 77})
    time.sleep(STALE_AFTER)
    same(world.site.get(target).json()["stock"], 77, "stock")


@check("an unsafe request through the gateway makes its own address stale")
def unsafe_invalidates(world):
    target = "/products/cheese/stock/"
    world.site.get(target)
    same(world.site.post_form(target, {"stock": 5}).json()["stock"], 5, "stock in the answer")
    same(world.site.get(target).json()["stock"], 5, "stock at once afterwards")
    same(world.site.post_form(target, {"stock": 6}).json()["stock"], 6, "stock in the answer")
    same(world.site.get(target).json()["stock"], 6, "stock at once afterwards")


@check("a failed unsafe request makes nothing stale")
def failed_unsafe(world):
    target = world.fresh("/products/honey/")
    stored(world, target)
    same(world.site.post_form(target, {"x": 1}).status, 403, "status of a POST without a CSRF token")
    ensure(larder.is_hit(world.site.get(target)), "the page was dropped")
