"""Large and slow bodies, in both directions."""
import functools
import hashlib
import random
import time

from django.conf import settings
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lab import tally

BLOCK = 64 * 1024
DOWNLOAD = 200 * 1000 * 1000


@csrf_exempt
@require_POST
def upload_form(request):
    """A form with a file. Django needs a Content-Length for it."""
    file = request.FILES["file"]
    return hashed(file.chunks())


@csrf_exempt
def upload_raw(request):
    """The body as it is, chunked or not.

    Django reads no body without a Content-Length; gunicorn ends its input where the last chunk does.
    """
    body = request.environ["wsgi.input"]
    return hashed(iter(lambda: body.read(BLOCK), b""))


def hashed(chunks):
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        digest.update(chunk)
        size += len(chunk)
    return JsonResponse({"sha256": digest.hexdigest(), "size": size, "served-by": settings.SERVED_BY})


@functools.lru_cache(maxsize=1)
def noise():
    return random.Random(9111).randbytes(BLOCK)


def content(size):
    """The same bytes each time, no two blocks alike."""
    for start in range(0, size, BLOCK):
        block = start.to_bytes(8, "big") + noise()[8:]
        yield block[: size - start]


def download(request):
    """A deterministic file.

    size: bytes; framing: length or chunked; cut: break off after so many bytes; pause: milliseconds
    before each block; cc: Cache-Control; id: count the bytes handed out under this name.
    """
    asked = request.GET
    size = int(asked.get("size", DOWNLOAD))
    body = paced(content(size), int(asked.get("pause", 0)) / 1000)
    if "cut" in asked:
        body = broken_off(body, int(asked["cut"]))
    if "id" in asked:
        body = counted(body, f"sent {asked['id']}")
    response = StreamingHttpResponse(body, content_type="application/octet-stream")
    response["Cache-Control"] = asked.get("cc", "public, max-age=60")
    if asked.get("framing", "length") == "length":
        response["Content-Length"] = size
    return response


def download_sha256(request):
    """What an intact download of that size hashes to."""
    digest = hashlib.sha256()
    for block in content(int(request.GET.get("size", DOWNLOAD))):
        digest.update(block)
    return HttpResponse(digest.hexdigest(), content_type="text/plain")


def paced(blocks, seconds):
    for block in blocks:
        if seconds:
            time.sleep(seconds)
        yield block


def counted(blocks, name):
    for block in blocks:
        tally.add(name, len(block))
        yield block


def broken_off(blocks, limit):
    """An origin that dies in the middle of a body."""
    sent = 0
    for block in blocks:
        if sent >= limit:
            raise ConnectionError("broken off, as asked")
        sent += len(block)
        yield block


def events(request):
    """Server-sent events: count of them, one every 100 ms."""
    return StreamingHttpResponse(
        ticking(int(request.GET.get("count", 10)), request.GET.get("id", "")),
        content_type="text/event-stream",
        headers={"Cache-Control": "no-cache"},
    )


def ticking(count, name):
    tally.add(f"events begun {name}")
    try:
        for number in range(count):
            time.sleep(0.1)
            yield f"id: {number}\ndata: {time.time()}\n\n"
    finally:
        tally.add(f"events ended {name}")
