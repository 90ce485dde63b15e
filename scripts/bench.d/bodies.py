"""What the origin serves."""

import random

import trials
import workloads

PAGE = 50 * 1024
SEED = 9111


def write(folder):
    folder.mkdir()
    for name, length in workloads.BODIES.items():
        (folder / name).write_text("0123456789abcdef" * (length // 16))
    (folder / "page").write_text(_page())
    (folder / "assembled").mkdir()
    (folder / "assembled/page").write_text(_assembled(5))
    with open(folder / "1g", "wb") as big:
        big.truncate(trials.BIG)


def _assembled(count):
    """A page of 1 KB with places for so many fragments of 1 KB."""
    places = "".join(f'<div><esi:include src="/zipf/{number}"/></div>\n' for number in range(1, count + 1))
    text = "<!DOCTYPE html>\n<html><body>\n" + places + "</body></html>\n"
    return text.replace("</body>", "<p>" + "0123456789abcdef" * ((1024 - len(text)) // 16) + "</p></body>")


def _page():
    """HTML that compresses as pages do, to about a quarter: words out of a vocabulary in which some are common and most are rare."""
    chance = random.Random(SEED)
    words = ["".join(chance.choice("etaoinshrdlu") for _ in range(chance.randint(2, 9))) for _ in range(2000)]
    weights = [1 / rank for rank in range(1, len(words) + 1)]
    parts, length = ["<!DOCTYPE html>\n<html><head><title>A page</title></head><body>\n"], 0
    while length < PAGE:
        text = " ".join(chance.choices(words, weights, k=60))
        parts.append(f'<div class="entry" id="entry-{len(parts)}"><h2><a href="/entry/{len(parts)}">{text[:30]}</a></h2><p>{text}</p></div>\n')
        length = sum(map(len, parts))
    return "".join(parts)[:PAGE - 16] + "</body></html>\n\n"
