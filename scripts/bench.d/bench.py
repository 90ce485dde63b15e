"""scripts/bench: Larder beside its peers, in one run. docs/performance.md says what is measured and how to read it."""

import resource
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import bodies
import chart
import options
import report
import servers
from process import Failed
from progress import say
from run import Run
from setting import PROJECT, Setting

OPEN_FILES = 10_000


def _allow_many_connections():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < OPEN_FILES:
        raise Failed(f"at most {hard} open files are allowed here; {OPEN_FILES} are needed: ulimit -Hn {OPEN_FILES}")
    if soft != resource.RLIM_INFINITY and soft < OPEN_FILES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, hard))


def measure(chosen, target, run):
    setting = Setting(run=run, root=servers.install_peers(), origin=0, server_core=chosen.server_core, load_core=chosen.load_core,
                      access_log=not chosen.no_access_log, larder=chosen.larder_cmd,
                      floor=servers.floor_command(target) if servers.FLOORS & set(chosen.peers) else [])
    if "larder" in chosen.peers:
        say("building Larder, where its sources are newer than its jar")
        setting.larder_version = servers.larder_version(setting)
    _allow_many_connections()
    bodies.write(run / "bodies")
    whole = Run(chosen, setting)
    try:
        return whole.run()
    finally:
        whole.stop()


def write(chosen, target, result):
    text = report.markdown(result)
    print(text, end="")
    report.write_json(result, chosen.json or target / "result.json")
    if chosen.markdown:
        chosen.markdown.write_text(text)
    if chosen.svg:
        chosen.svg.mkdir(parents=True, exist_ok=True)
        for name, series in result["growth"].items():
            note = f"Larder, median and range of {len(series['lines'][0]['points'][0]['rounds'])} rounds, {result['machine']['date'].split()[0]}"
            (chosen.svg / f"growth-{name}.svg").write_text(chart.draw(series, note))


def _terminated(*_):
    """Once: timeout(1), for one, signals twice, and the second would end the first one's tidying up."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(143)


def main():
    chosen = options.parse()
    target = PROJECT / "target/bench"
    target.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, _terminated)
    run = Path(tempfile.mkdtemp(prefix="larder-bench."))
    try:
        result = measure(chosen, target, run)
    except Failed as problem:
        say(str(problem))
        return 1
    except KeyboardInterrupt:
        say("interrupted; all servers are stopped")
        return 130
    finally:
        shutil.rmtree(run, ignore_errors=True)
    write(chosen, target, result)
    return 1 if result["errors"] else 0


if __name__ == "__main__":
    sys.exit(main())
