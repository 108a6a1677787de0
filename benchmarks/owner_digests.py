"""Measures everybody's own digest on one Monday at 09:30, in six time zones.

100,000 follow-ups are owned by one person, by 1,000 and by 10,000. Each row is a new
worker with a database of its own. It reads everything, enrols everybody and plays the
Monday. The clock stands still while the worker works; it moves by a second while
messages wait to be sent, and else straight to the next one. So the figures are the
seconds of work, and messages leave at the times of a real Monday.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from benchmarks import servers
from benchmarks.figures import Figure, goal, megabytes, section, table
from benchmarks.monday import EVENING, Asked, Listening, PhaseTimer, StillClock, most
from benchmarks.servers import peak
from benchmarks.stand_ins import StandIns
from incidentio import Incidentio
from reminders import assembly
from reminders.assembly import Sources
from reminders.engine.engine import Engine
from storage.database import Database, open_database
from storage.personal_rules import OWNER
from storage.rule import ACTIVE
from storage.slot import OPEN, SENT
from storage.tables import RuleRow, SlotRow

FOLLOW_UPS = 100_000
PEOPLE = (1, 1_000, 10_000)
ZONES = (
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Europe/Berlin",
    "Europe/Lisbon",
    "America/New_York",
    "America/Los_Angeles",
)
STEP = timedelta(seconds=1)
PHASES = ("keep", "enrol", "due", "read", "sent")
"""Reading everything, enrolling, planning, reading what changed, and sending."""
MONDAY = ("due", "read", "sent", "rest")
EACH = 0.015
"""Seconds of the processor for a digest, all of Monday's work counted."""
MINUTE, SECOND = 60, 1
POST, LIST, DISTURBED = "chat.postMessage", "users.list", "dnd.teamInfo"


def main() -> list[Figure]:
    with StandIns(FOLLOW_UPS) as stand_ins:
        found = {number: measure(stand_ins, number) for number in PEOPLE}
    _report(found)
    many = found[max(PEOPLE)]
    each = sum(many["cpu"].get(phase, 0.0) for phase in MONDAY) / many["sent"]
    row = f"A Monday of {many['sent']:,} digests: processor for each"
    return [goal(row, each, EACH)]


def measure(stand_ins: StandIns, people: int) -> dict[str, Any]:
    """Return the figures of a Monday with so many owners."""
    stand_ins.ask("staff", people, ZONES)
    return servers.in_a_process("benchmarks.owner_digests", stand_ins.settings)


def work(given: Mapping[str, str], folder: str) -> dict[str, Any]:
    """Play the Monday as a worker, from the evening before, and return figures."""
    day, watch = StillClock.before_monday(datetime.now(UTC)), PhaseTimer()
    requests: Counter[str] = Counter()
    with (
        closing(open_database(f"sqlite:///{folder}/bot.db")) as database,
        closing(Listening(day, given)) as slack,
        closing(_incidentio(given, requests)) as api,
    ):
        database.migrate()
        database.now = day
        sources = Sources(database, api, slack, day)
        engine = assembly.engine(sources, "one", observe=watch.book)
        before = peak()
        _live(engine, database, day, watch)
        return {
            "wall": watch.wall,
            "cpu": watch.cpu,
            "before": before,
            "peak": peak(),
            "incidentio": requests,
            "slack": Counter(method for method, _, _ in slack.asked),
            "crowd": _crowd(slack.asked),
            **_outcome(database),
        }


def _incidentio(given: Mapping[str, str], made: Counter[str]) -> Incidentio:
    return Incidentio(
        given["incidentio_api_key"],
        given["incidentio_api_url"],
        on_request=lambda _, path, *__: made.update([path]),
    )


def _live(
    engine: Engine, database: Database, day: StillClock, watch: PhaseTimer
) -> None:
    end = day.now + EVENING + timedelta(days=1)
    with watch.during("keep"):
        engine.snapshots.refresh()
    with watch.during("enrol"):
        engine.tick()
    while (ahead := _next(database)) is not None and ahead < end:
        day.now = max(day.now + STEP, ahead)
        watch.start()
        engine.tick()
        watch.book("rest")


