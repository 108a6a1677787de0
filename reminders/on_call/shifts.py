"""Tells people before a shift of theirs begins.

A person who takes over by an override gets the same message, which mentions the
override. The person who is relieved gets a message at the same time.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from blocks.on_call import shift_notices as view
from incidentio.on_call import shift_events
from reminders.calendar.quiet import quiet
from reminders.engine.delivery_policy import chosen, zone_of
from reminders.on_call.rota import AGAIN, EARLY, ROTA
from reminders.on_call.shift_notices import (
    UNWANTED,
    ShiftNotices,
    notice,
    together,
)
from reminders.people.directory import RECIPIENTS
from reminders.people.preferences import PREFERENCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from blocks.kit.messages import Message
    from incidentio.on_call.rota import Rota
    from incidentio.on_call.shift_events import ShiftEvent
    from reminders.engine.kinds import Notice, RenderContext
    from reminders.sources.snapshot import Snapshot
    from storage.rule import Rule

LATE = timedelta(minutes=5)
"""How long after its beginning a shift is still announced."""
BEFORE_QUIET = timedelta(minutes=5)
"""How long before quiet hours a message is sent that would fall into them."""


class Shifts(ShiftNotices):
    name = "shifts"
    grace = timedelta(days=1)
    """It is long because ``obsolete`` decides by the time of the shift."""
    urgent = True
    """It is sent before quiet hours where possible, and cannot wait for their end."""
    read = (PREFERENCES, RECIPIENTS)

    def notices(
        self,
        snapshot: Snapshot,
        rule: Rule,  # noqa: ARG002
        now: datetime,
    ) -> Iterator[Notice]:
        coming = (
            event
            for rota in snapshot.get(ROTA)
            for event in shift_events.coming(rota, now - LATE)
        )
        for found in together(coming):
            due = due_at(found[0], snapshot)
            if due is not None and due <= now + EARLY:
                yield notice(found, max(due, now))

    def obsolete(self, context: RenderContext, at: datetime) -> str | None:
        if context.now > at + LATE:
            return "it had already begun"
        unwanted = chosen(context.slot.channel, context.snapshot).shift_before is None
        return UNWANTED if unwanted else None

    def events(self, rota: Rota, at: datetime, now: datetime) -> Iterable[ShiftEvent]:  # noqa: ARG002
        return shift_events.coming(rota, at - AGAIN)

    def message(self, context: RenderContext, found: Sequence[ShiftEvent]) -> Message:  # noqa: ARG002
        return view.before(found)


def due_at(event: ShiftEvent, snapshot: Snapshot) -> datetime | None:
    """Return when the person is to be told. None: they do not want to be.

    A time in their quiet hours is moved to just before these begin.
    """
    before = chosen(event.person, snapshot).shift_before
    if before is None:
        return None
    due = event.at - timedelta(minutes=before)
    hours = chosen(event.person, snapshot).quiet
    span = quiet(due, zone_of(event.person, snapshot), hours) if hours else None
    return span.begins - BEFORE_QUIET if span else due
