"""Selects the items that a digest is about. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reminders.items.filters import NO_TARGETS, NOBODY, DigestOptions, Filters, passed
from reminders.sources.snapshot import KINDS, urgent_first

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from reminders.items.targets import Targets
    from reminders.sources.snapshot import Item, Snapshot
    from storage.rule import Rule

__all__ = ["NOBODY", "Selected", "select"]


@dataclass(frozen=True, slots=True)
class Selected:
    items: Sequence[Item]
    """Those past their target first, then the most urgent."""
    late: int
    """How many are past their target."""


def select(
    snapshot: Snapshot,
    rule: Rule,
    asleep: Collection[tuple[str, str]],
    now: datetime,
    targets: Targets = NO_TARGETS,
) -> Selected:
    """Return the items that ``rule`` asks for, without those that are snoozed."""
    wanted = DigestOptions.of(rule).item_kinds
    kinds = [kind for kind in KINDS if kind in wanted]
    items = [item for kind in kinds for item in snapshot.items.get(kind, ())]
    found = Filters.of(rule).chosen(items, snapshot.cases.values(), now, targets)
    found = [item for item in found if item.key not in asleep]
    if len(wanted) > 1:
        found = urgent_first(found, snapshot.cases)
    late: list[Item] = []
    rest: list[Item] = []
    for item in found:
        (late if passed(targets, item, now) else rest).append(item)
    return Selected([*late, *rest], len(late))
