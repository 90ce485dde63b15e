"""What is not a load: start-up time and memory under slow readers."""

import shutil
import time

import clients
import servers
from process import Failed
from setting import PROJECT

BIG = 1 << 30
PREPARED = 60       # seconds in which a first start has got later ones ready


def start_up(setting, name, port, suffix, launcher=None):
    """Seconds from exec to the first answer, on all cores, as a user would start it."""
    began = time.monotonic()
    if launcher:
        server = servers.start_larder(setting, port, suffix, launcher=launcher)
    else:
        server = servers.start(setting, name, port, suffix)
    try:
        server.await_answer()
        return time.monotonic() - began
    finally:
        server.stop()


def first_start_up(setting, port, number):
    """As start_up, of a Larder that has never been started: an installed one, as its archive would be unpacked. Whatever the
    launcher prepares for later starts is not there yet; it is awaited, so that it disturbs nothing else that is measured."""
    home = setting.run / f"install-{number}"
    shutil.copytree(PROJECT / "scripts/lib", home / "lib")
    shutil.copy2(PROJECT / "scripts/larder", home)
    target = PROJECT / "proxy/target"
    shutil.copy2(target / "larder.jar", home)
    if (target / "lib").is_dir():
        shutil.copytree(target / "lib", home / "lib", dirs_exist_ok=True)
    took = start_up(setting, "larder", port, f"-first-{number}", ["env", f"XDG_CACHE_HOME={home}/cache", home / "larder"])
    deadline = time.monotonic() + PREPARED
    while not list(home.glob("cache/larder/start-*.cache")) and time.monotonic() < deadline:
        time.sleep(0.2)
    return took


def slow_reader(setting, server, seconds):
    """Peak growth of resident memory, in bytes, while a client reads 1 GiB, slowly at first."""
    try:
        return clients.slow_read(server, "/pass/1g", BIG, seconds)
    except OSError as problem:
        raise Failed(f"{server.name} broke off a slow reader: {problem!r}") from None
