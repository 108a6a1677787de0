"""Lists, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

ON_A_PAGE = 25
"""Of what takes a line or two each."""


@dataclass(frozen=True, slots=True)
class Cut(Generic[T]):
    """One page of a list. ``more``: there is another after it."""

    shown: Sequence[T]
    number: int
    more: bool


def cut(found: Sequence[T], page: int, size: int) -> Cut[T]:
    """Cut a page out; the last one where there are not so many."""
    last = max(-(-len(found) // size), 1)
    number = min(max(page, 1), last)
    start = (number - 1) * size
    return Cut(found[start : start + size], number, number < last)
