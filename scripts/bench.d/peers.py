"""How the origin and each peer is started."""

import os
import pwd
import re
import shutil

from process import Failed, Server
from setting import HERE

TRACE_MEMORY = 64       # MiB of cache for the replay of a trace


def start_origin(setting):
    server = Server("origin", setting.origin, setting.run / "origin.log")
    config = setting.fill("origin.conf", setting.run / "origin.conf", **_nginx_values(setting, "origin"))
    server.start([setting.root / "usr/sbin/nginx", "-e", "stderr", "-p", setting.run, "-c", config], setting.load_core, setting.environment())
    return server


def start(setting, server, name, core, memory, **more):
    """Starts the named peer as that server, with so many MiB of cache."""
    _STARTS[name](setting, server, core, memory, **more)


def _nginx_values(setting, name):
    """The user (only root may switch) and the folders for temporary files, which nginx insists on."""
    user = f"user {_user()};" if os.getuid() == 0 else ""
    kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    return {"USER": user, "TEMP": " ".join(f"{kind}_temp_path {setting.run}/{name}.{kind};" for kind in kinds)}


def _user():
    return pwd.getpwuid(os.getuid()).pw_name


def _start_nginx(setting, server, core, memory, sendfile=True, secure=None):
    name, bounded = server.name, memory == TRACE_MEMORY
    # what was evicted would still be served from files that are held open
    open_files = "open_file_cache off;" if bounded else "open_file_cache max=12000 inactive=10m; open_file_cache_valid 10m;"
    log = f"access_log {setting.run}/{name}.access combined buffer=64k flush=1s;" if setting.access_log else "access_log off;"
    config = setting.fill("nginx.conf", setting.run / f"{name}.conf", NAME=name, PORT=server.port, ACCESS_LOG=log,
                          SENDFILE="on" if sendfile else "off", MEMORY=memory, KEYS=memory * (7 if bounded else 40), OPEN_FILES=open_files,
                          SECURE=_nginx_tls(*secure) if secure else "", **_nginx_values(setting, name))
    server.start([setting.root / "usr/sbin/nginx", "-e", "stderr", "-p", setting.run, "-c", config], core, setting.environment())


def _nginx_tls(port, certificate, key):
    return (f"listen 127.0.0.1:{port} ssl http2 backlog=4096; ssl_certificate {certificate}; ssl_certificate_key {key}; "
            "ssl_protocols TLSv1.2 TLSv1.3; ssl_session_cache shared:sessions:10m;")


def _start_nginx_copy(setting, server, core, memory):
    _start_nginx(setting, server, core, memory, sendfile=False)


def _start_varnish(setting, server, core, memory):
    config = setting.fill("varnish.vcl", setting.run / f"{server.name}.vcl")
    work = setting.run / f"{server.name}.work"
    parameters = ["thread_pools=1", "thread_pool_min=600", "timeout_idle=75", "nuke_limit=10000"]
    server.start([setting.root / "usr/sbin/varnishd", "-F", "-n", work, "-j", "none", "-T", "none", "-S", "none",
                  "-a", f"127.0.0.1:{server.port}", "-f", config, "-s", f"malloc,{memory}m",
                  *[word for parameter in parameters for word in ("-p", parameter)]], core, setting.environment())
    if setting.access_log:  # Varnish logs to shared memory; a process of its own, counted with it, writes the file
        server.start([setting.root / "usr/bin/varnishncsa", "-n", work, "-t", "off", "-w", setting.run / f"{server.name}.access"],
                     core, setting.environment())


def _start_haproxy(setting, server, core, memory):
    config = setting.fill("haproxy.cfg", setting.run / f"{server.name}.cfg", PORT=server.port, MEMORY=memory,
                          LOG="log stdout format raw local0" if setting.access_log else "",
                          HTTPLOG="log global\n    option httplog" if setting.access_log else "")
    server.start([setting.root / "usr/sbin/haproxy", "-db", "-f", config], core, setting.environment(), setting.run / f"{server.name}.access")


def _start_ats(setting, server, core, memory):
    """It insists on a user other than root, who has to own its folders and to reach the plugin; what it lacks in its folder it takes
    from /etc."""
    home = setting.run / server.name
    (home / "modules").mkdir(parents=True)
    for part in (setting.root / "usr/lib/trafficserver/modules/compress.so", *setting.root.glob("usr/lib/*-linux-gnu*/libbrotli*.so.*")):
        shutil.copy2(part, home / "modules")
    shutil.copytree(setting.root / "etc/trafficserver/body_factory", home / "etc/body_factory")
    for folder in ("cache", "log", "state"):
        (home / folder).mkdir()
    user = "nobody" if os.getuid() == 0 else _user()
    values = {"HOME": home, "ROOT": setting.root, "USER": user, "PORT": server.port, "MEMORY": memory,
              "AVERAGE": 8000 if memory == TRACE_MEMORY else 1000, "LOGGING": 3 if setting.access_log else 0}
    for part in (HERE / "servers/ats").iterdir():
        setting.fill(f"ats/{part.name}", home / "etc" / part.name, **values)
    if os.getuid() == 0:
        for path in (home, *home.rglob("*")):
            shutil.chown(path, user)
        setting.run.chmod(0o711)
    environment = setting.environment()
    environment["LD_LIBRARY_PATH"] += f":{home}/modules"
    server.start([setting.root / "usr/bin/traffic_server", f"--run-root={home}/etc/runroot.yaml"], core, environment)


class AtsLog:
    """What the access log of Traffic Server says of the hits since this was made: whether they came from memory."""

    def __init__(self, setting, server):
        self.path = setting.run / server.name / "log/access.log"
        self.before = self.path.stat().st_size if self.path.exists() else 0

    def check(self):
        """A hit from disk now and then is a hit; when there are many, another cache than the one in memory was measured."""
        if not self.path.exists():
            return
        with open(self.path, "rb") as file:
            file.seek(self.before)
            text = file.read()
        memory, disk = len(re.findall(rb" TCP_MEM_HIT$", text, re.M)), len(re.findall(rb" TCP_HIT$", text, re.M))
        if disk > (memory + disk) / 100:
            raise Failed(f"{disk} of {memory + disk} hits came from disk")


_STARTS = {"nginx": _start_nginx, "nginx-copy": _start_nginx_copy, "varnish": _start_varnish, "haproxy": _start_haproxy, "ats": _start_ats}
NAMES = list(_STARTS)
