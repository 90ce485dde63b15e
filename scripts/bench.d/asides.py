"""What is measured beside the loads. Each takes a run, and adds rows, details and errors to it."""

from statistics import median

import fragments
import growth
import nodes
import options
import own
import paced
import replay
import report
import secure
import servers
import trials
import workloads
from options import TRIALS
from progress import say


def start_ups(run):
    """Of what has been started before; and, for Larder, the very first start of an install, in which the launcher may prepare things."""
    times, first = {name: [] for name in run.proxies()}, []
    rounds = options.rounds(run.chosen, 1)
    for number in range(rounds + 1):
        for name in times:
            took = run.attempt("start-up", name, trials.start_up, run.setting, name, next(run.ports), f"-start-{number}")
            if took and number:
                times[name].append(took * 1e3)
                say(f"{TRIALS['start-up']}: {name} {took * 1e3:.0f} ms")
    for number in range(rounds if "larder" in times and run.chosen.own_launcher else 0):
        took = run.attempt("start-up", "larder", trials.first_start_up, run.setting, next(run.ports), number)
        if took:
            first.append(took * 1e3)
            say(f"start-up, the first of an install: larder {took * 1e3:.0f} ms")
    run.row("start-up", "start", TRIALS["start-up"], "ms", times)
    run.row("start-up", "first", "the very first start of an install", "ms", {"larder": first}, report.OWN)


def memory(run):
    found, title = {}, TRIALS["memory"]
    for name in run.proxies():
        if figures := run.attempt("memory", name, own.memory, run.setting, name, next(run.ports)):
            found[name] = figures
            say(f"{title}: {name} {figures['resident'] / 2**20:.0f} MiB")
    run.row("memory", "resident", title, "MiB", {name: [figures["resident"] / 2**20] for name, figures in found.items()}, report.OWN)
    run.row("memory", "heap", "of it live objects on the heap", "MiB",
            {name: [figures["live_heap"] / 2**20] for name, figures in found.items() if figures.get("live_heap")}, report.OWN)
    run.details["memory"] = found


def pauses(run):
    if "larder" not in run.chosen.peers or not (found := run.attempt("gc", "larder", own.gc, run.setting, next(run.ports), run.chosen.quick)):
        return
    say(f"{TRIALS['gc']}: {found}")
    title = f"pauses with {found['objects'] * 10 / 2**20:.1f} GiB cached ({found['collector']})"
    for figure, key, text in (("longest", "longest_ms", "longest of the"), ("median", "median_ms", "median of the"), ("count", "count", "number of")):
        run.row("gc", figure, f"{text} {title}, hits", "pauses" if key == "count" else "ms", {"larder": [found["hits"][key]]}, report.OWN)
    run.row("gc", "filling", f"longest of the {title}, filling", "ms", {"larder": [found["filling"]["longest_ms"]]}, report.OWN)
    run.details["gc"] = found


def allocations(run):
    if not (server := run.running.get("larder")):
        return
    for workload in [workload for workload in workloads.ALL if workload.name in ("hit-1k", "hit-1k-browser")]:
        seconds = 1 if run.chosen.quick else 4
        found = [run.attempt("allocation", "larder", own.allocation, run.setting, server, workload, seconds) for _ in range(options.rounds(run.chosen, 1))]
        found = [value for value in found if value is not None]
        run.row("allocation", workload.name, f"heap allocated per request, {workload.title}", "bytes", {"larder": found}, report.OWN)
        say(f"heap allocated per request, {workload.title}: {found}")


def syscalls(run):
    counted = {}
    for name, server in run.running.items():
        if calls := run.attempt("syscalls", name, own.syscalls, run.setting, server, workloads.ALL[0]):
            counted[name] = calls
            say(f"{TRIALS['syscalls']}: {name} {sum(calls.values()):.2f}")
    run.row("syscalls", "calls", TRIALS["syscalls"], "calls", {name: [sum(calls.values())] for name, calls in counted.items()}, report.OWN)
    run.details["syscalls"] = counted


def hit_ratios(run):
    trace = replay.draw(20_000 if run.chosen.quick else 200_000)
    replay.write(trace, run.setting.run)
    title, results = TRIALS["hit-ratio"], {}
    for name in [name for name in replay.PEERS if name in run.chosen.peers]:
        if result := run.attempt("hit-ratio", name, replay.run, run.setting, name, next(run.ports), trace):
            results[name] = result
            say(f"{title}: {name} {result['fetches']} fetches, hit ratio {result['hit']:.3f}, in {result['seconds']:.0f} s")
    run.errors += [f"hit-ratio: larder fetches more than {name}" for name in replay.better_than("larder", results)]
    run.details["hit-ratio"] = {"requests": len(trace.requests), "unbounded": trace.most(), "servers": results}
    run.row("hit-ratio", "fetches", title, "fetches", {name: [result["fetches"]] for name, result in results.items()})
    for kind, most in zip(("hit", "byte_hit"), trace.most()):
        text = f"{kind.replace('_', ' ')} ratio ({most * 100:.1f} without bounds)"
        run.row("hit-ratio", kind, text, "%", {name: [result[kind] * 100] for name, result in results.items()}, report.SHARES)


