"""Everybody is told before a shift of theirs begins.

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

from blocks.on_call import shift_notices as view
from incidentio.on_call import turns
from reminders.calendar.quiet import quiet
from reminders.engine.delivery_policy import chosen, zone_of
from reminders.engine.kinds import Answer, Later, Message, Nothing, Notice, Sheet
from reminders.on_call.rota import ROTA
from reminders.people.directory import RECIPIENTS
from reminders.people.preferences import PREFERENCES
from reminders.sources.snapshot import Part
from storage.sent_once_keys import SentOnceKeys

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from incidentio.on_call.turns import Turn
    from reminders.sources.snapshot import Reader, Reading, Snapshot
    from storage.database import Database
    from storage.rule import Rule

RHYTHM = timedelta(minutes=5)
EARLY = 2 * RHYTHM
"""How long ahead a notice is entered."""

LATE = timedelta(minutes=5)
"""How long after it began a shift is still told."""
REMEMBERED = timedelta(days=2)
AGAIN = timedelta(minutes=1)
BEFORE_QUIET = timedelta(minutes=5)
UNREAD = "incident.io did not say who is on call"
CHANGED = "the rota has changed since"

SAID: Part[Mapping[str, frozenset[str]]] = Part("shifts_said", {})
"""The marks of turns, by the slot that says them."""


def said(database: Database) -> Reader[Mapping[str, frozenset[str]]]:
    marks = SentOnceKeys(database)

    def read(reading: Reading) -> Mapping[str, frozenset[str]]:
        return marks.by_slot("shift/", reading.at - REMEMBERED)

    return read


class Shifts:
    name = "shifts"
    grace = timedelta(days=1)
    """What makes no sense any more is found out by the time of the shift."""
    urgent = True
    """It comes before quiet hours where it can, and cannot wait for their end."""
    rhythm = RHYTHM
    stands = True

    def parts(self, rule: Rule) -> Collection[str]:  # noqa: ARG002
        return {part.name for part in (ROTA, PREFERENCES, RECIPIENTS, SAID)}

    def notices(
        self,
        snapshot: Snapshot,
        rule: Rule,  # noqa: ARG002
        now: datetime,
    ) -> Iterator[Notice]:
        coming = (
            turn
            for rota in snapshot.get(ROTA)
            for turn in turns.coming(rota, now - LATE)
        )
        for found in together(coming):
            due = due_at(found[0], snapshot)
            if due is not None and due <= now + EARLY:
                yield notice(found, max(due, now))

    def compose(self, sheet: Sheet) -> Answer:
        at = moment_of(sheet)
        if isinstance(at, Nothing | Later):
            return at
        if sheet.now > at + LATE:
            return Nothing("it had begun before anybody could be told")
        if chosen(sheet.slot.channel, sheet.snapshot).shift_before is None:
            return Nothing("they do not want to be told any more")
        found = [
            turn
            for rota in sheet.snapshot.get(ROTA)
            for turn in turns.coming(rota, at - AGAIN)
            if turn.mark in marks_of(sheet)
        ]
        return view.before(found) if found else Nothing(CHANGED)

    def redraw(self, sheet: Sheet) -> Message | None:  # noqa: ARG002
        return None


def together(found: Iterable[Turn]) -> Iterable[Sequence[Turn]]:
    """Put together what one person is told in one message."""
    groups: dict[tuple[str, datetime], list[Turn]] = defaultdict(list)
    for turn in found:
        groups[turn.person, turn.at].append(turn)
    return groups.values()


def due_at(turn: Turn, snapshot: Snapshot) -> datetime | None:
    """When the person wants to be told, before quiet hours if it fell into them."""
    before = chosen(turn.person, snapshot).shift_before
    if before is None:
        return None
    due = turn.at - timedelta(minutes=before)
    hours = chosen(turn.person, snapshot).quiet
    span = quiet(due, zone_of(turn.person, snapshot), hours) if hours else None
    return span.begins - BEFORE_QUIET if span else due


def notice(found: Sequence[Turn], at: datetime) -> Notice:
    marks = sorted(turn.mark for turn in found)
    return Notice(
        key=f"shift/{uuid5(NAMESPACE_OID, ' '.join(marks)).hex}",
        channel=found[0].person,
        at=at,
        params={
            "at": int(found[0].at.timestamp()),
            "schedules": sorted({turn.rota.id for turn in found}),
        },
        once_keys=marks,
    )


def moment_of(sheet: Sheet) -> datetime | Nothing | Later:
    """The moment that a notice is of; else what is to be done with it."""
    params = sheet.slot.params
    if not params:
        return Nothing("there is nothing to run")
    if sheet.snapshot.get(ROTA).failed.intersection(params["schedules"]):
        return Later(sheet.now + AGAIN, UNREAD)
    return datetime.fromtimestamp(params["at"], UTC)


def marks_of(sheet: Sheet) -> frozenset[str]:
    return sheet.snapshot.get(SAID).get(sheet.slot.id, frozenset())
