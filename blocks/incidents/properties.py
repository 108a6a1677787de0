"""What of an incident a form can show and change, thing by thing.

Items of the incident before and after, and what came back from the form, are compared
by what the form shows of them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from blocks.incidents.declare import CUSTOM, custom_field
from blocks.kit import incidents as cards
from blocks.kit import text
from blocks.kit.fields import (
    LONGEST_TEXT,
    Choice,
    Choices,
    Field,
    Link,
    Moment,
    Number,
    Person,
    Text,
    Value,
)
from incidentio.models import (
    CustomField,
    CustomFieldValue,
    Incident,
    Role,
    RoleAssignment,
    Timestamp,
    TimestampValue,
)

ROLE = "role:"
TIME = "time:"
NAME_LIMIT = 255
SHOWN = 120
NOTHING = "nothing"
EARLIEST = datetime(2001, 9, 10, tzinfo=UTC)
"""Slack takes moments of ten digits, in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What incidents have in this organisation."""

    roles: Sequence[Role]
    custom_fields: Sequence[CustomField]
    timestamps: Sequence[Timestamp]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that the form can change: its input, filled in, and its value in words.

    ``whole`` is false where the input cannot hold what is there.
    """

    field: Field
    words: str
    whole: bool = True

    @property
    def name(self) -> str:
        return self.field.name

    @property
    def label(self) -> str:
        return self.field.label

    @property
    def label_words(self) -> str:
        """The label in mrkdwn."""
        return text.inline(self.label, 60)

    @property
    def settled(self) -> str:
        return settled(self.field, held(self.field))


def items(incident: Incident, live: Configuration) -> list[Item]:
    """Everything that can be changed here, in the order people read it."""
    return [
        *_texts(incident),
        *_roles(incident.incident_role_assignments, live.roles),
        *_custom(incident, live.custom_fields),
        *_times(incident.incident_timestamp_values, live.timestamps),
    ]


def _texts(incident: Incident) -> Iterable[Item]:
    name, summary, call = incident.name, incident.summary or "", incident.call_url or ""
    yield Item(
        Text(name="name", label="Name", value=name, max_length=NAME_LIMIT),
        _quoted(name),
        whole=len(name) <= NAME_LIMIT,
    )
    yield Item(
        Text(
            name="summary",
            label="Summary",
            value=summary or None,
            multiline=True,
            optional=True,
        ),
        _quoted(summary),
        whole=len(summary) <= LONGEST_TEXT,
    )
    yield Item(
        Link(name="call_url", label="Call", value=call or None, optional=True),
        text.link(call, call) if call else NOTHING,
        whole=_is_link(call),
    )


def _quoted(words: str) -> str:
    return f"“{text.inline(words, SHOWN)}”" if words else NOTHING


def _is_link(url: str) -> bool:
    return not url or re.fullmatch(r"https?://\S+", url) is not None


def _roles(assigned: Sequence[RoleAssignment], known: Sequence[Role]) -> Iterable[Item]:
    """Draw each role but the reporter's, who is set once, at declaring."""
    mentioned = {a.role.id for a in assigned}
    others = [RoleAssignment(role=r) for r in known if r.id not in mentioned]
    for one in (*assigned, *others):
        if one.role.role_type != "reporter":
            yield _role(one)


def _role(assigned: RoleAssignment) -> Item:
    person = assigned.assignee
    slack_id = person.slack_user_id if person else None
    field = Person(
        name=f"{ROLE}{assigned.role.id}",
        label=assigned.role.name,
        value=slack_id,
        optional=True,
    )
    return Item(field, cards.person(person), whole=bool(slack_id) or person is None)


def _times(
    values: Sequence[TimestampValue], known: Sequence[Timestamp]
) -> Iterable[Item]:
    mentioned = {v.incident_timestamp.id for v in values}
    others = [
        TimestampValue(incident_timestamp=t) for t in known if t.id not in mentioned
    ]
    for one in sorted((*values, *others), key=lambda v: v.incident_timestamp.rank):
        stamp = one.incident_timestamp
        field = Moment(
            name=f"{TIME}{stamp.id}", label=stamp.name, value=one.at, optional=True
        )
        words = text.when(one.at) if one.at else NOTHING
        yield Item(field, words, whole=not one.at or one.at >= EARLIEST)


def _custom(incident: Incident, known: Sequence[CustomField]) -> Iterable[Item]:
    values = {e.custom_field.id: e.values for e in incident.custom_field_entries}
    for kind in known:
        yield _custom_item(kind, values.get(kind.id, ()))


def _custom_item(kind: CustomField, values: Sequence[CustomFieldValue]) -> Item:
    """Fill in a custom field; one out of a catalog has no input here."""
    shown = [v.value_option.id if v.value_option else v.text for v in values]
    drawn = None if kind.catalog_type_id else custom_field(kind, shown)
    words = text.listed([_quoted(v.text) for v in values]) or NOTHING
    if drawn is None:
        unseen = Text(name=f"{CUSTOM}{kind.id}", label=kind.name)
        return Item(unseen, words, whole=False)
    return Item(drawn, words, whole=_holds(drawn, shown))


def _holds(drawn: Field, shown: Sequence[str]) -> bool:
    match drawn:
        case Link():
            return all(_is_link(url) for url in shown)
        case Number():
            return all(_number(n) is not None for n in shown)
        case Text():
            return all(len(words) <= LONGEST_TEXT for words in shown)
    return True


def _number(words: str) -> str | None:
    """Write a number in its one shortest form; None for what Slack takes for none."""
    if not re.fullmatch(r"-?\d{1,40}(\.\d{1,40})?", words):
        return None
    return f"{Decimal(words).normalize():f}"


def held(field: Field) -> Value:
    """Give what an input reads as while nobody touches it."""
    match field:
        case Choice():
            return field.value if field.value in _offered(field) else None
        case Choices():
            return tuple(v for v in field.values if v in _offered(field))
        case Text() | Number() | Link() | Person() | Moment():
            return field.value
    raise TypeError(f"no item is drawn as {type(field).__name__}")


def _offered(field: Choice | Choices) -> set[str]:
    return {option.value for option in field.options}


def is_offered(field: Field, value: Value) -> bool:
    """Whether all that is chosen is among the options; always so without options."""
    if not isinstance(field, Choice | Choices):
        return True
    chosen = value if isinstance(value, tuple) else (value,)
    return {str(v) for v in chosen if v} <= _offered(field)


def settled(field: Field, value: Value) -> str:
    """Write a value so that two which look the same in the form are the same."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "\n".join(sorted(value))
    if isinstance(value, datetime):
        return str(int(value.timestamp() // 60))
    words = "\n".join(line.rstrip() for line in str(value).splitlines()).strip()
    return (_number(words) or words) if isinstance(field, Number) else words


def digest(words: str, length: int = 8) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:length]
