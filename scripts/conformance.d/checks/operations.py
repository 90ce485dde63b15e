"""Purging, metrics, and the admin listener."""
import json

import larder
from checks.pages import PUBLIC, stored
from process import until
from report import check, ensure, same
from world import EXAMPLE

JSON = {"Content-Type": "application/json"}


def gone(world, target, headers=None):
    ensure(not larder.is_hit(world.site.get(target, headers)), f"{target} is still served from the store")


def purged(world, **body):
    answer = world.purge(**body)
    same(answer.status, 200, f"status of the purge ({answer.text[:300]})")
    return answer.json()


@check("larder purge URL: that page goes, others stay")
def purge_command(world):
    target, other = world.fresh(cc=PUBLIC), world.fresh(cc=PUBLIC)
    stored(world, target), stored(world, other)
    status, output = world.command("purge", world.site.url + target)
    same(status, 0, f"exit status ({output})")
    gone(world, target)
    ensure(larder.is_hit(world.site.get(other)), "another page went as well")


@check("POST /v1/purge by URL says how many matched")
def purge_url(world):
    target = world.fresh(cc=PUBLIC)
    stored(world, target)
    ensure(purged(world, urls=[world.site.url + target])["matched"] >= 1, "matched nothing")
    gone(world, target)
    same(purged(world, urls=[world.site.url + world.fresh()])["matched"], 0, "matched by an unknown URL")


@check("a purge takes all languages of a page with it")
def purge_variants(world):
    target = world.fresh("/products/honey/")
    languages = [{"Accept-Language": language} for language in ("en", "de", "fr")]
    for headers in languages:
        stored(world, target, headers)
    purged(world, urls=[world.site.url + target])
    for headers in languages:
        gone(world, target, headers)


@check("POST /v1/purge by prefix")
def purge_prefix(world):
    inside, outside = world.fresh("/products/honey/"), world.fresh("/products/jam/")
    stored(world, inside), stored(world, outside)
    purged(world, prefixes=[f"{world.site.url}/products/honey/"])
    gone(world, inside)
    ensure(larder.is_hit(world.site.get(outside)), "a page outside the prefix went as well")


@check("POST /v1/purge by host")
def purge_host(world):
    target = world.fresh(cc=PUBLIC)
    www = {"Host": f"www.shop.test:{world.site.port}"}
    stored(world, target), stored(world, target, www)
    # With and without the port: the contract leaves open which of them names a host here.
    purged(world, hosts=["www.shop.test", www["Host"]])
    gone(world, target, www)
    ensure(larder.is_hit(world.site.get(target)), "another host's page went as well")


@check("POST /v1/purge of everything")
def purge_all(world):
    targets = [world.fresh(cc=PUBLIC) for _ in range(3)]
    for target in targets:
        stored(world, target)
    purged(world, all=True)
    for target in targets:
        gone(world, target)


@check("PURGE on the public listener, which the site does not allow, purges nothing")
def purge_method(world):
    target = world.fresh(cc=PUBLIC)
    stored(world, target)
    answer = world.site.send("PURGE", target)
    ensure(answer.status >= 200, "no answer")
    # The lab's page answers any method with 200; a method that the cache does not know may drop the entry, but only by
    # RFC 9111 §4.4 (a success from the app itself), never by the gateway's own word.
    ensure(answer.get("X-Served-By") or answer.status in (403, 405, 501), f"the gateway answered {answer.status} itself")


@check("the admin API refuses a purge with another content type, a foreign Origin or Host")
def purge_forged(world):
    target = world.fresh(cc=PUBLIC)
    stored(world, target)
    body = json.dumps({"all": True}).encode()
    forged = [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {**JSON, "Origin": "http://evil.example"},
        {**JSON, "Host": "evil.example"},
    ]
    for headers in forged:
        answer = world.admin.send("POST", "/v1/purge", headers, body)
        ensure(400 <= answer.status < 500, f"{headers}: status {answer.status}")
    ensure(larder.is_hit(world.site.get(target)), "the page was purged")


@check("a purge that is no JSON gets a problem document")
def purge_broken(world):
    answer = world.admin.send("POST", "/v1/purge", JSON, b"{urls:")
    same((answer.status, answer.get("Content-Type").split(";")[0]), (400, "application/problem+json"), "answer")


@check("/livez and /readyz say yes")
def probes(world):
    same((world.admin.get("/livez").status, world.admin.get("/readyz").status), (200, 200), "statuses")


@check("/metrics counts requests")
def metrics(world):
    def counted():
        return larder.requests_counted(world.admin.get("/metrics").text)

    before = counted()
    for _ in range(10):
        world.site.get("/products/honey/")
    until(lambda: counted() >= before + 10, 3, f"ten requests more than {before}")


@check("/metrics never carries a path or a host that a client made up")
def metrics_cardinality(world):
    token = world.token()
    world.site.get(f"/made-up-{token}")
    world.site.get("/", {"Host": f"h{token}.example"})
    ensure(token not in world.admin.get("/metrics").text, "it does")


@check("the access log has a JSON line for a request", "own")
def access_log(world):
    token = world.token()
    world.site.get(f"/products/honey/?n={token}")

    def lines():
        log = world.gateway.process.log.read_text(errors="replace").splitlines()
        return [line for line in log if token in line]

    until(lines, 5, "a line with the request")
    json.loads(lines()[0])


@check("GET /v1/status is JSON; the public listener knows nothing of it")
def status(world):
    answer = world.admin.get("/v1/status")
    same(answer.status, 200, "status")
    answer.json()
    same(world.site.get("/v1/status").status, 404, "status on the public listener")
    same(world.site.get("/metrics").status, 404, "metrics on the public listener")


@check("larder status prints something for people and exits 0")
def status_command(world):
    status, output = world.command("status")
    same(status, 0, f"exit status ({output})")
    ensure("storefront" in output or "app" in output, output)


@check("larder check and larder config take the example as it is")
def check_command(world):
    for command in ("check", "config"):
        status, output = world.command(command, "-c", str(EXAMPLE / "larder.yaml"))
        same(status, 0, f"exit status of {command} ({output})")
