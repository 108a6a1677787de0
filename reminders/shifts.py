"""Everybody is told before a shift of theirs begins, and when it ended.

Overrides are told with it: who takes over gets the message of their shift, which says
that it is an override, and who is relieved gets one at the same time. All that begins
for one person at one moment is one message; nothing is told twice, for each turn has a
mark. What the rota no longer says when the time comes is not told.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_OID, uuid5

from blocks import shift_notices as view
from incidentio import turns
from incidentio.turns import END
from reminders.kinds import Answer, Later, Message, Nothing, Notice, Sheet
from reminders.preferences import DEFAULT, PREFERENCES, Preferences
from reminders.quiet import QUIET
from reminders.rota import ROTA
from reminders.snapshot import Part
from reminders.watch import WATCH
from storage.said import by_slot

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from incidentio.turns import Turn
    from reminders.snapshot import Reader, Reading, Snapshot
    from storage.database import Database
    from storage.tables import Subscription

RHYTHM = timedelta(minutes=5)
EARLY = 2 * RHYTHM
"""How long ahead a notice is entered."""

LATE = timedelta(minutes=5)
"""How long after it began a shift is still told."""
MISSED = timedelta(hours=1)
"""How long after it ended its end is still found."""
REMEMBERED = timedelta(days=2)
AGAIN = timedelta(minutes=1)
BEFORE_QUIET = timedelta(minutes=5)
UNREAD = "incident.io did not say who is on call"

SAID: Part[Mapping[str, frozenset[str]]] = Part("shifts_said", {})
"""The marks of turns, by the slot that says them."""


def said(database: Database) -> Reader[Mapping[str, frozenset[str]]]:
    def read(reading: Reading) -> Mapping[str, frozenset[str]]:
        return by_slot(database, "shift/", reading.at - REMEMBERED)

    return read


class Shifts:
    name = "shifts"
    grace = timedelta(hours=12)
    """Quiet hours may hold the end of a shift back until the morning."""
    rhythm = RHYTHM
    stands = True

    def parts(self, rule: Subscription) -> Collection[str]:  # noqa: ARG002
        parts = (ROTA, PREFERENCES, QUIET, SAID, WATCH)
        return {part.name for part in parts}

    def notices(
        self,
        snapshot: Snapshot,
        rule: Subscription,  # noqa: ARG002
        now: datetime,
    ) -> Iterator[Notice]:
        for found in _together(_soon(snapshot, now)):
            due = due_at(found[0], snapshot)
            if due is not None and due <= now + EARLY:
                yield _notice(found, max(due, now))

    def compose(self, sheet: Sheet) -> Answer:
        params = sheet.slot.params or {}
        if not params:
            return Nothing("there is nothing to run")
        if sheet.snapshot.get(ROTA).failed.intersection(params["schedules"]):
            return Later(sheet.now + AGAIN, UNREAD)
        at = datetime.fromtimestamp(params["at"], UTC)
        marks = sheet.snapshot.get(SAID).get(sheet.slot.id, frozenset())
        if params["ended"]:
            return _ended(sheet, at, marks)
        return _before(sheet, at, marks)

    def redraw(self, sheet: Sheet) -> Message | None:  # noqa: ARG002
        return None


def _soon(snapshot: Snapshot, now: datetime) -> Iterator[Turn]:
    for rota in snapshot.get(ROTA):
        yield from turns.coming(rota, now - LATE)
        yield from turns.ended(rota, now - MISSED, now + EARLY)


def _together(found: Iterable[Turn]) -> Iterable[Sequence[Turn]]:
    """Put together what one person is told in one message."""
    groups: dict[tuple[str, datetime, bool], list[Turn]] = defaultdict(list)
    for turn in found:
        groups[turn.person, turn.at, turn.what == END].append(turn)
    return groups.values()


def due_at(turn: Turn, snapshot: Snapshot) -> datetime | None:
    """When the person wants to be told, before quiet hours if it fell into them."""
    chosen = _chosen(turn.person, snapshot)
    if turn.what == END:
        return turn.at if chosen.shift_end else None
    if chosen.shift_before is None:
        return None
    due = turn.at - timedelta(minutes=chosen.shift_before)
    quiet = snapshot.get(QUIET).get(turn.person)
    began = quiet.began(due) if quiet else None
    return began - BEFORE_QUIET if began else due


def _chosen(person: str, snapshot: Snapshot) -> Preferences:
    return snapshot.get(PREFERENCES).get(person, DEFAULT)


def _notice(found: Sequence[Turn], at: datetime) -> Notice:
    marks = sorted(turn.mark for turn in found)
    return Notice(
        key=f"shift/{uuid5(NAMESPACE_OID, ' '.join(marks)).hex}",
        channel=found[0].person,
        at=at,
        params={
            "at": int(found[0].at.timestamp()),
            "ended": found[0].what == END,
            "schedules": sorted({turn.rota.id for turn in found}),
        },
        marks=marks,
    )


def _before(sheet: Sheet, at: datetime, marks: frozenset[str]) -> Answer:
    if sheet.now > at + LATE:
        return Nothing("it had begun before anybody could be told")
    if _chosen(sheet.slot.channel, sheet.snapshot).shift_before is None:
        return Nothing("they do not want to be told any more")
    coming = (
        turn
        for rota in sheet.snapshot.get(ROTA)
        for turn in turns.coming(rota, at - AGAIN)
        if turn.mark in marks and turn.person == sheet.slot.channel
    )
    found = list(coming)
    return view.before(found) if found else Nothing("the rota has changed since")


def _ended(sheet: Sheet, at: datetime, marks: frozenset[str]) -> Answer:
    if not _chosen(sheet.slot.channel, sheet.snapshot).shift_end:
        return Nothing("they do not want to be told any more")
    found = [
        turn
        for rota in sheet.snapshot.get(ROTA)
        for turn in turns.ended(rota, at - AGAIN, at)
        if turn.mark in marks and not rota.on_call(turn.user.id, sheet.now)
    ]
    if not found:
        return Nothing("the rota has changed since")
    watch = sheet.snapshot.get(WATCH).seen_from(None)
    still_open = view.Open(
        None if watch.incidents is None else len(watch.incidents),
        None if watch.escalations is None else len(watch.escalations),
    )
    return view.ended(found, sheet.now, still_open)
