"""What reaches the app, and what comes back, field by field and byte by byte."""
import larder
from client import SITE, curl
from report import check, ensure, same


def echo(world, path="/lab/echo/", headers=None, method="GET", body=None):
    answer = world.site.send(method, path, headers, body)
    same(answer.status, 200, f"status of {path}")
    return answer.json()


def over_the_wire(world, lines):
    """Sends these request lines as they are; the answer."""
    with world.site.wire() as wire:
        wire.send("\r\n".join([*lines, "", ""]).encode("latin-1"))
        return wire.response()


@check("the app sees the client in X-Forwarded-For, -Proto and -Host, and the gateway in Via")
def forwarded(world):
    meta = echo(world)["meta"]
    same(meta.get("HTTP_X_FORWARDED_FOR"), "127.0.0.1", "X-Forwarded-For")
    same(meta.get("HTTP_X_FORWARDED_PROTO"), "http", "X-Forwarded-Proto")
    same(meta.get("HTTP_X_FORWARDED_HOST"), world.site.authority, "X-Forwarded-Host")
    ensure(larder.VIA in meta.get("HTTP_VIA", ""), f"Via {meta.get('HTTP_VIA')!r}")
    ensure("for=127.0.0.1" in meta.get("HTTP_FORWARDED", "").lower().replace('"', ""), f"Forwarded {meta.get('HTTP_FORWARDED')!r}")


@check("what a client claims in X-Forwarded-* and Forwarded is overwritten")
def spoofing(world):
    seen = echo(world, headers={
        "X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example",
        "Forwarded": "for=6.6.6.6;proto=https;host=evil.example",
    })
    text = str({name: value for name, value in seen["meta"].items() if "FORWARDED" in name})
    ensure("6.6.6.6" not in text and "evil" not in text and "https" not in text, text)
    same((seen["secure"], seen["absolute"]), (False, f"http://{world.site.authority}/x"), "what Django believes")


@check("fields with underscores, which WSGI cannot tell apart, are dropped")
def underscores(world):
    seen = echo(world, headers={"X_Forwarded_Proto": "https", "X_Forwarded_Host": "evil.example", "X_Other": "1"})
    same(seen["secure"], False, "is_secure()")
    ensure("evil" not in str(seen["meta"]), "X_Forwarded_Host arrived")
    ensure("HTTP_X_OTHER" not in seen["meta"], "X_Other arrived")


