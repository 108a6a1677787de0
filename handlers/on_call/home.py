"""Who is on call, and when the person is, on the Home tab."""

from __future__ import annotations

from blocks.kit import messages, text
from blocks.kit import on_call as view
from handlers.core.arguments.catalogued import by_name
from handlers.core.command import Effect, Reply
from handlers.core.context import Context
from handlers.core.read_failures import require_read
from handlers.on_call.show import group
from incidentio import Schedule, ScheduleEntry
from incidentio.on_call.layers import on_call_at
from incidentio.on_call.rota import Rota
from incidentio.on_call.shifts import Shift
from reminders.on_call.rota import ROTA
from reminders.sources.snapshots import MOMENTS_AGO

MOST = 10
"""The most schedules that are shown."""
COMING = 1
"""How many of the person's coming shifts are shown."""


@group.home(rank=20, of="oncall me", effect=Effect("Your shifts", "shown", "were"))
def mine(ctx: Context) -> Reply:
    """Show when I am on call: now, and the next time."""
    if ctx.account is None or not ctx.catalog.schedules():
        return Reply("")
    snapshot = ctx.services.outstanding.read(
        {ROTA.name}, ctx.directory, within=MOMENTS_AGO
    )
    require_read(ctx, "Your shifts could not be read", snapshot, {ROTA.name})
    rotas = snapshot.get(ROTA)
    found = [
        (shift, rota)
        for rota in rotas
        for shift in rota.shifts
        if shift.user.id == ctx.account.id and shift.end > ctx.now
    ]
    found.sort(key=lambda one: one[0].start)
    current = [one for one in found if one[0].holds(ctx.now)]
    coming = [one for one in found if not one[0].holds(ctx.now)][:COMING]
    lines = [*(_now(*one) for one in current), *(_next(*one) for one in coming)]
    if rotas.failed:
        lines.append("Some schedules could not be read.")
    words = "\n".join([text.bold("Your shifts"), *(lines or [view.NO_SHIFTS])])
    return Reply(words, [messages.section(words)])


@group.home(rank=50, of="oncall", effect=Effect("Who is on call", "shown"))
def everybody(ctx: Context) -> Reply:
    """Show who is on call now, for each schedule."""
    schedules = by_name(ctx.catalog.schedules())
    if not schedules:
        return Reply("")
    shown = schedules[:MOST]
    current = {schedule.id: _current(ctx, schedule) for schedule in shown}
    users = [s.user for shifts in current.values() for s in shifts if s.user]
    ctx.services.accounts.look_up(users)
    lines = [view.brief(s, current[s.id], ctx.now) for s in shown]
    left = len(schedules) - len(shown)
    more = [f"and {left} more"] if left else []
    words = "\n".join([text.bold("On call now"), *lines, *more])
    button = messages.button("Show all", "oncall")
    return Reply(words, [messages.section(words, beside=button)])


def _current(ctx: Context, schedule: Schedule) -> list[ScheduleEntry]:
    """Return who is on call, also when a shift began after the schedule was read."""
    known = (*schedule.current_shifts, *schedule.next_shifts)
    return on_call_at(known, ctx.now)


def _now(shift: Shift, rota: Rota) -> str:
    return f"On call for {_schedule(shift, rota)} until {text.when(shift.end)}."


def _next(shift: Shift, rota: Rota) -> str:
    times = f"{text.when(shift.start)} to {text.when(shift.end)}"
    return f"Next: {_schedule(shift, rota)}, {times}."


def _schedule(shift: Shift, rota: Rota) -> str:
    layer = rota.layer_name(shift)
    return text.bold(f"{rota.name} {layer}".strip())
