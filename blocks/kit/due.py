"""Words for dates by which an item should be done: ``due Thu 12 Mar``.

A policy sets a due date; a date that the bot computes is always called a target.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from blocks.kit import text


@dataclass(frozen=True, slots=True)
class Target:
    """A moment, and whether it is a policy's due date or computed by the bot."""

    at: datetime
    due: bool = False

    def passed(self, now: datetime) -> bool:
        return self.at <= now


def describe_target(target: Target | None, now: datetime, zone: tzinfo) -> str | None:
    """Return a short fact for lists, or None without a target."""
    if target is None:
        return None
    if target.passed(now):
        return overdue_by(target.at, now)
    return f"{'due' if target.due else 'target'} {day(target.at, now, zone)}"


def overdue_by(at: datetime, now: datetime) -> str:
    """Return ``overdue by 3 days``; ``at`` is a target or due date that has passed."""
    late = max(now - at, timedelta(minutes=1))
    return f"overdue by {text.duration(late)}"


def label(target: Target) -> str:
    return "Due" if target.due else "Target"


def target_fact(target: Target, now: datetime, zone: tzinfo) -> str:
    """Return the date in full, for a field with a label."""
    if not target.passed(now):
        return text.when(target.at)
    return f"{text.when(target.at)}, {describe_target(target, now, zone)}"


def day(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """Return ``today``, ``tomorrow`` or ``Thu 12 Mar``; with the year if not this."""
    there, today = moment.astimezone(zone).date(), now.astimezone(zone).date()
    near = {0: "today", 1: "tomorrow"}.get((there - today).days)
    year = "" if there.year == today.year else f" {there.year}"
    return near or f"{there:%a} {there.day} {there:%b}{year}"
