"""The properties of an incident that a form can change, as filled inputs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from blocks.incidents.declare import CUSTOM, custom_field
from blocks.kit.fields import Field, Link, Moment, PersonPicker, Text
from incidentio import (
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


@dataclass(frozen=True, slots=True)
class Configuration:
    """The roles, custom fields and timestamps of this organisation."""

    roles: Sequence[Role]
    custom_fields: Sequence[CustomField]
    timestamps: Sequence[Timestamp]


@dataclass(frozen=True, slots=True)
class Property:
    """A property of an incident that can be changed: its input, filled in.

    ``known``: whether the input can show the present value. ``usual``: whether it is
    one of those that people change most.
    """

    field: Field
    known: bool = True
    usual: bool = False

    @property
    def fits(self) -> bool:
        """Return whether the input can hold the present value."""
        return self.known and self.field.unfit is None


def properties(incident: Incident, live: Configuration) -> list[Property]:
    """Return all properties that can be changed, in the order of the form."""
    return [
        *_texts(incident),
        *_roles(incident.incident_role_assignments, live.roles),
        *_custom(incident, live.custom_fields),
        *_times(incident.incident_timestamp_values, live.timestamps),
    ]


def _texts(incident: Incident) -> Iterable[Property]:
    yield Property(
        Text(name="name", label="Name", value=incident.name, max_length=NAME_LIMIT),
        usual=True,
    )
    yield Property(
        Text(
            name="summary",
            label="Summary",
            value=incident.summary or None,
            multiline=True,
            optional=True,
        ),
        usual=True,
    )
    call = incident.call_url or None
    yield Property(Link(name="call_url", label="Call", value=call, optional=True))


def _roles(
    assigned: Sequence[RoleAssignment], known: Sequence[Role]
) -> Iterable[Property]:
    """Yield each role but the reporter, which is set only at declaring."""
    mentioned = {a.role.id for a in assigned}
    others = [RoleAssignment(role=r) for r in known if r.id not in mentioned]
    for one in (*assigned, *others):
        if one.role.role_type != "reporter":
            yield _role(one)


def _role(assigned: RoleAssignment) -> Property:
    person = assigned.assignee
    slack_id = person.slack_user_id if person else None
    field = PersonPicker(
        name=f"{ROLE}{assigned.role.id}",
        label=assigned.role.name,
        value=slack_id,
        optional=True,
    )
    known = bool(slack_id) or person is None
    return Property(field, known, usual=assigned.role.role_type == "lead")


def _times(
    values: Sequence[TimestampValue], known: Sequence[Timestamp]
) -> Iterable[Property]:
    mentioned = {v.incident_timestamp.id for v in values}
    others = [
        TimestampValue(incident_timestamp=t) for t in known if t.id not in mentioned
    ]
    for one in sorted((*values, *others), key=lambda v: v.incident_timestamp.rank):
        stamp = one.incident_timestamp
        field = Moment(
            name=f"{TIME}{stamp.id}", label=stamp.name, value=one.at, optional=True
        )
        yield Property(field)


def _custom(incident: Incident, known: Sequence[CustomField]) -> Iterable[Property]:
    values = {e.custom_field.id: e.values for e in incident.custom_field_entries}
    for kind in known:
        yield _custom_field(kind, values.get(kind.id, ()))


def _custom_field(kind: CustomField, values: Sequence[CustomFieldValue]) -> Property:
    """Return a custom field, filled in; one from a catalog has no input here."""
    shown = [v.value_option.id if v.value_option else v.text for v in values]
    drawn = None if kind.catalog_type_id else custom_field(kind, shown)
    if drawn is None:
        return Property(Text(name=f"{CUSTOM}{kind.id}", label=kind.name), known=False)
    return Property(drawn)
