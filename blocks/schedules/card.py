"""Schedules: the list, the card, the entries, and what a deletion loses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import Block

from blocks.kit import messages, tables, text
from blocks.kit.managed import manager
from blocks.kit.on_call import (
    NOBODY,
    layer_text,
    sections,
    span,
    title,
    warn_on_call,
    zone,
)
from blocks.kit.people import person, warning
from blocks.kit.rotations import handovers, hours
from blocks.kit.tables import Cell
from incidentio import EscalationPath, Rotation, Schedule, ScheduleEntry, User

MOST_PEOPLE = 60
MOST_SHIFTS = 12
MOST_FACTS = 12
IN_FORCE, TO_COME, PAST = "in force", "to come", "past"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a rotation, and when it is in force."""

    rotation: Rotation
    state: str
    until: datetime | None = None
    """When the next version takes over."""


@dataclass(frozen=True, slots=True)
class NamedShift:
    """A shift, with the name of its layer."""

    entry: ScheduleEntry
    layer: str


def card(
    schedule: Schedule,
    versions: Sequence[Version],
    shifts: tuple[Sequence[NamedShift], Sequence[NamedShift]],
    *,
    now: datetime,
    origin: str,
    first: bool = True,
) -> list[Block]:
    """Draw the card; the pages after the ``first`` only continue the rotations.

    ``shifts`` are the present and the coming ones.
    """
    head = f"{title(schedule)} ({zone(schedule, now)})"
    facts = [*_shifts(*shifts), *_facts(schedule)] if first else []
    drawn = [block for v in versions for block in sections(_version(v, schedule))]
    if not versions:
        drawn = [messages.section("No rotation: nobody will be on call.")]
    return [*sections([head, *facts]), *drawn, *_steps(schedule, origin)]


def _shifts(
    current: Sequence[NamedShift], coming: Sequence[NamedShift]
) -> Iterable[str]:
    held = [shift for shift in current if shift.entry.user]
    yield "*On call now*" if held else f"{NOBODY} now"
    yield from warn_on_call(shift.entry.user for shift in held)
    yield from _listed(held)
    if coming:
        yield "*Next*"
        yield from warn_on_call((shift.entry.user for shift in coming), "next")
        yield from _listed(coming)


def _listed(shifts: Sequence[NamedShift]) -> Iterable[str]:
    for shift in shifts[:MOST_SHIFTS]:
        layer = f" · {layer_text(shift.layer)}" if shift.layer else ""
        yield f"• {person(shift.entry.user)}{layer}, {span(shift.entry)}"
    if len(shifts) > MOST_SHIFTS:
        yield f"• and {len(shifts) - MOST_SHIFTS} more"


def _facts(schedule: Schedule) -> Iterable[str]:
    if schedule.holidays_public_config:
        codes = schedule.holidays_public_config.country_codes
        yield from _fact("Holidays shown", [text.inline(code, 20) for code in codes])
    teams = "Team" if len(schedule.team_ids) == 1 else "Teams"
    yield from _fact(teams, [text.code(id_, 60) for id_ in schedule.team_ids])
    yield from _fact("Managed by", list(filter(None, [manager(schedule)])))
    yield from _fact(
        "Annotations",
        [
            f"{text.code(name, 60)} {text.inline(value, 100)}"
            for name, value in schedule.annotations.items()
        ],
    )
    yield from _fact("Id", [text.code(schedule.id)])
    times = {"Created": schedule.created_at, "changed": schedule.updated_at}
    said = [f"{word} {text.when(at)}" for word, at in times.items() if at]
    if said:
        yield ", ".join(said)


def _fact(label: str, values: Sequence[str]) -> Iterable[str]:
    if values:
        left = len(values) - MOST_FACTS
        more = [f"{left} more in incident.io"] if left > 0 else []
        yield f"*{label}*: {', '.join([*values[:MOST_FACTS], *more])}"


def _version(version: Version, schedule: Schedule) -> Iterable[str]:
    rotation = version.rotation
    yield f"{text.bold(rotation.name)}{_when(version)}"
    yield from described(rotation, schedule)
    yield f"Rotation {text.code(rotation.id, 60)}"


def described(rotation: Rotation, schedule: Schedule) -> Iterable[str]:
    """Yield a line for each fact about a rotation."""
    yield f"Handover: {handovers(rotation, schedule)}"
    if rotation.handover_start_at:
        yield f"Counted from: {text.when(rotation.handover_start_at)}"
    yield f"In this order: {people(rotation.users)}"
    yield from warning(rotation.users, "in this rotation", "Take them out of it.")
    yield f"Working hours: {hours(rotation.working_intervals)}"
    layers = [text.inline(layer.name or "Layer", 60) for layer in rotation.layers]
    if layers:
        at_once = f"{text.count(len(layers), 'person', 'people')} at a time"
        yield f"Layers: {text.listed(layers[:MOST_FACTS])} ({at_once})"
    if rotation.scheduling_mode:
        yield f"Scheduling: {text.inline(rotation.scheduling_mode, 40)}"


def _when(version: Version) -> str:
    """Describe when a version is in force; empty where it always is."""
    since, until = version.rotation.effective_from, version.until
    if version.state == PAST:
        return f", until {text.when(until)}" if until else ", no longer"
    if version.state == TO_COME and since:
        return f", from {text.when(since)}"
    return f", now, until {text.when(until)}" if until else ""


