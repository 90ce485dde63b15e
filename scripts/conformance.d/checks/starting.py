"""The launcher's start cache: made by the first start, used by the next, and never in the way."""
import contextlib
import os
import shutil
import subprocess
from pathlib import Path

import ports
from client import Server
from process import Process, until
from report import check, ensure, same
from world import ROOT, status_of

CONFIG = """
listeners: {{ web: {{ bind: "127.0.0.1:{web}" }} }}
admin: {{ bind: "127.0.0.1:{admin}" }}
upstreams: {{ app: {{ servers: ["127.0.0.1:9"] }} }}
sites: {{ app: {{ upstream: app }} }}
shutdown: {{ drain: 1s }}
"""
MAKING = 120


class Installed:
    """A Larder as it is installed, with a cache directory of its own."""

    def __init__(self, world):
        self.home = world.directory / f"installed-{world.token()}"
        self.caches = self.home / "caches"
        shutil.copytree(ROOT / "proxy/target/lib", self.home / "lib")
        shutil.copy(ROOT / "proxy/target/larder.jar", self.home)
        shutil.copy(ROOT / "scripts/larder", self.home)
        for part in (ROOT / "scripts/lib").iterdir():
            shutil.copy(part, self.home / "lib")
        self._started = []

    def environment(self, options=""):
        kept = {name: value for name, value in os.environ.items() if name not in ("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS")}
        return {**kept, "XDG_CACHE_HOME": str(self.caches), "LARDER_OPTS": options}

    def start(self, options=""):
        """Starts a gateway; returns its process and its admin listener."""
        number, web, admin = len(self._started), ports.free(), ports.free()
        config = self.home / f"{number}.yaml"
        config.write_text(CONFIG.format(web=web, admin=admin))
        process = Process(
            "larder-started", [str(self.home / "larder"), "serve", "-c", str(config)],
            self.environment(options), self.home / f"{number}.log", self.home,
        )
        self._started.append(process)
        process.start()
        return process, Server("127.0.0.1", admin)

    def stop(self):
        for process in self._started:
            process.stop()

    def made(self):
        return sorted(path for path in (self.caches / "larder").glob("start-*.cache") if path.stat().st_size)

    def prepare(self):
        done = subprocess.run([str(self.home / "larder"), "prepare"], env=self.environment(), capture_output=True, text=True, timeout=MAKING)
        same(done.returncode, 0, f"exit status of prepare ({done.stderr})")
        return self.made()[0]


@contextlib.contextmanager
def installed(world):
    larder = Installed(world)
    try:
        yield larder
    finally:
        larder.stop()
        shutil.rmtree(larder.home, ignore_errors=True)


def serves(process, admin):
    until(lambda: status_of(admin, "/readyz") == 200 or not process.running, 60, "the gateway is ready")
    ensure(process.running, f"it ended:\n{''.join(process.tail())}")


def quiet(process):
    """Nothing was said but what a start says."""
    said = [line for line in process.tail() if " INFO " not in line and not line.startswith("larder: ")]
    same(said, [], "lines of the log")


def from_cache(larder, options=""):
    """Starts once more; returns whether Larder's classes come from a cache."""
    seen = larder.home / "classes.log"
    process, admin = larder.start(f"-Xlog:class+load:file={seen} {options}")
    serves(process, admin)
    process.stop()
    quiet(process)
    return is_shared(seen, "io.larder.app.Larder")


def is_shared(seen, name):
    """Whether the class that a log of -Xlog:class+load names came from a cache."""
    loaded = [line for line in seen.read_text().splitlines() if f" {name} " in line]
    return "shared objects file" in loaded[0]


@check("the first start makes a start cache on the side, the second one uses it", "own")
def second_start(world):
    with installed(world) as larder:
        ensure(not from_cache(larder), "there was one already")
        until(larder.made, MAKING, "a start cache is made")
        ensure(from_cache(larder), "it is not used")
        ensure(from_cache(larder, "-Dlarder.loops=1"), "it is not used with options that do not matter")
        name = larder.made()[0].name
        same(sorted(path.name for path in (larder.caches / "larder").iterdir()), [name, f"{name}.sum", "start.lock"], "what is left")


