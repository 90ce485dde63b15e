"""The result as Markdown tables, aligned for a terminal, and as JSON."""

import json
from statistics import median

PERCENT = "%"
"""The unit of what is better when it is higher."""


def row(title, unit, values, ratios=True):
    """One line of the result: values by server, one a round, in the unit. Lower is better, or no ratios are given."""
    return {"title": title, "unit": unit, "ratios": ratios, "values": {
        name: {"median": median(rounds), "min": min(rounds), "max": max(rounds), "rounds": rounds}
        for name, rounds in values.items() if rounds}}


def markdown(result):
    names = result["servers"]
    parts = ["\n".join(f"- {key}: {value}" for key, value in result["machine"].items())]
    main = [line for line in result["rows"] if line["unit"] not in ("requests/s", PERCENT)]
    parts.append("Median (min–max) of the rounds; lower is better.\n\n" + _table(
        ["workload", "unit", *names], [[line["title"], line["unit"], *(_cell(line["values"].get(name)) for name in names)] for line in main]))
    if "larder" in names and len(names) > 1:
        others = [name for name in names if name != "larder"]
        compared = [line for line in main if line["ratios"] and "larder" in line["values"]]
        parts.append("Larder divided by the other; below 1 Larder is better.\n\n" + _table(
            ["workload", "unit", *others], [[line["title"], line["unit"], *(_ratio(line["values"], name) for name in others)] for line in compared]))
    shares = [line for line in result["rows"] if line["unit"] == PERCENT]
    if shares:
        parts.append("Per cent, from the replayed trace; higher is better.\n\n" + _table(
            ["share", *names], [[line["title"], *(_cell(line["values"].get(name)) for name in names)] for line in shares]))
    rates = [line for line in result["rows"] if line["unit"] == "requests/s"]
    if rates:
        parts.append("Requests per second, for information (the load generator's core bounds it).\n\n" + _table(
            ["workload", *names], [[line["title"], *(_cell(line["values"].get(name), spread=False) for name in names)] for line in rates]))
    parts.append("Errors: none." if not result["errors"] else "Errors:\n\n" + "\n".join(f"- {error}" for error in result["errors"]))
    return "\n\n".join(parts) + "\n"


def write_json(result, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")


def _number(value):
    return f"{value:.2f}" if abs(value) < 3 else f"{value:.1f}" if abs(value) < 100 else f"{value:.0f}"


def _cell(value, spread=True):
    if value is None:
        return "–"
    middle = _number(value["median"])
    return f"{middle} ({_number(value['min'])}–{_number(value['max'])})" if spread and len(value["rounds"]) > 1 else middle


def _ratio(values, name):
    other = values.get(name, {}).get("median")
    return f"{values['larder']['median'] / other:.2f}" if other else "–"


def _table(head, lines):
    widths = [max(len(line[column]) for line in [head, *lines]) for column in range(len(head))]
    texts = {0} if "unit" not in head else {0, 1}

    def text(line):
        cells = (cell.ljust(width) if column in texts else cell.rjust(width) for column, (cell, width) in enumerate(zip(line, widths)))
        return "| " + " | ".join(cells) + " |"

    rule = "|" + "|".join("-" * (width + 2) if column in texts else "-" * (width + 1) + ":" for column, width in enumerate(widths)) + "|"
    return "\n".join([text(head), rule, *map(text, lines)])
