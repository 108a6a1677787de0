"""Severities, statuses, types, roles, timestamps, priorities, categories and fields."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sandbox.incidentio.state.ids import fixed_id
from sandbox.incidentio.state.times import format_time

if TYPE_CHECKING:
    from sandbox.incidentio.state.store import Store
    from sandbox.incidentio.state.table import Record, Table

CONFIGURED = datetime(2024, 1, 15, 9, tzinfo=UTC)
DATED = {"created_at": format_time(CONFIGURED), "updated_at": format_time(CONFIGURED)}

_SEVERITIES = (
    ("Low", "Barely noticed; fix it in working hours."),
    ("Minor", "Some customers are *slightly* affected, or there is a workaround."),
    ("Major", "Many customers cannot use an important feature."),
    ("Critical", "The product is down, or data is lost or exposed."),
)
_STATUSES = (
    ("Triage", "triage", "Somebody looks into whether this is an incident."),
    ("Investigating", "live", "We are finding out what is wrong."),
    ("Fixing", "live", "We know the cause and are working on a fix."),
    ("Monitoring", "live", "A fix is in place and we are watching it."),
    ("Paused", "paused", "Nothing to do until something happens."),
    ("Documenting", "learning", "Impact is over; the timeline is being written."),
    ("Reviewing", "learning", "The post-mortem is being reviewed."),
    ("Closed", "closed", "Nothing is left to do."),
    ("Declined", "declined", "This turned out not to be an incident."),
    ("Merged", "merged", "This was part of another incident."),
    ("Canceled", "canceled", "This was declared by mistake."),
)
_TYPES = (
    ("Production", "What customers notice.", True, False, "optional"),
    ("Security", "Invite-only until it is understood.", False, True, "optional"),
    ("Customer report", "Raised by support, triaged first.", False, False, "always"),
)
_ROLES = (
    (
        "Incident Lead",
        "lead",
        "lead",
        "Coordinates the response.",
        "Take point; keep the summary true; hand over when you tire.",
    ),
    ("Reporter", "", "reporter", "Declared the incident.", ""),
    (
        "Communications",
        "comms",
        "custom",
        "Tells customers and colleagues.",
        "Update the status page every 30 minutes.",
    ),
)
_TIMESTAMPS = (
    "Reported at",
    "Impact started at",
    "Accepted at",
    "Identified at",
    "Fixed at",
    "Resolved at",
    "Closed at",
    "Declined at",
    "Merged at",
    "Canceled at",
)
_PRIORITIES = (
    ("Urgent", "Before anything else."),
    ("High", "This sprint."),
    ("Low", "When there is time."),
)
_CATEGORIES = (
    ("Prevention", "So that it does not happen again."),
    ("Detection", "So that we notice sooner."),
    ("Process", "So that we respond better."),
)
_TEAMS = ("Platform", "Payments")


def configure(store: Store) -> None:
    _fill(store.severities, "severity", _SEVERITIES, _severity)
    _fill(store.statuses, "status", _STATUSES, _status)
    _fill(store.types, "type", _TYPES, _type)
    _fill(store.roles, "role", _ROLES, _role)
    _fill(store.timestamps, "timestamp", _TIMESTAMPS, _timestamp)
    _fill(store.priorities, "priority", _PRIORITIES, _ranked)
    _fill(store.categories, "category", _CATEGORIES, _ranked)
    _fill(store.teams, "team", _TEAMS, _team)


def id_by_name(table: Table[Record], name: str) -> str:
    """Return the id of the row with this name."""
    return next(str(row["id"]) for row in table if row["name"] == name)


def _fill(table: Table[Record], kind: str, lines: Any, shape: Any) -> None:
    for place, line in enumerate(lines, 1):
        row = shape(line, place)
        row = {"id": fixed_id(kind, row["name"], place), **row}
        table.add(row["id"], row)


def _severity(line: tuple[str, str], rank: int) -> Record:
    return {"name": line[0], "description": line[1], "rank": rank, **DATED}


def _status(line: tuple[str, str, str], rank: int) -> Record:
    name, category, description = line
    return {
        "name": name,
        "category": category,
        "description": description,
        "rank": rank,
        **DATED,
    }


def _type(line: tuple[str, str, bool, bool, str], _: int) -> Record:
    name, description, is_default, private_only, triage = line
    return {
        "name": name,
        "description": description,
        "is_default": is_default,
        "private_incidents_only": private_only,
        "create_in_triage": triage,
        **DATED,
    }


def _role(line: tuple[str, str, str, str, str], _: int) -> Record:
    name, shortform, role_type, description, instructions = line
    return {
        "name": name,
        "shortform": shortform,
        "role_type": role_type,
        "description": description,
        "instructions": instructions,
        **DATED,
    }


def _timestamp(name: str, rank: int) -> Record:
    return {"name": name, "rank": rank}


def _ranked(line: tuple[str, str], rank: int) -> Record:
    return {"name": line[0], "description": line[1], "rank": rank}


def _team(name: str, _: int) -> Record:
    return {"name": name}


SERVICES = (
    "API",
    "Billing & invoices",
    "Checkout",
    "Data pipeline",
    "Mobile app",
    "Search",
    "Web app",
)
_OWNERS = {
    "API": "Platform",
    "Billing & invoices": "Payments",
    "Checkout": "Payments",
    "Data pipeline": "Platform",
}
REGIONS = ("Europe", "North America", "Asia Pacific", "South America")

_FIELDS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("Affected service", "single_select", "What is broken.", SERVICES),
    ("Regions", "multi_select", "Where it is noticed.", REGIONS),
    ("Customer impact", "text", "In the customers' words.", ()),
    ("Status page", "link", "The public notice, if there is one.", ()),
    ("Customers affected", "numeric", "As far as we can tell.", ()),
)


def configure_fields(store: Store) -> None:
    for place, (name, kind, description, options) in enumerate(_FIELDS, 1):
        field_id = fixed_id("field", name, place)
        row = {
            "id": field_id,
            "name": name,
            "description": description,
            "field_type": kind,
            **DATED,
        }
        store.custom_fields.add(field_id, row)
        _add_options(store, field_id, options)


def _add_options(store: Store, field_id: str, values: tuple[str, ...]) -> None:
    for place, value in enumerate(values, 1):
        option = {
            "id": fixed_id(f"option/{field_id}", value, place),
            "custom_field_id": field_id,
            "value": value,
            "sort_key": place * 10,
        }
        store.options.add(str(option["id"]), option)
        if value in _OWNERS:
            store.owners[str(option["id"])] = id_by_name(store.teams, _OWNERS[value])
