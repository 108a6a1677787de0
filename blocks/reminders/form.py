"""Reminders of a channel: the form that sets one, and the list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block

from blocks.kit import messages, text
from blocks.kit.fields import (
    DAYS,
    PRIORITIES,
    SEVERITIES,
    TEAMS,
    TYPES,
    Choice,
    Choices,
    Choosable,
    Field,
    Number,
    PeoplePicker,
    Text,
    Ticks,
    TimeOfDay,
    zone_choice,
)
from blocks.kit.form import Form, Note

NEW = "reminder.new"
EDIT = "reminder.edit"

KINDS = (
    Choosable("Outstanding follow-ups", "follow_ups"),
    Choosable("Outstanding actions", "actions"),
)
RHYTHMS = (
    Choosable("On weekdays", "weekdays"),
    Choosable("Every day", "daily"),
    Choosable("Once a week", "weekly"),
    Choosable("By a cron expression", "cron"),
)
TIMES: Mapping[str, set[str]] = {
    "weekdays": {"at"},
    "daily": {"at"},
    "weekly": {"day", "at"},
    "cron": {"cron"},
}
"""The fields for the time, by rhythm."""
ALL = "all"


@dataclass(frozen=True, slots=True)
class ReminderDraft:
    """The contents of the form, at first and after a live field changed."""

    name: str | None = None
    kinds: Sequence[str] = ("follow_ups",)
    scope: str = ALL
    severities: Sequence[str] = ()
    types: Sequence[str] = ()
    priorities: Sequence[str] = ()
    teams: Sequence[str] = ()
    labels: Sequence[str] = ()
    owners: Sequence[str] = ()
    unowned: bool = False
    age: str | None = None
    overdue: bool = False
    rhythm: str = "weekdays"
    at: time = time(9, 30)
    day: str = "1"
    cron: str | None = None
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True)
class ReminderOffer:
    """The options that the form offers, from this organisation's configuration."""

    incident: Choosable | None
    severities: Sequence[Choosable]
    types: Sequence[Choosable]
    priorities: Sequence[Choosable]
    teams: Sequence[Choosable]
    timezone: str = "UTC"
    """The person's own."""
    notices: Sequence[str] = ()
    """Notes at the top of the form, in mrkdwn."""


def form(
    form_id: str,
    draft: ReminderDraft,
    offer: ReminderOffer,
    *,
    coming: str,
    memory: Mapping[str, Any] | None = None,
) -> Form:
    """Draw the form; ``coming`` says when it is due next, or what is wrong."""
    new = form_id == NEW
    return Form(
        id=form_id,
        title="Remind this channel" if new else "Edit the reminder",
        submit="Save reminder" if new else "Save",
        fields=[
            *(Note(notice) for notice in offer.notices),
            _what(draft),
            *_when(draft),
            *_scope(draft, offer),
            Note(coming, name="coming"),
            *_filters(draft, offer),
            *_rest(draft),
        ],
        memory=memory or {},
        later=[name for name in LATER if not _is_set(draft, offer, name)],
        rest="filters by severity, owner, age and more; the time zone; a name",
    )


LATER = (
    "severities",
    "types",
    "priorities",
    "teams",
    "labels",
    "owners",
    "unowned",
    "age",
    "overdue",
    "timezone",
    "name",
)
"""The fields that come with *More*, if nothing is in them."""


def _is_set(draft: ReminderDraft, offer: ReminderOffer, name: str) -> bool:
    if name == "timezone":
        return draft.timezone != offer.timezone
    return bool(getattr(draft, name))


def _what(draft: ReminderDraft) -> Field:
    return Ticks(
        name="kinds",
        label="Of what?",
        options=KINDS,
        value=draft.kinds,
        optional=False,
    )


def _scope(draft: ReminderDraft, offer: ReminderOffer) -> Iterable[Field]:
    everywhere = Choosable("All incidents", ALL)
    scopes = [offer.incident, everywhere] if offer.incident else [everywhere]
    yield Choice(
        name="scope", label="Of which incidents?", options=scopes, value=draft.scope
    )


def _when(draft: ReminderDraft) -> Iterable[Field | Note]:
    shown = TIMES[draft.rhythm]
    yield Choice(
        name="rhythm", label="When?", options=RHYTHMS, value=draft.rhythm, live=True
    )
    if "cron" in shown:
        yield Text(
            name="cron",
            label="Cron expression",
            value=draft.cron,
            placeholder="30 9 * * 1,4",
            hint="Minute, hour, day, month, weekday. Enter shows the next times.",
            max_length=100,
            live=True,
        )
    if "day" in shown:
        yield Choice(name="day", label="Day", options=DAYS, value=draft.day, live=True)
    if "at" in shown:
        yield TimeOfDay(name="at", label="Time", value=draft.at, live=True)


