"""Reads a request's JSON, and collects all its problems."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from sandbox.incidentio.http.errors import Problem, Refused
from sandbox.incidentio.state.times import parse_time

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sandbox.incidentio.state.table import Table

Row = TypeVar("Row")
Kind = TypeVar("Kind")

_WORDS = {
    str: "text",
    bool: "true or false",
    int: "a number",
    dict: "an object",
    list: "a list",
}


class Payload:
    """An object of the request. A null counts as left out, except for ``sent``."""

    def __init__(
        self, data: dict[str, Any], at: str = "", problems: list[Problem] | None = None
    ) -> None:
        self._data = data
        self._sent = frozenset(data)
        self._at = at
        self._problems: list[Problem] = [] if problems is None else problems

    @property
    def data(self) -> dict[str, Any]:
        """The object as it was sent, unknown properties included.

        Once a property was read, it is not there if it is null.
        """
        return self._data

    def sent(self, field: str) -> bool:
        return field in self._sent

    def add_problem(
        self, field: str, message: str, code: str = "invalid_value"
    ) -> None:
        self._problems.append(Problem(code, message, field, f"{self._at}/{field}"))

    def check(self) -> None:
        if self._problems:
            raise Refused(422, *self._problems)

    def text(
        self, field: str, *, required: bool = False, limit: int | None = None
    ) -> str | None:
        text = self._read(field, str, required=required)
        if required and text is not None and not text.strip():
            self.add_problem(field, f"{field} cannot be blank.", "is_required")
        if text is not None and limit is not None and len(text) > limit:
            self.add_problem(
                field, f"{field} must be at most {limit} characters.", "too_long"
            )
        return text

    def number(
        self, field: str, low: int, high: int, *, required: bool = False
    ) -> int | None:
        number = self._read(field, int, required=required)
        if number is not None and not low <= number <= high:
            self.add_problem(field, f"{field} must be from {low} to {high}.")
        return number

    def flag(self, field: str, *, required: bool = False) -> bool:
        return bool(self._read(field, bool, required=required))

    def choice(
        self, field: str, choices: Collection[str], *, required: bool = False
    ) -> str | None:
        text = self._read(field, str, required=required)
        if text is not None and text not in choices:
            allowed = ", ".join(choices)
            self.add_problem(
                field, f"{field} must be one of {allowed}.", "invalid_enum"
            )
        return text

    def time(self, field: str, *, required: bool = False) -> datetime | None:
        text = self._read(field, str, required=required)
        moment = None if text is None else parse_time(text)
        if text is not None and moment is None:
            self.add_problem(
                field, f"{field} must be an RFC 3339 time.", "invalid_format"
            )
        return moment

    def labels(self, field: str, *, required: bool = False) -> list[str]:
        labels = self._read(field, list, required=required) or []
        if not all(isinstance(label, str) for label in labels):
            self.add_problem(field, f"{field} must be a list of texts.", "invalid_type")
            return []
        return labels

    def texts(self, field: str) -> None:
        """Check an object whose values are texts."""
        texts = self._read(field, dict) or {}
        if not all(isinstance(text, str) for text in texts.values()):
            self.add_problem(field, f"{field} must hold texts.", "invalid_type")

    def child(self, field: str, *, required: bool = False) -> Payload | None:
        data = self._read(field, dict, required=required)
        if data is None:
            return None
        return Payload(data, f"{self._at}/{field}", self._problems)

    def children(self, field: str, *, required: bool = False) -> list[Payload]:
        items = self._read(field, list, required=required) or []
        if not all(isinstance(item, dict) for item in items):
            self.add_problem(
                field, f"{field} must be a list of objects.", "invalid_type"
            )
            return []
        return [
            Payload(item, f"{self._at}/{field}/{place}", self._problems)
            for place, item in enumerate(items)
        ]

    def lookup(
        self, field: str, table: Table[Row], what: str, *, required: bool = False
    ) -> Row | None:
        """Return the row whose id is in ``field``."""
        id_ = self._read(field, str, required=required)
        row = None if id_ is None else table.get(id_)
        if id_ is not None and row is None:
            self.add_problem(
                field, f"{what} with ID {id_} could not be found.", "not_found"
            )
        return row

    def _read(
        self, field: str, kind: type[Kind], *, required: bool = False
    ) -> Kind | None:
        value = self._data.get(field)
        if value is None:
            self._data.pop(field, None)
            if required:
                self.add_problem(field, f"{field} is required.", "is_required")
            return None
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.add_problem(field, f"{field} must be {_WORDS[kind]}.", "invalid_type")
            return None
        return value
