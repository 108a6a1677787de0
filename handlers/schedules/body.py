"""Builds the body of a schedule from a submitted form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from blocks.kit.rotations import zone_of
from blocks.schedules.draft import (
    GROUPS,
    HANDOVER,
    HOURS,
    NEW,
    NEXT,
    TOP,
    ScheduleDraft,
)
from handlers.core.arguments.people import explain_no_account, find_account
from handlers.core.context import Context
from handlers.core.problems import FieldErrors
from incidentio import Rotation, Schedule
from incidentio.merging import schedules as merging
from incidentio.on_call.coverage import WEEKDAYS
from incidentio.on_call.handovers import STEPS, latest, moved, next_handover
from incidentio.transport.operation import Json
from incidentio.transport.query import rfc3339

ALL_DAY = time(0)
TAKEN = (
    "Another version of this rotation takes over by then. Choose “At once”, or change "
    "the versions as JSON."
)
GONE = "That rotation is no longer in force. Choose another."


@dataclass(frozen=True, slots=True)
class ScheduleBase:
    """The schedule as it is, and the rotation that the form is about."""

    schedule: Schedule
    rotation: Rotation | None
    now: datetime

    @property
    def handover(self) -> datetime | None:
        """Return the rotation's next handover, if no other version begins before it."""
        rotation = self.rotation
        zone = zone_of(self.schedule.timezone)
        if rotation is None or rotation.handover_start_at is None or zone is None:
            return None
        start = rotation.handover_start_at
        at = next_handover(start, rotation.handovers, zone, self.now)
        following = self.following
        return None if at and following and following < at else at

    @property
    def following(self) -> datetime | None:
        if self.rotation is None:
            return None
        raw = self.schedule.raw
        return merging.following(raw, self.rotation.id, self.now)


def check(draft: ScheduleDraft, changes: set[str]) -> None:
    """Check that a draft can be a schedule.

    A value that is there already and is not changed stays, whatever it is.

    Raises:
        FieldErrors: it cannot.
    """
    adds = draft.rotation == NEW and bool(changes - {*TOP})
    hours = draft.opens is not None or draft.closes is not None

    def asked(*names: str) -> bool:
        return not draft.remove and (adds or any(name in changes for name in names))

    wrong = {
        "name": (_empty(draft.name), "Give the schedule a name."),
        "rotation_name": (
            asked("rotation_name") and _empty(draft.rotation_name),
            "Give the rotation a name.",
        ),
        "number": (
            asked("number") and not _counts(draft.number),
            "Write a whole number, 1 or more.",
        ),
        "at": (asked("at") and draft.at is None, "Choose a time."),
        "timezone": (
            asked("timezone") and zone_of(draft.timezone) is None,
            "This time zone is not known. Choose another.",
        ),
        "days": (
            asked(*GROUPS[HOURS]) and bool(draft.days) != hours,
            "Choose days and hours, or neither.",
        ),
    }
    errors = {name: said for name, (is_wrong, said) in wrong.items() if is_wrong}
    if errors:
        raise FieldErrors(errors)


def _empty(words: str | None) -> bool:
    return not (words or "").strip()


def _counts(number: str | None) -> bool:
    return bool(number) and str(number).isdecimal() and int(str(number)) > 0


def replaced(
    ctx: Context, base: ScheduleBase, draft: ScheduleDraft, touched: set[str]
) -> Json:
    """Build the body: the schedule as it is, with what was changed in the form."""
    body = merging.body(base.schedule.raw)
    for name in TOP:
        if name in touched:
            body[name] = str(getattr(draft, name)).strip()
    if draft.rotation == NEW:
        if touched - set(TOP):
            _add(ctx, body, draft, base.now)
    elif draft.remove:
        merging.remove(body, draft.rotation)
    else:
        _change(ctx, base, body, draft, touched - set(TOP))
    return body


def _add(ctx: Context, body: Json, draft: ScheduleDraft, now: datetime) -> None:
    """Add the rotation, unless an earlier attempt has done so."""
    rotation = new(ctx, draft, now)
    made = ({k: r.get(k) for k in ("name", "users")} for r in merging.rotations(body))
    same = {k: rotation[k] for k in ("name", "users")}
    if not ctx.in_doubt or same not in made:
        merging.add(body, rotation)