@check("a spoofed scheme or host does not poison a stored page")
def poisoning(world):
    target = world.fresh("/products/honey/")
    world.site.get(target, {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"})
    ensure("evil" not in world.site.get(target).text, "the page names evil.example")


@check("Host arrives as the client sent it, port and all")
def host(world):
    same(echo(world)["host"], world.site.authority, "Host")
    same(echo(world, headers={"Host": SITE})["host"], SITE, "Host without a port")
    same(echo(world, headers={"Host": "www.shop.test"})["host"], "www.shop.test", "Host of a subdomain")


@check("an absolute-form target names the host, whatever Host says")
def absolute_form(world):
    answer = over_the_wire(world, [f"GET http://{SITE}/lab/echo/ HTTP/1.1", "Host: other.example"])
    same(answer.status, 200, "status")
    same((answer.json()["host"], answer.json()["raw"]), (SITE, "/lab/echo/"), "host and target")


TARGETS = [
    "/lab/echo/a%2Fb", "/lab/echo/a%2fb", "/lab/echo//double///slash", "/lab/echo/semi;colon;v=1", "/lab/echo/empty?",
    "/lab/echo/caf%C3%A9", "/lab/echo/q?x=%26&y=+&z=a%20b", "/lab/echo/q?b=2&a=1&b=1", "/lab/echo/[x]|y?[0]=1|2",
    "/lab/echo/dots/.../x..y", "/lab/echo/plus+tilde~star*bang!", "/lab/echo/q?a==&&=?/", "/lab/echo/%7Euser",
]


def arrives(target):
    @check(f"the target arrives byte for byte: {target}")
    def unchanged(world):
        same(echo(world, target)["raw"], target, "target at the app")


for one in TARGETS:
    arrives(one)


@check("hop-by-hop fields, and those that Connection names, stop at the gateway")
def hop_by_hop(world):
    seen = echo(world, headers={"Connection": "X-Hop, keep-alive", "X-Hop": "1", "Keep-Alive": "timeout=5", "TE": "trailers", "Proxy-Connection": "x"})
    for name in ("HTTP_X_HOP", "HTTP_KEEP_ALIVE", "HTTP_TE", "HTTP_PROXY_CONNECTION"):
        ensure(name not in seen["meta"], f"{name} arrived")


@check("Connection cannot name away what the gateway itself says")
def hop_by_hop_abuse(world):
    seen = echo(world, headers={"Connection": "X-Forwarded-For, X-Forwarded-Proto, Host, close"})
    same(seen["meta"].get("HTTP_X_FORWARDED_FOR"), "127.0.0.1", "X-Forwarded-For")
    same(seen["host"], world.site.authority, "Host")


@check("the site's header rules: X-Site set, X-Debug removed, X-Shop added, Server gone")
def header_rules(world):
    answer = world.site.get("/lab/echo/", {"X-Debug": "1", "X-Site": "forged"})
    meta = answer.json()["meta"]
    same((meta.get("HTTP_X_SITE"), "HTTP_X_DEBUG" in meta), ("storefront", False), "request fields")
    same((answer.get("X-Shop"), answer.get("Server")), ("open", ""), "response fields")


@check("cookies arrive as they were sent")
def cookies_arrive(world):
    meta = echo(world, headers={"Cookie": "theme=dark; lang=de"})["meta"]
    same(meta.get("HTTP_COOKIE"), "theme=dark; lang=de", "Cookie")


@check("a request with 7 KB of cookies arrives")
def big_cookies(world):
    cookie = "; ".join(f"c{number}={'x' * 690}" for number in range(10))
    same(echo(world, headers={"Cookie": cookie})["meta"].get("HTTP_COOKIE"), cookie, "Cookie")


@check("three response fields of 6 KB and three big cookies come back, each on its own line")
def big_response(world):
    answer = world.site.get("/lab/big-headers/")
    for name in "abc":
        same(answer.get(f"X-Big-{name}"), name * 6144, f"X-Big-{name}")
    same(len(answer.all("Set-Cookie")), 3, "number of Set-Cookie lines")


@check("a name that only Django refuses: its own 400 comes through")
def foreign_host(world):
    answer = world.site.get("/products/", {"Host": "nosuch.shop.test"})
    same(answer.status, 400, "status")
    ensure(answer.get("X-Served-By"), "the answer is not the app's")


@check("a name that no site has: 421 from the gateway")
def unknown_site(world):
    answer = world.site.get("/products/", {"Host": "other.example"})
    same((answer.status, answer.get("X-Served-By")), (421, ""), "answer")


LOCATIONS = [
    "/relative/a%2Fb?x=1;y&z=", "http://shop.test/absolute/?q=a%20b#part", "https://elsewhere.example:8443//a;b/%E2%82%AC?x=[1]|2",
    "http://127.0.0.1:8001/internal",
]


def untouched(location):
    @check(f"a redirect's Location is not touched: {location}")
    def same_location(world):
        # 307, and a target of its own each time: nothing here is to come from the store.
        answer = world.site.get(world.fresh("/lab/redirect/", to=location, status=307))
        same((answer.status, answer.get("Location")), (307, location), "redirect")


for one in LOCATIONS:
    untouched(one)


@check("the gateway's own redirect keeps the rest of the path")
def own_redirect(world):
    answer = world.site.get("/old/honey/")
    same(answer.status, 301, "status")
    ensure(answer.get("Location").endswith("/products/honey/"), f"Location {answer.get('Location')!r}")
    same(answer.get("X-Served-By"), "", "app server")


@check("the gateway's own answer")
def own_answer(world):
    answer = world.site.get("/gateway-health")
    same((answer.status, answer.body, answer.get("X-Served-By")), (200, b"ok", ""), "answer")


@check("the app's 404, 500 and 503 pages come through whole")
def errors_pass(world):
    missing, crashed = world.site.get(f"/nothing-{world.token()}"), world.site.get("/lab/crash/")
    failed = world.site.send("POST", "/lab/fail/?status=503", body=b"")
    same((missing.status, crashed.status, failed.status), (404, 500, 503), "statuses")
    ensure("Not Found" in missing.text and "Server Error" in crashed.text, "not the app's pages")
    same((failed.text, failed.get("Retry-After")), ("failed with 503\n", "7"), "the 503")


@check("OPTIONS: the app's Allow")
def options(world):
    answer = world.site.send("OPTIONS", "/lab/allow/")
    same((answer.status, answer.get("Allow")), (200, "GET, HEAD, OPTIONS"), "answer")


def method_passes(method):
    @check(f"{method} arrives with its body")
    def arrives_with_body(world):
        seen = echo(world, method=method, body=b"a=1&b=\xff")
        same((seen["method"], seen["body"]), (method, "a=1&b=\xff"), "request at the app")


for one in ("POST", "PUT", "PATCH", "DELETE"):
    method_passes(one)


@check("a POST without a body, and 204 as an answer")
def no_body(world):
    answer = world.site.send("POST", "/lab/nothing/", body=b"")
    same((answer.status, answer.body), (204, b""), "answer")


@check("both app servers get their share")
def balanced(world):
    servers = [world.site.get("/lab/echo/").get("X-Served-By") for _ in range(40)]
    ensure(servers.count("a") >= 8 and servers.count("b") >= 8, f"a: {servers.count('a')}, b: {servers.count('b')}")


@check("curl, HTTP/1.0 and --compressed are served as well")
def other_clients(world):
    for option in ("--http1.1", "--http1.0", "--compressed"):
        status, page = curl(world.site, "/products/", option)
        ensure(status == 0 and page.endswith(b"</html>\n"), f"{option}: exit {status}, {page[-80:]!r}")
