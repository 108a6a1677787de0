"""Pages of lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from slack_sdk.models.blocks import Block

from blocks.kit import messages, text
from blocks.kit.fields import HasName
from handlers.core.command import Reply

T = TypeVar("T")
N = TypeVar("N", bound=HasName)

ON_A_PAGE = 25
"""Rows of one or two lines on a page."""
FURTHEST_READ = 2_500
"""The most rows that are read of a list that incident.io gives page by page."""


@dataclass(frozen=True, slots=True)
class ListPage(Generic[T]):
    """One page of a list. ``number`` counts from 1; ``more``: another page follows."""

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
    """Return the command line that shows this page."""
    return f"{line} page:{page}" if page > 1 else line


def listed(
    title: str,
    line: str,
    things: Sequence[N],
    page: int,
    draw: Callable[[Sequence[N]], Sequence[Block]],
) -> Reply:
    """Return a reply with one page of things, as ``draw`` draws them.

    ``line`` is the command that lists them.
    """
    part = paginate(things, page, ON_A_PAGE)
    pager = messages.pager(line, part.number, more=part.more)
    names = ", ".join(text.inline(one.name) for one in part.shown) or "none"
    said = text.clip(f"{text.escape(title)}: {names}", text.VALUE)
    return Reply(said, [*draw(part.shown), *pager])
