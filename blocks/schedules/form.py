"""The form that creates a schedule, or edits one of its rotations at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from blocks.kit import text
from blocks.kit.edit import Input
from blocks.kit.fields import (
    Choice,
    Choosable,
    Field,
    Number,
    PeoplePicker,
    Text,
    Ticks,
    TimeOfDay,
    short_hash,
    zone_choice,
)
from blocks.kit.form import Form, Note
from blocks.kit.rotations import UNITS, zone_of
from blocks.schedules.draft import (
    HANDOVER,
    HOURS,
    LONGEST_NAME,
    NEW,
    NEXT,
    NOW,
    PEOPLE,
    ScheduleDraft,
)
from incidentio.on_call.coverage import WEEKDAYS

EDIT, CREATE = "schedule.edit", "schedule.create"
ADD = Choosable("Add a rotation", NEW)


@dataclass(frozen=True, slots=True)
class ScheduleOffer:
    """The options and notes about the rotation shown."""

    rotations: Sequence[Choosable] = ()
    hidden: Mapping[str, str] = field(default_factory=dict)
    """Groups of fields that are left out, and why."""
    handover: str | None = None
    """The next handover, in plain text. None: changes cannot wait for one."""
    notes: Sequence[str] = ()
    """Notes in mrkdwn: versions to come, and rotations not in force."""


def inputs(current: ScheduleDraft, offer: ScheduleOffer) -> list[Input]:
    """Draw the inputs for the schedule and for one rotation."""
    fresh = short_hash(repr(current), 6)
    new = current.rotation == NEW
    return [
        *_top(current, fresh),
        _which(current, offer),
        *_rotation(current, offer, fresh, optional=new),
        *(() if new else _effect(current, offer, fresh)),
        *(Note(note, small=True) for note in offer.notes),
    ]


LATER = ("timezone", "rotation_name", "days", "opens", "closes", "remove")
"""The fields that come with *More*, if nothing has to be said with them."""


def _later(draft: ScheduleDraft) -> list[str]:
    shown = set()
    if zone_of(draft.timezone) is None:
        shown.add("timezone")
    if draft.rotation == NEW:
        shown.add("rotation_name")
    if draft.days or draft.opens or draft.closes:
        shown |= {"days", "opens", "closes"}
    return [name for name in LATER if name not in shown]


def edit(
    inputs: Sequence[Input], memory: Mapping[str, Any], draft: ScheduleDraft
) -> Form:
    """Draw the form around ``inputs``; it saves once a preview was ``seen``."""
    return Form(
        id=EDIT,
        title="Edit the schedule",
        fields=inputs,
        submit="Save" if memory.get("seen") else "Preview",
        memory=memory,
        later=_later(draft),
    )


def create(
    draft: ScheduleDraft, *, seen: str | None = None, above: Sequence[Note] = ()
) -> Form:
    return Form(
        id=CREATE,
        title="Create a schedule",
        fields=[*above, *_top(draft, ""), *_rotation(draft, ScheduleOffer(), "")],
        submit="Create" if seen else "Check",
        memory={"seen": seen},
    )


def _top(draft: ScheduleDraft, fresh: str) -> Iterable[Field | Note]:
    yield Text(
        name="name",
        label="Name",
        value=draft.name,
        max_length=LONGEST_NAME,
        fresh=fresh,
    )
    hint = "Handovers and working hours are in this zone."
    yield zone_choice(draft.timezone, hint=hint, fresh=fresh)


def _which(draft: ScheduleDraft, offer: ScheduleOffer) -> Field:
    return Choice(
        name="rotation",
        label="Rotation",
        options=[*offer.rotations, ADD],
        value=draft.rotation,
        hint="One at a time: save before you choose another.",
        live=True,
    )


def _rotation(
    draft: ScheduleDraft, offer: ScheduleOffer, fresh: str, *, optional: bool = False
) -> Iterable[Field | Note]:
    yield Text(
        name="rotation_name",
        label="Name of the rotation",
        optional=optional,
        value=draft.rotation_name,
        max_length=LONGEST_NAME,
        fresh=fresh,
    )
    drawn = {PEOPLE: _people, HANDOVER: _handover, HOURS: _hours}
    for group, draw in drawn.items():
        if group not in offer.hidden:
            yield from draw(draft, fresh)
    if offer.hidden:
        yield Note(_left_out(offer.hidden), small=True)


def _left_out(hidden: Mapping[str, str]) -> str:
    said = "; ".join(f"{group} ({why})" for group, why in hidden.items())
    return (
        f"These can't be edited here and stay as they are: {text.escape(said)}. "
        "Edit them as JSON or in incident.io."
    )


def _people(draft: ScheduleDraft, fresh: str) -> Iterable[Field | Note]:
    yield PeoplePicker(
        name="users",
        label="People, in order",
        value=draft.users,
        optional=True,
        hint="They take turns in this order.",
        fresh=fresh,
    )


def _handover(draft: ScheduleDraft, fresh: str) -> Iterable[Field | Note]:
    kinds = [Choosable(f"{unit.capitalize()}s", kind) for kind, unit in UNITS.items()]
    yield Number(
        name="number",
        label="Hand over every",
        value=draft.number,
        decimal=False,
        least="1",
        most="1000",
        fresh=fresh,
    )
    yield Choice(
        name="every", label="Of", options=kinds, value=draft.every, fresh=fresh
    )
    yield Choice(
        name="day",
        label="On",
        options=_days(),
        value=draft.day,
        hint="For weekly handovers only.",
        fresh=fresh,
    )
    yield TimeOfDay(name="at", label="At", value=draft.at, fresh=fresh)


def _hours(draft: ScheduleDraft, fresh: str) -> Iterable[Field | Note]:
    yield Ticks(
        name="days",
        label="On call only on",
        options=_days(),
        value=draft.days,
        hint="Leave empty for around the clock.",
        fresh=fresh,
    )
    yield TimeOfDay(
        name="opens", label="From", value=draft.opens, optional=True, fresh=fresh
    )
    yield TimeOfDay(
        name="closes",
        label="Until",
        value=draft.closes,
        optional=True,
        hint="Midnight is 00:00. An end before the start is on the next day.",
        fresh=fresh,
    )


def _days() -> list[Choosable]:
    return [Choosable(day.capitalize(), day) for day in WEEKDAYS]


def _effect(
    draft: ScheduleDraft, offer: ScheduleOffer, fresh: str
) -> Iterable[Field | Note]:
    whens = [Choosable("At once", NOW)]
    if offer.handover:
        whens.append(Choosable(f"From the next handover, {offer.handover}", NEXT))
    yield Choice(
        name="takes_effect",
        label="Changes to the rotation take effect",
        options=whens,
        value=draft.takes_effect if offer.handover else NOW,
        hint="From the next handover, no one is swapped in the middle of a shift, and "
        "the first of the list takes over then.",
        fresh=fresh,
    )
    yield Ticks(
        name="remove",
        label="Remove",
        options=[Choosable("Remove this rotation, with all its versions", "remove")],
        value=draft.remove,
        fresh=fresh,
    )