def people(users: Sequence[User]) -> str:
    if not users:
        return "nobody"
    named = [f"{n}. {person(user)}" for n, user in enumerate(users[:MOST_PEOPLE], 1)]
    left = len(users) - MOST_PEOPLE
    return ", ".join([*named, *([f"{left} more in incident.io"] if left > 0 else [])])


def _steps(schedule: Schedule, origin: str) -> Iterable[Block]:
    id_ = schedule.id
    lines = [
        ("Edit", f"schedule edit {id_}"),
        ("Edit as JSON", f"schedule json {id_}"),
        ("Override", f"override {id_}"),
        ("Coming shifts", f"schedule entries {id_}"),
        ("Overrides", f"overrides {id_}"),
    ]
    delete = ("Delete", f"schedule delete {id_}")
    yield messages.buttons(lines, block_id=f"{origin}#1", danger=delete)


DELETE = "schedule.delete"


MOST = 20


Paths = Sequence[EscalationPath] | None
"""The escalation paths that use it; None where that could not be read."""


def lost(schedule: Schedule) -> str:
    """Describe what is lost with a schedule."""
    rotations = {rotation.id: rotation.name for rotation in schedule.rotations}
    names = [text.inline(name, 60) for name in [*rotations.values()][:MOST]]
    which = f"Its rotations {text.listed(names)} go with it" if names else "With it go"
    return f"{which}, every shift and every override."


def on_call_now(schedule: Schedule) -> str:
    """Describe who is on call by a schedule."""
    users = [shift.user for shift in schedule.current_shifts if shift.user]
    now = list(dict.fromkeys(person(user) for user in users))[:MOST]
    return f"On call now: {text.listed(now) or 'nobody'}."


def depending(paths: Paths) -> str:
    """Describe which escalation paths use it."""
    if paths is None:
        return "⚠️ Which escalation paths use it could not be read."
    if not paths:
        return "No escalation path uses it."
    names = [text.bold(path.name) for path in paths[:MOST]]
    left = len(paths) - len(names)
    names += [f"{left} more"] if left else []
    uses = "path uses" if len(paths) == 1 else "paths use"
    return f"⚠️ The escalation {uses} it: {text.listed(names)}."


@dataclass(frozen=True, slots=True)
class ListedSchedule:
    """A schedule with the rotations that are in force."""

    schedule: Schedule
    rotations: Sequence[Rotation]


@dataclass(frozen=True, slots=True)
class ListedShift:
    """One entry of the final schedule."""

    shift: ScheduleEntry
    layer: str
    is_override: bool


def listing(rows: Sequence[ListedSchedule], *, now: datetime) -> list[Block]:
    blocks: list[Block] = [messages.section("*Schedules*")]
    for row in rows:
        schedule = row.schedule
        words = [
            f"{title(schedule)} ({zone(schedule, now)})",
            f"{_size(row.rotations)}. {_on_call(schedule)}",
        ]
        buttons = [
            ("Show", f"schedule show {schedule.id}"),
            ("On call", f"oncall {schedule.id}"),
            ("Coming shifts", f"schedule entries {schedule.id}"),
            ("Overrides", f"overrides {schedule.id}"),
        ]
        blocks += [messages.section("\n".join(words)), messages.buttons(buttons)]
    return blocks


def _size(rotations: Sequence[Rotation]) -> str:
    if not rotations:
        return "No rotation in force"
    names = text.listed([text.inline(r.name, 80) for r in rotations[:10]])
    people = {user.id for rotation in rotations for user in rotation.users}
    many = "Rotation" if len(rotations) == 1 else "Rotations"
    return f"{many} {names}, {text.count(len(people), 'person', 'people')}"


def _on_call(schedule: Schedule) -> str:
    who = [person(s.user) for s in schedule.current_shifts if s.user]
    found = list(dict.fromkeys(who))
    return f"On call now: {text.listed(found[:10])}" if found else NOBODY


def entries(
    rows: Sequence[ListedShift], heading: str, *, total: int, schedule: Schedule
) -> list[Block]:
    """List final entries in order; those that an override made are marked."""
    buttons = [
        ("Override", f"override {schedule.id}"),
        ("On call", f"oncall {schedule.id}"),
        ("Overrides", f"overrides {schedule.id}"),
    ]
    if not total:
        nobody = f"{NOBODY} in all of this time."
        return [*sections([heading, nobody]), messages.buttons(buttons)]
    plain = sections([entry_line(row) for row in rows])
    shown = [*map(_entry_row, rows)]
    return [
        messages.section(heading),
        *tables.table("On your own clock", ENTRY_HEADER, shown, plain),
        messages.buttons(buttons),
    ]


ENTRY_HEADER = ("From", "Until", "Who", "Layer", "Override")


def _entry_row(row: ListedShift) -> list[Cell]:
    return [
        Cell(at=row.shift.start_at),
        Cell(at=row.shift.end_at),
        tables.person(row.shift.user, "nobody"),
        Cell(row.layer),
        Cell("yes" if row.is_override else ""),
    ]


def entry_line(row: ListedShift) -> str:
    layer = f" · {layer_text(row.layer)}" if row.layer else ""
    mark = " · _override_" if row.is_override else ""
    return f"{span(row.shift)}: {person(row.shift.user)}{layer}{mark}"
