"""Query parameters: paging, and filters written ``field[operator]=value``."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from flask import request

from sandbox.incidentio.http.errors import invalid
from sandbox.incidentio.state.times import parse_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

Row = TypeVar("Row")

_FILTER = re.compile(
    r"(?P<field>\w+)\[(?P<operator>[^\]]*)\](\[(?P<inner>[^\]]*)\])?", re.DOTALL
)
LARGEST_SHOWN = 250
"""The largest ``page_size`` that answers report, whatever was asked for."""


def page_size(largest: int = LARGEST_SHOWN) -> int:
    text = request.args.get("page_size", "25")
    if not re.fullmatch("[0-9]{1,6}", text) or not 1 <= int(text) <= largest:
        raise invalid(f"page_size must be from 1 to {largest}.", "page_size")
    return int(text)


def page(
    rows: Iterable[Row], show: Callable[[Row], Any], id_of: Callable[[Row], str]
) -> tuple[list[Any], dict[str, Any]]:
    """Return the rows of one page, and its ``pagination_meta``."""
    return sized_page(rows, show, id_of, page_size())


def sized_page(
    rows: Iterable[Row],
    show: Callable[[Row], Any],
    id_of: Callable[[Row], str],
    size: int,
) -> tuple[list[Any], dict[str, Any]]:
    found = list(islice(rows, size + 1))
    meta: dict[str, Any] = {"page_size": min(size, LARGEST_SHOWN)}
    if len(found) > size:
        meta["after"] = id_of(found[size - 1])
    return [show(row) for row in found[:size]], meta


def cursor() -> str | None:
    return request.args.get("after") or None


def choice(field: str, choices: tuple[str, ...]) -> str | None:
    value = request.args.get(field)
    if value is not None and value not in choices:
        allowed = ", ".join(choices)
        message = f"{field} must be one of {allowed}."
        raise invalid(message, field, code="invalid_enum")
    return value


def required(field: str) -> str:
    value = request.args.get(field)
    if not value:
        raise invalid(f"{field} is required.", field, code="is_required")
    return value


def flag(field: str) -> bool:
    """Return whether a parameter is true; it is not where it is left out."""
    return choice(field, ("true", "false")) == "true"


def moment(field: str) -> datetime | None:
    """Return the time of a parameter; None where it is left out."""
    text = request.args.get(field)
    return None if text is None else query_time(field, text)


def exact(*fields: str) -> dict[str, str]:
    """Return the values of those of these parameters that the query has."""
    return {field: request.args[field] for field in fields if field in request.args}


def filters(field: str, *operators: str) -> dict[str, list[str]]:
    """Return the operators used on ``field``, each with its values."""
    found: dict[str, list[str]] = {}
    for key, values in request.args.lists():
        parts = _FILTER.fullmatch(key)
        if parts and parts["field"] == field and parts["inner"] is None:
            _check_operator(field, parts["operator"], operators)
            found[parts["operator"]] = values
    return found


def nested_filters(field: str, *operators: str) -> list[tuple[str, str, list[str]]]:
    """Return id, operator and values of each ``field[id][operator]=value``."""
    found = []
    for key, values in request.args.lists():
        parts = _FILTER.fullmatch(key)
        if parts and parts["field"] == field and parts["inner"] is not None:
            _check_operator(field, parts["inner"], operators)
            found.append((parts["operator"], parts["inner"], values))
    return found


def _check_operator(field: str, operator: str, known: tuple[str, ...]) -> None:
    if operator not in known:
        accepted = ", ".join(known)
        raise invalid(f"{field} accepts the operators {accepted}.", field)


def time_filter(field: str) -> Callable[[datetime], bool] | None:
    """Return the test for ``field[gte]``, ``[lte]`` and ``[date_range]``, if used."""
    bounds = _bounds(field)
    if not bounds:
        return None
    low = max((low for low, _ in bounds if low is not None), default=None)
    high = min((high for _, high in bounds if high is not None), default=None)
    return lambda moment: (
        (low is None or moment >= low) and (high is None or moment <= high)
    )


def _bounds(field: str) -> list[tuple[datetime | None, datetime | None]]:
    found: list[tuple[datetime | None, datetime | None]] = []
    for operator, values in filters(field, "gte", "lte", "date_range").items():
        for value in values:
            if operator == "date_range":
                start, _, end = value.partition("~")
                found.append((query_time(field, start), query_time(field, end)))
            elif operator == "gte":
                found.append((query_time(field, value), None))
            else:
                found.append((None, query_time(field, value)))
    return found


def query_time(field: str, text: str) -> datetime:
    read = parse_time(text)
    if read is None:
        message = f"{field} must be a date or an RFC 3339 time."
        raise invalid(message, field, code="invalid_format")
    return read
