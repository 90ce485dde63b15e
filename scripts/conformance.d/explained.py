"""Writes docs/explain.md: ten URLs of the storefront as larder explain explains them on a gateway that has served them."""
import shlex
import sys
import time

from larder import cache_status
from world import EXAMPLE, PASSWORD, ROOT

DOCUMENT = ROOT / "docs" / "explain.md"
# What a response says that decides over its storing.
TELLING = ("Cache-Control", "CDN-Cache-Control", "Expires", "Vary", "ETag", "Last-Modified", "Set-Cookie", "Location")
COOKIES = ("sessionid", "csrftoken")

HEAD = """# `larder explain`

`larder explain URL` says what a running gateway would do with a request now, step by step: which site and which route take it and
where they are written, whether the store is asked and under which key, what is stored there, what that is good for, what the origin
would be asked and which server. It puts the questions that the proxy puts, to the same functions, so that what it says is what
happens; nothing is sent to your app, and nothing in the cache changes.

```sh
larder explain https://shop.example/cart                       # asks the gateway at 127.0.0.1:9180, or $LARDER_ADMIN
larder explain https://shop.example/cart -H 'Cookie: lang=de'  # as that visitor; -X for another method
larder explain https://shop.example/cart --status 404 --response 'Cache-Control: max-age=60'   # and if the app answered so?
larder explain https://shop.example/cart -c my.yaml            # by a file alone, without a gateway
larder explain https://shop.example/cart --json                # for tools; also POST /v1/explain on the admin port
```

`why` is the code that `Cache-Status`, the access log and the metrics carry, and what it rests on; [reasons.md](reasons.md) has all of
them and what to do about each. `at` is the line of the configuration. Values that may be secrets are not shown.

## Ten URLs of the Django example
Made by `scripts/conformance --explain` on {date}: the storefront of `config/examples/django` on two app servers, the gateway with its
`larder.yaml`. `curl -i` showed the response fields that some of the commands name.
"""


class Story:
    """One URL: what happened to it before, and the question."""

    def __init__(self, title, target, headers=None, method="GET", before=(), pause=0.0, answer=False):
        self.title, self.target, self.headers, self.method = title, target, headers or {}, method
        self.before, self.pause, self.answer = before, pause, answer


def stories(cookie):
    return [
        Story("A page that was asked for before", "/products/", before=("/products/",)),
        Story(
            "A link from a newsletter: the same page to the cache",
            "/products/?utm_source=mail&page=1",
            {"Cookie": "_ga=GA1.2.3"},
            before=("/products/?page=1",),
        ),
        Story("A file that gets its lifetime from the route", "/static/shop/shop.css", before=("/static/shop/shop.css",)),
        Story("A page that nobody has asked for yet", "/products/honey/"),
        Story("A second too late: validated", "/products/honey/stock/", before=("/products/honey/stock/",), pause=1.5, answer=True),
        Story("A product that is not there", "/products/nothing/", answer=True),
        Story("Why is my account page not cached?", "/account/", {"Cookie": cookie}, answer=True),
        Story("A page that differs by visitor", "/bestsellers/", {"Cookie": cookie}, before=("/bestsellers/",)),
        Story("The admin", "/admin/", {"Cookie": cookie}),
        Story("An old address", "/old/honey/?from=catalogue"),
    ]


def tell(world, story):
    for target in story.before:
        world.site.get(target)
    time.sleep(story.pause)
    command = ["explain", f"{world.site.url}{story.target}"]
    for name, value in story.headers.items():
        command += ["-H", f"{name}: {value}"]
    if story.answer:
        command += said(world, story)
    status, text = world.command(*command)
    if status:
        raise RuntimeError(f"{shlex.join(command)}: {status}\n{text}")
    check(world, story, text)
    return shlex.join(["larder", *command]), text


def said(world, story):
    """What the app itself says to that request, as options."""
    answer = world.apps[0].server.get(story.target, story.headers)
    options = ["--status", str(answer.status)]
    for name in TELLING:
        for value in answer.all(name):
            options += ["--response", f"{name}: {value}"]
    return options


def check(world, story, text):
    """The document must not say what the gateway does not do."""
    status = cache_status(world.site.get(story.target, story.headers))
    verdict = text.rstrip().splitlines()[-1].split(None, 1)[1]
    hit = status.get("hit") is True
    if status and hit != verdict.startswith(("hit", "stale hit")):
        raise RuntimeError(f"{story.target}: explained as '{verdict}', but the gateway says {dict(status)}")


def plain(world, text, cookie):
    """Without what differs from one run to the next."""
    text = text.replace(f"{EXAMPLE}/", "").replace(f":{world.site.port}", ":8080")
    for number, app in enumerate(world.apps, 1):
        text = text.replace(f":{app.server.port}", f":800{number}")
    for pair in cookie.split("; "):
        name, _, value = pair.partition("=")
        text = text.replace(value, "…") if name in COOKIES else text
    return text


def write(world):
    browser = world.browser()
    browser.log_in("anna", PASSWORD)
    cookie = "; ".join(f"{name}={browser.cookie(name)}" for name in COOKIES)
    parts = [HEAD.replace("{date}", time.strftime("%Y-%m-%d", time.gmtime()))]
    for story in stories(cookie):
        command, text = tell(world, story)
        parts.append(f"\n### {story.title}\n```\n$ {plain(world, command, cookie)}\n{plain(world, text, cookie).rstrip()}\n```\n")
    DOCUMENT.write_text("".join(parts), encoding="utf-8")
    print(f"wrote {DOCUMENT.relative_to(ROOT)}", file=sys.stderr)
