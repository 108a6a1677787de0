"""``oncall``: who is on call now and next, and the person's own shifts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from blocks.kit import messages
from blocks.kit import on_call as view
from handlers.core.arguments.resolve import FIRST, Page
from handlers.core.command import Effect, Group, Reply
from handlers.core.context import Context
from handlers.core.pages import paginate
from handlers.core.problems import Refusal
from handlers.core.shifts import (
    NO_ACCOUNT,
    SCHEDULE,
    all_schedules,
    my_shifts,
    read_all,
)
from incidentio import Schedule, ScheduleEntry
from incidentio.features import ON_CALL
from incidentio.on_call.layers import (
    RotationLayer,
    in_force,
    layers_at,
    on_call_at,
)

group = Group("oncall", "On call", reads=ON_CALL, rank=1)

ON_A_PAGE = 6
AHEAD = timedelta(days=8)
"""How far to look for the next person: longer than a week's shift."""


@group.command(
    "oncall",
    effect=Effect("Who is on call", "shown"),
    aliases=["who", "whoisoncall"],
    says=[
        "who oncall",
        "whos oncall",
        "oncall now",
        "oncall schedule",
        "duty",
        "who duty",
        "rota",
        "rotation now",
        "call",
    ],
)
def oncall(ctx: Context, schedule: Schedule | None = None, page: Page = FIRST) -> Reply:
    """Show who is on call now and next, for one schedule or for all."""
    if schedule is not None:
        return _one(ctx, schedule)
    found = all_schedules(ctx)
    part = paginate(found, page, ON_A_PAGE)
    rotas = read_all(lambda s: rota(ctx, s), part.shown)
    line = "oncall" if part.number == 1 else f"oncall page:{part.number}"
    turner = messages.pager("oncall", part.number, more=part.more)
    blocks = view.overview(rotas, now=ctx.now, origin=line)
    return Reply(f"On call now: {view.summary(rotas)}", [*blocks, *turner])


@group.command(
    "oncall me",
    aliases=["my shifts"],
    says=["am i oncall", "my next shift", "my oncall", "oncall i"],
    effect=Effect("Your shifts", "shown", "were"),
)
def mine(ctx: Context) -> Reply:
    """Show when you are on call: now, and in the next 14 days."""
    if ctx.directory.me is None:
        raise Refusal(NO_ACCOUNT)
    blocks = my_shifts(ctx)
    if not blocks:
        return Reply("You are not on call now, nor in the next 14 days.")
    ask = messages.buttons([("Ask for cover", "cover")])
    return Reply("Your shifts", [*blocks, ask])


def _one(ctx: Context, known: Schedule) -> Reply:
    shown = rota(ctx, SCHEDULE.read(ctx, known.id))
    blocks = view.card(shown, now=ctx.now, origin=f"oncall {known.id}")
    return Reply(f"On call now: {view.summary([shown])}", blocks)


def rota(ctx: Context, schedule: Schedule) -> view.OnCallNow:
    """Return who is on call in each layer now and next.

    If the schedule itself does not say who is next, its coming entries are read.
    """
    now = ctx.now
    current = on_call_at(schedule.current_shifts, now)
    ctx.services.accounts.look_up(shift.user for shift in current)
    layers = layers_at(schedule, now)
    coming: Sequence[ScheduleEntry] = schedule.next_shifts
    if any(not any(layer.holds(s) for s in coming) for layer in layers):
        coming = ctx.api.schedules.list_entries(schedule.id, now, now + AHEAD).final
    hours = {r.id for r in in_force(schedule, now) if r.working_intervals}
    drawn = [_layer_shifts(layer, current, coming, now, hours) for layer in layers]
    known = [s for s in current if any(layer.holds(s) for layer in layers)]
    others = [view.LayerShifts("", shift) for shift in current if shift not in known]
    return view.OnCallNow(schedule, [*drawn, *others])


def _layer_shifts(
    layer: RotationLayer,
    current: Sequence[ScheduleEntry],
    coming: Sequence[ScheduleEntry],
    now: datetime,
    hours: set[str],
) -> view.LayerShifts:
    held = next((s for s in current if layer.holds(s)), None)
    since = held.end_at if held else now
    later = [s for s in coming if layer.holds(s) and s.start_at >= since]
    after = min(later, key=lambda s: s.start_at, default=None)
    return view.LayerShifts(layer.name, held, after, layer.rotation_id in hours)
