"""Large, slow and endless bodies, both ways."""
import functools
import hashlib
import json
import os
import time

import larder
from checks.sharing import at_once
from client import curl
from process import until
from report import check, ensure, same

UPLOAD = 30 * 1000 * 1000
DOWNLOAD = 200 * 1000 * 1000
BLOCK = 64 * 1024
# What may lie between app and client while the client does not read: socket buffers and the gateway's window.
IN_BETWEEN = 48 * 1024 * 1024


@functools.lru_cache(maxsize=1)
def payload():
    return os.urandom(UPLOAD)


def upload_file(world):
    path = world.directory / "upload"
    if not path.exists():
        path.write_bytes(payload())
    return str(path)


def arrived_whole(answer, what):
    same((answer["size"], answer["sha256"]), (UPLOAD, hashlib.sha256(payload()).hexdigest()), what)


def uploaded(world, path, *options):
    status, body = curl(world.site, path, *options)
    same(status, 0, "curl's exit status")
    arrived_whole(json.loads(body), "what the app got")


@check("upload of 30 MB: a multipart form from curl")
def upload_form(world):
    uploaded(world, "/lab/upload/", "-F", f"file=@{upload_file(world)}")


@check("upload of 30 MB: with Content-Length and no Expect")
def upload_length(world):
    uploaded(world, "/lab/upload/raw/", "-H", "Expect:", "--data-binary", f"@{upload_file(world)}")


@check("upload of 30 MB: with Expect: 100-continue")
def upload_expect(world):
    uploaded(world, "/lab/upload/raw/", "-H", "Expect: 100-continue", "--expect100-timeout", "20", "--data-binary", f"@{upload_file(world)}")


@check("upload of 30 MB: chunked")
def upload_chunked(world):
    uploaded(world, "/lab/upload/raw/", "-H", "Transfer-Encoding: chunked", "-H", "Expect:", "--data-binary", f"@{upload_file(world)}")


@check("Expect: 100-continue: the client hears 100 before it sends anything")
def hears_continue(world):
    with world.site.wire() as wire:
        wire.send(f"POST /lab/echo/ HTTP/1.1\r\nHost: {world.site.authority}\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n".encode())
        same(wire.response().status, 100, "first answer")
        wire.send(b"hello")
        answer = wire.final_response()
        same((answer.status, answer.json()["body"]), (200, "hello"), "second answer")


@check("a chunked upload with extensions and a trailer arrives whole, and the connection goes on")
def trailer(world):
    with world.site.wire() as wire:
        wire.send(
            f"POST /lab/upload/raw/ HTTP/1.1\r\nHost: {world.site.authority}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
            + b"5;name=value\r\nhello\r\n6\r\n world\r\n0\r\nX-Trailer: 1\r\n\r\n"
        )
        same(wire.response().json()["sha256"], hashlib.sha256(b"hello world").hexdigest(), "sha256")
        wire.send(f"GET /lab/echo/ HTTP/1.1\r\nHost: {world.site.authority}\r\n\r\n".encode())
        same(wire.response().status, 200, "status of the next request")


@check("a slow upload in small pieces arrives whole")
def slow_upload(world):
    pieces = [bytes([65 + number]) * 100 for number in range(20)]
    with world.site.wire() as wire:
        wire.send(f"POST /lab/upload/raw/ HTTP/1.1\r\nHost: {world.site.authority}\r\nContent-Length: 2000\r\n\r\n".encode())
        for piece in pieces:
            wire.send(piece)
            time.sleep(0.05)
        same(wire.response().json()["sha256"], hashlib.sha256(b"".join(pieces)).hexdigest(), "sha256")


@check("a body above the listener's limit: 413 before it is sent")
def too_large(world):
    with world.site.wire() as wire:
        wire.send(f"POST /lab/upload/raw/ HTTP/1.1\r\nHost: {world.site.authority}\r\nContent-Length: 200000000\r\n\r\n".encode())
        same(wire.response().status, 413, "status")


def expected_sha256(world, size=DOWNLOAD):
    return world.site.get(f"/lab/download/sha256/?size={size}").text