def _rest(draft: ReminderDraft) -> Iterable[Field]:
    yield zone_choice(draft.timezone, live=True)
    yield Text(
        name="name",
        label="Name",
        value=draft.name,
        max_length=80,
        optional=True,
        placeholder="Shown above the message",
    )


def coming(described: str, moments: Sequence[datetime]) -> str:
    """Describe when it is due: ``Weekdays at 09:30 …: next …``."""
    shown = text.listed([text.when(moment) for moment in moments])
    words = text.escape(described)
    return f"{words[:1].upper()}{words[1:]}. Next: {shown}."


def kinds_text(draft_kinds: Sequence[str]) -> str:
    """Return the kinds in words."""
    names = {"follow_ups": "follow-ups", "actions": "actions"}
    return text.listed([names.get(kind, kind) for kind in draft_kinds])


UNOWNED, OVERDUE = "nobody", "overdue"


LABELS = "labels"
"""The name of the field, and of its option source."""
SOURCES = {
    "severities": SEVERITIES,
    "types": TYPES,
    "priorities": PRIORITIES,
    TEAMS: TEAMS,
}


def _filters(draft: ReminderDraft, offer: ReminderOffer) -> Iterable[Field]:
    yield from _chosen(
        "severities", "Only of these severities", offer.severities, draft.severities
    )
    yield from _chosen("types", "Only of these types", offer.types, draft.types)
    yield from _chosen(
        "priorities",
        "Only follow-ups of these priorities",
        offer.priorities,
        draft.priorities,
    )
    yield from _chosen(TEAMS, "Only of these teams", offer.teams, draft.teams)
    yield Choices(
        name=LABELS,
        label="Only follow-ups with one of these labels",
        options=[Choosable(label, label) for label in draft.labels],
        value=draft.labels,
        source=LABELS,
        partial=True,
        optional=True,
    )
    yield PeoplePicker(
        name="owners", label="Only owned by", value=draft.owners, optional=True
    )
    yield _tick("unowned", "Unassigned", "Unassigned items", UNOWNED, draft)
    yield Number(
        name="age",
        label="Only older than this many days",
        value=draft.age,
        decimal=False,
        least="0",
        most="3650",
        optional=True,
    )
    yield _tick("overdue", "Overdue", "Only overdue follow-ups", OVERDUE, draft)


def _chosen(
    name: str, label: str, offered: Sequence[Choosable], values: Sequence[str]
) -> Iterable[Field]:
    if offered:
        yield Choices(
            name=name,
            label=label,
            options=offered,
            value=values,
            source=SOURCES[name],
            optional=True,
        )


def _tick(name: str, label: str, words: str, value: str, draft: ReminderDraft) -> Field:
    ticked = [value] if getattr(draft, name) else []
    return Ticks(
        name=name, label=label, options=[Choosable(words, value)], value=ticked
    )


@dataclass(frozen=True, slots=True)
class ListedReminder:
    """One reminder in the list, its words escaped."""

    id: str
    title: str
    about: str
    active: bool
    notes: Sequence[str] = field(default_factory=tuple)


def listing(reminders: Sequence[ListedReminder], origin: str) -> list[Block]:
    blocks: list[Block] = []
    for number, reminder in enumerate(reminders, start=1):
        lines = [f"*{reminder.title}*", reminder.about, *reminder.notes]
        blocks.append(messages.section("\n".join(lines)))
        blocks.append(_steps(reminder, f"{origin}#{number}"))
    if not reminders:
        blocks.append(messages.section("There are no reminders here."))
    blocks.append(
        messages.buttons([("New reminder", "remind"), ("History", "reminder history")])
    )
    return blocks


def _steps(reminder: ListedReminder, block_id: str) -> ActionsBlock:
    id_ = reminder.id
    turn = ("Pause", "pause") if reminder.active else ("Resume", "resume")
    sure = f"Delete “{reminder.title}”? It stops for everyone in this channel."
    return ActionsBlock(
        block_id=block_id,
        elements=[
            messages.button(turn[0], f"reminder {turn[1]} {id_}", nth=1),
            messages.button("Run now", f"reminder run {id_}", nth=2),
            messages.button("Edit", f"reminder edit {id_}", nth=3),
            messages.button(
                "Delete", f"reminder delete {id_}", nth=4, style="danger", sure=sure
            ),
        ],
    )
