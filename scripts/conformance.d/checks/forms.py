"""Django's forms from the cache: one page for everybody, a token for each."""
import gzip
import http.cookies
import random
import re
import string
import urllib.parse

import larder
from checks.sharing import at_once
from report import check, ensure, same
from world import PASSWORD

VISITORS = 1000
# So many at once, each on a connection of his own.
CROWD = 8
LETTERS = string.ascii_letters + string.digits
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w{64})"')


def token(page):
    return TOKEN.search(page.text).group(1)


def secret(value):
    """What a token, or a cookie, holds once its mask is off."""
    if len(value) == 32:
        return value
    pairs = zip(value[32:], value[:32])
    return "".join(LETTERS[(LETTERS.index(char) - LETTERS.index(mask)) % 62] for char, mask in pairs)


class Visitor:
    """Who asks for a form and sends it; those with even numbers have a csrftoken from an earlier visit, plain or masked."""

    def __init__(self, world, number):
        self._world = world
        self.jar = http.cookies.SimpleCookie()
        self.known = number % 2 == 0
        if self.known:
            self.jar["csrftoken"] = "".join(random.choices(LETTERS, k=32 if number % 4 else 64))

    def load(self, target, on=None):
        answer = self._world.site.get(target, self._cookies(), on)
        self.jar.load(answer.get("Set-Cookie"))
        return answer

    def send(self, target, token, text, on=None):
        form = {"csrfmiddlewaretoken": token, "sender": "somebody", "text": text}
        fields = {"Content-Type": "application/x-www-form-urlencoded", **self._cookies()}
        answer = self._world.site.send("POST", target, fields, urllib.parse.urlencode(form).encode(), on)
        self.jar.load(answer.get("Set-Cookie"))
        return answer

    def _cookies(self):
        pairs = "; ".join(f"{name}={cookie.value}" for name, cookie in self.jar.items())
        return {"Cookie": pairs} if pairs else {}


