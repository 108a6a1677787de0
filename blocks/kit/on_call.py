"""People on call in Slack: now, next, and one person's shifts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import (
    Block,
    DividerBlock,
)

from blocks.kit import messages, text
from blocks.kit.people import named, person, warning
from blocks.kit.rotations import unread_zone, zone_of
from incidentio import Schedule, ScheduleEntry, User
from incidentio.on_call.layers import in_force

NOBODY = "⚠️ *Nobody is on call*"
NO_SHIFTS = "You are not on call in the next two weeks."
LAYERS_IN_BRIEF = 8
MOST_SECTIONS = 40
MOST_SHIFTS = 12


@dataclass(frozen=True, slots=True)
class LayerShifts:
    """A rotation layer with its current and its next shift."""

    name: str
    now: ScheduleEntry | None
    next: ScheduleEntry | None = None
    in_hours: bool = False
    """Whether somebody is on call in working hours only."""


@dataclass(frozen=True, slots=True)
class OnCallNow:
    schedule: Schedule
    layers: Sequence[LayerShifts]

    @property
    def on_call(self) -> list[LayerShifts]:
        return [layer for layer in self.layers if is_somebody(layer.now)]


@dataclass(frozen=True, slots=True)
class PersonShift:
    """A shift of one person, with its schedule and layer."""

    schedule: Schedule
    layer: str
    entry: ScheduleEntry


def is_somebody(shift: ScheduleEntry | None) -> bool:
    return shift is not None and shift.user is not None


def title(schedule: Schedule) -> str:
    """Return a schedule's name in bold, as a link where incident.io gives one."""
    if schedule.permalink:
        return f"*{text.link(schedule.permalink, schedule.name)}*"
    return text.bold(schedule.name)


def zone(schedule: Schedule, now: datetime) -> str:
    """Return the schedule's time zone and the time there."""
    known = zone_of(schedule.timezone)
    if known is None:
        return f"{text.inline(unread_zone(schedule.timezone))}: times are UTC"
    return f"{text.inline(schedule.timezone)}, {now.astimezone(known):%H:%M} there"


def summary(rotas: Iterable[OnCallNow]) -> str:
    """Return who is on call in words, for notifications and screen readers."""
    return "; ".join(f"{text.inline(r.schedule.name)}: {_names(r)}" for r in rotas)


def _names(rota: OnCallNow) -> str:
    shifts = [layer.now for layer in rota.on_call if layer.now]
    names = [text.inline(named(shift.user)) for shift in shifts if shift.user]
    return text.listed(list(dict.fromkeys(names))) or "nobody is on call"


def overview(rotas: Sequence[OnCallNow], *, now: datetime, origin: str) -> list[Block]:
    """Draw several schedules, each in brief."""
    blocks: list[Block] = []
    for number, rota in enumerate(rotas):
        left = len(rota.layers) - LAYERS_IN_BRIEF
        more = [f"and {left} more"] if left > 0 else []
        lines = _lines(rota.layers[:LAYERS_IN_BRIEF])
        id_ = rota.schedule.id
        buttons = [("Override", f"override {id_}"), *_links(id_)]
        blocks += [DividerBlock()] if blocks else []
        blocks += [
            *sections([_heading(rota, now), *_left(rota), *lines, *more]),
            messages.buttons(
                [*buttons, ("Show", f"oncall {id_}")], block_id=f"{origin}#{number}"
            ),
        ]
    return blocks


def card(rota: OnCallNow, *, now: datetime, origin: str) -> list[Block]:
    """Draw one schedule with all its layers."""
    id_ = rota.schedule.id
    buttons = [("Override", f"override {id_}"), *_links(id_)]
    return [
        *sections([_heading(rota, now), *_left(rota), *_lines(rota.layers)]),
        messages.buttons(
            [*buttons, ("Overrides", f"overrides {id_}")], block_id=f"{origin}#1"
        ),
    ]


def _links(schedule_id: str) -> list[tuple[str, str]]:
    return [("Coming shifts", f"schedule entries {schedule_id}")]


def warn_on_call(users: Iterable[User | None], when: str = "now") -> list[str]:
    """Return a warning about people on call who have left; nothing if none has."""
    return warning(users, f"on call {when}", "Override the shift.")


