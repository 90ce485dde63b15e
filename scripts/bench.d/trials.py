"""What is not a load: start-up time and memory under slow readers."""

import time

import clients
import servers
from process import Failed

BIG = 1 << 30


def start_up(setting, name, port, round_number):
    """Seconds from exec to the first answer, on all cores, as a user would start it."""
    began = time.monotonic()
    server = servers.start(setting, name, port, suffix=f"-start-{round_number}")
    try:
        server.await_answer()
        return time.monotonic() - began
    finally:
        server.stop()


def slow_reader(setting, server, seconds):
    """Peak growth of resident memory, in bytes, while a client reads 1 GiB, slowly at first."""
    try:
        return clients.slow_read(server, "/pass/1g", BIG, seconds)
    except OSError as problem:
        raise Failed(f"{server.name} broke off a slow reader: {problem!r}") from None