@check("commands that are over at once use the same start cache", "own")
def short_commands(world):
    with installed(world) as larder:
        larder.prepare()
        config, seen = larder.home / "my.yaml", larder.home / "classes.log"
        config.write_text(CONFIG.format(web=ports.free(), admin=ports.free()))
        done = subprocess.run([str(larder.home / "larder"), "check", "-c", str(config)],
                              env=larder.environment(f"-Xlog:class+load:file={seen}"), capture_output=True, text=True, timeout=60)
        same(done.returncode, 0, f"exit status of check ({done.stderr})")
        ensure(is_shared(seen, "io.larder.config.load.ConfigLoader"), "it is not used")


@check("a gateway that starts as a start cache is made has no part in it: its pid is the launcher's, TERM ends it", "own")
def own_process(world):
    with installed(world) as larder:
        process, admin = larder.start()
        serves(process, admin)
        name = Path(f"/proc/{process.pid}/comm").read_text().strip()
        same(name, "java", "what the launcher became")
        process.signal(15)
        same(process.wait(10), 0, "exit status")


@check("a start cache that is cut short, spoilt or without its sum is not used, no word is lost on it, and it is made anew", "own")
def broken_cache(world):
    with installed(world) as larder:
        cache = larder.prepare()
        good, noted = cache.read_bytes(), cache.with_name(cache.name + ".sum")
        half = len(good) // 2
        wrongs = {
            "cut short": good[:half], "a line of text": b"nonsense\n", "another header": b"\0" * 4096 + good[4096:],
            "with a hole": good[:half] + b"\xff" * 65536 + good[half + 65536:], "spoilt at its end": good[:-4096] + b"\xff" * 4096,
        }
        for what, wrong in wrongs.items():
            cache.write_bytes(wrong)
            ensure(not from_cache(larder), f"a cache that is {what} is used")
        until(lambda: from_cache(larder), MAKING, "the cache is made anew")
        noted.unlink()
        ensure(not from_cache(larder), "a cache without its sum is used")
        larder.prepare()
        ensure(from_cache(larder), "prepare does not help")


@check("where the JVM made no start cache, not every start tries again; a directory in its place is no hindrance", "own")
def no_cache(world):
    with installed(world) as larder:
        cache = larder.prepare()
        cache.write_bytes(b"")
        ensure(not from_cache(larder), "an empty cache is used")
        same(cache.stat().st_size, 0, "size of the cache")
        cache.unlink()
        cache.mkdir()
        ensure(not from_cache(larder), "a directory is used")


@check("where no start cache can be kept, or the user's options are about such caches, a start is an ordinary one", "own")
def no_place(world):
    with installed(world) as larder:
        larder.caches.write_text("in the way")
        ensure(not from_cache(larder), "there is a cache nevertheless")
        larder.caches.unlink()
        for options in ("-Xshare:auto", "-Xshare:off", "-XX:SharedArchiveFile=/nonexistent"):
            process, admin = larder.start(options)
            serves(process, admin)
        ensure(not larder.made(), "a cache was made")


@check("two first starts at once: both serve, one start cache is made", "own")
def two_starts(world):
    with installed(world) as larder:
        both = [larder.start(), larder.start()]
        for process, admin in both:
            serves(process, admin)
        until(larder.made, MAKING, "a start cache is made")
        same(len(larder.made()), 1, "caches")
        ensure(from_cache(larder), "it is not used")


@check("another jar and another collector have start caches of their own", "own")
def another(world):
    with installed(world) as larder:
        first = larder.prepare()
        os.utime(larder.home / "larder.jar", (0, 0))
        ensure(not from_cache(larder), "the cache of the jar before is used")
        until(lambda: len(larder.made()) == 2, MAKING, "a second start cache is made")
        ensure(first in larder.made(), "the first one is gone")
        ensure(from_cache(larder), "it is not used")
        serial = "-XX:+UseSerialGC"
        from_cache(larder, serial)
        until(lambda: len(larder.made()) == 3, MAKING, "a third start cache is made")
        ensure(from_cache(larder, serial), "it is not used")
