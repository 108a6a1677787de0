"""The part of a schedule and of one rotation that the form shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, time
from typing import Any, cast

from blocks.kit.fields import Value
from blocks.kit.rotations import UNITS, alike, clock, unread_zone, zone_of
from incidentio import Rotation, Schedule
from incidentio.on_call.coverage import WEEKDAYS

LONGEST_NAME = 200
NEW = "new"
"""Stands for the id of a rotation that is to be added."""
NOW, NEXT = "now", "next"
PEOPLE, HANDOVER, HOURS = "people", "handovers", "working hours"
GROUPS: Mapping[str, Sequence[str]] = {
    PEOPLE: ("users",),
    HANDOVER: ("every", "number", "day", "at"),
    HOURS: ("days", "opens", "closes"),
}
"""Groups of fields: if one cannot show the present value, none is shown."""
TOP = ("name", "timezone")
REPLACED = (
    "name",
    "timezone",
    "rotation_name",
    *(f for g in GROUPS.values() for f in g),
)


@dataclass(frozen=True, slots=True)
class ScheduleDraft:
    name: str | None = None
    timezone: str = "UTC"
    rotation: str = NEW
    rotation_name: str | None = None
    users: tuple[str, ...] = ()
    """Slack accounts, in their order."""
    every: str = "weekly"
    number: str | None = "1"
    day: str = "monday"
    at: time | None = time(9)
    days: tuple[str, ...] = ()
    opens: time | None = None
    closes: time | None = None
    takes_effect: str = NOW
    remove: tuple[str, ...] = ()


def read(values: Mapping[str, Value], current: ScheduleDraft) -> ScheduleDraft:
    """Return ``current`` with what was entered in the fields that the form showed."""
    known = {f.name for f in fields(ScheduleDraft)}
    entered = {name: value for name, value in values.items() if name in known}
    for name in ("takes_effect", "every", "day", "timezone", "rotation"):
        if name in entered and entered[name] is None:
            del entered[name]
    return replace(current, **cast("dict[str, Any]", entered))


def current(schedule: Schedule, rotation: Rotation | None) -> ScheduleDraft:
    """Return the draft that shows a schedule and one rotation as they are."""
    top = ScheduleDraft(name=schedule.name, timezone=schedule.timezone)
    if rotation is None:
        return top
    draft = replace(top, rotation=rotation.id, rotation_name=rotation.name)
    slack_ids = (user.slack_user_id for user in rotation.users)
    draft = replace(draft, users=tuple(id_ for id_ in slack_ids if id_))
    return _with_hours(_with_handover(draft, schedule, rotation), rotation)


def _with_handover(
    draft: ScheduleDraft, schedule: Schedule, rotation: Rotation
) -> ScheduleDraft:
    start = rotation.handover_start_at
    if not rotation.handovers or start is None:
        return draft
    first = rotation.handovers[0]
    there = start.astimezone(zone_of(schedule.timezone) or UTC)
    at = there.time().replace(second=0, microsecond=0, tzinfo=None)
    day = WEEKDAYS[there.weekday()]
    number = str(first.interval)
    return replace(draft, every=first.interval_type, number=number, day=day, at=at)


def _with_hours(draft: ScheduleDraft, rotation: Rotation) -> ScheduleDraft:
    intervals = rotation.working_intervals
    if not intervals or not alike(intervals):
        return draft
    days = tuple(day for day in WEEKDAYS if day in {i.weekday for i in intervals})
    opens, closes = clock(intervals[0].start_time), clock(intervals[0].end_time)
    return replace(draft, days=days, opens=opens, closes=closes)


def hidden(rotation: Rotation | None, schedule: Schedule) -> dict[str, str]:
    """Return why groups of fields cannot show the present values, by group."""
    if rotation is None:
        return {}
    fits = {
        PEOPLE: _people(rotation),
        HANDOVER: _handover(rotation, schedule),
        HOURS: _hours(rotation),
    }
    return {group: why for group, why in fits.items() if why}


def _people(rotation: Rotation) -> str:
    if "users" in rotation.unread:
        return "could not be read"
    if not all(user.slack_user_id for user in rotation.users):
        return "some are not known in Slack"
    ids = [user.id for user in rotation.users]
    return "somebody is in it twice" if len(set(ids)) < len(ids) else ""


def _handover(rotation: Rotation, schedule: Schedule) -> str:
    if rotation.handover_start_at is None or not rotation.handovers:
        return "could not be read"
    if len(rotation.handovers) > 1:
        return "several intervals apply in turn"
    if rotation.handovers[0].interval_type not in UNITS:
        return "the interval is of a kind that the bot does not know"
    known = zone_of(schedule.timezone) is not None
    return "" if known else unread_zone(schedule.timezone)


def _hours(rotation: Rotation) -> str:
    if "working_intervals" in rotation.unread:
        return "could not be read"
    intervals = rotation.working_intervals
    return "" if not intervals or alike(intervals) else "the days differ"
