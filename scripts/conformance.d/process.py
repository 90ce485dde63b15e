"""Processes that this run starts, and ends again by their ids."""
import os
import signal
import subprocess
import time


class Process:
    """One process in a group of its own, so that a Ctrl-C in the terminal reaches only the driver."""

    def __init__(self, name, command, env, log, cwd, pass_fds=()):
        self.name = name
        self.log = log
        self._command, self._env, self._cwd, self._pass_fds = command, env, cwd, pass_fds
        self._child = None

    def start(self):
        with open(self.log, "ab") as log:
            self._child = subprocess.Popen(
                self._command, env=self._env, cwd=self._cwd, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True, pass_fds=self._pass_fds,
            )

    @property
    def pid(self):
        return self._child.pid

    @property
    def running(self):
        return self._child is not None and self._child.poll() is None

    def signal(self, number):
        self._child.send_signal(number)

    def wait(self, seconds):
        """The exit status; subprocess.TimeoutExpired when it does not end in time."""
        return self._child.wait(seconds)

    def kill(self):
        """The sudden death of it and its children."""
        if not self.running:
            return
        os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait(10)

    def suspend(self):
        """It and its children do nothing at all until they are resumed; the kernel still accepts connections for them."""
        os.killpg(self._child.pid, signal.SIGSTOP)

    def resume(self):
        os.killpg(self._child.pid, signal.SIGCONT)

    def stop(self):
        """Asks it to end, then insists."""
        if not self.running:
            return
        self.signal(signal.SIGTERM)
        try:
            self.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()

    def tail(self, lines=40):
        with open(self.log, errors="replace") as log:
            return log.readlines()[-lines:]


def until(condition, seconds, what, every=0.05):
    """Waits for something to become true."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(every)
