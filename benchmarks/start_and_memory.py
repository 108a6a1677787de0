"""Measures how fast the bot starts, and how much memory it takes.

Memory is the whole of ``python app.py web``, gunicorn's own process included; pages
that the two share count once. It is read when the bot has nothing left to do.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from statistics import median
from time import perf_counter

from benchmarks import servers
from benchmarks.figures import megabytes, ms, section, table
from benchmarks.load import fire
from benchmarks.servers import RunningServer
from benchmarks.stand_ins import StandIns

TIMES = 3
COMMANDS, BATCH = 10_000, 1_000
CONNECTIONS, A_SECOND = 16, 200
MIX = [
    *["/io help"] * 6,
    *["/io incidents closed"],
    *["/io declare Checkout is slow"] * 6,
    *["/io severities"] * 6,
    "/io severity INC-12 major",
]
"""Mostly what the cache answers: the bot asks incident.io at most 18 times a second."""


def main() -> None:
    with StandIns() as stand_ins:
        _starts(stand_ins)
        with servers.bot(stand_ins.settings) as bot:
            bot.wait_ready("/readyz")
            _grows(bot, stand_ins)


def _starts(stand_ins: StandIns) -> None:
    imports, healthy, ready = [], [], []
    for _ in range(TIMES):
        imports.append(_python("import app") - _python("pass"))
        began = perf_counter()
        with servers.bot(stand_ins.settings) as bot:
            bot.wait_ready("/healthz")
            healthy.append(perf_counter() - began)
            bot.wait_ready("/readyz")
            ready.append(perf_counter() - began)
    rows = [
        ("`import app`", ms(median(imports))),
        ("`python app.py web` to `/healthz`", ms(median(healthy))),
        ("`python app.py web` to `/readyz`, a new database made", ms(median(ready))),
    ]
    about = f"Milliseconds, median of {TIMES}."
    section("Start", about, table(("", "ms"), rows))


def _python(code: str) -> float:
    began = perf_counter()
    subprocess.run([sys.executable, "-c", code], cwd=servers.ROOT, check=True)
    return perf_counter() - began


def _grows(bot: RunningServer, stand_ins: StandIns) -> None:
    sizes = [bot.memory]
    failed = 0
    plan = [(i / A_SECOND, MIX[i * 7 % len(MIX)]) for i in range(BATCH)]
    for _ in range(COMMANDS // BATCH):
        issue = partial(stand_ins.ask, "issue")
        acks = fire(bot.url, plan, issue, connections=CONNECTIONS)
        failed += sum(ack.failed for ack in acks)
        bot.wait_idle()
        stand_ins.ask("told")
        sizes.append(bot.memory)
    after = f"after {COMMANDS:,} commands"
    rows = [
        ("at rest", megabytes(sizes[0])),
        (f"after {BATCH:,} commands", megabytes(sizes[1])),
        (f"after {COMMANDS // 2:,} commands", megabytes(sizes[len(sizes) // 2])),
        (after, megabytes(sizes[-1])),
        ("growth per 1,000 in the second half", f"{growth(sizes):+.3f}"),
    ]
    about = (
        f"Megabytes, {COMMANDS:,} commands at {A_SECOND} a second, {failed} not "
        "acknowledged. Of each the bot remembers for ten minutes that it was delivered."
    )
    section("Memory", about, table(("", "MB"), rows))


def growth(sizes: Sequence[float]) -> float:
    """Return the slope over the second half, in megabytes."""
    half = sizes[len(sizes) // 2 :]
    return (half[-1] - half[0]) / (len(half) - 1) / 1_000_000
