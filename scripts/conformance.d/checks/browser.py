"""What a real browser makes of it: Debian's Chromium."""
from checks.fragments import nothing_kept
from chromium import chromium
from report import check, ensure, same

PARTS = ["cart", "offers", "bestsellers", "last-pieces"]
IDS_IN_ORDER = "[...document.querySelectorAll('p[id], ul[id], ol[id]')].map(element => element.id)"
TEXT_OF = "document.querySelector('{}').textContent"


@check("Chromium: a page put together in gzip has all its parts in order, as it is made and as it is stored")
def assembled(world):
    nothing_kept(world)
    with chromium(world) as browser:
        target = world.fresh("/offers/")
        for turn in ("miss", "hit"):
            url = world.site.url + target + f"#{turn}"
            browser.open("about:blank")
            browser.open(url)
            same(browser.run(IDS_IN_ORDER), PARTS, f"parts in the document, {turn}")
            same(browser.run("document.querySelectorAll('#offers li').length"), 4, "offers")
            same(browser.run("document.querySelectorAll('#bestsellers li').length"), 3, "bestsellers")
            same(browser.run("document.characterSet + document.doctype.name"), "UTF-8html", "character set and type")
        head = {name.lower(): value for name, value in browser.responses[world.site.url + target]["headers"].items()}
        same(head.get("content-encoding"), "gzip", "Content-Encoding")


@check("Chromium: a form from the store is filled in and sent, and Django takes it", "apps")
def form(world):
    with chromium(world) as browser:
        url = world.site.url + world.fresh("/contact/")
        world.site.get(url.removeprefix(world.site.url))
        browser.open(url)
        stored = {name.lower(): value for name, value in browser.responses[url]["headers"].items()}
        same(stored.get("x-cache"), "HIT", "X-Cache of the form")
        text = f"written in a browser {world.token()}"
        browser.type("#id_sender", "Chromium")
        browser.type("#id_text", text)
        browser.press("form button")
        browser.wait("document.readyState == 'complete' && document.querySelector('#message') != null", "the shop's thanks")
        same(browser.run(TEXT_OF.format("#message")), "Thank you", "what the shop says")
        same(browser.run("location.pathname + location.search"), "/contact/", "where it leads")
    ensure(world.arrived(url.removeprefix(world.site.url), "POST") == {302: 1}, "requests at the app servers")


@check("Chromium: a visitor's cart is on the shared page as soon as it is filled")
def own_cart(world):
    with chromium(world) as browser:
        offers = world.site.url + "/offers/"
        browser.open(offers)
        same(browser.run(TEXT_OF.format("#cart")).strip(), "Your cart is empty", "cart at first")
        browser.open(world.site.url + "/cart/")
        browser.press("form button")
        browser.wait("document.readyState == 'complete' && document.querySelector('#cart').textContent.includes('honey')", "the cart")
        browser.open(offers)
        same(browser.run(TEXT_OF.format("#cart")).strip(), "In your cart: 1 × honey", "cart on the shared page")
        same(browser.run(IDS_IN_ORDER), PARTS, "parts in the document")
    same("honey" in world.site.get("/offers/").text.partition("<ul")[0], False, "a stranger has it in the cart")
