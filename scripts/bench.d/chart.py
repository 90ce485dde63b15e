"""A growth series as an SVG, readable on a light page and on a dark one."""

import math
from xml.sax.saxutils import escape

from report import number

WIDTH, HEIGHT = 640, 340
LEFT, RIGHT, TOP, BOTTOM = 62, 24, 64, 58
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .title { font-size: 15px; font-weight: 600 }
  .quiet { fill: #57606a }
  .grid { stroke: #d0d7de; stroke-width: 1 }
  .axis { stroke: #57606a; stroke-width: 1 }
  .line { fill: none; stroke-width: 2; stroke-linejoin: round }
  .range { stroke-width: 2; stroke-opacity: .35; stroke-linecap: round }
  .a { stroke: #0969da } .a-fill { fill: #0969da }
  .b { stroke: #bc4c00 } .b-fill { fill: #bc4c00 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .quiet { fill: #9198a1 }
    .grid { stroke: #30363d }
    .axis { stroke: #9198a1 }
    .a { stroke: #4493f8 } .a-fill { fill: #4493f8 }
    .b { stroke: #f0883e } .b-fill { fill: #f0883e }
  }
"""


def draw(series, note):
    """The whole SVG. Points stand at equal distances, each size a multiple of the one before; the bars are least and greatest round."""
    top = _ceiling(max(point["max"] for line in series["lines"] for point in line["points"]))
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img">',
             f"<title>CPU per hit with {escape(series['title'])}</title>", f"<style>{STYLE}</style>",
             _text(LEFT, 22, f"CPU per hit with {series['title']}", "title"), _text(LEFT, 42, note, "quiet")]
    parts += _axes(series, top)
    for kind, line in zip("ab", series["lines"]):
        parts += _line(line["points"], kind, top, below=kind == "a" and len(series["lines"]) > 1)
    if len(series["lines"]) > 1:
        parts += _legend(series["lines"])
    return "\n".join([*parts, "</svg>"]) + "\n"


def _axes(series, top):
    labels = [point["label"] for point in series["lines"][0]["points"]]
    parts = []
    for step in range(5):
        value = top * step / 4
        y = _y(value, top)
        parts += [f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>', _text(LEFT - 8, y + 4, f"{value:g}", "quiet", "end")]
    base = HEIGHT - BOTTOM
    parts.append(f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{base}" y2="{base}"/>')
    parts += [_text(_x(place, len(labels)), base + 20, label, "", "middle") for place, label in enumerate(labels)]
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, series["axis"], "quiet", "middle"))
    middle = (TOP + base) / 2
    parts.append(f'<text class="quiet" text-anchor="middle" transform="translate(16 {middle:.0f}) rotate(-90)">CPU µs per request</text>')
    return parts


def _line(points, kind, top, below):
    places = [(_x(place, len(points)), point) for place, point in enumerate(points)]
    path = " ".join(f"{x:.1f},{_y(point['median'], top):.1f}" for x, point in places)
    parts = [f'<polyline class="line {kind}" points="{path}"/>']
    for x, point in places:
        middle, low, high = (_y(point[key], top) for key in ("median", "min", "max"))
        parts += [f'<line class="range {kind}" x1="{x:.1f}" x2="{x:.1f}" y1="{low:.1f}" y2="{high:.1f}"/>',
                  f'<circle class="{kind}-fill" cx="{x:.1f}" cy="{middle:.1f}" r="4"/>',
                  _text(x, low + 18 if below else high - 9, number(point["median"]), "", "middle")]
    return parts


def _legend(lines):
    parts, x = [], LEFT
    for kind, line in zip("ab", lines):
        parts += [f'<circle class="{kind}-fill" cx="{x + 5}" cy="{TOP - 4}" r="4"/>', _text(x + 15, TOP, line["title"], "")]
        x += 40 + 7 * len(line["title"])
    return parts


def _text(x, y, text, kind, anchor="start"):
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(text)}</text>'


def _x(place, count):
    inset = 44
    return LEFT + inset + (WIDTH - LEFT - RIGHT - 2 * inset) * place / (count - 1)


def _y(value, top):
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM - 16) * value / top


def _ceiling(value):
    """The next round number above, of which a quarter is round as well."""
    power = 10 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 1.2, 1.6, 2, 2.4, 3, 4, 6, 8, 10) if step * power >= value)