def crowd(world, do):
    """do(number, connection) for each visitor, CROWD of them at a time; the results in order of their numbers."""

    def some(first):
        connection = world.site.connect()
        try:
            return [do(number, connection) for number in range(first, VISITORS, CROWD)]
        finally:
            connection.close()

    shares = at_once(CROWD, some)
    return [shares[number % CROWD][number // CROWD] for number in range(VISITORS)]


def loaded(world, target):
    """A thousand visitors, each with the page that he got."""

    def load(number, connection):
        visitor = Visitor(world, number)
        return visitor, visitor.load(target, connection)

    return crowd(world, load)


def own_token(visitor, page):
    same(page.status, 200, "status of the form")
    ensure((page.get("Set-Cookie") == "") == visitor.known, f"Set-Cookie {page.get('Set-Cookie')!r}")
    same(page.get("Cache-Control"), "private, no-cache", "Cache-Control")
    same((page.get("ETag"), page.get("X-Larder-Form")), ("", ""), "ETag and what stands in for the token")
    same(secret(token(page)), secret(visitor.jar["csrftoken"].value), "secret of the form")


@check("a thousand visitors load one stored form, each with a token of his own, and Django takes what they send", "apps")
def thousand_forms(world):
    target, text = world.fresh("/contact/"), f"by a thousand {world.token()}"
    both = loaded(world, target)
    for visitor, page in both:
        own_token(visitor, page)
    same(len({token(page) for _, page in both}), VISITORS, "different tokens")
    same(len({page.get("X-Rendered") for _, page in both}), 1, "renderings")
    same(world.arrived(target), {200: 1}, "requests for the form at the app servers")

    def send(number, connection):
        visitor, page = both[number]
        return visitor.send(target, token(page), text, connection).status

    same(set(crowd(world, send)), {302}, "statuses of what was sent")
    same(world.arrived(target, "POST"), {302: VISITORS}, "forms that the app servers took")
    same(enquiries(world, text), VISITORS, "enquiries in the shop's database")


def enquiries(world, text):
    """How many the shop's admin shows."""
    visitor = world.browser()
    visitor.log_in("admin", PASSWORD)
    page = visitor.get(f"/admin/shop/enquiry/?{urllib.parse.urlencode({'q': text})}")
    return int(re.search(r"(\d+) enquir", page.text).group(1))


@check("a foreign token, an old one without its cookie, and none are refused with Django's 403")
def foreign_token(world):
    target = world.fresh("/contact/")
    (anna, hers), (ben, his) = [(visitor, visitor.load(target)) for visitor in (Visitor(world, 1), Visitor(world, 2))]
    ensure(hers.get("X-Rendered") == his.get("X-Rendered"), "two renderings")
    for visitor, given in ((anna, token(his)), (ben, token(hers)), (ben, ""), (ben, token(his)[::-1])):
        same(visitor.send(target, given, "forged").status, 403, "status")
    stranger = Visitor(world, 1)
    same(stranger.send(target, token(hers), "forged").status, 403, "status without a cookie")
    same(anna.send(target, token(hers), "honest").status, 302, "status with the own token")


@check("one token serves a visitor again, also on the next page, and the next page's the cookie of the first")
def same_visitor(world):
    visitor = Visitor(world, 1)
    first, second = [visitor.load(world.fresh("/contact/")) for _ in range(2)]
    same(second.get("Set-Cookie"), "", "a second cookie")
    ensure(token(first) != token(second), "the same mask twice")
    for page in (first, second):
        same(visitor.send(world.fresh("/contact/"), token(page), "again").status, 302, "status")


@check("who is logged in gets Django's own page and token, and nobody else ever does")
def logged_in(world):
    target, stranger = world.fresh("/contact/"), Visitor(world, 1)
    shared = stranger.load(target)
    member = world.browser()
    member.log_in("ben", PASSWORD)
    pages = [member.get(target) for _ in range(3)]
    for page in pages:
        same(larder.cache(page), larder.BYPASS, "X-Cache")
        same(secret(token(page)), secret(member.cookie("csrftoken")), "secret of the member's form")
    same(len({page.get("X-Rendered") for page in [shared, *pages]}), 4, "renderings")
    again = stranger.load(target)
    same(again.get("X-Rendered"), shared.get("X-Rendered"), "the stranger's rendering")
    answer = member.post(target, {"csrfmiddlewaretoken": token(pages[0]), "sender": "ben", "text": "hello"}, follow=False)
    same(answer.status, 302, "status of the member's form")


@check("thanks for a form are said once, to its sender")
def thanks(world):
    target, sender = world.fresh("/contact/"), Visitor(world, 1)
    page = sender.load(target)
    same(sender.send(target, token(page), "hello").get("Location"), "/contact/", "Location")
    ensure("Thank you" not in Visitor(world, 1).load("/contact/").text, "a stranger is thanked")
    ensure("Thank you" in sender.load("/contact/").text, "the sender is not thanked")
    for visitor in (Visitor(world, 1), Visitor(world, 2)):
        ensure("Thank you" not in visitor.load("/contact/").text, "a stranger is thanked")


@check("gzip: a stored form inflates to the page of its visitor")
def gzipped_form(world):
    target, visitor = world.fresh("/contact/"), Visitor(world, 2)
    plain = visitor.load(target)
    for _ in range(2):
        packed = world.site.get(target, {"Accept-Encoding": "gzip", "Cookie": f"csrftoken={visitor.jar['csrftoken'].value}"})
        same(packed.get("Content-Encoding"), "gzip", "Content-Encoding")
        text = gzip.decompress(packed.body).decode()
        found = TOKEN.search(text).group(1)
        same(secret(found), secret(visitor.jar["csrftoken"].value), "secret of the form")
        same(text.replace(found, ""), plain.text.replace(token(plain), ""), "all but the token")
