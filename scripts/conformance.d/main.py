"""Starts the storefront and Larder, runs all checks through it, stops what it started."""
import argparse
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.parse
from pathlib import Path

import explained
import report
from client import SITE, Server
from world import ROOT, App, Gateway, World


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/conformance", description=__doc__)
    parser.add_argument("--larder", default=str(ROOT / "scripts" / "larder"), metavar="CMD", help="the launcher (scripts/larder)")
    parser.add_argument("--base", metavar="URL", help="use a gateway that is running already, with the example's configuration")
    parser.add_argument("--admin", metavar="URL", default="http://127.0.0.1:9180", help="its admin listener; with --base")
    parser.add_argument("--apps", metavar="URL,URL", help="the app servers behind it; with --base. Absent: checks that count there are left out")
    parser.add_argument("--only", metavar="TEXT", default="", help="only checks whose name contains this")
    parser.add_argument("--list", action="store_true", help="print the names and do nothing")
    parser.add_argument("--keep", action="store_true", help="keep the directory with logs and database even when all is well")
    parser.add_argument("--explain", action="store_true", help="write docs/explain.md instead of checking")
    return parser.parse_args()


def chosen(only):
    import checks  # noqa: F401  (registers them, in its order)

    return [item for item in report.CHECKS if only in item.name]


def server(url, name=None):
    parts = urllib.parse.urlsplit(url)
    return Server(parts.hostname, parts.port or 80, name)


def running_world(options, world):
    """A world made of what runs already; returns what checks may rely on."""
    world.gateway = Gateway(server(options.base, SITE), server(options.admin))
    for name, url in zip("ab", options.apps.split(",") if options.apps else []):
        world.apps.append(App(name, server(url, SITE)))
    return {"apps"} if world.apps else set()


def own_world(world):
    world.start_apps()
    # The launcher may have to build first.
    world.gateway = world.start_gateway(seconds=600)
    return {"apps", "own"}


SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def on_signals(reaction):
    for number in SIGNALS:
        signal.signal(number, reaction)


def interrupted(number, frame):
    raise SystemExit(128 + number)


def show_logs(world):
    for process in world.processes:
        if process.name.startswith("larder") and process.log.exists():
            print(f"--- the end of {process.log}", "".join(process.tail()), sep="\n", file=sys.stderr)
    print(f"logs and database: {world.directory}", file=sys.stderr)


def main():
    options = arguments()
    selected = chosen(options.only)
    if options.list:
        print("\n".join(f"{number} {item.name}" for number, item in enumerate(selected, 1)))
        return 0
    on_signals(interrupted)
    world = World(None, [], [options.larder], Path(tempfile.mkdtemp(prefix="larder-conformance-")))
    clean = False
    try:
        able = running_world(options, world) if options.base else own_world(world)
        if options.explain:
            explained.write(world)
            clean = True
            return 0
        results = report.run(selected, world, able)
        report.summary(results)
        clean = results["failed"] == 0 and results["passed"] > 0
        return 0 if clean else 1
    except (RuntimeError, AssertionError, OSError, subprocess.SubprocessError) as error:
        print(f"conformance: cannot be set up: {error}", file=sys.stderr)
        return 2
    finally:
        on_signals(signal.SIG_IGN)
        world.stop()
        if clean and not options.keep:
            shutil.rmtree(world.directory)
        else:
            show_logs(world)


if __name__ == "__main__":
    sys.exit(main())
