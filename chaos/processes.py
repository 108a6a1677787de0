"""The bot's processes: started as an operator starts them, killed, frozen, stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import requests

from benchmarks.servers import ROOT, free_port

START, STOP = 60.0, 40.0
"""Seconds that a process may take to start, and to stop."""


class BotProcess:
    """``python app.py KIND`` with settings of its own, in a group of its own."""

    def __init__(
        self,
        kind: str,
        settings: dict[str, str],
        folder: Path,
        *,
        checkout: Path = ROOT,
    ) -> None:
        self.kind = kind
        self.port = free_port()
        self.log = folder / f"{kind.replace(' ', '-')}-{self.port}.log"
        variables = {"PORT": str(self.port), "HOST": "127.0.0.1"}
        kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
        with self.log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, str(checkout / "app.py"), *kind.split()],
                cwd=folder,
                env={**kept, **variables, **settings},
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def lives(self) -> bool:
        return self._process.poll() is None

    def wait_ready(self, seconds: float = START) -> None:
        """Wait until it logs that it is ready, and answers if it serves HTTP.

        Raises: RuntimeError when it has ended, or is not ready in time.
        """
        until = time.monotonic() + seconds
        while not self._ready():
            if not self.lives or time.monotonic() > until:
                raise RuntimeError(f"{self.kind} did not start:\n{self.tail()}")
            time.sleep(0.05)

    def _ready(self) -> bool:
        if b"msg=ready" not in self.log.read_bytes():
            return False
        if self.kind != "web":
            return True
        try:
            return requests.get(f"http://127.0.0.1:{self.port}/healthz", timeout=2).ok
        except requests.RequestException:
            return False

    def kill(self) -> None:
        """Kill -9 it, with the processes that it started."""
        self._signal(signal.SIGKILL)
        self._process.wait()

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def terminate(self) -> None:
        """Send SIGTERM, as hosts do."""
        if self.lives:
            self._process.terminate()

    def wait(self, seconds: float = STOP) -> int | None:
        """Wait for its end; return its exit code, or None if it still runs."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def tail(self) -> str:
        return self.log.read_text(errors="replace")[-3000:]

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)


RUN = "CHAOS_RUN"
"""A variable that all processes of one run have, so that none is left behind."""
INHERITED = ("PATH", "HOME", RUN)


def left_behind(run: str) -> list[int]:
    """Return the ids of the processes of a run that still exist (Linux)."""
    mark = f"{RUN}={run}".encode()
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if mark in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
    return [pid for pid in found if pid != os.getpid()]