def new(ctx: Context, draft: ScheduleDraft, now: datetime) -> Json:
    """Return a new rotation whose first person is on call at once."""
    zone = zone_of(draft.timezone) or ZoneInfo("UTC")
    day, at = WEEKDAYS.index(draft.day), draft.at or ALL_DAY
    rotation = {
        "name": (draft.rotation_name or "").strip(),
        "users": references(ctx, draft.users, None),
        "layers": [{"name": "Layer 1"}],
        "handovers": [_handover(draft, {})],
        "handover_start_at": rfc3339(latest(draft.every, day, at, zone, now)),
    }
    hours = intervals(draft)
    return {**rotation, "working_intervals": hours} if hours else rotation


def references(
    ctx: Context, slack_ids: Sequence[str], rotation: Rotation | None
) -> list[Json]:
    """Return the people as the API takes them; refuse one without an account."""
    own = {u.slack_user_id: u.id for u in (rotation.users if rotation else ())}
    found: list[Json] = []
    missing = []
    for slack_id in slack_ids:
        user = None if slack_id in own else find_account(ctx, slack_id)
        if slack_id in own or user:
            found.append({"id": own.get(slack_id) or (user.id if user else "")})
        else:
            missing.append(explain_no_account(ctx, slack_id))
    if missing:
        raise FieldErrors({"users": " ".join(missing)})
    return found


def intervals(draft: ScheduleDraft) -> list[Json]:
    opens, closes = draft.opens or ALL_DAY, draft.closes or ALL_DAY
    hours = {"start_time": f"{opens:%H:%M}", "end_time": f"{closes:%H:%M}"}
    return [{"weekday": day, **hours} for day in draft.days]


def _handover(draft: ScheduleDraft, before: Mapping[str, Any]) -> Json:
    return {
        **before,
        "interval": int(draft.number or 1),
        "interval_type": draft.every,
    }


def _change(
    ctx: Context,
    base: ScheduleBase,
    body: Json,
    draft: ScheduleDraft,
    touched: set[str],
) -> None:
    version = merging.in_force(body, base.now).get(draft.rotation)
    if version is None or base.rotation is None or not touched:
        return
    changes = _changes(ctx, base.rotation, version, draft, touched)
    at = base.handover
    if draft.takes_effect != NEXT:
        _place_start(changes, base.rotation.handover_start_at, base, draft, touched)
        merging.edit(version, changes)
    elif at is None:
        raise FieldErrors({"takes_effect": TAKEN})
    else:
        _place_start(changes, at, base, draft, touched, anew=True)
        if not merging.schedule_change(body, version, changes, rfc3339(at)):
            raise FieldErrors({"takes_effect": TAKEN})


def _changes(
    ctx: Context,
    rotation: Rotation,
    version: Json,
    draft: ScheduleDraft,
    touched: set[str],
) -> Json:
    changes: Json = {}
    if "rotation_name" in touched:
        changes["name"] = (draft.rotation_name or "").strip()
    if "users" in touched:
        changes["users"] = references(ctx, draft.users, rotation)
    if {"every", "number"} & touched:
        changes["handovers"] = [_handover(draft, version["handovers"][0])]
    if set(GROUPS[HOURS]) & touched:
        changes["working_intervals"] = intervals(draft)
    return changes


def _place_start(
    changes: Json,
    start: datetime | None,
    base: ScheduleBase,
    draft: ScheduleDraft,
    touched: set[str],
    *,
    anew: bool = False,
) -> None:
    """Set when turns are counted from: moved to the new day and time, or ``anew``."""
    turned = bool({"day", "at"} & touched)
    again = anew and bool({*GROUPS[HANDOVER], "users"} & touched)
    again = again and base.rotation is not None and len(base.rotation.handovers) == 1
    zone = zone_of(draft.timezone)
    if start is None or zone is None or not (turned or again):
        return
    if turned:
        day, at = WEEKDAYS.index(draft.day), draft.at or ALL_DAY
        latest_start = start if anew else max(start, base.now)
        start = moved(start, draft.every, day, at, zone)
        while start > latest_start:
            start -= STEPS["weekly"] if draft.every == "weekly" else timedelta(days=1)
    changes["handover_start_at"] = rfc3339(start)
