"""An escalation path as the API shows it: with labels, and who would be paged."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sandbox.incidentio.http.views import Shown, show_user
from sandbox.incidentio.schedules import shifts
from sandbox.incidentio.state.times import zone_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.incidentio.state.store import Store
    from sandbox.incidentio.state.table import Record

PRIORITY = "escalation.priority"
PARAMETER = "parameter:"
"""The prefix of an id that stands for a parameter, in the nodes of a template."""
_OPERATIONS = {"is_active": "is active", "is_not_active": "is not active"}


def path(store: Store, row: Record) -> Shown:
    return {
        **row,
        "current_responders": [show_user(user) for user in _paged(store, row)],
    }


def steps(store: Store, row: Record) -> list[Any]:
    """Return a path's nodes; a templated path has those of its template, filled in."""
    if row.get("kind") != "templated":
        return list(row["path"])
    template = store.path_templates.resolve(row["template_id"])
    values = {
        f"{PARAMETER}{name}": (binding.get("value") or {}).get("literal", "")
        for name, binding in (row.get("param_bindings") or {}).items()
    }
    return list(_filled(template["path"], values))


def _filled(piece: Any, values: dict[str, str]) -> Any:
    if isinstance(piece, list):
        return [_filled(item, values) for item in piece]
    if isinstance(piece, dict):
        return {name: _filled(item, values) for name, item in piece.items()}
    return values.get(piece, piece) if isinstance(piece, str) else piece


def label_bindings(store: Store, bindings: Record) -> Record:
    """Label the values that a path gives to its template."""
    return {
        name: {**binding, "value": _named(store, binding["value"])}
        if binding.get("value")
        else binding
        for name, binding in bindings.items()
    }


def _named(store: Store, value: Record) -> Record:
    id_ = str(value.get("literal"))
    row = store.schedules.get(id_) or store.users.get(id_)
    return {**value, "label": row["name"]} if row else _value(value)


def with_labels(nodes: list[Any], hours: list[Any]) -> list[Any]:
    """Return the nodes with labels for the codes in their conditions."""
    return [_node(node, hours) for node in nodes]


def _node(node: Record, hours: list[Any]) -> Record:
    branches = node.get("if_else")
    if branches is None:
        return node
    shown = {
        **branches,
        "conditions": [
            _condition(condition, hours)
            for condition in branches.get("conditions") or []
        ],
        "then_path": with_labels(branches["then_path"], hours),
        "else_path": with_labels(branches["else_path"], hours),
    }
    return {**node, "if_else": shown}


def _condition(condition: Record, hours: list[Any]) -> Record:
    subject, operation = condition["subject"], condition["operation"]
    names = {subject_of(h): f"{h['name']} working hours" for h in hours}
    names[PRIORITY] = "Priority"
    words = _OPERATIONS.get(operation, operation.replace("_", " "))
    return {
        **condition,
        "subject": {"label": names.get(subject, subject), "reference": subject},
        "operation": {"label": words, "value": operation},
        "param_bindings": [_binding(b) for b in condition["param_bindings"]],
    }


def _binding(binding: Record) -> Record:
    shown = dict(binding)
    if binding.get("value"):
        shown["value"] = _value(binding["value"])
    if binding.get("array_value"):
        shown["array_value"] = [_value(value) for value in binding["array_value"]]
    return shown


def _value(value: Record) -> Record:
    said = value.get("literal") or value.get("reference") or ""
    return {**value, "label": str(said).replace("_", " ").capitalize()}


def subject_of(hours: Record) -> str:
    return f'escalation.working_hours["{hours["id"]}"]'


def _paged(store: Store, row: Record) -> list[Record]:
    """Return the users who are paged first when the path starts now."""
    level = _first_level(steps(store, row), row, store.now())
    found: dict[str, Record] = {}
    for target in level["targets"] if level else ():
        for id_ in _people(store, target):
            found[id_] = store.users.resolve(id_)
    return list(found.values())


def _first_level(nodes: list[Any], row: Record, now: datetime) -> Record | None:
    for node in nodes:
        if node["type"] == "level":
            level: Record = node["level"]
            return level
        if node["type"] == "if_else":
            branches = node["if_else"]
            met = all(_met(c, row, now) for c in branches["conditions"])
            branch = branches["then_path" if met else "else_path"]
            level_of_branch = _first_level(branch, row, now)
            if level_of_branch is not None:
                return level_of_branch
    return None


def _met(condition: Record, row: Record, now: datetime) -> bool:
    """Evaluate a condition on working hours; any other counts as not met."""
    for hours in row.get("working_hours") or []:
        if condition["subject"]["reference"] == subject_of(hours):
            wanted = str(condition["operation"]["value"]) == "is_active"
            return _active(hours, now) is wanted
    return False


def _active(hours: Record, now: datetime) -> bool:
    local = now.astimezone(zone_of(hours["timezone"]))
    day, time = f"{local:%A}".lower(), f"{local:%H:%M}"
    return any(
        window["weekday"] == day
        and str(window["start_time"]) <= time < str(window["end_time"])
        for window in hours["weekday_intervals"]
    )


def _people(store: Store, target: Record) -> Iterator[str]:
    if target["type"] == "user":
        yield target["id"]
    elif target["type"] == "schedule" and target["id"] in store.schedules:
        yield from _on_schedule(store, target)


def _on_schedule(store: Store, target: Record) -> Iterator[str]:
    schedule = store.schedules.resolve(target["id"])
    mode = target.get("schedule_mode") or "currently_on_call"
    if mode.startswith("all_users"):
        seats = [
            (rotation["id"], user["id"])
            for rotation in schedule["config"]["rotations"]
            for user in rotation["users"]
        ]
    else:
        shown = shifts.show_schedule(store, schedule)
        when = "next_shifts" if mode.startswith("next") else "current_shifts"
        seats = [(shift["rotation_id"], shift["user"]["id"]) for shift in shown[when]]
    rotation = target.get("selected_rota_id")
    yield from (user for seat, user in seats if rotation in (None, "", seat))
