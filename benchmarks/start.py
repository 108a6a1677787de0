"""Measures how long the bot takes to import, and to be ready."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from time import perf_counter

from benchmarks import servers
from benchmarks.figures import Figure, ms, section, table
from benchmarks.stand_ins import StandIns

TIMES = 5
LONGEST = 1.0
GOAL = f"< {ms(LONGEST)}"


def main() -> list[Figure]:
    imports = [_imported() for _ in range(TIMES)]
    with StandIns() as stand_ins, tempfile.TemporaryDirectory() as folder:
        new = [_ready(stand_ins) for _ in range(TIMES)]
        kept = f"sqlite:///{folder}/bot.db"
        _ready(stand_ins, kept)
        again = [_ready(stand_ins, kept) for _ in range(TIMES)]
    measured = {
        "`import app`": [wall for wall, _ in imports],
        "processor time of it": [processor for _, processor in imports],
        "`python app.py web` to `/readyz`": again,
        "the same, a new database made": new,
    }
    rows = [(what, ms(min(found)), GOAL) for what, found in measured.items()]
    about = f"Milliseconds, the least of {TIMES}."
    section("Start", about, table(("", "ms", "goal"), rows))
    return [
        Figure(f"{what}, ms", ms(min(found)), GOAL, min(found) < LONGEST)
        for what, found in measured.items()
    ]


def _imported() -> tuple[float, float]:
    """Return the seconds that importing takes, and those of the processor."""
    began, used = perf_counter(), _used()
    subprocess.run(
        [sys.executable, "-c", "import app"],
        cwd=servers.ROOT,
        env=servers.variables({}),
        check=True,
    )
    return perf_counter() - began, _used() - used


def _used() -> float:
    """Return the processor's seconds of the processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _ready(stand_ins: StandIns, database: str | None = None) -> float:
    """Return the seconds until it is ready; a database that is named stays."""
    began = perf_counter()
    with servers.bot(stand_ins.settings, database=database) as bot:
        bot.wait_ready("/readyz")
        return perf_counter() - began
