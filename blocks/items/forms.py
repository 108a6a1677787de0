"""The forms that actions and follow-ups have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from blocks.kit import items
from blocks.kit.edit import Input
from blocks.kit.fields import (
    Choice,
    Choosable,
    Day,
    Field,
    PersonPicker,
    Text,
)
from blocks.kit.form import Form, Note

LONGEST_REASON = 300

INCIDENTS = "incident"
"""The option source of incidents in progress."""


@dataclass(frozen=True, slots=True)
class NewItem:
    """The values that are known when the form of a new item opens.

    Without an ``incident`` the form asks for one of ``incidents``.
    """

    incident: str | None = None
    about: str | None = None
    """The incident in mrkdwn."""
    incidents: Sequence[Choosable] = ()
    words: str | None = None
    description: str | None = None
    owner: str | None = None


def new(kind: items.ItemKind, draft: NewItem, fields: Sequence[Field]) -> Form:
    asked = Note(f"For {draft.about}") if draft.about else _incident(draft.incidents)
    owner = PersonPicker(
        name="assignee", label="Owner", value=draft.owner, optional=True, hint=OWNER
    )
    return Form(
        id=f"{kind.noun}.new",
        title=f"New {kind.name}",
        fields=[asked, *fields[:1], owner, *fields[1:]],
        submit="Add",
        memory={"incident": draft.incident} if draft.incident else {},
    )


OWNER = "Somebody with an account in incident.io."


def _incident(known: Sequence[Choosable]) -> Field:
    return Choice(name="incident", label="Incident", options=known, source=INCIDENTS)


def title(label: str, value: str | None, *, multiline: bool = False) -> Text:
    return Text(name="title", label=label, value=value, multiline=multiline)


def status(current: str) -> Choice:
    known = dict(items.SPOKEN)
    known.setdefault(current, current.replace("_", " "))
    return Choice(
        name="status",
        label="Status",
        options=[Choosable(words.capitalize(), id_) for id_, words in known.items()],
        value=current,
    )


def edit(kind: items.ItemKind, id_: str, inputs: Sequence[Input]) -> Form:
    """Draw the form that changes an item."""
    return Form(
        id=f"{kind.noun}.edit",
        title=f"Edit {kind.name}",
        fields=inputs,
        memory={"id": id_},
    )


def assign(kind: items.ItemKind, id_: str, about: str, owner: str | None) -> Form:
    """Draw the form; ``about`` is mrkdwn: the item, and who owns it now."""
    return Form(
        id=f"{kind.noun}.assign",
        title=f"Assign {kind.name}",
        fields=[
            Note(about),
            PersonPicker(
                name="assignee",
                label="Owner",
                value=owner,
                optional=True,
                hint=f"{OWNER} Leave empty for no owner.",
            ),
        ],
        submit="Assign",
        memory={"id": id_},
    )


def snooze(kind: items.ItemKind, id_: str, about: str, until: date) -> Form:
    return Form(
        id=f"{kind.noun}.snooze",
        title=f"Snooze {kind.name}",
        fields=[
            Note(about),
            Day(
                name="until",
                label="Until",
                value=until,
                hint="Reminders leave it out until this day begins.",
            ),
        ],
        submit="Snooze",
        memory={"id": id_},
    )


def drop(kind: items.ItemKind, id_: str, about: str) -> Form:
    return Form(
        id=f"{kind.noun}.drop",
        title="Not doing it",
        fields=[
            Note(about),
            Text(
                name="reason",
                label="Why",
                max_length=LONGEST_REASON,
                hint=f"It is added to the description of the {kind.name}.",
            ),
        ],
        submit="Not doing",
        memory={"id": id_},
    )