def growths(run):
    for name in run.chosen.series:
        result = run.attempt("growth", name, growth.run, name, run.setting, run.ports, options.rounds(run.chosen), run.chosen.seconds,
                             run.chosen.jvm_first, run.chosen.quick)
        if result:
            run.growth[name] = result
            cells = [cell for line in result["lines"] for point in line["points"] for cell in point["cells"]]
            run.others += [cell["others"] for cell in cells]
            run.errors += [f"growth, {name}: {count} {kind}" for cell in cells for kind, count in cell["errors"].items()]


def shared_hits(run):
    rounds = run.attempt("shared-hit", "larder", nodes.shared_hit, run.setting, run.ports, options.rounds(run.chosen, 1), run.chosen.seconds,
                         run.chosen.jvm_warm_up, run.chosen.quick)
    if not rounds:
        return
    for kind, text in (("shared", "hit in Redis"), ("local", "the same once it is local")):
        for key, figure in (("p50_us", "p50"), ("p99_us", "p99")):
            run.row("shared-hit", figure if kind == "shared" else f"{kind}-{figure}", f"{text}, {paced.RATE:,}/s, {figure}".replace(",000", " 000"), "µs",
                    {"larder": [cell[kind][key] for cell in rounds]}, report.OWN)
    run.details["shared-hit"] = rounds


def hits_beside_redis(run):
    quick = run.chosen.quick
    cells = run.attempt("hit-redis", "larder", nodes.hit_redis, run.setting, run.ports, options.rounds(run.chosen), run.chosen.seconds,
                        run.chosen.jvm_first, 1 if quick else 3)
    if not cells:
        return
    for name in ("with", "without"):
        run.row("hit-redis", name, f"{nodes.HIT.title}, {name} Redis", "CPU µs/request", {"larder": [both[name]["cpu_us"] for both in cells]}, report.OWN)
        run.others += [both[name]["others"] for both in cells]
        run.errors += [f"hit-redis, {name} Redis: {count} {kind}" for both in cells for kind, count in both[name]["errors"].items()]
    run.row("hit-redis", "ratio", "with Redis divided by without", "ratio", {"larder": [both["with"]["cpu_us"] / both["without"]["cpu_us"] for both in cells]},
            report.OWN)
    run.details["hit-redis"] = cells


def acknowledged_purges(run):
    count = 60 if run.chosen.quick else 600
    purges = run.attempt("purge-ack", "larder", nodes.purge_ack, run.setting, run.ports, count, run.chosen.jvm_warm_up, run.chosen.quick)
    if not purges:
        return
    for key, text in (("seen", "as the caller sees it"), ("took", "as it is told")):
        for figure, share in (("p50", 0.5), ("p99", 0.99)):
            value = report.percentile([purge[key] for purge in purges], share)
            run.row("purge-ack", figure if key == "seen" else f"{key}-{figure}", f"purge on {nodes.NODES} nodes, {text}, {figure}", "ms", {"larder": [value]},
                    report.OWN)
            say(f"purge on {nodes.NODES} nodes, {text}: {figure} {value:.2f} ms")
    if unconfirmed := sum(len(purge["acked"]) < nodes.NODES or bool(purge["missing"]) for purge in purges):
        run.errors.append(f"purge-ack, larder: {unconfirmed} of {count} purges were not confirmed by {nodes.NODES} nodes")
    run.details["purge-ack"] = purges


def purged_tags(run):
    tagged = nodes.TAGGED // 10 if run.chosen.quick else nodes.TAGGED
    rounds = run.attempt("purge-tag", "larder", nodes.purge_tag, run.setting, run.ports, options.rounds(run.chosen, 1), run.chosen.jvm_warm_up, tagged)
    if not rounds:
        return
    for count, workload in ((tagged, "purge-tag"), (nodes.FEW, f"purge-tag-{nodes.FEW}")):
        what = f"purge of a tag with {count:,} objects".replace(",", " ")
        for key, text in (("call", "the call"), ("free", "until they are out of the local tier"), ("longest", "longest hit meanwhile"),
                          ("longest_before", "longest hit before it")):
            run.row(workload, key, f"{what}: {text}", "ms", {"larder": [found[count][key] for found in rounds]}, report.OWN)
    taken = median(found[tagged]["heap_taken"] for found in rounds) / 2**20
    run.row("purge-tag", "heap", f"heap that they leave behind of {taken:.0f} MiB", "MiB",
            {"larder": [found[tagged]["heap_left"] / 2**20 for found in rounds]}, report.OWN)
    run.details["purge-tag"] = rounds


