"""What a rota means for one person: they come on call, take over, are relieved, go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from incidentio.on_call.rota import Rota
    from incidentio.on_call.shifts import Relief, Shift
    from incidentio.users import User

ON, OVER, OFF, END = "on", "over", "off", "end"


@dataclass(frozen=True, slots=True)
class Turn:
    """``OVER``: somebody who is on call stays, by an override. ``OFF``: is relieved."""

    what: str
    rota: Rota
    user: User
    at: datetime
    shift: Shift | None = None
    relief: Relief | None = None
    """Of a shift: the override that it begins with."""

    @property
    def person(self) -> str:
        """Their Slack account."""
        assert self.user.slack_user_id
        return self.user.slack_user_id

    @property
    def mark(self) -> str:
        moment = int(self.at.timestamp())
        return f"shift/{self.what}/{self.rota.id}/{self.user.id}/{moment}"


def coming(rota: Rota, after: datetime) -> Iterator[Turn]:
    """Find what those who are on Slack should know before it is so."""
    found = [*_shifts(rota, after), *_reliefs(rota, after)]
    return (turn for turn in found if turn.user.slack_user_id)


def _shifts(rota: Rota, after: datetime) -> Iterator[Turn]:
    by = {(r.place, r.user.id, r.start): r for r in rota.reliefs}
    for shift in rota.shifts:
        if shift.start > after:
            relief = by.get((shift.place, shift.user.id, shift.start))
            yield Turn(ON, rota, shift.user, shift.start, shift, relief)


def _reliefs(rota: Rota, after: datetime) -> Iterator[Turn]:
    begun = {(s.place, s.user.id, s.start) for s in rota.shifts}
    for relief in rota.reliefs:
        if relief.start <= after:
            continue
        if (relief.place, relief.user.id, relief.start) not in begun:
            yield Turn(OVER, rota, relief.user, relief.start, relief=relief)
        if relief.before:
            yield Turn(OFF, rota, relief.before, relief.start, relief=relief)


def ended(rota: Rota, after: datetime, until: datetime) -> Iterator[Turn]:
    """Find who goes, and is in no other place of the schedule then."""
    for shift in rota.shifts:
        user, end = shift.user, shift.end
        if shift.goes_on or not after < end <= until or not user.slack_user_id:
            continue
        if not rota.on_call(user.id, end):
            yield Turn(END, rota, user, end, shift)
