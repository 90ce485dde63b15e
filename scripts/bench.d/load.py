"""wrk, run against one server: for a time, or through a list of requests."""

import contextlib
import json
import math
import signal
import subprocess
import time
from pathlib import Path

from process import Failed

FOLDER = Path(__file__).resolve().parent / "wrk"
LIMIT, SLOWEST = 120, 4000      # seconds for a list of requests, at least, and requests per second
PATIENT = 30                    # seconds for an answer, where all are to come, however late
LONGEST = 600                   # seconds of load beside something else


def timed(setting, server, path, seconds, connections=64, headers=(), script="report.lua", arguments=()):
    """Loads the server for that long. wrk knows whole seconds only; a fraction is ended by a signal, where no script of Lua
    has to be got ready first, during which wrk would die of it."""
    whole = math.ceil(seconds)
    with _start(setting, server, path, whole, connections, headers, script, arguments) as wrk:
        if whole > seconds and script == "report.lua":
            time.sleep(seconds)
            wrk.send_signal(signal.SIGINT)
        printed, complaints = wrk.communicate()
    if result := _result_of(printed):
        return result
    raise Failed(f"wrk failed at {server.name}, {path}: {(complaints or printed).strip()}")


@contextlib.contextmanager
def meanwhile(setting, server, path, connections=64, headers=(), script="report.lua", arguments=()):
    """Loads the server until the block ends; what the block is given holds the result then."""
    result = {}
    with _start(setting, server, path, LONGEST, connections, headers, script, arguments) as wrk:
        try:
            yield result
        finally:
            ended = wrk.poll() is not None
            wrk.send_signal(signal.SIGINT)
            printed, complaints = wrk.communicate()
    if ended or not (found := _result_of(printed)):
        raise Failed(f"wrk failed at {server.name}, {path}: {(complaints or printed).strip()}")
    result.update(found)


def through(setting, server, script, arguments, count, connections, headers=()):
    """Asks for all that the script lists. wrk runs for a time, not for a number of requests: the script says when it is
    through, and wrk is then told to stop."""
    limit = max(LIMIT, count // SLOWEST)
    with _start(setting, server, "/", limit, connections, headers, script, arguments, patience=PATIENT) as wrk:
        said = wrk.stderr.readline()
        wrk.send_signal(signal.SIGINT)
        printed, complaints = wrk.communicate()
    result = _result_of(printed)
    if not result or said != "through\n":
        raise Failed(f"{server.name} did not get through {count} requests in {limit} s: {said}{complaints}".strip())
    if errors := failures(result):
        raise Failed(f"{server.name} made errors: {errors}")
    if result["requests"] < count - connections:
        raise Failed(f"{server.name} answered {result['requests']} of {count} requests")
    return result


def fill(setting, server, prefix, count, headers=()):
    """Asks for prefix/1 … prefix/count, each once."""
    return through(setting, server, "fill.lua", (prefix, count), count, 32, headers)


def failures(result):
    """What wrk counted as errors, by kind."""
    return {kind: number for kind, number in result["errors"].items() if number}


def _start(setting, server, path, seconds, connections, headers, script, arguments, patience=2):
    command = ["taskset", "-c", setting.load_core, setting.root / "usr/bin/wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", f"{patience}s", "-s", script]
    for name, value in headers:
        command += ["-H", f"{name}: {value}"]
    command += [f"http://127.0.0.1:{server.port}{path}", *(["--", *arguments] if arguments else [])]
    return subprocess.Popen(list(map(str, command)), cwd=FOLDER, env=setting.environment(),
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _result_of(printed):
    """What report.lua says in the output of wrk, or None."""
    for line in printed.splitlines():
        if line.startswith("RESULT "):
            return json.loads(line.removeprefix("RESULT "))
    return None
