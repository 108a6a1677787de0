"""Measures how much memory the bot takes, at rest and after thousands of commands.

It is read when the bot has nothing left to do: of the process that answers, and of the
whole of ``python app.py web``, where pages that gunicorn's two processes share count
once. The stand-ins are in a process of their own.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import partial
from statistics import linear_regression

from benchmarks import servers
from benchmarks.figures import Figure, megabytes, section, table
from benchmarks.load import fire
from benchmarks.servers import RunningServer, family, memory_of, wait_for
from benchmarks.stand_ins import StandIns

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
AT_REST = 100
REMEMBERED = 20_000
"""Deliveries that a process remembers at most; until then it grows by each."""
FILLING, FULL = 0.5, 0.1
"""Megabytes that 1,000 commands may add before and after that."""


def main(commands: int = COMMANDS) -> list[Figure]:
    with StandIns() as stand_ins, tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/bot.db"
        with servers.bot(stand_ins.settings, database=database) as bot:
            bot.wait_ready("/readyz")  # the database is made, as at the first start
        with servers.bot(stand_ins.settings, database=database) as bot:
            bot.wait_ready("/readyz")
            _wait_until_warm(stand_ins)
            answers = memory_of(family(bot.process.pid)[-1], "Rss")
            sizes, failed = _load(bot, stand_ins, commands)
    halfway = commands // 2
    most = FULL if halfway >= REMEMBERED else FILLING
    grown = growth(sizes)
    rest = "at rest: the process that answers"
    growing = f"growth per 1,000 in the second half of {commands:,}"
    rows = [
        (rest, megabytes(answers), f"< {AT_REST}"),
        ("at rest: with gunicorn's own", megabytes(sizes[0]), ""),
        *(
            (f"after {number:,} commands", megabytes(sizes[number // BATCH]), "")
            for number in (BATCH, COMMANDS, halfway, commands)
            if number != halfway or halfway > COMMANDS
        ),
        (growing, f"{grown:+.3f}", f"< {most}"),
    ]
    about = (
        f"Megabytes, {commands:,} commands at {A_SECOND} a second, {failed} not "
        f"acknowledged. Of at most {REMEMBERED:,} of them the bot remembers, for ten "
        "minutes, that they were delivered."
    )
    section("Memory", about, table(("", "MB", "goal"), dict.fromkeys(rows)))
    return [
        Figure(
            f"memory {rest}, MB",
            megabytes(answers),
            f"< {AT_REST}",
            answers < AT_REST * 1_000_000,
        ),
        Figure(f"memory, {growing}, MB", f"{grown:+.3f}", f"< {most}", grown < most),
    ]


def _wait_until_warm(stand_ins: StandIns) -> None:
    """Wait until the bot has asked incident.io nothing for a second."""
    seen: list[int] = []

    def quiet() -> bool:
        seen.append(stand_ins.ask("requests"))
        return len(seen) > 20 and len(set(seen[-20:])) == 1

    wait_for(quiet, 60)


def _load(
    bot: RunningServer, stand_ins: StandIns, commands: int
) -> tuple[list[int], int]:
    """Return the sizes before and after each batch, and how many commands failed."""
    sizes, failed = [bot.memory], 0
    plan = [(i / A_SECOND, MIX[i * 7 % len(MIX)]) for i in range(BATCH)]
    for _ in range(commands // BATCH):
        issue = partial(stand_ins.ask, "issue")
        acks = fire(bot.url, plan, issue, connections=CONNECTIONS)
        failed += sum(ack.failed for ack in acks)
        bot.wait_idle()
        stand_ins.ask("forget")
        sizes.append(bot.memory)
    return sizes, failed


def growth(sizes: Sequence[float]) -> float:
    """Return the slope of the line through the second half, in megabytes."""
    half = sizes[len(sizes) // 2 :]
    return linear_regression(range(len(half)), half).slope / 1_000_000
