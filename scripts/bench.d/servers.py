"""Which servers there are, and how Larder and the bare-Netty floors are started."""

import os
import subprocess
from pathlib import Path

import peers
from process import Failed, Server
from setting import HERE, PROJECT

ORDER = [*peers.NAMES, "larder", "netty-raw", "netty-codec"]
"""nginx-copy is nginx without sendfile: cheaper for small bodies, dearer for large ones."""
DEFAULT = [name for name in ORDER if name != "nginx-copy"]
FLOORS = {"netty-raw", "netty-codec"}
JVM = FLOORS | {"larder"}
CACHE_MEMORY = 512      # MiB

ROUTES = """\
      - { path: "/gzip/**", cache: { compress: on } }
      - { path: "/esi/**", fragments: esi }
      - { path: "/**" }"""


def start(setting, name, port, suffix="", core=None, memory=CACHE_MEMORY, secure=None):
    """Starts the named server with that many MiB of cache; its configuration, log and cache carry the suffix. Each server may
    use port and port + 1. With secure, a port, a certificate and its key, nginx and Larder speak TLS there as well."""
    if name == "larder":
        return start_larder(setting, port, suffix, core, memory, secure=secure)
    server = Server(name + suffix, port, setting.run / f"{name}{suffix}.log")
    if name in FLOORS:
        server.start([*setting.floor, port, name.removeprefix("netty-")], core)
    else:
        peers.start(setting, server, name, core, memory, **({"secure": secure} if secure else {}))
    return server


def start_larder(setting, port, suffix="", core=None, memory=CACHE_MEMORY, routes=ROUTES, loops=1, options="", launcher=None, redis="", secure=None):
    """Larder as any other server, with routes, event loops, JVM options, another launcher or a Redis where a trial is about them."""
    server = Server(f"larder{suffix}", port, setting.run / f"larder{suffix}.log")
    access = f"{{ format: combined, to: \"{setting.run}/{server.name}.access\" }}" if setting.access_log else "{ format: off }"
    config = setting.fill("larder.yaml", setting.run / f"{server.name}.yaml", PORT=port, ADMIN=port + 1, ACCESS=access, MEMORY=memory,
                          REDIS=f", redis: {redis}" if redis else "", ROUTES=routes, SECURE=_listener(*secure) if secure else "")
    options = f"{os.environ.get('LARDER_OPTS', '')} -Dlarder.loops={loops} {options}".strip()
    server.start([*(launcher or setting.larder), "serve", "-c", config], core, {"LARDER_OPTS": options})
    return server


def _listener(port, certificate, key):
    return f", secure: {{ bind: \"127.0.0.1:{port}\", tls: {{ certificates: [{{ cert: \"{certificate}\", key: \"{key}\" }}] }} }}"


def install_peers():
    done = subprocess.run([HERE / "install-peers"], stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise Failed("the peers could not be installed (see above)")
    return Path(done.stdout.strip())


def _jdk_version(home):
    try:
        for line in (home / "release").read_text().splitlines():
            if line.startswith("JAVA_VERSION="):
                return tuple(int(part) for part in line.split('"')[1].split("+")[0].replace("_", ".").split(".") if part.isdigit())
    except OSError:
        pass
    return (0,)


def find_jdk():
    """JAVA_HOME when it is 21 or newer, else the newest JDK of the system."""
    homes = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    homes += sorted(Path("/usr/lib/jvm").glob("*"), key=_jdk_version, reverse=True)
    for home in homes:
        if _jdk_version(home) >= (21,) and (home / "bin/javac").exists():
            return home
    raise Failed("no JDK 21 or newer found (JAVA_HOME, /usr/lib/jvm); bare Netty needs one: leave it out with --peers")


def floor_command(target):
    """Compiles NettyFloor against the project's own class path and returns the command that runs it."""
    jdk = find_jdk()
    path = target / "classpath"
    pom = max((PROJECT / name).stat().st_mtime for name in ("pom.xml", "proxy/pom.xml"))
    if not path.exists() or path.stat().st_mtime < pom:
        _run(["mvn", "-q", "-B", "-ntp", "-f", PROJECT / "proxy/pom.xml", "dependency:build-classpath", f"-Dmdep.outputFile={path}"], {"JAVA_HOME": str(jdk)})
    source = PROJECT / "proxy/src/test/java/io/larder/bench/NettyFloor.java"
    _run([jdk / "bin/javac", "-nowarn", "-d", target / "classes", "-cp", path.read_text().strip(), source], {})
    return [str(jdk / "bin/java"), "--enable-native-access=ALL-UNNAMED", "-cp",
            f"{target / 'classes'}:{path.read_text().strip()}", "io.larder.bench.NettyFloor"]


def larder_version(setting):
    """Has the launcher build what it needs, so that no start-up is measured with a build in it."""
    return _run([*setting.larder, "--version"], {}).splitlines()[-1]


def _run(command, environment):
    try:
        done = subprocess.run(list(map(str, command)), env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    except OSError as problem:
        raise Failed(f"{command[0]} cannot be run: {problem.strerror}") from None
    if done.returncode or (not done.stdout and "--version" in command):
        raise Failed(f"{command[0]} failed with status {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout
