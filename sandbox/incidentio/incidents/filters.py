"""Filters of the list of incidents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.incidentio.http import query
from sandbox.incidentio.http.errors import invalid

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.incidentio.state.records import Incident
    from sandbox.incidentio.state.store import Store

USUAL_MODES = ("standard", "retrospective")


def incident_filter(store: Store, *, private: bool) -> Callable[[Incident], bool]:
    """Return the query's filters as one test."""
    tests = [*_choices(store), *_severity_ranks(store), *_moments()]
    tests += [*_roles(), *_fields()]
    combine = any if query.choice("filter_mode", ("all", "any")) == "any" else all
    modes = query.filters("mode", "one_of").get("one_of", USUAL_MODES)

    def fits(row: Incident) -> bool:
        if row.mode not in modes or (row.visibility == "private" and not private):
            return False
        return not tests or combine(test(row) for test in tests)

    return fits


def _choices(store: Store) -> list[Callable[[Incident], bool]]:
    readers: dict[str, Callable[[Incident], str | None]] = {
        "status": lambda row: row.status_id,
        "status_category": store.category,
        "severity": lambda row: row.severity_id,
        "incident_type": lambda row: row.type_id,
    }
    tests = []
    for field, read in readers.items():
        ranks = ("gte", "lte") if field == "severity" else ()
        for operator, values in query.filters(
            field, "one_of", "not_in", *ranks
        ).items():
            if operator not in ranks:
                tests.append(_choice(read, values, among=operator == "one_of"))
    return tests


def _choice(
    read: Callable[[Incident], str | None], values: list[str], *, among: bool
) -> Callable[[Incident], bool]:
    return lambda row: (read(row) in values) is among


def _severity_ranks(store: Store) -> list[Callable[[Incident], bool]]:
    tests = []
    asked = query.filters("severity", "one_of", "not_in", "gte", "lte")
    for operator in ("gte", "lte"):
        for id_ in asked.get(operator, []):
            if id_ not in store.severities:
                raise invalid(f"Severity with ID {id_} could not be found.", "severity")
            tests.append(_rank(store, store.rank(id_) or 0, operator))
    return tests


def _rank(store: Store, bound: int, operator: str) -> Callable[[Incident], bool]:
    def fits(row: Incident) -> bool:
        rank = store.rank(row.severity_id)
        if rank is None:
            return False
        return rank >= bound if operator == "gte" else rank <= bound

    return fits


def _moments() -> list[Callable[[Incident], bool]]:
    tests: list[Callable[[Incident], bool]] = []
    if (created := query.time_filter("created_at")) is not None:
        tests.append(lambda row: created(row.created_at))
    if (updated := query.time_filter("updated_at")) is not None:
        tests.append(lambda row: updated(row.updated_at))
    return tests


def _roles() -> list[Callable[[Incident], bool]]:
    return [
        _holds(lambda row, id_=role_id: _one(row.roles.get(id_)), operator, values)  # type: ignore[misc]
        for role_id, operator, values in query.nested_filters(
            "incident_role", "one_of", "is_blank"
        )
    ]


def _fields() -> list[Callable[[Incident], bool]]:
    return [
        _holds(lambda row, id_=field_id: _values(row, id_), operator, values)  # type: ignore[misc]
        for field_id, operator, values in query.nested_filters(
            "custom_field", "one_of", "not_in", "is_blank"
        )
    ]


def _holds(
    read: Callable[[Incident], set[str]], operator: str, values: list[str]
) -> Callable[[Incident], bool]:
    if operator == "is_blank":
        return lambda row: (not read(row)) is (values == ["true"])
    return lambda row: bool(read(row).intersection(values)) is (operator == "one_of")


def _one(value: str | None) -> set[str]:
    return set() if value is None else {value}


def _values(row: Incident, field_id: str) -> set[str]:
    return {text for value in row.fields.get(field_id, []) for text in value.values()}
