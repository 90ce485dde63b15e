"""Free loopback ports, below the range from which the kernel takes ports for outgoing connections."""
import random
import socket

RANGE = range(21000, 22000)
_taken = set()


def free():
    """A port nobody listens on and that this run has not handed out yet."""
    for port in random.sample(RANGE, len(RANGE)):
        if port not in _taken and _bindable(port):
            _taken.add(port)
            return port
    raise RuntimeError(f"no free port between {RANGE.start} and {RANGE.stop}")


def _bindable(port):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
