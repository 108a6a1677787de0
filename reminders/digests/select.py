"""Selects the items that a digest shows in its channel. Pure."""

from __future__ import annotations

from collections import defaultdict
from itertools import filterfalse, islice
from typing import TYPE_CHECKING

from blocks.kit.people import mark
from blocks.reminders.digest import Digest, OwnerGroup
from reminders.items.filters import NO_TARGETS, NOBODY, DigestOptions, Filters, passed
from reminders.items.lines import line, with_target
from reminders.sources.snapshot import KINDS, urgent_first

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import datetime

    from blocks.kit.outstanding import OutstandingLine
    from reminders.items.filters import Test
    from reminders.items.targets import Targets
    from reminders.sources.snapshot import Item, Snapshot
    from storage.rule import Rule

__all__ = ["NOBODY", "select"]

LISTED = 25
"""The most lines of one owner: more than a message has room for."""


def select(
    snapshot: Snapshot,
    rule: Rule,
    asleep: Collection[tuple[str, str]],
    now: datetime,
    targets: Targets = NO_TARGETS,
) -> Digest:
    """Return the digest of the items that ``rule`` asks for, grouped by owner.

    Items without an owner come last. In a group, overdue items come first, then the
    most urgent.
    """
    wanted = DigestOptions.of(rule).item_kinds
    kinds = [kind for kind in KINDS if kind in wanted]
    items = [item for kind in kinds for item in snapshot.items.get(kind, ())]
    found = Filters.of(rule).chosen(items, snapshot.cases.values(), now, targets)
    found = [item for item in found if (item.kind, item.id) not in asleep]
    if len(wanted) > 1:
        found = urgent_first(found, snapshot.cases)

    def drawn(item: Item) -> OutstandingLine:
        return with_target(
            line(item, snapshot.cases[item.incident_id]), targets.of(item)
        )

    def late(item: Item) -> bool:
        return passed(targets, item, now)

    return Digest(now, rule.name, _groups(found, late, drawn))


def _groups(
    items: Iterable[Item], late: Test, drawn: Callable[[Item], OutstandingLine]
) -> list[OwnerGroup]:
    owned: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        owned[item.owner.id if item.owner else ""].append(item)
    unowned = owned.pop("", None)
    theirs = [*owned.values(), *([unowned] if unowned else [])]
    return [_group(found, late, drawn) for found in theirs]


def _group(
    items: Sequence[Item], late: Test, drawn: Callable[[Item], OutstandingLine]
) -> OwnerGroup:
    owner = items[0].owner
    return OwnerGroup(
        name=owner.name if owner else None,
        slack_id=owner.slack_id if owner else None,
        total=len(items),
        lines=[drawn(item) for item in _first(items, late)],
        mark=mark(owner.user if owner else None),
    )


def _first(items: Sequence[Item], late: Test) -> list[Item]:
    """Return the first ``LISTED`` items, late ones before others.

    Both filters are lazy, so that of many items only a few are tested.
    """
    first = list(islice(filter(late, items), LISTED))
    return first + list(islice(filterfalse(late, items), LISTED - len(first)))
