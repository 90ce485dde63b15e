"""How each server is started: the origin, the peers, Larder and the bare-Netty floors."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from process import Failed, Server

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent

ORDER = ["nginx", "nginx-copy", "varnish", "haproxy", "ats", "larder", "netty-raw", "netty-codec"]
"""nginx-copy is nginx without sendfile: cheaper for small bodies, dearer for large ones. ats replays traces only."""
DEFAULT = [name for name in ORDER if name != "nginx-copy"]
FLOORS = {"netty-raw", "netty-codec"}
JVM = FLOORS | {"larder"}
LOADED = [name for name in ORDER if name != "ats"]
CACHE_MEMORY = 512


@dataclass
class Setting:
    """What all servers of a run share."""
    run: Path           # a folder of this run
    root: Path          # unpacked Debian packages
    origin: int         # the origin's port
    server_core: int
    load_core: int
    access_log: bool
    larder: list        # the launcher's command
    floor: list         # the command that runs NettyFloor
    larder_version: str = ""

    def environment(self):
        """For programs that run unpacked: where their libraries are."""
        folders = [str(path) for top in ("usr/lib", "lib") for path in (self.root / top).glob("*-linux-gnu*")]
        folders += [f"{folder}/varnish" for folder in folders] + [str(self.root / "usr/lib/trafficserver")]
        return {**os.environ, "LD_LIBRARY_PATH": ":".join(folders)}


def _fill(setting, template, target, **values):
    """Writes a template with its @NAMES@ replaced."""
    text = (HERE / "servers" / template).read_text()
    for name, value in {"ORIGIN": setting.origin, "RUN": setting.run, **values}.items():
        text = text.replace(f"@{name}@", str(value))
    target.write_text(text)
    return target


def _nginx_values(setting, name):
    """The user (only root may switch) and the folders for temporary files, which nginx insists on."""
    user = f"user {pwd.getpwuid(os.getuid()).pw_name};" if os.getuid() == 0 else ""
    kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    return {"USER": user, "TEMP": " ".join(f"{kind}_temp_path {setting.run}/{name}.{kind};" for kind in kinds)}


def start_origin(setting):
    server = Server("origin", setting.origin, setting.run / "origin.log")
    config = _fill(setting, "origin.conf", setting.run / "origin.conf", **_nginx_values(setting, "origin"))
    server.start([setting.root / "usr/sbin/nginx", "-e", "stderr", "-p", setting.run, "-c", config], setting.load_core, setting.environment())
    return server


def _start_nginx(setting, server, core, memory, sendfile):
    name = server.name
    # what was evicted would still be served from files that are held open
    open_files = "open_file_cache max=12000 inactive=10m; open_file_cache_valid 10m;" if memory == CACHE_MEMORY else "open_file_cache off;"
    log = f"access_log {setting.run}/{name}.access combined buffer=64k flush=1s;" if setting.access_log else "access_log off;"
    config = _fill(setting, "nginx.conf", setting.run / f"{name}.conf", NAME=name, PORT=server.port, ACCESS_LOG=log,
                   SENDFILE="on" if sendfile else "off", MEMORY=memory, KEYS=memory * 7, OPEN_FILES=open_files, **_nginx_values(setting, name))
    server.start([setting.root / "usr/sbin/nginx", "-e", "stderr", "-p", setting.run, "-c", config], core, setting.environment())


def _start_varnish(setting, server, core, memory):
    config = _fill(setting, "varnish.vcl", setting.run / f"{server.name}.vcl")
    work = setting.run / f"{server.name}.work"
    parameters = ["thread_pools=1", "thread_pool_min=600", "timeout_idle=75", "nuke_limit=10000"]
    server.start([setting.root / "usr/sbin/varnishd", "-F", "-n", work, "-j", "none", "-T", "none", "-S", "none",
                  "-a", f"127.0.0.1:{server.port}", "-f", config, "-s", f"malloc,{memory}m",
                  *[word for parameter in parameters for word in ("-p", parameter)]], core, setting.environment())
    if setting.access_log:  # Varnish logs to shared memory; a process of its own, counted with it, writes the file
        server.start([setting.root / "usr/bin/varnishncsa", "-n", work, "-t", "off", "-w", setting.run / f"{server.name}.access"],
                     core, setting.environment())


def _start_haproxy(setting, server, core, memory):
    config = _fill(setting, "haproxy.cfg", setting.run / f"{server.name}.cfg", PORT=server.port, MEMORY=memory,
                   LOG="log stdout format raw local0" if setting.access_log else "",
                   HTTPLOG="log global\n    option httplog" if setting.access_log else "")
    server.start([setting.root / "usr/sbin/haproxy", "-db", "-f", config], core, setting.environment(), setting.run / f"{server.name}.access")


def _start_larder(setting, server, core, memory):
    access = f"{{ format: combined, to: \"{setting.run}/{server.name}.access\" }}" if setting.access_log else "{ format: off }"
    config = _fill(setting, "larder.yaml", setting.run / f"{server.name}.yaml", PORT=server.port, ADMIN=server.port + 1, ACCESS=access, MEMORY=memory)
    options = f"{os.environ.get('LARDER_OPTS', '')} -Dlarder.loops=1".strip()
    server.start([*setting.larder, "serve", "-c", config], core, {"LARDER_OPTS": options})


def _start_ats(setting, server, core, memory):
    """It insists on a user other than root, who has to own its folders; what it lacks in its folder it takes from /etc."""
    home = setting.run / server.name
    shutil.copytree(setting.root / "etc/trafficserver/body_factory", home / "etc/body_factory")
    for folder in ("cache", "log", "state"):
        (home / folder).mkdir()
    user = "nobody" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
    values = {"HOME": home, "ROOT": setting.root, "USER": user, "PORT": server.port, "MEMORY": memory}
    for part in (HERE / "servers/ats").iterdir():
        _fill(setting, f"ats/{part.name}", home / "etc" / part.name, **values)
    if os.getuid() == 0:
        for path in (home, *home.rglob("*")):
            shutil.chown(path, user)
        setting.run.chmod(0o711)
    server.start([setting.root / "usr/bin/traffic_server", f"--run-root={home}/etc/runroot.yaml"], core, setting.environment())


def start(setting, name, port, suffix="", core=None, memory=CACHE_MEMORY):
    """Starts the named server with that many MiB of cache; its configuration, log and cache carry the suffix. Each server may
    use port and port + 1."""
    server = Server(name + suffix, port, setting.run / f"{name}{suffix}.log")
    if name in ("nginx", "nginx-copy"):
        _start_nginx(setting, server, core, memory, sendfile=name == "nginx")
    elif name == "varnish":
        _start_varnish(setting, server, core, memory)
    elif name == "haproxy":
        _start_haproxy(setting, server, core, memory)
    elif name == "ats":
        _start_ats(setting, server, core, memory)
    elif name == "larder":
        _start_larder(setting, server, core, memory)
    else:
        server.start([*setting.floor, port, name.removeprefix("netty-")], core)
    return server


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
