"""When an item should be done, in words: ``due 12 Mar``, ``3 days past its target``.

What a policy gives is due; what is only reckoned is always called a target.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from blocks.kit import text

if TYPE_CHECKING:
    from datetime import datetime, tzinfo


class Target(Protocol):
    @property
    def at(self) -> datetime: ...

    @property
    def due(self) -> bool: ...

    def passed(self, now: datetime) -> bool: ...


def words(target: Target | None, now: datetime, zone: tzinfo) -> str | None:
    """Say it as a fact beside others; None where there is none."""
    if target is None:
        return None
    if target.passed(now):
        return past(target.at, now, due=target.due)
    return f"{'due' if target.due else 'target'} {day(target.at, now, zone)}"


def past(at: datetime, now: datetime, *, due: bool) -> str:
    """``3 days past its target``; what a policy gave is a due date."""
    late = max(now - at, timedelta(minutes=1))
    return f"{text.duration(late)} past its {called(due=due)}"


def called(*, due: bool) -> str:
    return "due date" if due else "target"


def label(target: Target) -> str:
    return "Due" if target.due else "Target"


def fact(target: Target, now: datetime, zone: tzinfo) -> str:
    """Say it in full, where a label stands above."""
    if not target.passed(now):
        return text.when(target.at)
    return f"{text.when(target.at)}, {words(target, now, zone)}"


def day(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """``today``, ``tomorrow``, ``12 Mar``, with the year if it is another."""
    there, today = moment.astimezone(zone).date(), now.astimezone(zone).date()
    near = {0: "today", 1: "tomorrow"}.get((there - today).days)
    year = "" if there.year == today.year else f" {there.year}"
    return near or f"{there.day} {there:%b}{year}"
