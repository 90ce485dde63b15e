"""What is not a load: start-up time and memory under slow readers."""

import shutil
import time

import clients
import servers
from process import Failed
from setting import PROJECT

BIG = 1 << 30


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


def fresh_install(setting, number):
    """The command of a Larder that has never been started: an installed one, as its archive would be unpacked. Whatever the launcher
    prepares when it is first started, beside itself or in the user's cache folder, is not there yet."""
    home = setting.run / f"install-{number}"
    shutil.copytree(PROJECT / "scripts/lib", home / "lib")
    shutil.copy2(PROJECT / "scripts/larder", home)
    target = PROJECT / "proxy/target"
    shutil.copy2(target / "larder.jar", home)
    if (target / "lib").is_dir():
        shutil.copytree(target / "lib", home / "lib", dirs_exist_ok=True)
    return ["env", f"XDG_CACHE_HOME={home}/cache", home / "larder"]


def slow_reader(setting, server, seconds):
    """Peak growth of resident memory, in bytes, while a client reads 1 GiB, slowly at first."""
    try:
        return clients.slow_read(server, "/pass/1g", BIG, seconds)
    except OSError as problem:
        raise Failed(f"{server.name} broke off a slow reader: {problem!r}") from None