def _next(database: Database) -> datetime | None:
    """Return when the next digest is planned or sent."""
    rules = select(func.min(RuleRow.next_slot_at)).where(
        RuleRow.kind == OWNER, RuleRow.state == ACTIVE
    )
    slots = select(func.min(SlotRow.next_attempt_at)).where(SlotRow.state.in_(OPEN))
    with database.read() as session:
        found = [session.scalar(rules), session.scalar(slots)]
    return min((at for at in found if at), default=None)


def _crowd(asked: Asked) -> dict[str, int]:
    """Return the most calls of each kind in any minute, or second."""

    def times(method: str) -> list[float]:
        return [at for name, _, at in asked if name == method]

    told: dict[str, list[float]] = defaultdict(list)
    for method, conversation, at in asked:
        if method == POST:
            told[conversation].append(at)
    return {
        POST: most(times(POST), MINUTE),
        LIST: most(times(LIST), MINUTE),
        DISTURBED: most(times(DISTURBED), MINUTE),
        "one": max((most(found, SECOND) for found in told.values()), default=0),
    }


def _outcome(database: Database) -> dict[str, float]:
    with database.read() as session:
        owned = SlotRow.rule_id.startswith(f"{OWNER}-", autoescape=True)
        slots = session.scalars(select(SlotRow).where(owned)).all()
    sent = [slot for slot in slots if slot.state == SENT and slot.sending_at]
    late = [_seconds(slot.sending_at, slot.next_attempt_at) for slot in sent]
    last = [_seconds(slot.sending_at, slot.slot_at) for slot in sent]
    return {
        "sent": len(sent),
        "unsent": len(slots) - len(sent),
        "late": max(late, default=0.0),
        "last": max(last, default=0.0),
    }


def _seconds(at: datetime | None, due: datetime | None) -> float:
    return (at - due).total_seconds() if at and due else 0.0


def _report(found: Mapping[int, Mapping[str, Any]]) -> None:
    about = (
        f"{FOLLOW_UPS:,} follow-ups, a Monday in {len(ZONES)} zones. Seconds of work, "
        "of the processor in brackets: reading all at first (incident.io takes 1,100 "
        "requests a minute), enrolling, planning, reading what changed, sending."
    )
    head = ("people", "sent", "read whole", "enrol", "plan", "read", "send")
    rows = ([f"{n:,}", f["sent"], *_times(f), *_sizes(f)] for n, f in found.items())
    spread = (
        "Most messages and calls of Slack in any minute (it takes 20 of the latter), "
        "most messages in one conversation in any second; seconds the last message "
        "left after 09:30, and after its turn."
    )
    parts = (
        table((*head, "peak MB", "of it Monday's"), rows),
        table(("requests", *map("{:,} people".format, found)), _asked(found)),
        spread,
        table(
            ("people", POST, LIST, DISTURBED, "to one", "after 09:30", "its turn"),
            ([f"{n:,}", *_spread(f)] for n, f in found.items()),
        ),
    )
    section("A Monday of people's digests", about, *parts)


def _times(found: Mapping[str, Any]) -> Iterator[str]:
    for phase in PHASES:
        wall, cpu = (found[kind].get(phase, 0.0) for kind in ("wall", "cpu"))
        yield f"{wall:.1f} ({cpu:.1f})"


def _sizes(found: Mapping[str, Any]) -> tuple[str, str]:
    return megabytes(found["peak"]), megabytes(found["peak"] - found["before"])


def _asked(found: Mapping[int, Mapping[str, Any]]) -> Iterator[list[Any]]:
    for service in ("incidentio", "slack"):
        for name in sorted({name for f in found.values() for name in f[service]}):
            yield [f"`{name}`", *(f[service].get(name, 0) for f in found.values())]


def _spread(found: Mapping[str, Any]) -> tuple[Any, ...]:
    crowd = found["crowd"]
    most_called = crowd[POST], crowd[LIST], crowd[DISTURBED], crowd["one"]
    return *most_called, f"{found['last']:.1f}", f"{found['late']:.1f}"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        print(json.dumps(work(json.load(sys.stdin), temporary)))
