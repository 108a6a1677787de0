"""Which items a reminder shows in its channel. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from blocks.reminders import Digest, Group, Line
from blocks.targets import words
from reminders.filters import NO_TARGETS, NOBODY, Filters, passed
from reminders.snapshot import ACTIONS, KINDS, Item, urgent_first

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from reminders.snapshot import Case, Owner, Snapshot
    from reminders.targets import Targets
    from storage.tables import Subscription

__all__ = ["NOBODY", "select"]

Said = Callable[[Item], str | None]
"""What is said of an item's target."""

UTC = ZoneInfo("UTC")

LISTED = 25
"""Lines of one owner; more than a message has room for."""


def select(
    snapshot: Snapshot,
    rule: Subscription,
    asleep: Collection[tuple[str, str]],
    now: datetime,
    targets: Targets = NO_TARGETS,
    *,
    zone: tzinfo = UTC,
) -> Digest:
    """Group what ``rule`` asks for by owner, unowned last.

    What is past its target comes first, then the most urgent.
    """
    kinds = [kind for kind in KINDS if kind in rule.kinds]
    items = [item for kind in kinds for item in snapshot.items.get(kind, ())]
    found = Filters.of(rule).chosen(items, snapshot.cases.values(), now, targets)
    found = [item for item in found if (item.kind, item.id) not in asleep]
    if len(rule.kinds) > 1:
        found = urgent_first(found, snapshot.cases)
    found.sort(key=lambda item: not passed(targets, item, now))

    def said(item: Item) -> str | None:
        return words(targets.of(item), now, zone)

    return Digest(now, rule.name, _groups(found, snapshot.cases, said))


def _groups(
    items: Iterable[Item], cases: Mapping[str, Case], said: Said
) -> list[Group]:
    owned: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        owned[item.owner.id if item.owner else ""].append(item)
    unowned = owned.pop("", None)
    theirs = [*owned.values(), *([unowned] if unowned else [])]
    return [_group(found[0].owner, found, cases, said) for found in theirs]


def _group(
    owner: Owner | None, items: Sequence[Item], cases: Mapping[str, Case], said: Said
) -> Group:
    return Group(
        name=owner.name if owner else None,
        slack_id=owner.slack_id if owner else None,
        total=len(items),
        lines=[
            replace(_line(item, cases[item.incident_id]), target=said(item))
            for item in items[:LISTED]
        ],
    )


def _line(item: Item, case: Case) -> Line:
    return Line(
        noun="action" if item.kind == ACTIONS else "followup",
        id=item.id,
        title=item.title,
        since=item.since,
        reference=case.reference,
        incident=case.name,
        url=case.url,
        severity=case.severity,
        priority=item.priority.name if item.priority else None,
        private=case.is_private,
    )
