"""Reads schedules as they are now, and the shifts of one person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from slack_sdk.models.blocks import Block

from blocks.kit import messages
from blocks.kit import on_call as view
from handlers.core.arguments.catalogued import by_name
from handlers.core.context import Context
from handlers.core.problems import Refusal
from handlers.core.resource import DeletableResource
from incidentio import Schedule, ScheduleEntry, User
from incidentio.errors import Forbidden, IncidentioError
from incidentio.on_call.layers import layers_at, takes_part

SCHEDULE = DeletableResource("schedule", "schedules", lambda ctx: ctx.api.schedules)


def layer_name(schedule: Schedule, shift: ScheduleEntry, now: datetime) -> str:
    """Name the rotation layer of a shift, by the rotations in force when it starts."""
    at = max(shift.start_at, now)
    layers = layers_at(schedule, at)
    return next((layer.name for layer in layers if layer.holds(shift)), "")


def all_schedules(ctx: Context) -> list[Schedule]:
    """Return all schedules, read now: who is on call must not be a cached answer."""
    found = list(ctx.api.schedules.list())
    if not found:
        raise Refusal("incident.io has no schedules, so nobody is on call.")
    return by_name(found)


MINE = timedelta(days=14)
"""How far ahead a person's own shifts are shown."""


MOST_READ = 20
"""With more schedules, only those that the person takes part in are read."""


PARALLEL_READS = 6
"""Schedules whose entries are read at the same time."""


NO_ACCOUNT = (
    "incident.io has no account that is linked to your Slack account, so you have no "
    "shifts."
)

S = TypeVar("S")
T = TypeVar("T")


def my_shifts(ctx: Context) -> list[Block]:
    """Draw the person's shifts, now and in the coming 14 days."""
    if ctx.account is None:
        return []
    try:
        shifts = shifts_of(ctx, ctx.account, ctx.now + MINE)
    except Forbidden:
        words = "Your shifts cannot be shown: the bot's API key may not read schedules."
        return [messages.context(words)]
    except IncidentioError:
        return [messages.context("incident.io did not say what shifts you have.")]
    return view.mine(shifts, ctx.now)


def shifts_of(ctx: Context, user: User, until: datetime) -> Sequence[view.PersonShift]:
    """Return a person's shifts from now on, the earliest first.

    In an organisation of many schedules only those are read that have the person in a
    rotation, on call now or next.
    """
    known = ctx.catalog.schedules()
    if len(known) > MOST_READ:
        own = (s for s in known if takes_part(s, user.id, ctx.now))
        known = tuple(islice(own, MOST_READ))
    found = read_all(lambda s: _shifts(ctx, s, user, until), known)
    mine = [shift for shifts in found for shift in shifts]
    return sorted(mine, key=lambda shift: shift.entry.start_at)


def _shifts(
    ctx: Context, schedule: Schedule, user: User, until: datetime
) -> list[view.PersonShift]:
    entries = ctx.api.schedules.list_entries(schedule.id, ctx.now, until).final
    return [
        view.PersonShift(schedule, layer_name(schedule, entry, ctx.now), entry)
        for entry in entries
        if entry.user and entry.user.id == user.id
    ]


def read_all(read: Callable[[S], T], things: Sequence[S]) -> Sequence[T]:
    """Call ``read`` for several things at once; return what it returns, in order."""
    if len(things) < 2:
        return [read(thing) for thing in things]
    with ThreadPoolExecutor(PARALLEL_READS, "schedules") as pool:
        return list(pool.map(read, things))
