"""Processes of the product, forked from one that has imported it already.

A new interpreter needs more than a second of work for its imports, which is most of what a journey of a few commands
takes. These are processes all the same: killed, signalled, with an environment, a folder, output and exit code of their
own. That the program starts from nothing is tried by tests/cli/test_app.py and by the demonstration.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.journeys.fault_points import arm

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(
    [
        "__main__",
        "monitor.cli.app",
        "monitor.service.daemon",
        "monitor.service.app",
        "monitor.store.read.queries",
        "monitor.web.server",
    ]
)
PAUSE = 0.01
_one_at_a_time = threading.Lock()  # a look at one child may look at all, and its end can be read only once


class Forked:
    """One process that runs `monitor` with the given words; the interface is that of subprocess.Popen."""

    def __init__(self, words: Sequence[str], environ: Mapping[str, str], folder: Path, out: Path, err: Path) -> None:
        """Start it in `folder`; what it writes is appended to the two files."""
        arguments = (tuple(words), dict(environ), str(folder), str(out), str(err))
        self._process = CONTEXT.Process(target=_run, args=arguments, daemon=True)
        with _one_at_a_time:
            self._process.start()
        self.pid = self._process.pid or 0

    def poll(self) -> int | None:
        """Return the exit code, negative after a signal; None while it runs."""
        with _one_at_a_time:
            return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit code when it has ended. Raises subprocess.TimeoutExpired."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("monitor", timeout or 0.0)
            time.sleep(PAUSE)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it with SIGKILL."""
        with _one_at_a_time:
            self._process.kill()


def _run(words: Sequence[str], environ: Mapping[str, str], folder: str, out: str, err: str) -> None:
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(folder)
    for number, path in ((1, out), (2, err)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(file, number)
        os.close(file)
    sys.argv = ["monitor", *words]
    from monitor.cli.app import main  # noqa: PLC0415 - imported by the process that this one was forked from

    arm(os.environ)

    main()
