"""What it takes to send the reminders of one minute, with 100,000 follow-ups to read.

Every reminder wants all outstanding follow-ups of all incidents, each in a channel of
its own. Each row is a new worker, so it reads incident.io whole: the worst case; then
the same reminders an hour later, when it reads only what has changed.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks import servers
from benchmarks.figures import megabytes, section, table
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
HOURLY = "0 * * * * UTC"
PATIENCE = 120


@dataclass(frozen=True, slots=True)
class Sweep:
    requests: int
    seconds: float
    sent: int


@dataclass
class Later:
    """The real time, moved."""

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
            found = _in_a_worker({**stand_ins.settings, **given})
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


def _in_a_worker(given: dict[str, Any]) -> dict[str, Any]:
    """Sweep in a new process, so that its memory is its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.reminder_sweep"],
        cwd=servers.ROOT,
        input=json.dumps(given),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def work(given: dict[str, Any], folder: str) -> dict[str, Any]:
    """Be the worker: make the reminders, let them come due twice, and send them."""
    database = open_database(f"sqlite:///{folder}/bot.db")
    database.migrate()
    made: list[str] = []
    api = Incidentio(
        given["incidentio_api_key"],
        given["incidentio_api_url"],
        on_request=lambda _method, path, *_: made.append(path),
    )
    slack = SlackClient(given["slack_bot_token"], base_url=given["slack_api_url"])
    now, sent = Later(), list[str]()
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
        observe=lambda event, **_: sent.append(event),
    )
    before = peak()

    def sweep() -> Sweep:
        made.clear()
        sent.clear()
        now.past_the_hour()
        began = perf_counter()
        _tick(engine.tick, lambda: sent.count("sent") >= len(given["channels"]))
        return Sweep(len(made), perf_counter() - began, sent.count("sent"))

    sweeps = [asdict(sweep()), asdict(sweep())]
    api.close()
    slack.close()
    database.close()
    return {"sweeps": sweeps, "before": before, "peak": peak()}


def _tick(tick: Callable[[], None], done: Callable[[], bool]) -> None:
    until = perf_counter() + PATIENCE
    while not done() and perf_counter() < until:
        tick()


def peak() -> int:
    """Bytes resident at most so far (Linux)."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(work(json.load(sys.stdin), folder)))
