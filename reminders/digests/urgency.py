"""The order in which a person reads their items. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from reminders.sources.snapshot import LONG_AGO, UNRANKED

if TYPE_CHECKING:
    from reminders.items.targets import Targets
    from reminders.sources.snapshot import Item

NEVER = datetime.max.replace(tzinfo=UTC)


def by_target(targets: Targets, item: Item) -> tuple[datetime, int, datetime, str]:
    """Sort by target, what is past it first; then by priority and age."""
    target = targets.of(item)
    rank = item.priority.rank if item.priority else UNRANKED
    return target.at if target else NEVER, rank, item.since or LONG_AGO, item.id
