"""Tells people when a shift of theirs ended, and who is on call now.

Whoever was told already that an override takes it over is not told again.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from blocks.on_call import shift_notices as view
from incidentio.on_call import shift_events
from reminders.engine.delivery_policy import chosen
from reminders.on_call.rota import AGAIN, EARLY, ROTA
from reminders.on_call.shift_notices import (
    SAID,
    UNWANTED,
    ShiftNotices,
    notice,
    together,
)
from reminders.on_call.watch import WATCH
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

MISSED = timedelta(hours=1)
"""How long after its end a shift is still looked for."""


class ShiftEnds(ShiftNotices):
    name = "shift_ends"
    grace = timedelta(hours=12)
    """Long enough for a message that waits until quiet hours end in the morning."""
    read = (PREFERENCES, WATCH)

    def notices(
        self,
        snapshot: Snapshot,
        rule: Rule,  # noqa: ARG002
        now: datetime,
    ) -> Iterator[Notice]:
        said = frozenset().union(*snapshot.get(SAID).values())
        ended = (
            event
            for rota in snapshot.get(ROTA)
            for event in shift_events.ended(rota, now - MISSED, now + EARLY)
            if chosen(event.person, snapshot).shift_end and _relieved(event) not in said
        )
        for found in together(ended):
            yield notice(found, found[0].at)

    def obsolete(self, context: RenderContext, at: datetime) -> str | None:  # noqa: ARG002
        wanted = chosen(context.slot.channel, context.snapshot).shift_end
        return None if wanted else UNWANTED

    def events(self, rota: Rota, at: datetime, now: datetime) -> Iterable[ShiftEvent]:
        ended = shift_events.ended(rota, at - AGAIN, at)
        return (event for event in ended if not rota.on_call(event.user.id, now))

    def message(self, context: RenderContext, found: Sequence[ShiftEvent]) -> Message:
        watch = context.snapshot.get(WATCH)
        open_now = view.Open(
            None if watch.incidents is None else len(watch.incidents),
            None if watch.escalations is None else len(watch.escalations),
        )
        return view.ended(found, context.now, open_now)


def _relieved(event: ShiftEvent) -> str:
    """Return the key of the news that an override takes this shift over at its end."""
    kind = shift_events.OFF
    return shift_events.event_key(kind, event.rota.id, event.user.id, event.at)
