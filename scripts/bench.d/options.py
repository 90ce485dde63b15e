"""The command line."""

import argparse
import os
import shlex
from pathlib import Path

import growth
import servers
import workloads
from setting import PROJECT

TRIALS = {"slow-reader": "slow reader of 1 GiB, memory growth", "start-up": "start-up, exec to first answer",
          "hit-ratio": "a trace over caches of 64 MiB", "memory": "100 000 objects of 1 KB, resident", "allocation": "heap allocated per hit",
          "gc": "pauses with a cache of 4 GiB", "syscalls": "system calls per hit",
          "shared-hit": "hits that only Redis has, at a constant rate", "hit-redis": "local hits with Redis and without",
          "purge-ack": "purges that three nodes confirm", "purge-tag": "purges of a tag that many objects have",
          "fragments": "pages of slow, hung and very many fragments",
          "tls": "hits over TLS 1.3 and HTTP/2, handshakes, idle connections over TLS"}
SHARED = ["shared-hit", "hit-redis", "purge-ack", "purge-tag"]
UNASKED = ["syscalls", "growth"]
ABOUT_LARDER = ["growth", "gc", "allocation", *SHARED]
SLOW = ["memory", "gc", "hit-ratio"]
KNOWN = [workload.name for workload in workloads.ALL] + [*TRIALS, "growth"]


def parse():
    parser = argparse.ArgumentParser(
        prog="scripts/bench", formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Measures CPU per request of Larder, nginx, Varnish, HAProxy, Traffic Server and bare Netty, side by side.",
        epilog=f"workloads: {' '.join(KNOWN)} (only when named: {' '.join(UNASKED)}; with --quick also {' '.join(SLOW)})\n"
               f"servers:   {' '.join(servers.ORDER)} (nginx-copy: without sendfile; not in the default)")
    parser.add_argument("--only", metavar="A,B", type=_names(KNOWN), help="these workloads")
    parser.add_argument("--peers", metavar="A,B", type=_names(servers.ORDER), default=servers.DEFAULT, help="these servers")
    parser.add_argument("--series", metavar="A,B", type=_names(list(growth.ALL)), default=list(growth.ALL), help=f"with growth, these: {' '.join(growth.ALL)}")
    parser.add_argument("--rounds", metavar="N", type=_up_to_sixty, help="interleaved rounds (5)")
    parser.add_argument("--seconds", metavar="N", type=_up_to_sixty, help="length of a round (4)")
    parser.add_argument("--quick", action="store_true", help="mostly one round of half a second, smaller trials: three to four minutes")
    parser.add_argument("--strace", action="store_true", help="count system calls as well (the same as syscalls in --only)")
    parser.add_argument("--no-access-log", action="store_true", help="switch the access log off, at all servers")
    parser.add_argument("--json", type=Path, metavar="FILE", help="the whole result (target/bench/result.json)")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="the tables")
    parser.add_argument("--svg", type=Path, metavar="DIR", help="with growth: a chart of each series, DIR/growth-SERIES.svg")
    parser.add_argument("--larder-cmd", metavar="CMD", type=shlex.split, default=[str(PROJECT / "scripts/larder")], help="the launcher (scripts/larder)")
    parser.add_argument("--server-core", type=int, default=1, metavar="N", help="core of the server under test (1)")
    parser.add_argument("--load-core", type=int, default=0, metavar="N", help="core of wrk, the origin and Redis (0)")
    parser.add_argument("--first-port", type=int, default=21000, metavar="N", help="use free loopback ports from here on (21000)")
    chosen = parser.parse_args()
    _complete(chosen)
    if chosen.server_core == chosen.load_core or not {chosen.server_core, chosen.load_core} <= os.sched_getaffinity(0):
        parser.error("the server and the load need two different cores of this machine (--server-core, --load-core)")
    if not chosen.only:
        parser.error(f"{', '.join(ABOUT_LARDER)} are about larder, which --peers leaves out")
    return chosen


def _complete(chosen):
    chosen.only = chosen.only or [name for name in KNOWN if name not in UNASKED + (SLOW if chosen.quick else [])]
    if "larder" not in chosen.peers:
        chosen.only = [name for name in chosen.only if name not in ABOUT_LARDER]
    if chosen.strace and "syscalls" not in chosen.only:
        chosen.only.append("syscalls")
    chosen.redis = bool({*SHARED} & {*chosen.only}) or "growth" in chosen.only and "shared-purges" in chosen.series
    chosen.own_launcher = chosen.larder_cmd == [str(PROJECT / "scripts/larder")]
    chosen.seconds = chosen.seconds or (0.5 if chosen.quick else 4)
    # A JVM compiles what runs often; that belongs to its start, not to the first rounds. At least, and at most, that many seconds.
    chosen.warm_up, chosen.jvm_warm_up, chosen.jvm_first, chosen.floor_first = (
        (0, 0), (1.5, 1.5), (7, 7), (2, 2)) if chosen.quick else ((2, 2), (5, 20), (15, 60), (15, 60))


def rounds(chosen, quick=2):
    """How many rounds; with --quick as many as that."""
    return chosen.rounds or (quick if chosen.quick else 5)


def _up_to_sixty(text):
    if not text.isdigit() or not 0 < int(text) <= 60:  # the servers close idle connections after 75 s
        raise argparse.ArgumentTypeError("a whole number from 1 to 60 is wanted")
    return int(text)


def _names(known):
    def parse(text):
        names = [name for name in text.split(",") if name]
        if unknown := [name for name in names if name not in known]:
            raise argparse.ArgumentTypeError(f"{', '.join(unknown)} is not one of {', '.join(known)}")
        return [name for name in known if name in names]
    return parse
