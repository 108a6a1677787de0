"""Checks an override; each function raises ``FieldErrors`` for what is wrong."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from blocks.kit import text
from blocks.kit.people import named
from blocks.on_call.overrides import Window
from handlers.core.arguments.resources import SCHEDULES
from handlers.core.context import Context
from handlers.core.problems import FieldErrors
from handlers.on_call.override_draft import LONGEST
from incidentio import Schedule, User
from incidentio.on_call.layers import RotationLayer, covered, layers_at

SHOWN = 3


def schedule(ctx: Context, schedule_id: str) -> Schedule:
    """Return the schedule; refuse if it was deleted since the form was opened."""
    for renewed in (False, True):
        if renewed:
            ctx.catalog.reread("schedules")
        if known := SCHEDULES.find(ctx, schedule_id):
            return known
    raise FieldErrors({"schedule": "That schedule was deleted. Choose another."})


def layer(
    ctx: Context, of: Schedule, key: str | None, start: datetime | None
) -> RotationLayer | None:
    """Return the chosen layer; None if it has to be chosen again."""
    layers = layers_at(of, max(start or ctx.now, ctx.now))
    if not layers:
        raise FieldErrors(
            {"schedule": "This schedule has no rotation in force at that time."}
        )
    if key is None and len(layers) == 1:
        return layers[0]
    return next((layer for layer in layers if layer.key == key), None)


def window(start: datetime, end: datetime, now: datetime) -> None:
    """Refuse a time that is empty, in the past or very long."""
    if end <= start:
        raise FieldErrors({"end_at": "The end has to be after the start."})
    if end <= now:
        raise FieldErrors({"end_at": "That is over already. Choose a later end."})
    if end - start > LONGEST:
        raise FieldErrors(
            {
                "end_at": f"At most {LONGEST.days} days at a time; for longer, change "
                "the rotation in incident.io."
            }
        )


def is_made(before: Window, new: User) -> bool:
    """Return whether exactly this override exists already."""
    return any(
        shift.user is not None
        and (shift.user.id, shift.start_at, shift.end_at)
        == (new.id, before.start, before.end)
        for shift in before.overrides
    )


def changes_something(before: Window, new: User) -> None:
    """Refuse an override for a person who is on call for all of that time anyway."""
    own = [s for s in before.final if s.user and s.user.id == new.id]
    if covered(own, before.start, before.end):
        name = text.plain(new.name, 80)
        raise FieldErrors({"user": f"{name} is on call for all of that time already."})


def require_free(before: Window, zone: ZoneInfo) -> None:
    """Refuse a time that overlaps another override, and say which."""
    if not before.overrides:
        return
    overlaps = [
        f"{text.plain(named(shift.user), 60) if shift.user else 'nobody'}, "
        f"{local(shift.start_at, zone)} to {local(shift.end_at, zone)}"
        for shift in before.overrides[:SHOWN]
    ]
    left = len(before.overrides) - SHOWN
    overlaps += [f"{left} more"] if left > 0 else []
    raise FieldErrors(
        {
            "start_at": f"Overlaps an override: {'; '.join(overlaps)} ({zone.key}). "
            "Choose a time outside it, or delete it first."
        }
    )


def local(moment: datetime, zone: ZoneInfo) -> str:
    there = moment.astimezone(zone)
    return f"{there:%a} {there.day} {there:%b %H:%M}"
