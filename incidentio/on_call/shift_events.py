"""Events of a person's time on call: a shift begins, ends or changes hands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from incidentio.on_call.rota import Rota
    from incidentio.on_call.shifts import OverrideTakeover, Shift
    from incidentio.users import User

ON, OVER, OFF, END = "on", "over", "off", "end"


@dataclass(frozen=True, slots=True)
class ShiftEvent:
    """Something that happens to one person's time on call.

    ``what`` is ``ON``: their shift begins; ``OVER``: an override extends it; ``OFF``:
    an override gives it to somebody else; or ``END``: it ends.
    """

    what: str
    rota: Rota
    user: User
    at: datetime
    shift: Shift | None = None
    takeover: OverrideTakeover | None = None
    """The override that changes it, or that it begins with."""

    @property
    def person(self) -> str:
        """Their Slack id."""
        assert self.user.slack_user_id
        return self.user.slack_user_id

    @property
    def key(self) -> str:
        """A key that is the same whenever the event is found, and no other event's."""
        return event_key(self.what, self.rota.id, self.user.id, self.at)


def event_key(what: str, schedule_id: str, user_id: str, at: datetime) -> str:
    """Return the key of an event, which is stored once it was said."""
    return f"shift/{what}/{schedule_id}/{user_id}/{int(at.timestamp())}"


def coming(rota: Rota, after: datetime) -> Iterator[ShiftEvent]:
    """Yield the events after a moment, of people who are on Slack."""
    found = [*_shifts(rota, after), *_takeovers(rota, after)]
    return (event for event in found if event.user.slack_user_id)


def _shifts(rota: Rota, after: datetime) -> Iterator[ShiftEvent]:
    by = {(r.layer, r.user.id, r.start): r for r in rota.takeovers}
    for shift in rota.shifts:
        if shift.start > after:
            takeover = by.get((shift.layer, shift.user.id, shift.start))
            yield ShiftEvent(ON, rota, shift.user, shift.start, shift, takeover)


def _takeovers(rota: Rota, after: datetime) -> Iterator[ShiftEvent]:
    begun = {(s.layer, s.user.id, s.start) for s in rota.shifts}
    for takeover in rota.takeovers:
        if takeover.start <= after:
            continue
        if (takeover.layer, takeover.user.id, takeover.start) not in begun:
            yield ShiftEvent(
                OVER, rota, takeover.user, takeover.start, takeover=takeover
            )
        if takeover.before:
            yield ShiftEvent(
                OFF, rota, takeover.before, takeover.start, takeover=takeover
            )


def ended(rota: Rota, after: datetime, until: datetime) -> Iterator[ShiftEvent]:
    """Yield the ends of shifts in a period.

    Whoever is on call in another layer of the schedule at that time has none.
    """
    for shift in rota.shifts:
        user, end = shift.user, shift.end
        if shift.goes_on or not after < end <= until or not user.slack_user_id:
            continue
        if not rota.on_call(user.id, end):
            yield ShiftEvent(END, rota, user, end, shift)
