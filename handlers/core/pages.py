"""Pages of lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

ON_A_PAGE = 25
"""Rows of one or two lines on a page."""


@dataclass(frozen=True, slots=True)
class ListPage(Generic[T]):
    """One page of a list; ``more`` says that another follows."""

    shown: Sequence[T]
    number: int
    more: bool


def paginate(found: Sequence[T], page: int, size: int) -> ListPage[T]:
    """Return page ``page``, or the last one where there are fewer pages."""
    last = max(-(-len(found) // size), 1)
    number = min(max(page, 1), last)
    start = (number - 1) * size
    return ListPage(found[start : start + size], number, number < last)


def at_page(line: str, page: int) -> str:
    return f"{line} page:{page}" if page > 1 else line
