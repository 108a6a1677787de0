"""Processes to measure: the bot as it is deployed, the plain app, and workers."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).parents[1]
THREADS = 32
"""As many as the bot's own default."""


@dataclass(frozen=True, slots=True)
class RunningServer:
    url: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def memory(self) -> int:
        """Resident bytes of gunicorn and its worker; shared pages count once."""
        return sum(memory_of(pid, "Pss") for pid in family(self.process.pid))

    @property
    def processor(self) -> float:
        """Seconds of the processor that it has used, all its processes together."""
        return sum(map(processor_of, family(self.process.pid)))

    def wait_ready(self, path: str = "/healthz", seconds: float = 30) -> float:
        """Ask every 5 ms until it answers 200; return the seconds that took.

        Raises: RuntimeError when it ends, or does not answer in time.
        """
        began = time.perf_counter()
        while time.perf_counter() - began < seconds:
            try:
                if requests.get(self.url + path, timeout=3).ok:
                    return time.perf_counter() - began
            except requests.ConnectionError:
                if self.process.poll() is not None:
                    break
            time.sleep(0.005)
        raise RuntimeError(f"It did not start:\n{self.log.read_text()[-2000:]}")

    def wait_idle(self, seconds: float = 60) -> None:
        """Wait until the bot has nothing under way, as its metrics say."""
        wait_for(lambda: self._under_way() == 0, seconds)

    def _under_way(self) -> float:
        said = requests.get(f"{self.url}/metrics", timeout=10).text
        executors = re.findall(
            r"^incidentio_bot_work_in_flight\{.*?\} (\S+)", said, re.MULTILINE
        )
        return sum(map(float, executors))


@contextmanager
def bot(
    settings: dict[str, str], process: str = "web", *, database: str | None = None
) -> Iterator[RunningServer]:
    """Start a process of ``app.py``, and stop it after.

    Without a ``database`` it has one of its own. A process without a web server has
    its metrics where the other has its web server.
    """
    with tempfile.TemporaryDirectory() as folder:
        own = variables(settings) | {"MALLOC_ARENA_MAX": "2"}  # as deploy/ does
        own["DATABASE_URL"] = database or f"sqlite:///{folder}/bot.db"
        command = [sys.executable, "app.py", *([process] if process else [])]
        with _running(command, own, folder) as served:
            yield served


@contextmanager
def plain(settings: dict[str, str]) -> Iterator[RunningServer]:
    """Start the plain app under gunicorn, with as many threads as the bot."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "gunicorn", "--worker-class", "gthread"]
        command += ["--threads", str(THREADS), "--no-control-socket"]
        command += ["benchmarks.plain:wsgi()"]
        with _running(command, variables(settings), folder) as served:
            yield served


@contextmanager
def plain_socket(settings: dict[str, str]) -> Iterator[RunningServer]:
    """Start the plain app over Socket Mode, as tutorials do."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.plain"]
        with _running(command, variables(settings), folder) as served:
            yield served


@contextmanager
def _running(
    command: Sequence[str], variables: dict[str, str], folder: str
) -> Iterator[RunningServer]:
    port, log = free_port(), Path(folder) / "log"
    given = {"PORT": str(port), "METRICS_PORT": str(port), "HOST": "127.0.0.1"}
    variables |= given
    if "gunicorn" in command:
        command = [*command, "--bind", f"127.0.0.1:{port}"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=variables, stdout=output, stderr=output
        )
    try:
        yield RunningServer(f"http://127.0.0.1:{port}", process, log)
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def in_a_process(module: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Run a module that reads and prints JSON, so that its memory is its own."""
    done = subprocess.run(
        [sys.executable, "-m", module],
        cwd=ROOT,
        input=json.dumps(given),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def variables(settings: dict[str, str]) -> dict[str, str]:
    """Return what a process has in its environment: the settings, and where to look."""
    inherited = {"PATH": os.environ.get("PATH", "")}
    return inherited | {name.upper(): value for name, value in settings.items()}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def wait_for(done: Callable[[], bool], seconds: float) -> None:
    """Wait until ``done`` returns True. Raises: TimeoutError."""
    until = time.monotonic() + seconds
    while not done():
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(0.05)


def family(pid: int) -> list[int]:
    """Return the ids of a process and of those it started (Linux)."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(child) for task in tasks for child in task.read_text().split()]
    return [pid, *(found for child in children for found in family(child))]


def memory_of(pid: int, field: str) -> int:
    """Return the resident bytes by ``Rss``, or ``Pss``: its part of what is shared."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = re.search(rf"^{field}:\s+(\d+) kB", rollup, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def processor_of(pid: int) -> float:
    """Return the seconds of the processor that a process has used (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak() -> int:
    """Return the most bytes that this process has had resident so far (Linux)."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0
