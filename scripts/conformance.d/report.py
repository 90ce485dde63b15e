"""The list of checks, and how their results are told."""
import sys
import time
import traceback
from collections import Counter

CHECKS = []


class Check:
    """One named check; `needs` says what it cannot do without: apps (asked directly), own (processes of this run)."""

    def __init__(self, name, function, needs):
        self.name, self.run, self.needs = name, function, frozenset(needs.split())


def check(name, needs=""):
    def register(function):
        CHECKS.append(Check(name, function, needs))
        return function

    return register


def ensure(truth, message):
    if not truth:
        raise AssertionError(message)


def same(actual, expected, what):
    ensure(actual == expected, f"{what}: {actual!r} instead of {expected!r}")


def run(checks, world, able):
    """Runs the checks in order, a line for each; returns how many went how."""
    results = Counter()
    for number, item in enumerate(checks, 1):
        missing = item.needs - able
        if missing:
            results["left out"] += 1
            print(f"-- {number} {item.name} (left out: no {', '.join(sorted(missing))})", flush=True)
            continue
        results[_outcome(number, item, world)] += 1
    return results


def _outcome(number, item, world):
    begun = time.monotonic()
    try:
        item.run(world)
    except Exception as error:
        print(f"not ok {number} {item.name}", flush=True)
        print(f"    {type(error).__name__}: {error}\n    {_place(error)}", flush=True)
        return "failed"
    slow = time.monotonic() - begun
    print(f"ok {number} {item.name}" + (f" ({slow:.1f} s)" if slow >= 1 else ""), flush=True)
    return "passed"


def _place(error):
    """The line of the check itself."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/checks/" in frame.filename]
    frame = frames[-1] if frames else traceback.extract_tb(error.__traceback__)[-1]
    return f"at {frame.filename}:{frame.lineno}: {frame.line}"


def summary(results):
    left_out = f", {results['left out']} left out" if results["left out"] else ""
    print(f"{results['passed']} passed, {results['failed']} failed{left_out}")
    sys.stdout.flush()
