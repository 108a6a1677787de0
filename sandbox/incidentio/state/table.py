"""Rows by id, sorted by their ids, with cheap pages at any depth."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

Row = TypeVar("Row")


class Table(Generic[Row]):
    """A table; ``group`` returns a second key that rows are found by."""

    def __init__(self, group: Callable[[Row], str] | None = None) -> None:
        self._rows: dict[str, Row] = {}
        self._removed: dict[str, Row] = {}
        self._order: list[str] = []
        self._group = group
        self._groups: dict[str, list[str]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return (self._rows[id_] for id_ in self._order)

    def __contains__(self, id_: str) -> bool:
        return id_ in self._rows

    def add(self, id_: str, row: Row) -> Row:
        self._rows[id_] = row
        _insert(self._order, id_)
        if self._group is not None:
            _insert(self._groups.setdefault(self._group(row), []), id_)
        return row

    def get(self, id_: str) -> Row | None:
        return self._rows.get(id_)

    def resolve(self, id_: str) -> Row:
        """Return the row of a reference, even if it was removed since."""
        return self._rows.get(id_) or self._removed[id_]

    def remove(self, id_: str) -> None:
        row = self._removed[id_] = self._rows.pop(id_)
        _take_out(self._order, id_)
        if self._group is not None:
            _take_out(self._groups[self._group(row)], id_)

    def replace(self, id_: str, row: Row) -> Row:
        self.remove(id_)
        return self.add(id_, row)

    def clear(self) -> None:
        for part in (self._rows, self._removed, self._order, self._groups):
            part.clear()

    def after(
        self, cursor: str | None = None, *, group: str | None = None, newest: bool
    ) -> Iterator[Row]:
        """Yield the rows after ``cursor``, which need not exist any more."""
        order = self._order if group is None else self._groups.get(group, [])
        rows = self._rows
        for place in _places(order, cursor, newest=newest):
            yield rows[order[place]]


def _places(order: list[str], cursor: str | None, *, newest: bool) -> range:
    if newest:
        start = len(order) if cursor is None else bisect_left(order, cursor)
        return range(start - 1, -1, -1)
    return range(0 if cursor is None else bisect_right(order, cursor), len(order))


def _insert(order: list[str], id_: str) -> None:
    if not order or order[-1] < id_:
        order.append(id_)
    else:
        insort(order, id_)


def _take_out(order: list[str], id_: str) -> None:
    del order[bisect_left(order, id_)]


Record = dict[str, Any]
"""A piece of configuration, kept as the API shows it."""
