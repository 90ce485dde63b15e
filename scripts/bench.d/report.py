"""The result as Markdown tables, aligned for a terminal, and as JSON."""

import json
import math
from statistics import median

COMPARED, OWN, SHARES, RATES = "compared", "own", "shares", "rates"
"""The tables: lower is better, with ratios; what one server shows of itself; per cent, higher is better; requests per second."""


def spread(rounds):
    return {"median": median(rounds), "min": min(rounds), "max": max(rounds), "rounds": rounds}


def percentile(values, share):
    """The value that this share of them does not exceed."""
    return sorted(values)[math.ceil(len(values) * share) - 1]


def row(workload, figure, title, unit, values, table=COMPARED):
    """One line of a table: values by server, one a round, in the unit."""
    return {"workload": workload, "figure": figure, "title": title, "unit": unit, "table": table,
            "values": {name: spread(rounds) for name, rounds in values.items() if rounds}}


def markdown(result):
    names = result["servers"]
    tables = {table: [line for line in result["rows"] if line["table"] == table] for table in (COMPARED, OWN, SHARES, RATES)}
    parts = ["\n".join(f"- {key}: {value}" for key, value in result["machine"].items())]
    if tables[COMPARED]:
        parts.append("Median (min–max) of the rounds; lower is better.\n\n" + _by_server(names, tables[COMPARED]))
    others = [name for name in names if name != "larder"]
    compared = [line for line in tables[COMPARED] if "larder" in line["values"]]
    if others and compared:
        parts.append("Larder divided by the other; below 1 Larder is better.\n\n" + _table(
            ["workload", "unit", *others], [[line["title"], line["unit"], *(_ratio(line["values"], name) for name in others)] for line in compared]))
    if tables[OWN]:
        parts.append("Seen from inside; lower is better.\n\n" + _by_server(
            [name for name in names if any(name in line["values"] for line in tables[OWN])], tables[OWN]))
    if tables[SHARES]:
        parts.append("Per cent, from the replayed trace; higher is better.\n\n" + _by_server(names, tables[SHARES]))
    parts += [_growth(series) for series in result["growth"].values()]
    if tables[RATES]:
        parts.append("Requests per second, for information (the load generator's core bounds it).\n\n" + _by_server(names, tables[RATES], False))
    if result["targets"]:
        parts.append(_targets(result))
    parts.append("Errors: none." if not result["errors"] else "Errors:\n\n" + "\n".join(f"- {error}" for error in result["errors"]))
    return "\n\n".join(parts) + "\n"


def write_json(result, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")


def number(value):
    return f"{value:.2f}" if abs(value) < 3 else f"{value:.1f}" if abs(value) < 100 else f"{value:.0f}"


def _by_server(names, lines, spread=True):
    return _table(["workload", "unit", *names],
                  [[line["title"], line["unit"], *(_cell(line["values"].get(name), spread) for name in names)] for line in lines])


def _growth(series):
    head = [series["axis"], *(line["title"] for line in series["lines"])]
    points = zip(*(line["points"] for line in series["lines"]))
    return f"Larder, {series['title']}: CPU µs/request.\n\n" + _table(
        head, [[column[0]["label"], *(_cell(point) for point in column)] for column in points])


def _targets(result):
    judged = result["targets"]
    musts = [target for target in judged if not target["aim"]]
    text = f"Targets of this run: {sum(target['met'] for target in musts)} of {len(musts)} met{', by a quick run' if result['quick'] else ''}."
    return text + "\n\n" + _table(["workload", "asked", "measured", "met"], [
        [f"{target['workload']} {target['figure']}", target["asked"] + (" (aim)" if target["aim"] else ""), number(target["measured"]),
         "yes" if target["met"] else "no"] for target in judged], texts={0, 1, 3})


def _cell(value, spread=True):
    if value is None:
        return "–"
    middle = number(value["median"])
    return f"{middle} ({number(value['min'])}–{number(value['max'])})" if spread and len(value["rounds"]) > 1 else middle


def _ratio(values, name):
    other = values.get(name, {}).get("median")
    return f"{values['larder']['median'] / other:.2f}" if other else "–"


def _table(head, lines, texts=None):
    """Columns of text are aligned to the left, those of numbers to the right."""
    widths = [max(len(line[column]) for line in [head, *lines]) for column in range(len(head))]
    texts = texts or ({0} if "unit" not in head else {0, 1})

    def text(line):
        cells = (cell.ljust(width) if column in texts else cell.rjust(width) for column, (cell, width) in enumerate(zip(line, widths)))
        return "| " + " | ".join(cells) + " |"

    rule = "|" + "|".join("-" * (width + 2) if column in texts else "-" * (width + 1) + ":" for column, width in enumerate(widths)) + "|"
    return "\n".join([text(head), rule, *map(text, lines)])
