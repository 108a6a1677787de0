"""Measures the sending of one minute's reminders, with 100,000 follow-ups to read.

Every reminder shows all outstanding follow-ups of all incidents, each in a channel of
its own. Each row is a new worker, which has to read all of incident.io, the worst case;
and the same reminders an hour later, when it reads only what has changed.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

from benchmarks import servers
from benchmarks.figures import megabytes, section, table
from benchmarks.servers import peak
from benchmarks.stand_ins import StandIns
from incidentio import Incidentio
from reminders import assembly
from reminders.assembly import Sources
from reminders.calendar.schedule import following
from reminders.items.filters import DigestOptions
from slack.client import SlackClient
from storage.database import open_database
from storage.rules import Rules

FOLLOW_UPS = 100_000
REMINDERS = (1, 20, 200)
SENT = "sent channel"
"""What is counted: people are told of their shifts too, if one ends at that hour."""
HOURLY = "0 * * * * UTC"
PATIENCE = 120


@dataclass(frozen=True, slots=True)
class Sweep:
    requests: int
    seconds: float
    sent: int


@dataclass
class ClockAhead:
    """A clock that runs ahead of the real one."""

    by: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.by

    def past_the_hour(self) -> None:
        now = self()
        hour = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        self.by += hour - now


def main() -> None:
    rows = []
    with StandIns(FOLLOW_UPS) as stand_ins:
        for number in REMINDERS:
            given = {"channels": stand_ins.ask("channels", number)}
            found = servers.in_a_process(
                "benchmarks.reminder_sweep", {**stand_ins.settings, **given}
            )
            whole, changed = found["sweeps"]
            size = megabytes(found["peak"]), megabytes(found["peak"] - found["before"])
            rows.append((number, *_shown(whole), *size, *_shown(changed)))
    about = (
        f"{FOLLOW_UPS:,} follow-ups in incident.io, read at 1,100 requests a minute "
        "at most. Peak memory of the worker, and how far that is above what it held "
        "before. Right: an hour later, when only what changed since is read."
    )
    head = (
        "reminders",
        "requests",
        "seconds",
        "sent",
        "peak MB",
        "of it the sweep's",
    )
    again = ("requests again", "seconds", "sent")
    section("A minute of reminders", about, table((*head, *again), rows))


def _shown(sweep: dict[str, Any]) -> tuple[int, str, int]:
    return sweep["requests"], f"{sweep['seconds']:.1f}", sweep["sent"]


def work(given: dict[str, Any], folder: str) -> dict[str, Any]:
    """Create the reminders, let them be due twice, send them, and return figures."""
    database = open_database(f"sqlite:///{folder}/bot.db")
    database.migrate()
    made: list[str] = []
    api = Incidentio(
        given["incidentio_api_key"],
        given["incidentio_api_url"],
        on_request=lambda _method, path, *_: made.append(path),
    )
    slack = SlackClient(given["slack_bot_token"], base_url=given["slack_api_url"])
    now, sent = ClockAhead(), list[str]()
    reminders = Rules(database, now, following)
    for channel in given["channels"]:
        reminders.create(
            channel=channel,
            created_by="U0ANA",
            options=DigestOptions(item_kinds=("follow_ups",)),
            recurrence=HOURLY,
        )
    engine = assembly.engine(
        Sources(database, api, slack, now),
        "one",
        observe=lambda event, **about: sent.append(f"{event} {about.get('kind')}"),
    )
    before = peak()

    def sweep() -> Sweep:
        made.clear()
        sent.clear()
        now.past_the_hour()
        began = perf_counter()
        _tick(engine.tick, lambda: sent.count(SENT) >= len(given["channels"]))
        return Sweep(len(made), perf_counter() - began, sent.count(SENT))

    sweeps = [asdict(sweep()), asdict(sweep())]
    api.close()
    slack.close()
    database.close()
    return {"sweeps": sweeps, "before": before, "peak": peak()}


def _tick(tick: Callable[[], None], done: Callable[[], bool]) -> None:
    until = perf_counter() + PATIENCE
    while not done() and perf_counter() < until:
        tick()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(work(json.load(sys.stdin), folder)))
