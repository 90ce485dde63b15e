"""Connections, and what must not be let in."""
from report import check, ensure, same


def request(world, target, *fields, method="GET"):
    return "\r\n".join([f"{method} {target} HTTP/1.1", f"Host: {world.site.authority}", *fields, "", ""]).encode("latin-1")


@check("keep-alive: 20 requests on one connection")
def keep_alive(world):
    with world.site.wire() as wire:
        for number in range(20):
            wire.send(request(world, f"/lab/page/?n={number}"))
            same(wire.response().text, f"page {number} for anybody\n", f"answer {number}")


@check("Connection: close is obeyed")
def close(world):
    with world.site.wire() as wire:
        wire.send(request(world, "/products/", "Connection: close"))
        answer = wire.response()
        same(answer.get("Connection").lower(), "close", "Connection")
        ensure(wire.closed(), "the connection stays open")


@check("pipelining: three requests in one go, a slow one first, answered in order")
def pipelining(world):
    with world.site.wire() as wire:
        targets = ["/lab/page/?n=first&delay=300", "/lab/page/?n=second", "/products/honey/"]
        wire.send(b"".join(request(world, target) for target in targets))
        answers = [wire.response() for _ in targets]
    same([answer.status for answer in answers], [200] * 3, "statuses")
    starts = ["page first", "page second", "<!DOCTYPE html>"]
    same([answer.text[:len(start)] for answer, start in zip(answers, starts)], starts, "bodies in order")


@check("pipelining: HEAD, POST and GET keep their places")
def pipelining_mixed(world):
    post = request(world, "/lab/echo/", "Content-Length: 3", method="POST") + b"abc"
    with world.site.wire() as wire:
        wire.send(request(world, "/lab/page/?n=1", method="HEAD") + post + request(world, "/lab/page/?n=3"))
        head, echoed, page = wire.response("HEAD"), wire.response(), wire.response()
    same((head.status, echoed.json()["body"], page.text), (200, "abc", "page 3 for anybody\n"), "answers")


@check("HTTP/1.0 without keep-alive: answered, then closed")
def http_1_0(world):
    with world.site.wire() as wire:
        wire.send(f"GET /lab/page/?n=old HTTP/1.0\r\nHost: {world.site.authority}\r\n\r\n".encode())
        answer = wire.response()
        same((answer.status, answer.text), (200, "page old for anybody\n"), "answer")
        ensure("chunked" not in answer.get("Transfer-Encoding"), "chunked to a 1.0 client")
        ensure(wire.closed(), "the connection stays open")


HEAD = "POST /lab/echo/ HTTP/1.1\r\nHost: shop.test\r\n"
MALFORMED = [
    ("two different Content-Lengths", HEAD + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", {400}),
    ("a list of different Content-Lengths", HEAD + "Content-Length: 3, 4\r\n\r\nabcd", {400}),
    ("Content-Length with Transfer-Encoding", HEAD + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {400}),
    ("a Content-Length with a sign", HEAD + "Content-Length: +3\r\n\r\nabc", {400}),
    ("an unknown transfer coding", HEAD + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", {400, 501}),
    ("chunked not last", HEAD + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", {400, 501}),
    ("a chunk size that is no number", HEAD + "Transfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n\r\n", {400}),
    ("space before the colon", "GET / HTTP/1.1\r\nHost: shop.test\r\nX-A : 1\r\n\r\n", {400}),
    ("a folded field", "GET / HTTP/1.1\r\nHost: shop.test\r\nX-A: 1\r\n 2\r\n\r\n", {400}),
    ("a bare CR in a field", "GET / HTTP/1.1\r\nHost: shop.test\r\nX-A: 1\r2\r\n\r\n", {400}),
    ("a NUL in a field", "GET / HTTP/1.1\r\nHost: shop.test\r\nX-A: 1\x002\r\n\r\n", {400}),
    ("no Host", "GET / HTTP/1.1\r\nX-A: 1\r\n\r\n", {400}),
    ("two Hosts", "GET / HTTP/1.1\r\nHost: shop.test\r\nHost: www.shop.test\r\n\r\n", {400}),
    ("a Host that is none", "GET / HTTP/1.1\r\nHost: shop.test/x\r\n\r\n", {400}),
    ("a method that is no token", "G(T / HTTP/1.1\r\nHost: shop.test\r\n\r\n", {400}),
    ("a target with a raw byte above 127", "GET /caf\xe9 HTTP/1.1\r\nHost: shop.test\r\n\r\n", {400}),
    ("HTTP/2.9 in the request line", "GET / HTTP/2.9\r\nHost: shop.test\r\n\r\n", {400, 505}),
    ("a request line of 64 KB", f"GET /{'a' * 65536} HTTP/1.1\r\nHost: shop.test\r\n\r\n", {414}),
    ("a field of 32 KB", f"GET / HTTP/1.1\r\nHost: shop.test\r\nX-A: {'a' * 32768}\r\n\r\n", {431}),
    ("2 000 fields", "GET / HTTP/1.1\r\nHost: shop.test\r\n" + "X-A: 1\r\n" * 2000 + "\r\n", {431}),
]


def refused(what, data, statuses):
    @check(f"refused and closed: {what}")
    def refuses(world):
        with world.site.wire() as wire:
            wire.send(data.encode("latin-1"))
            answer = wire.response()
            ensure(answer.status in statuses, f"status {answer.status} instead of {sorted(statuses)}")
            same(answer.get("X-Served-By"), "", "app server that answered")
            ensure(wire.closed(), "the connection stays open")


for row in MALFORMED:
    refused(*row)


@check("a good request before a bad one is still answered, and nothing after it")
def bad_after_good(world):
    smuggled = request(world, "/lab/echo/smuggled")
    with world.site.wire() as wire:
        wire.send(request(world, "/lab/page/?n=good") + b"GET / HTTP/1.1\r\nX-A : 1\r\n\r\n" + smuggled)
        good, bad = wire.response(), wire.response()
        same((good.text, bad.status), ("page good for anybody\n", 400), "answers")
        ensure(wire.closed(), "the connection stays open")
