"""The rules that tell a channel of handovers: one of each kind for each schedule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from blocks.kit import text
from blocks.kit.dates import DAYS
from blocks.on_call.handover_form import HandoverDraft
from handlers.core.context import Context
from incidentio.lookup import matches
from incidentio.models import Schedule
from reminders.calendar.schedule import ScheduleError, When, describe
from reminders.on_call.gaps import GAPS
from reminders.on_call.handovers import HANDOVER, ahead_of, schedule_of
from storage.reminders import PAUSED
from storage.tables import Subscription

__all__ = [
    "Wanted",
    "about",
    "draft",
    "here",
    "names",
    "of",
    "put",
    "schedule_of",
    "schedules",
    "state",
]


@dataclass(frozen=True, slots=True)
class Wanted:
    minutes: int
    gaps: bool
    day: int
    at: time

    @property
    def words(self) -> str:
        when = f"{self.minutes} min before it" if self.minutes else "when it comes"
        if not self.gaps:
            return when
        day = next(d.label for d in DAYS if d.value == str(self.day))
        weekly = f"{day}s at {self.at:%H:%M} in the schedule's zone"
        return f"{when}, and warned of gaps on {weekly}"


def here(ctx: Context) -> list[Subscription]:
    """This channel's, those of one schedule beside each other."""
    found = ctx.services.reminders.list(ctx.channel)
    own = [rule for rule in found if rule.kind in (HANDOVER, GAPS)]
    order = list(dict.fromkeys(map(schedule_of, own)))
    return sorted(own, key=lambda r: (order.index(schedule_of(r)), r.kind == GAPS))


def schedules(rules: list[Subscription]) -> list[str]:
    return list(dict.fromkeys(map(schedule_of, rules)))


def draft(rules: list[Subscription], more: list[str]) -> HandoverDraft:
    """What the form shows of what is set already; by default with both."""
    chosen = list(dict.fromkeys([*schedules(rules), *more]))
    when = next((When.parse(r.when) for r in rules if r.kind == GAPS), None)
    ahead = next((ahead_of(r) for r in rules if r.kind == HANDOVER), timedelta())
    minutes = int(ahead.total_seconds() // 60)
    if when is None:
        return HandoverDraft(chosen, minutes, gaps=not rules)
    return HandoverDraft(chosen, minutes, day=str(when.day or 7), at=when.at or time(9))


def of(ctx: Context, rules: list[Subscription], words: str) -> list[Subscription]:
    """Those of the schedule with this id, or of those with such a name."""
    known = [s for s in ctx.catalog.schedules() if s.id in schedules(rules)]
    named = {s.id for s in matches(known, words)}
    return [r for r in rules if schedule_of(r) == words or schedule_of(r) in named]


def names(ctx: Context, rules: list[Subscription]) -> list[str]:
    return [_name(ctx, schedule_id) for schedule_id in schedules(rules)]


def _name(ctx: Context, schedule_id: str) -> str:
    known = {s.id: s.name for s in ctx.catalog.schedules()}
    return known.get(schedule_id, "a schedule that was deleted")


def about(ctx: Context, rule: Subscription) -> str:
    name = text.bold(_name(ctx, schedule_of(rule)))
    if rule.kind == GAPS:
        when = text.escape(describe(When.parse(rule.when)))
        return f"Times with nobody on call for {name}, {when}"
    ahead = ahead_of(rule)
    when = f", {text.duration(ahead)} before" if ahead else ""
    return f"Handovers of {name}{when}"


def state(rule: Subscription) -> str:
    return " (paused)" if rule.state == PAUSED else ""


def put(ctx: Context, schedule: Schedule, wanted: Wanted) -> None:
    """Set both, or what of them is wanted; setting one that is paused resumes it."""
    options = {"schedule_id": schedule.id, "minutes": wanted.minutes}
    _put(ctx, schedule, HANDOVER, "Handovers", options=options, when="")
    if wanted.gaps:
        options = {"schedule_id": schedule.id}
        when = str(_when(schedule, wanted))
        _put(ctx, schedule, GAPS, "Gaps", options=options, when=when)
    else:
        ctx.services.reminders.delete(_id(ctx, GAPS, schedule.id))


def _put(
    ctx: Context,
    schedule: Schedule,
    kind: str,
    called: str,
    *,
    options: dict[str, Any],
    when: str,
) -> None:
    reminders, id_ = ctx.services.reminders, _id(ctx, kind, schedule.id)
    before = reminders.get(id_)
    if before is None:
        reminders.create(
            subscription_id=id_,
            kind=kind,
            channel=ctx.channel,
            created_by=ctx.user,
            kinds=[],
            when=when,
            options=options,
            name=text.plain(f"{called} of {schedule.name}", 80),
        )
        return
    changes: dict[str, Any] = {"options": options}
    reminders.update(id_, **changes, **({"when": when} if when else {}))
    if before.state == PAUSED:
        reminders.resume(id_)


def _id(ctx: Context, kind: str, schedule_id: str) -> str:
    """The same for the same: a form that arrives again sets nothing twice."""
    return uuid5(NAMESPACE_OID, f"{kind}/{ctx.channel}/{schedule_id}").hex


def _when(schedule: Schedule, wanted: Wanted) -> When:
    """In the schedule's zone; one that is not known here gives way to UTC."""
    try:
        return When.weekly(wanted.day, wanted.at, schedule.timezone)
    except ScheduleError:
        return When.weekly(wanted.day, wanted.at, "UTC")
