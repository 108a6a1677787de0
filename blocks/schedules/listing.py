"""Lists of schedules and of their entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import Block

from blocks.kit import messages, text
from blocks.kit.on_call import NOBODY, sections, span, text_of, title, zone
from blocks.kit.people import person
from incidentio import Rotation, Schedule, ScheduleEntry


@dataclass(frozen=True, slots=True)
class Listed:
    """A schedule with the rotations that are in force."""

    schedule: Schedule
    rotations: Sequence[Rotation]


@dataclass(frozen=True, slots=True)
class ListedShift:
    """One entry of the final schedule."""

    shift: ScheduleEntry
    place: str
    is_override: bool


def listing(rows: Sequence[Listed], *, now: datetime) -> list[Block]:
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
    lines = [entry_line(row) for row in rows]
    nobody = [] if total else [f"{NOBODY} in all of this time."]
    buttons = [
        ("Override", f"override {schedule.id}"),
        ("On call", f"oncall {schedule.id}"),
        ("Overrides", f"overrides {schedule.id}"),
    ]
    return [*sections([heading, *lines, *nobody]), messages.buttons(buttons)]


def entry_line(row: ListedShift) -> str:
    place = f" · {text_of(row.place)}" if row.place else ""
    mark = " · _override_" if row.is_override else ""
    return f"{span(row.shift)}: {person(row.shift.user)}{place}{mark}"