def slow_fragments(run):
    rounds, times = options.rounds(run.chosen, 3) * 4, {}
    for name in [name for name in ("varnish", "larder") if name in run.chosen.peers]:
        found = run.attempt("fragments", name, fragments.cold, run.setting, name, run.ports, rounds if name == "larder" else 3)
        if found:
            times[name] = found
            say(f"cold page of {fragments.PARTS} fragments of {fragments.EACH} ms: {name} {median(found):.0f} ms")
    run.row("fragments", "cold", f"cold page of {fragments.PARTS} fragments of {fragments.EACH} ms each", "ms", times)
    if "larder" not in run.chosen.peers:
        return
    if found := run.attempt("fragments", "larder", fragments.hung, run.setting, run.ports, rounds):
        for figure, values, text in (("hung-first", found[0], "first octet"), ("hung", found[1], "all of it")):
            run.row("fragments", figure, f"page with a fragment that never comes, deadline {fragments.DEADLINE} ms: {text}", "ms", {"larder": values}, report.OWN)
        say(f"page with a fragment that never comes: {median(found[1]):.0f} ms")
    if found := run.attempt("fragments", "larder", fragments.large, run.setting, run.ports):
        length, took, grown = found
        title = f"page of {length / 2**20:.0f} MiB with {fragments.INCLUDES} fragments"
        run.row("fragments", "large", f"{title}, {fragments.READERS} readers", "ms", {"larder": [took]}, report.OWN)
        run.row("fragments", "large-memory", f"{title}: resident memory grows by", "MiB", {"larder": [grown / 2**20]}, report.OWN)
        say(f"{title}: {took:.0f} ms, {grown / 2**20:.0f} MiB more")


def over_tls(run):
    names = [name for name in secure.PEERS if name in run.chosen.peers]
    with secure.serving(run.setting, names, run.ports) as started:
        for http2, workload, title in ((False, "tls-hit", "hit 1 KB over TLS 1.3"), (True, "h2-hit", "hit 1 KB over HTTP/2 and TLS 1.3")):
            for name, (server, port) in started.items():
                seconds = run.chosen.jvm_first if name in servers.JVM else run.chosen.warm_up
                run.attempt(workload, name, secure.warm, run.setting, server, port, (max(1, seconds[0]), max(1, seconds[1])), http2)
            cells = _in_turns(run, workload, started, lambda server, port: secure.round_of_hits(run.setting, server, port, run.chosen.seconds, http2))
            run.row(workload, "cpu", title, "CPU µs/request", {name: [cell["cpu_us"] for cell in found] for name, found in cells.items()})
            run.row(workload, "rps", title, "requests/s", {name: [cell["rps"] for cell in found] for name, found in cells.items()}, report.RATES)
            run.errors += [f"{workload}, {name}: {count} {kind}" for name, found in cells.items() for cell in found for kind, count in cell["errors"].items()]
            say(f"{title}: " + ", ".join(f"{name} {median(cell['cpu_us'] for cell in found):.1f} µs" for name, found in cells.items() if found))
        for name, (server, port) in started.items():
            run.attempt("tls-handshake", name, secure.warm_handshakes, run.setting, server, port, run.chosen.jvm_warm_up[1] if name in servers.JVM else 1)
        spent = _in_turns(run, "tls-handshake", started, lambda server, port: secure.round_of_handshakes(run.setting, server, port, run.chosen.seconds))
        run.row("tls-handshake", "cpu", "full TLS 1.3 handshake, ECDSA P-256", "CPU µs/handshake", spent)
        if "larder" in started:
            count = secure.QUICK_IDLE if run.chosen.quick else secure.IDLE
            taken = run.attempt("tls-idle", "larder", secure.idle, run.setting, *started["larder"], count)
            if taken is not None:
                run.row("tls-idle", "memory", f"each of {count:,} idle connections over TLS".replace(",", " "), "KiB", {"larder": [taken / 1024]}, report.OWN)


def _in_turns(run, what, started, measure):
    found = {name: [] for name in started}
    for _ in range(options.rounds(run.chosen)):
        for name, (server, port) in started.items():
            if (cell := run.attempt(what, name, measure, server, port)) is not None:
                found[name].append(cell)
    return found


def slow_readers(run):
    growth_of = {}
    for name, server in run.running.items():
        if name not in servers.FLOORS:
            grown = run.attempt("slow-reader", name, trials.slow_reader, run.setting, server, 1 if run.chosen.quick else 10)
            if grown is not None:
                growth_of[name] = [grown / 2**20]
                say(f"{TRIALS['slow-reader']}: {name} {grown / 2**20:.0f} MiB")
    run.row("slow-reader", "memory", TRIALS["slow-reader"], "MiB", growth_of, report.OWN)


ALONE = {"start-up": start_ups, "memory": memory, "gc": pauses, "hit-ratio": hit_ratios, "shared-hit": shared_hits, "hit-redis": hits_beside_redis,
         "purge-ack": acknowledged_purges, "purge-tag": purged_tags, "growth": growths, "fragments": slow_fragments, "tls": over_tls}
"""These start servers of their own, before the others are there to share the cores."""

BESIDE = {"allocation": allocations, "syscalls": syscalls, "slow-reader": slow_readers}
"""These look at the servers that are loaded."""
