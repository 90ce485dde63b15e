"""What Larder has to reach, as data, and whether it does in a run."""

from dataclasses import dataclass

import peers

PEERS = [name for name in peers.NAMES if name != "nginx-copy"]


@dataclass(frozen=True)
class Target:
    """Larder's median is at most `bound` times the reference, or at most `bound` where there is none.

    The reference is the best of the servers `against`, or Larder's own figure in the workload `own`.
    """
    asked: str
    workload: str
    figure: str
    bound: float
    against: tuple = ()
    own: str = ""
    higher: bool = False    # more is better: above `bound` times the reference, that is
    aim: bool = False       # wished for, not demanded
    least: float = 0.0      # not below that, either


def _hit(workload):
    return [
        Target("≤ 1.0 × HAProxy", workload, "cpu", 1.0, ("haproxy",)),
        Target("≤ 0.75 × nginx", workload, "cpu", 0.75, ("nginx",)),
        Target("≤ 0.4 × Varnish", workload, "cpu", 0.4, ("varnish",)),
    ]


MEMORY_BYTES = 100_000 * 1024

ALL = [
    *_hit("hit-1k"),
    Target("≤ 1.25 × the bare-Netty floor", "hit-1k", "cpu", 1.25, ("netty-raw",), aim=True),
    *_hit("hit-1k-browser"),
    *_hit("zipf"),
    Target("≤ 1.0 × the best peer", "hit-10k", "cpu", 1.0, tuple(PEERS)),
    Target("≤ 0.8 × the best peer", "hit-10k", "cpu", 0.8, tuple(PEERS), aim=True),
    Target("≤ 1.0 × HAProxy and Traffic Server", "hit-100k", "cpu", 1.0, ("haproxy", "ats")),
    Target("≤ 1.1 × nginx with sendfile", "hit-100k", "cpu", 1.1, ("nginx",), aim=True),
    Target("≤ 1.0 × the best peer", "gzip", "cpu", 1.0, tuple(PEERS)),
    Target("≤ 0.7 × the best peer", "gzip", "cpu", 0.7, tuple(PEERS), aim=True),
    Target("≤ 0.25 × Varnish", "esi", "cpu", 0.25, ("varnish",)),
    Target("≤ 0.12 × Varnish", "esi", "cpu", 0.12, ("varnish",), aim=True),
    Target("≤ 80 ms", "fragments", "cold", 80),
    Target("the deadline of 500 ms, + 10 %", "fragments", "hung", 550),
    Target("≤ 1.2 × nginx", "pass", "cpu", 1.2, ("nginx",)),
    Target("≤ 1.0 × nginx", "pass", "cpu", 1.0, ("nginx",), aim=True),
    Target("p99 ≤ the best peer's", "conns-512", "p99", 1.0, tuple(PEERS)),
    Target("≤ 1.2 × its own with 64", "conns-512", "cpu", 1.2, own="hit-1k"),
    Target("p50 ≤ 1.1 × nginx", "conn-1", "p50", 1.1, ("nginx",)),
    Target("≤ 1.5 × their bytes + 150 MiB", "memory", "resident", 1.5 * MEMORY_BYTES / 2**20 + 150),
    Target("≤ 1 KiB of heap a hit", "allocation", "hit-1k", 1024),
    Target("≤ 1 KiB of heap a hit", "allocation", "hit-1k-browser", 1024),
    Target("≤ 300 B of heap a hit", "allocation", "hit-1k", 300, aim=True),
    Target("no pause above 5 ms", "gc", "longest", 5),
    Target("no pause above 1 ms", "gc", "longest", 1, aim=True),
    Target("first answer ≤ 1.0 s", "start-up", "start", 1000),
    Target("first answer ≤ 0.5 s", "start-up", "start", 500, aim=True),
    Target("above every peer", "hit-ratio", "hit", 1.0, ("nginx", "varnish", "ats"), higher=True),
    Target("p50 ≤ 1 ms", "shared-hit", "p50", 1000),
    Target("≤ 1.0 × nginx", "tls-hit", "cpu", 1.0, ("nginx",)),
    Target("≤ 1.0 × nginx", "h2-hit", "cpu", 1.0, ("nginx",)),
    Target("≥ 0.8 × nginx a second", "tls-handshake", "cpu", 1.25, ("nginx",)),
    Target("≤ 64 KiB each", "tls-idle", "memory", 64),
    Target("1 ± 0.03", "hit-redis", "ratio", 1.03, least=0.97),
    Target("p50 ≤ 5 ms", "purge-ack", "p50", 5),
    Target("p99 ≤ 25 ms", "purge-ack", "p99", 25),
    Target("≤ 2 × the call for 1 000 objects", "purge-tag", "call", 2, own="purge-tag-1000"),
    Target("no hit above 5 ms meanwhile", "purge-tag", "longest", 5),
    Target("flat (+10 %), 10³ to 10⁶ objects", "growth", "objects", 1.1),
    Target("flat (+10 %), 1 to 1 000 routes", "growth", "routes", 1.1),
    Target("flat (+10 %), 0 to 10 000 purges", "growth", "purges", 1.1),
    Target("+5 % at most, 0 to 10 000 purges of another node", "growth", "shared-purges", 1.05),
    Target("linear (+10 %) from 1 to 2 cores", "growth", "loops", 1.1),
]


def judge(rows, growth):
    """One entry for each target whose figures are in the run, by the medians of the rows and the factors of the growth series."""
    medians = {(row["workload"], row["figure"]): {name: value["median"] for name, value in row["values"].items()} for row in rows}
    medians |= {("growth", name): {"larder": series["factor"]} for name, series in growth.items()}
    judged = [(target, _measured(target, medians)) for target in ALL]
    return [{"workload": target.workload, "figure": target.figure, "asked": target.asked, "aim": target.aim, "bound": target.bound,
             "measured": measured, "met": measured > target.bound if target.higher else target.least <= measured <= target.bound}
            for target, measured in judged if measured is not None]


def _measured(target, medians):
    values = medians.get((target.workload, target.figure), {})
    larder, reference = values.get("larder"), None
    if larder is None or not (target.against or target.own):
        return larder
    if target.own:
        reference = medians.get((target.own, target.figure), {}).get("larder")
    elif set(target.against) <= set(values):
        reference = (max if target.higher else min)(values[name] for name in target.against)
    return larder / reference if reference else None
