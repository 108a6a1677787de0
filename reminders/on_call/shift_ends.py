"""Everybody is told when a shift of theirs ended, and who is on call now."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from blocks.on_call import shift_notices as view
from incidentio.on_call import turns
from reminders.engine.delivery_policy import chosen
from reminders.engine.kinds import Answer, Later, Message, Nothing, Notice, Sheet
from reminders.on_call.rota import ROTA
from reminders.on_call.shifts import (
    AGAIN,
    CHANGED,
    EARLY,
    RHYTHM,
    SAID,
    marks_of,
    moment_of,
    notice,
    together,
)
from reminders.on_call.watch import WATCH
from reminders.people.preferences import PREFERENCES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from reminders.sources.snapshot import Snapshot
    from storage.rule import Rule

MISSED = timedelta(hours=1)
"""How long after it ended its end is still found."""


class ShiftEnds:
    name = "shift_ends"
    grace = timedelta(hours=12)
    """Quiet hours may hold it back until the morning."""
    rhythm = RHYTHM
    stands = True

    def parts(self, rule: Rule) -> Collection[str]:  # noqa: ARG002
        return {part.name for part in (ROTA, PREFERENCES, SAID, WATCH)}

    def notices(
        self,
        snapshot: Snapshot,
        rule: Rule,  # noqa: ARG002
        now: datetime,
    ) -> Iterator[Notice]:
        ended = (
            turn
            for rota in snapshot.get(ROTA)
            for turn in turns.ended(rota, now - MISSED, now + EARLY)
            if chosen(turn.person, snapshot).shift_end
        )
        for found in together(ended):
            yield notice(found, found[0].at)

    def compose(self, sheet: Sheet) -> Answer:
        at = moment_of(sheet)
        if isinstance(at, Nothing | Later):
            return at
        if not chosen(sheet.slot.channel, sheet.snapshot).shift_end:
            return Nothing("they do not want to be told any more")
        marks = marks_of(sheet)
        found = [
            turn
            for rota in sheet.snapshot.get(ROTA)
            for turn in turns.ended(rota, at - AGAIN, at)
            if turn.mark in marks and not rota.on_call(turn.user.id, sheet.now)
        ]
        if not found:
            return Nothing(CHANGED)
        return view.ended(found, sheet.now, _open(sheet))

    def redraw(self, sheet: Sheet) -> Message | None:  # noqa: ARG002
        return None


def _open(sheet: Sheet) -> view.Open:
    watch = sheet.snapshot.get(WATCH).seen_from(None)
    return view.Open(
        None if watch.incidents is None else len(watch.incidents),
        None if watch.escalations is None else len(watch.escalations),
    )
