"""Makes query strings as the API takes them: ``status_category[one_of]=live``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime

Query = list[tuple[str, str]]


def plain(**values: object) -> Query:
    """Return parameters with these names; None is left out."""
    return [pair for name, value in values.items() for pair in _flat(name, value)]


def filters(values: Mapping[str, object]) -> Query:
    """Return parameters that filter, each with its operator.

    A mapping names its operators itself, at any depth: ``{"not_in": ["closed"]}``. For
    other values the operator is ``gte`` if it is a moment, else ``one_of``. None and
    empty lists filter nothing.
    """
    return [
        pair
        for name, value in values.items()
        for pair in _flat(
            name, value if isinstance(value, Mapping) else {_operator(value): value}
        )
    ]


def rfc3339(moment: datetime) -> str:
    """Return a moment as the API writes it, in UTC."""
    text = moment.astimezone(UTC).isoformat(timespec="auto")
    return text.replace("+00:00", "Z")


def _operator(value: object) -> str:
    return "gte" if isinstance(value, date) else "one_of"


def _flat(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(f"{name}[{key}]", inner)
    elif isinstance(value, Iterable) and not isinstance(value, str):
        for item in value:
            yield from _flat(name, item)
    elif value is not None:
        yield name, _text(value)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return rfc3339(value) if isinstance(value, datetime) else str(value)
