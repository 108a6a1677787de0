"""Measures what the bot asks of both services, and reckons a working day of a company.

The bot runs with a clock that is put forward second by second: everything that it does
by the clock is done when it is due, and one hour takes a minute or two. An hour is
played with commands of many people and an hour without any; a third part is the
Monday's digest of every owner. The day is reckoned from these.
"""

from __future__ import annotations

import logging
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from slack_bolt import BoltRequest

from benchmarks.ack_in_process import asked, warm_bot
from benchmarks.ack_over_http import MIX
from benchmarks.figures import section, table
from benchmarks.monday import StillClock
from benchmarks.owner_digests import measure
from benchmarks.stand_ins import StandIns
from http_base.client import Exchange
from runtime import processes
from runtime.wiring import Runtime

PEOPLE, LIVE, FOLLOW_UPS = 500, 50, 5_000
COMMANDS = 500
"""In an hour: one of each person."""
WORKING, QUIET = 8, 16
"""Hours of a day with so many commands, and without any."""
MINUTES = 60
ID = re.compile(r"[0-9A-Z]{26}|(?<=/)\d+$")
ONCE_A_DAY = {"users.info"}
"""Asked once a day for each person; in the hour everybody is met for the first time."""

Made = Counter[tuple[str, str]]
"""Requests, by service and operation."""


def main() -> None:
    logging.disable(logging.WARNING)
    with StandIns(FOLLOW_UPS) as stand_ins:
        digests = measure(stand_ins, PEOPLE)
        stand_ins.ask("crowd", PEOPLE)
        with _running(stand_ins) as (bot, clock, made):
            _declare(bot)
            _play(bot, clock, stand_ins, 0, minutes=5)
            made.clear()
            _play(bot, clock, stand_ins, COMMANDS)
            working = made.copy()
            made.clear()
            _play(bot, clock, stand_ins, 0)
            quiet = made.copy()
    logging.disable(logging.NOTSET)
    _report(working, quiet, _of_digests(digests))


@contextmanager
def _running(stand_ins: StandIns) -> Iterator[tuple[Runtime, StillClock, Made]]:
    made: Made = Counter()
    clock = StillClock(datetime.now(UTC))

    def count(sent: Exchange) -> None:
        made[sent.service, _operation(sent)] += 1

    with (
        tempfile.TemporaryDirectory() as folder,
        closing(warm_bot(stand_ins, folder, now=clock, on_exchange=count)) as bot,
    ):
        yield bot, clock, made


def _operation(sent: Exchange) -> str:
    path = urlsplit(sent.url).path
    if "/api/" in path:
        return path.rpartition("/")[2]
    if sent.service == "Slack":
        return "response_url"
    return f"{sent.method} {ID.sub('{id}', path)}"


def _declare(bot: Runtime) -> None:
    """Declare as many incidents as are to be live, beside those that are."""
    for number in range(LIVE - len(bot.services.catalog.live_incidents(list))):
        key = f"live-{number}"
        bot.services.api.incidents.create(
            idempotency_key=key, visibility="public", name=key
        )


def _play(
    bot: Runtime,
    clock: StillClock,
    stand_ins: StandIns,
    commands: int,
    *,
    minutes: int = MINUTES,
) -> None:
    seconds = minutes * 60
    for second in range(seconds):
        clock.now += timedelta(seconds=1)
        for tick, period in _ticks(bot):
            if second % period.total_seconds() == 0:
                tick()
        bot.services.catalog.wait_renewed()
        due = (second + 1) * commands // seconds - second * commands // seconds
        for number in range(due):
            line = MIX[(second + number) * 7 % len(MIX)]
            body, headers = asked(line, stand_ins)
            bot.bolt.dispatch(BoltRequest(body=body, headers=headers))
            bot.wait_idle(30)


def _ticks(bot: Runtime) -> Iterator[tuple[Callable[[], object], timedelta]]:
    """Yield what the processes ``web`` and ``worker`` do by the clock."""
    services = bot.services
    yield services.catalog.refresh, processes.REFRESH
    yield services.outstanding.refresh, processes.REFRESH
    yield bot.directory.refresh, processes.REFRESH
    yield bot.recovery.tick, processes.RECOVERY
    yield bot.homes.tick, processes.HOMES
    yield bot.reminders.tick, timedelta(seconds=1)
    yield bot.cards.tick, processes.CARDS
    yield bot.covers.tick, processes.COVERS
    yield services.incident_cards.tick, processes.INCIDENT_CARDS
    yield bot.veil.tick, processes.VEIL


def _of_digests(found: Mapping[str, Any]) -> Made:
    made: Made = Counter()
    for service, key in (("incident.io", "incidentio"), ("Slack", "slack")):
        for name, number in found[key].items():
            made[service, name if service == "Slack" else f"GET {name}"] += number
    return made


def _report(working: Made, quiet: Made, digests: Made) -> None:
    parts = (working, quiet, digests)
    rows = []
    for service in ("incident.io", "Slack"):
        names = {name for part in parts for by, name in part if by == service}
        figures = {name: [part[service, name] for part in parts] for name in names}
        ranked = sorted(figures.items(), key=lambda item: (-_day(*item), item[0]))
        rows += [(f"`{name}`", *f, f"{_day(name, f):,}") for name, f in ranked]
        sums = [sum(f[i] for f in figures.values()) for i in range(len(parts))]
        day = sum(_day(name, f) for name, f in figures.items())
        rows.append((f"**{service}**", *sums, f"**{day:,}**"))
    about = (
        f"{PEOPLE} people, {LIVE} live incidents, {FOLLOW_UPS:,} open follow-ups, one "
        f"process. Played by the clock: an hour with {COMMANDS} commands, and one "
        f"without. A day has {WORKING} of the one, {QUIET} of the other and "
        "everybody's digest. incident.io takes 1,200 a minute: 1,728,000 a day."
    )
    head = ("requests", "a working hour", "a quiet hour", "digests", "a day")
    section("Vendor requests", about, table(head, rows))


def _day(name: str, figures: Sequence[int]) -> int:
    working, quiet, digests = figures
    hours = 1 if name in ONCE_A_DAY else WORKING
    return hours * working + QUIET * quiet + digests
