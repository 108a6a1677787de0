"""The form that creates an escalation path, or edits the part that it can show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from slack_sdk.models.blocks import Block

from blocks.kit import fields, text
from blocks.kit.edit import Input
from blocks.kit.fields import (
    EMPTY,
    SHOWN,
    Choice,
    Choices,
    Choosable,
    Field,
    Number,
    PeoplePicker,
    Text,
    Ticks,
    TimeOfDay,
    Value,
    zone_choice,
)
from blocks.kit.form import Form, Note
from blocks.paths.draft import (
    MINUTES,
    MOST_LEVELS,
    PEOPLE,
    SCHEDULES,
    URGENCY,
    LevelDraft,
    PathDraft,
    seconds_of,
)
from incidentio.on_call.coverage import WEEKDAYS

CREATE, EDIT = "path.create", "path.edit"
CHANGE = "change"
LEVELS = "levels"
ADD, REMOVE, UP, DOWN = "add", "remove", "up", "down"
LONGEST_NAME = 200
TEMPLATED = (
    "This path is built from a template. Its steps and working hours are changed "
    "there, in incident.io. The values that it gives to the template can be changed "
    "as JSON."
)
URGENCIES = [Choosable("High urgency", "high"), Choosable("Low urgency", "low")]


@dataclass(frozen=True, slots=True)
class PathOffer:
    """The options and notes of the form; ``hidden`` is mrkdwn."""

    schedules: Sequence[Choosable]
    hidden: Sequence[str] = ()
    """Steps that the form cannot show, each with the reason."""
    no_hours: str | None = None
    """Why working hours are not in the form."""
    templated: bool = False
    """Whether steps and working hours come from a template."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels(Field):
    """A field without an input: the marks of the levels, in their order.

    ``known`` are the marks that the path had when the form was opened.
    """

    value: Sequence[str] = ()
    known: Sequence[str] = ()

    def draw(self) -> list[Block]:
        return []

    def normalized(self, value: Value) -> str:
        return "\n".join(value) if isinstance(value, tuple) else ""

    def value_text(self, limit: int = SHOWN) -> str:  # noqa: ARG002
        known = list(self.known)
        names = [str(known.index(m) + 1) if m in known else NEW for m in self.value]
        return text.listed(names) or EMPTY


NEW = "a new one"


HOURS = ("head:hours", "zone", "days", "opens", "closes")


def form(
    form_id: str,
    inputs: Sequence[Input],
    memory: Mapping[str, Any],
    *,
    with_hours: bool = False,
) -> Form:
    """Draw the form around its inputs; working hours come with *More*, if unset."""
    new = form_id == CREATE
    return Form(
        form_id,
        "Create a path" if new else "Edit the path",
        inputs,
        "Create" if new else "Save",
        memory=memory,
        later=() if with_hours else HOURS,
        rest="working hours, for conditions and delays",
    )


def inputs(draft: PathDraft, offer: PathOffer, turn: int) -> list[Input]:
    """Draw the inputs of a draft; a new ``turn`` empties the menu of changes."""
    name = Text(name="name", label="Name", value=draft.name, max_length=LONGEST_NAME)
    steps = [Note(TEMPLATED)] if offer.templated else _steps(draft, offer, turn)
    return [name, *steps]


def _steps(draft: PathDraft, offer: PathOffer, turn: int) -> Iterable[Field | Note]:
    many = len(draft.levels)
    for number, level in enumerate(draft.levels, 1):
        yield Note(f"*Level {number}* of {many}", name=f"head:{level.key}")
        yield from _level(level, number, offer)
    yield _menu(draft, turn, movable=not offer.hidden)
    yield from _hidden(offer)
    if offer.no_hours is None:
        yield from _hours(draft)


def _level(level: LevelDraft, number: int, offer: PathOffer) -> Iterable[Field]:
    yield PeoplePicker(
        name=f"{PEOPLE}:{level.key}",
        label=f"Level {number}: people",
        value=level.people,
        optional=True,
    )
    if offer.schedules:
        yield Choices(
            name=f"{SCHEDULES}:{level.key}",
            label=f"Level {number}: who is on call for",
            options=offer.schedules,
            value=level.schedules,
            source=fields.SCHEDULE,
            optional=True,
        )
    yield Choice(
        name=f"{URGENCY}:{level.key}",
        label=f"Level {number}: urgency",
        options=URGENCIES,
        value=level.urgency,
    )
    yield Number(
        name=f"{MINUTES}:{level.key}",
        label=f"Level {number}: minutes to acknowledge",
        value=level.minutes,
        least="1",
        hint=_in_words(level.minutes),
    )


def _in_words(minutes: str | None) -> str | None:
    """Return a hint where the minutes are not whole: “1.5 minutes is 1 min 30 s.”"""
    seconds = seconds_of(minutes)
    said = text.exact(timedelta(seconds=seconds))
    return f"{minutes} minutes is {said}." if seconds % 60 else None


def _menu(draft: PathDraft, turn: int, *, movable: bool) -> Field:
    changes = (
        [] if len(draft.levels) >= MOST_LEVELS else [Choosable("Add a level", ADD)]
    )
    for number, level in enumerate(draft.levels, 1):
        changes.append(Choosable(f"Remove level {number}", f"{REMOVE}:{level.key}"))
        if movable and number > 1:
            changes.append(Choosable(f"Move level {number} up", f"{UP}:{level.key}"))
        if movable and number < len(draft.levels):
            changes.append(
                Choosable(f"Move level {number} down", f"{DOWN}:{level.key}")
            )
    return Choice(
        name=CHANGE,
        label="Change the levels",
        options=changes,
        optional=True,
        live=True,
        fresh=str(turn),
        hint="What you typed above stays.",
    )


def _hidden(offer: PathOffer) -> Iterable[Note]:
    steps = list(offer.hidden)
    if offer.no_hours:
        steps.append(f"working hours ({text.escape(offer.no_hours)})")
    if steps:
        fixed = " Levels keep their places among them." if offer.hidden else ""
        yield Note(
            f"These can't be edited here and stay as they are: {'; '.join(steps)}."
            f"{fixed} Edit them as JSON or in incident.io.",
            small=True,
        )


def _hours(draft: PathDraft) -> Iterable[Field | Note]:
    yield Note("*Working hours*, for conditions and delays", name="head:hours")
    yield zone_choice(draft.zone, name="zone")
    yield Ticks(
        name="days",
        label="Days",
        options=[Choosable(day.capitalize(), day) for day in WEEKDAYS],
        value=draft.days,
        hint="Leave empty for no working hours.",
    )
    yield TimeOfDay(name="opens", label="From", value=draft.opens, optional=True)
    yield TimeOfDay(name="closes", label="Until", value=draft.closes, optional=True)