def digest_of(answer, pause=0.0, slow_bytes=0):
    """Reads a body to its end, the first slow_bytes of it slowly: (size, sha256)."""
    digest, size = hashlib.sha256(), 0
    while block := answer.read(BLOCK):
        digest.update(block)
        size += len(block)
        if size < slow_bytes:
            time.sleep(pause)
    return size, digest.hexdigest()


@check("download of 200 MB with Content-Length: intact")
def download_length(world):
    connection, answer = world.site.open("/lab/download/")
    same(answer.getheader("Content-Length"), str(DOWNLOAD), "Content-Length")
    same(digest_of(answer), (DOWNLOAD, expected_sha256(world)), "size and sha256")
    connection.close()


@check("download of 200 MB chunked: intact")
def download_chunked(world):
    connection, answer = world.site.open("/lab/download/?framing=chunked")
    same(answer.getheader("Transfer-Encoding"), "chunked", "Transfer-Encoding")
    same(digest_of(answer), (DOWNLOAD, expected_sha256(world)), "size and sha256")
    connection.close()


@check("download of 200 MB by a slow reader: intact")
def download_slowly(world):
    connection, answer = world.site.open("/lab/download/")
    same(digest_of(answer, pause=0.01, slow_bytes=200 * BLOCK), (DOWNLOAD, expected_sha256(world)), "size and sha256")
    connection.close()


@check("a reader who stops makes the app stop: nothing piles up in between", "apps")
def back_pressure(world):
    token = world.token()
    connection, answer = world.site.open(f"/lab/download/?id={token}&cc=no-store")
    answer.read(BLOCK)
    time.sleep(1.5)
    sent = world.counted(f"sent {token}")
    ensure(sent < IN_BETWEEN, f"the app has sent {sent // 1000000} MB to a client that read 64 KB")
    connection.close()


@check("an object above max-object is not stored")
def too_large_to_store(world):
    target = world.fresh("/lab/download/", size=6000000)
    world.site.get(target)
    again = world.site.get(target)
    ensure(not larder.is_hit(again) and len(again.body) == 6000000, f"Cache-Status {again.get('Cache-Status')!r}")


@check("a stored object of 2 MB comes back intact, also to many at once")
def large_hit(world):
    target, size = world.fresh("/lab/download/", size=2000000), 2000000
    expected = expected_sha256(world, size)
    world.site.get(target)
    for answer in at_once(10, lambda number: world.site.get(target)):
        ensure(larder.is_hit(answer), f"Cache-Status {answer.get('Cache-Status')!r}")
        same(hashlib.sha256(answer.body).hexdigest(), expected, "sha256")


@check("two readers of one slow stream: both whole, one fetch", "apps")
def shared_stream(world):
    target = world.fresh("/lab/download/", size=10 * BLOCK, pause=50, framing="chunked")
    answers = at_once(2, lambda number: world.site.get(target))
    expected = expected_sha256(world, 10 * BLOCK)
    same({hashlib.sha256(answer.body).hexdigest() for answer in answers}, {expected}, "sha256")
    same(world.arrived(target), {200: 1}, "requests at the app servers")


@check("server-sent events arrive one by one as they are sent")
def events(world):
    connection, answer = world.site.open("/lab/events/?count=8")
    times = []
    while line := answer.readline():
        if line.startswith(b"data:"):
            times.append((time.time(), float(line.split(b":", 1)[1])))
    connection.close()
    same(len(times), 8, "number of events")
    late = max(received - sent for received, sent in times)
    ensure(late < 0.3, f"an event came {late * 1000:.0f} ms after it was sent")
    ensure(times[-1][0] - times[0][0] > 0.5, "they came in one go")


@check("a visitor who leaves the event stream ends it at the app", "apps")
def events_left(world):
    token = world.token()
    connection, answer = world.site.open(f"/lab/events/?count=600&id={token}")
    answer.readline()
    same(world.counted(f"events begun {token}"), 1, "streams begun")
    answer.close()
    connection.close()
    until(lambda: world.counted(f"events ended {token}") == 1, 5, "the app's stream ended")
