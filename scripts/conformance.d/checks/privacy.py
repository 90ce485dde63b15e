"""What belongs to one visitor stays with that visitor."""
import re
import tempfile
from pathlib import Path

import larder
from checks.pages import not_stored, stored
from checks.sharing import at_once
from client import curl
from report import check, ensure, same
from world import PASSWORD


def who(page):
    found = re.search(r'id="who">Logged in as (\w+)<', page.text)
    return found.group(1) if found else None


def cart(page):
    return re.search(r'id="cart">([^<]*)<', page.text).group(1).strip()


@check("admin login with session and CSRF works, and leads to the own account page")
def log_in(world):
    visitor = world.browser()
    page = visitor.log_in("anna", PASSWORD)
    same((page.status, who(page)), (200, "anna"), "account page")
    ensure(visitor.cookie("sessionid"), "no session cookie")


@check("two users side by side each see their own account, a stranger the login page")
def two_users(world):
    anna, ben, stranger = world.browser(), world.browser(), world.browser()
    anna.log_in("anna", PASSWORD)
    ben.log_in("ben", PASSWORD)
    for _ in range(3):
        same(who(anna.get("/account/")), "anna", "anna's account page")
        same(who(ben.get("/account/")), "ben", "ben's account page")
        answer = stranger.get("/account/", follow=False)
        same((answer.status, answer.get("Location")), (302, "/admin/login/?next=/account/"), "a stranger")


@check("the admin itself works for its superuser and is never a hit")
def admin(world):
    visitor = world.browser()
    visitor.log_in("admin", PASSWORD)
    for _ in range(2):
        page = visitor.get("/admin/shop/product/")
        same(page.status, 200, "status")
        ensure("Mountain cheese" in page.text and "admin" in page.text, "not the list of products")
        same(larder.cache(page), larder.BYPASS, "X-Cache")
    ensure(visitor.get("/static/admin/css/base.css").status == 200, "the admin's style sheet")


@check("logging in with curl's cookie jar, and out again")
def log_in_with_curl(world):
    with tempfile.TemporaryDirectory() as directory:
        jar = str(Path(directory) / "jar")
        cookies = ("-b", jar, "-c", jar)
        curl(world.site, "/admin/login/", *cookies)
        token = re.search(r"csrftoken\t(\w+)", Path(jar).read_text()).group(1)
        form = f"csrfmiddlewaretoken={token}&username=ben&password={PASSWORD}&next=/account/"
        _, page = curl(world.site, "/admin/login/", *cookies, "-L", "--data", form)
        ensure(b"Logged in as ben" in page, f"after login: {page[:300]!r}")
        curl(world.site, "/admin/logout/", *cookies)
        _, page = curl(world.site, "/account/", *cookies, "-o", "/dev/null", "-w", "%{http_code}")
        same(page, b"302", "status of the account page after logout")


@check("a wrong password stays outside")
def wrong_password(world):
    page = world.browser().log_in("anna", "wrong")
    same((page.status, who(page)), (200, None), "page after a wrong password")


@check("a cart in the session is private, also when all look at once")
def carts(world):
    visitors = [world.browser() for _ in range(6)]
    for number, visitor in enumerate(visitors, 1):
        visitor.add_to_cart("honey", number)
    pages = at_once(len(visitors), lambda number: visitors[number].get("/cart/"))
    for number, page in enumerate(pages, 1):
        same(cart(page), f"{number} × honey", f"cart of visitor {number}")
    same(cart(world.browser().get("/cart/")), "Your cart is empty", "a stranger's cart")


@check("cache_page with Vary: Cookie: no visitor sees another's")
def vary_cookie(world):
    target = world.fresh("/bestsellers/")
    anna, ben = world.browser(), world.browser()
    anna.add_to_cart("jam", 2)
    ben.add_to_cart("cheese")
    for _ in range(2):
        same(cart(anna.get(target)), "In your cart: 2 × jam", "anna's page")
        same(cart(world.browser().get(target)), "Your cart is empty", "a stranger's page")
        same(cart(ben.get(target)), "In your cart: 1 × cheese", "ben's page")


@check("cache_page with Vary: Cookie: visitors without cookies share it")
def vary_cookie_shared(world):
    stored(world, world.fresh("/bestsellers/"))


@check("a comment is posted through a CSRF form, and shows at once on the stored product page")
def comment(world):
    visitor = world.browser()
    text = f"delicious {world.token()}"
    visitor.get("/products/honey/")
    form = visitor.get("/products/honey/comments/")
    ensure("csrfmiddlewaretoken" in form.text, "no token in the form")
    same(larder.cache(visitor.get("/products/honey/comments/")) in (larder.HIT, larder.STALE), False, "the form came from the store")
    answer = visitor.post("/products/honey/comments/", {"author": "anna", "text": text}, follow=False)
    same((answer.status, answer.get("Location")), (302, "/products/honey/"), "answer to the comment")
    # RFC 9111 §4.4: a success makes the address in Location stale too.
    ensure(text in visitor.get("/products/honey/").text, "the comment is not on the page")


@check("a form without its token is refused with the app's 403")
def csrf(world):
    answer = world.site.post_form("/products/honey/comments/", {"author": "eve", "text": "x"})
    same(answer.status, 403, "status")
    ensure("CSRF" in answer.text, f"body {answer.text[:200]!r}")


@check("a response that sets a cookie is not shared")
def set_cookie(world):
    answer = not_stored(world, world.fresh(cc="public, max-age=60", cookie="x"))
    ensure(answer.get("Set-Cookie").startswith("lab=x"), f"Set-Cookie {answer.get('Set-Cookie')!r}")


@check("private is not shared")
def private(world):
    not_stored(world, world.fresh(cc="private, max-age=60"))


@check("a page asked for with Authorization is not shared, unless it says public")
def authorization(world):
    secret = {"Authorization": "Bearer of-anna"}
    not_stored(world, world.fresh(cc="max-age=60"), secret)
    target = world.fresh(cc="max-age=60")
    private = world.site.get(target, secret)
    ensure(world.site.get(target).get("X-Rendered") != private.get("X-Rendered"), "a stranger got it")
    stored(world, world.fresh(cc="public, max-age=60"), secret)