def _left(rota: OnCallNow) -> list[str]:
    now = [layer.now.user for layer in rota.layers if layer.now]
    coming = [layer.next.user for layer in rota.layers if layer.next]
    return [*warn_on_call(now), *warn_on_call(coming, "next")]


def _heading(rota: OnCallNow, now: datetime) -> str:
    head = f"{title(rota.schedule)} ({zone(rota.schedule, now)})"
    if rota.on_call:
        return head
    if not rota.layers:
        return f"{head}\n{NOBODY}: the schedule has no rotation in force."
    if all(map(_outside_hours, rota.layers)):
        return head
    return f"{head}\n{NOBODY} now."


def _lines(layers: Iterable[LayerShifts]) -> list[str]:
    return [line for line in map(_layer_line, layers) if line]


def _layer_line(layer: LayerShifts) -> str:
    """Return who is on call in a layer, until when, and who is next.

    Return "" for a layer without a name, of which the heading has said all.
    """
    head = f"{text.bold(layer.name)}: " if layer.name else ""
    if layer.now is None or layer.now.user is None:
        return f"{head}{_empty(layer)}{_then(layer, ' Next:')}".strip()
    until = text.when(layer.now.end_at)
    joined = layer.next and layer.next.start_at <= layer.now.end_at
    then = _then(layer, ", then") if joined else _then(layer, "; next")
    return f"{head}{person(layer.now.user)} until {until}{then}"


def _empty(layer: LayerShifts) -> str:
    if _outside_hours(layer):
        return "Outside working hours."
    return "*Nobody is on call.*" if layer.name else ""


def _outside_hours(layer: LayerShifts) -> bool:
    return layer.in_hours and layer.now is None


def _then(layer: LayerShifts, joint: str) -> str:
    if layer.next is None:
        return ""
    who = person(layer.next.user)
    start = "" if joint == ", then" else f" from {text.when(layer.next.start_at)}"
    return f"{joint} {who}{start} until {text.when(layer.next.end_at)}"


def span(shift: ScheduleEntry) -> str:
    return f"{text.when(shift.start_at)} to {text.when(shift.end_at)}"


def brief(schedule: Schedule, shifts: Sequence[ScheduleEntry], now: datetime) -> str:
    """Return in one line who is on call for a schedule."""
    by_end: dict[datetime, list[str]] = {}
    for shift in shifts:
        if shift.user:
            by_end.setdefault(shift.end_at, []).append(person(shift.user))
    if by_end:
        said = [f"{text.listed(w)} until {text.when(e)}" for e, w in by_end.items()]
        return f"{title(schedule)}: {', '.join(said)}"
    hours = any(r.working_intervals for r in in_force(schedule, now))
    coming = [s for s in schedule.next_shifts if s.user and s.start_at > now]
    first = min(coming, key=lambda s: s.start_at, default=None)
    then = f", next {person(first.user)} {span(first)}" if first else ""
    if hours:
        return f"{title(schedule)}: outside working hours{then}"
    return f"⚠️ {title(schedule)}: nobody is on call{then}"


def sections(lines: Iterable[str]) -> list[Block]:
    """Draw lines in as few sections as possible; no line is cut."""
    chunks: list[str] = []
    for line in lines:
        joined = f"{chunks[-1]}\n{line}" if chunks else line
        if chunks and len(joined) <= text.SECTION:
            chunks[-1] = joined
        else:
            chunks.append(line)
    return [messages.section(chunk) for chunk in chunks[:MOST_SECTIONS]]


def mine(shifts: Sequence[PersonShift], now: datetime) -> list[Block]:
    """Draw one person's shifts; nothing where there are none."""
    if not shifts:
        return []
    lines = [_my_line(shift, now) for shift in shifts[:MOST_SHIFTS]]
    left = len(shifts) - MOST_SHIFTS
    more = [f"and {left} more"] if left > 0 else []
    return sections(["*On call*", *lines, *more])


def _my_line(shift: PersonShift, now: datetime) -> str:
    where = " ".join(filter(None, [title(shift.schedule), layer_text(shift.layer)]))
    if shift.entry.start_at <= now:
        return f"{where}: now, until {text.when(shift.entry.end_at)}"
    return f"{where}: {span(shift.entry)}"


def layer_text(layer: str) -> str:
    return text.inline(layer, 100) if layer else ""
