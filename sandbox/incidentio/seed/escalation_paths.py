"""Four paths: plain, branching, of people only, and built from a template."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from sandbox.incidentio.escalation_paths import view
from sandbox.incidentio.seed.configuration import id_by_name
from sandbox.incidentio.seed.people import playing
from sandbox.incidentio.state.ids import fixed_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.incidentio.state.store import Store
    from sandbox.incidentio.state.table import Record

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
_LONDON: Record = {
    "id": "london",
    "name": "London",
    "timezone": "Europe/London",
    "weekday_intervals": [
        {"weekday": day, "start_time": "09:00", "end_time": "17:30"} for day in _DAYS
    ],
}


def escalation_paths(store: Store) -> Iterator[Record]:
    payments = _schedule(store, "Payments")
    nodes = [
        _level("payments/1", payments, minutes=5),
        _level("payments/2", _person(store, "ben"), minutes=10),
    ]
    yield _path(1, "Payments", nodes, team_ids=[id_by_name(store.teams, "Payments")])
    yield _path(
        2,
        "Platform",
        view.with_labels(_branching(store), [_LONDON]),
        team_ids=[id_by_name(store.teams, "Platform")],
        working_hours=[deepcopy(_LONDON)],
        repeat_config={"repeat_after_seconds": 1800, "delay_repeat_on_activity": True},
    )
    people = [_person(store, "ana"), _person(store, "ben")]
    yield _path(3, "Management", [_level("management/1", *people, minutes=15)])
    support = _schedule(store, "Support in office hours")["id"]
    template = _template()
    store.path_templates.add(template["id"], template)
    bindings = {"schedule": {"value": {"literal": support}}}
    yield _path(
        4,
        "Support",
        [],
        kind="templated",
        template_id=template["id"],
        param_bindings=view.label_bindings(store, bindings),
    )


def _template() -> Record:
    """Build a template that pages who is on call, and then the managers."""
    on_call = {"type": "schedule", "id": f"{view.PARAMETER}schedule"}
    managers = _node(
        "template/2",
        "escalation_path",
        {"escalation_path_id": fixed_id("escalation_path", "Management", 3)},
    )
    nodes = [_level("template/1", {**on_call, "urgency": "high"}, minutes=5), managers]
    name = "Team on call"
    return {"id": fixed_id("path_template", name, 1), "name": name, "path": nodes}


def _path(place: int, name: str, nodes: list[Any], **more: Any) -> Record:
    id_ = fixed_id("escalation_path", name, place)
    usual = {"kind": "standalone", "team_ids": []}
    return {"id": id_, "name": name, "path": nodes, **usual, **more}


def _branching(store: Store) -> list[Record]:
    desk = _schedule(store, "Support in office hours")
    platform = _schedule(store, "Platform")
    first = _node("platform/1", "level", _targets(desk, platform, minutes=5))
    first["level"] |= {
        "ack_mode": "first",
        "retry_config": {"attempts": 3, "interval_seconds": 120},
        "round_robin_config": {"enabled": True, "rotate_after_seconds": 120},
    }
    condition = {
        "subject": view.subject_of(_LONDON),
        "operation": "is_active",
        "param_bindings": [],
    }
    wait = {
        "delay_seconds": 600,
        "delay_weekday_interval_config_id": "london",
        "delay_interval_condition": "active",
    }
    channel = {"id": "C0PLATFORM", "type": "slack_channel", "urgency": "high"}
    repeat = {"to_node": _id("platform/if"), "repeat_times": 3}
    branches = {
        "conditions": [condition],
        "then_path": [first],
        "else_path": [
            _node("platform/wait", "delay", wait),
            _level("platform/2", platform, minutes=10),
        ],
    }
    return [
        _node("platform/if", "if_else", branches),
        _node("platform/say", "notify_channel", _targets(channel, minutes=5)),
        _level("platform/3", _person(store, "chi", "low"), minutes=15),
        _node("platform/repeat", "repeat", repeat),
    ]


def _id(name: str) -> str:
    return fixed_id("path_node", name, 0)


def _node(name: str, kind: str, piece: Record) -> Record:
    return {"id": _id(name), "type": kind, kind: piece}


def _level(name: str, *targets: Record, minutes: int) -> Record:
    return _node(name, "level", _targets(*targets, minutes=minutes))


def _targets(*targets: Record, minutes: int) -> Record:
    return {"targets": list(targets), "time_to_ack_seconds": minutes * 60}


def _schedule(store: Store, name: str) -> Record:
    target = {"type": "schedule", "id": id_by_name(store.schedules, name)}
    return {**target, "urgency": "high", "schedule_mode": "currently_on_call"}


def _person(store: Store, handle: str, urgency: str = "high") -> Record:
    return {"type": "user", "id": playing(store, handle)["id"], "urgency": urgency}
