"""One page of a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    items: tuple[T, ...]
    after: str | None = None
    """Cursor of the next page; None on the last."""
    total: int | None = None
    """Of all pages, where the API counts them."""
