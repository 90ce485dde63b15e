"""Pages that exist in several variants."""
import gzip

import larder
from checks.pages import stored
from report import check, ensure, same

NAMES = {"en": "Honey", "de": "Honig", "fr": "Miel"}


@check("Vary: Accept-Language: an entry for each language")
def languages(world):
    target = world.fresh("/products/honey/")
    for language, name in NAMES.items():
        page = stored(world, target, {"Accept-Language": language})
        ensure(f"<h1>{name}</h1>" in page.text, f"{language}: {page.text!r}")
        same(page.get("Content-Language"), language, "Content-Language")
    for language, name in NAMES.items():
        page = world.site.get(target, {"Accept-Language": language})
        ensure(larder.is_hit(page) and name in page.text, f"{language} after all were stored: {page.get('Cache-Status')!r}")


@check("Vary: Accept-Language: a browser's list of languages is understood by the app")
def language_list(world):
    page = world.site.get("/products/honey/", {"Accept-Language": "nl, de-AT;q=0.9, en;q=0.5"})
    ensure("<h1>Honig</h1>" in page.text, f"body {page.text!r}")


@check("Vary: a new variant of a known page says fwd=vary-miss")
def variant_miss(world):
    target = world.fresh("/products/honey/")
    world.site.get(target, {"Accept-Language": "de"})
    answer = world.site.get(target, {"Accept-Language": "fr"})
    same(larder.cache_status(answer).get("fwd"), "vary-miss", "fwd")


@check("Vary: Accept-Encoding: gzip for those who take it, plain for the others")
def encodings(world):
    target = world.fresh("/products/", pad="x")
    packed = world.site.get(target, {"Accept-Encoding": "gzip"})
    plain = world.site.get(target)
    same(packed.get("Content-Encoding"), "gzip", "Content-Encoding")
    same(plain.get("Content-Encoding"), "", "Content-Encoding without Accept-Encoding")
    same(gzip.decompress(packed.body), plain.body, "the page")
    again = world.site.get(target, {"Accept-Encoding": "gzip"})
    ensure(larder.is_hit(again) and again.body == packed.body, f"second gzip request: {again.get('Cache-Status')!r}")


@check("Vary: * is never reused")
def vary_star(world):
    target = world.fresh(cc="public, max-age=60", vary="*")
    first, second = world.site.get(target), world.site.get(target)
    ensure(first.get("X-Rendered") != second.get("X-Rendered"), "the same rendering came twice")
