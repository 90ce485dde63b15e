"""The end of a gateway, and what its log must not hold."""
import signal
import subprocess
import time

import larder
from checks.bodies import BLOCK, digest_of
from client import Wire
from process import until
from report import check, ensure, same


@check("SIGTERM: a download in flight completes, nobody new is let in, and the exit status is 0", "apps own")
def drain(world):
    gateway = world.start_gateway("larder-drained")
    size = 40 * BLOCK
    idle = gateway.site.connect()
    gateway.site.get("/lab/echo/", on=idle)
    connection, answer = gateway.site.open(world.fresh("/lab/download/", size=size, pause=75, framing="chunked"))
    answer.read(BLOCK)
    gateway.process.signal(signal.SIGTERM)
    until(lambda: refuses(gateway.site), 2, "new connections are refused")
    ensure(not gateway.ready(), "/readyz still says yes")
    rest, _ = digest_of(answer)
    same(rest, size - BLOCK, "bytes that came after SIGTERM")
    connection.close()
    idle.close()
    try:
        same(gateway.process.wait(10), 0, "exit status")
    except subprocess.TimeoutExpired:
        raise AssertionError("still running 10 s after the last request") from None


def refuses(site):
    """No connection, or one on which no request is taken."""
    try:
        answer = site.get("/lab/echo/")
    except OSError:
        return True
    return answer.status == 503


@check("SIGTERM without anything to do ends it at once", "apps own")
def idle_end(world):
    gateway = world.start_gateway("larder-idle")
    idle = Wire(gateway.site.host, gateway.site.port)
    begun = time.monotonic()
    gateway.process.signal(signal.SIGTERM)
    same(gateway.process.wait(10), 0, "exit status")
    ensure(time.monotonic() - begun < 5, f"it took {time.monotonic() - begun:.1f} s")
    ensure(idle.closed(), "an idle connection stays open")


@check("kill -9 and start again: the same ports, at once", "apps own")
def killed(world):
    gateway = world.start_gateway("larder-killed")
    with gateway.site.wire() as wire:
        wire.send(b"GET /")
        gateway.process.kill()
    gateway.process.start()
    until(gateway.ready, 20, "ready again")
    same(gateway.site.get("/products/honey/").status, 200, "status")
    gateway.process.stop()


@check("no stack trace and no leaked buffer in any log of the gateway", "own")
def log_is_clean(world):
    for process in world.processes:
        if process.name.startswith("larder"):
            found = larder.TROUBLE_IN_LOG.findall(process.log.read_text(errors="replace"))
            same(found[:3], [], f"trouble in {process.log}")
