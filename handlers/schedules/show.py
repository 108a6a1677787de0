"""``schedule show``: all settings of a schedule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from blocks.kit import messages, text
from blocks.kit.people import named
from blocks.schedules import card as view
from blocks.schedules.card import IN_FORCE, PAST, TO_COME, Version
from handlers.core.arguments.resolve import FIRST, Page
from handlers.core.command import Effect, Reply
from handlers.core.context import Context
from handlers.core.pages import paginate
from handlers.core.shifts import SCHEDULE, layer_name
from handlers.schedules.listing import group
from incidentio import Schedule, ScheduleEntry
from incidentio.on_call.layers import ALWAYS, in_force

VERSIONS_ON_A_PAGE = 8


@group.command("schedule [show]", effect=Effect("The schedule", "shown"), says=["rota"])
def show(ctx: Context, schedule: Schedule, page: Page = FIRST) -> Reply:
    """Show a schedule: rotations, people, handovers, hours, who is on call."""
    found = read(ctx, schedule.id)
    ctx.services.accounts.look_up(s.user for s in found.current_shifts)
    part = paginate(versions(found, ctx.now), page, VERSIONS_ON_A_PAGE)
    shifts = _shifts(ctx, found, found.current_shifts)
    coming = _shifts(ctx, found, found.next_shifts)
    line = f"schedule show {found.id}"
    blocks = view.card(
        found,
        part.shown,
        (shifts, coming),
        now=ctx.now,
        origin=line if part.number == 1 else f"{line} page:{part.number}",
        first=part.number == 1,
    )
    turner = messages.pager(line, part.number, more=part.more)
    return Reply(_summary(found), [*blocks, *turner])


read = SCHEDULE.read


def versions(schedule: Schedule, now: datetime) -> list[Version]:
    """Return the versions of all rotations: the rotations in order, each by time."""
    ids = dict.fromkeys(rotation.id for rotation in schedule.rotations)
    current = [id(rotation) for rotation in in_force(schedule, now)]
    found = []
    for id_ in ids:
        own = [r for r in schedule.rotations if r.id == id_]
        own.sort(key=lambda r: r.effective_from or ALWAYS)
        ends = [*(r.effective_from for r in own[1:]), None]
        for rotation, until in zip(own, ends, strict=True):
            later = (rotation.effective_from or ALWAYS) > now
            state = TO_COME if later else PAST
            state = IN_FORCE if id(rotation) in current else state
            found.append(Version(rotation, state, until))
    return found


def _shifts(
    ctx: Context, schedule: Schedule, entries: Sequence[ScheduleEntry]
) -> list[view.NamedShift]:
    return [view.NamedShift(e, layer_name(schedule, e, ctx.now)) for e in entries]


def _summary(schedule: Schedule) -> str:
    users = [shift.user for shift in schedule.current_shifts if shift.user]
    names = list(dict.fromkeys(text.inline(named(user)) for user in users))
    now = text.listed(names) or "nobody"
    return f"{text.inline(schedule.name)}: on call now: {now}"
