"""Where and with what a run was made."""

import os
import platform
import subprocess
import time
from pathlib import Path


def describe(setting, running, names):
    """Facts by name; `running` are the servers by name that still run, `names` are those of all in this run, Redis among them where it is."""
    facts = {
        "date": time.strftime("%Y-%m-%d %H:%M %Z"),
        "machine": f"{_cpu()}, {os.cpu_count()} cores, {_memory_gib()} GiB",
        "kernel": platform.release(),
        "system": _os_release(),
    }
    packages = dict(line.split() for line in (setting.root / "packages.txt").read_text().splitlines())
    for name, package in (("nginx", "nginx"), ("varnish", "varnish"), ("haproxy", "haproxy"), ("ats", "trafficserver"), ("redis", "redis-server"), ("wrk", "wrk")):
        if package in ("wrk", "nginx") or name in names:
            facts[package] = packages[package]
    for name, server in running.items():
        if jvm := server.jvm():
            facts[f"JDK of {name}"] = _java_version(jvm[1])
    if "larder" in names:
        facts["larder"] = f"{setting.larder_version}, {_revision()}"
    facts["access log"] = "to a file, for all" if setting.access_log else "off, for all"
    facts["cores"] = f"servers on {setting.server_core}, wrk{', Redis' if 'redis' in names else ''} and origin on {setting.load_core}"
    facts["load average before"] = "%.2f %.2f %.2f" % os.getloadavg()
    return facts


def _cpu():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith(("model name", "Model")):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory_gib():
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


def _os_release():
    return platform.freedesktop_os_release().get("PRETTY_NAME", "unknown")


def _java_version(java):
    text = subprocess.run([java, "-version"], capture_output=True, text=True).stderr
    return text.splitlines()[1].strip() if len(text.splitlines()) > 1 else text.strip()


def _revision():
    folder = Path(__file__).resolve().parent
    done = subprocess.run(["git", "-C", folder, "describe", "--always", "--dirty"], capture_output=True, text=True)
    return done.stdout.strip() or "not a Git checkout"
