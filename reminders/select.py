"""Which items a reminder shows in its channel. Pure."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from blocks.reminders import Digest, Group
from reminders.lines import line
from reminders.snapshot import KINDS, urgent_first

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from reminders.snapshot import Case, Item, Owner, Priority, Snapshot
    from storage.tables import Subscription

    Test = Callable[[Item], bool]

NOBODY = "nobody"
"""In ``owner_ids``: what has no owner."""

LISTED = 25
"""Lines of one owner; more than a message has room for."""


def select(
    snapshot: Snapshot,
    rule: Subscription,
    asleep: Collection[tuple[str, str]],
    now: datetime,
) -> Digest:
    """Group what ``rule`` asks for by owner, unowned last, the most urgent first.

    Items of a private incident are there in its own channel alone. What belongs to an
    incident nobody could read is left out.
    """
    wanted = {case.id for case in snapshot.cases.values() if _concerns(rule, case)}
    found = [
        item
        for kind in KINDS
        if kind in rule.kinds
        for item in snapshot.items.get(kind, ())
        if item.incident_id in wanted
    ]
    for test in _tests(rule, asleep, now):
        found = [item for item in found if test(item)]
    if len(rule.kinds) > 1:
        found = urgent_first(found, snapshot.cases)
    return Digest(now, rule.name, _groups(found, snapshot.cases))


def _concerns(rule: Subscription, case: Case) -> bool:
    if rule.incident_id and case.id != rule.incident_id:
        return False
    if case.is_private and case.channel != rule.channel:
        return False
    return not rule.severity_ids or case.severity_id in rule.severity_ids


def _tests(
    rule: Subscription, asleep: Collection[tuple[str, str]], now: datetime
) -> list[Test]:
    """Only the tests that can say no: there may be many items."""
    priorities = frozenset(rule.priority_ids)
    owners = frozenset(rule.owner_ids)
    newest = now - timedelta(days=rule.min_age_days)
    tests: list[tuple[object, Test]] = [
        (priorities, lambda item: _id(item.priority) in priorities),
        (owners, lambda item: not owners.isdisjoint(_names(item.owner))),
        (rule.min_age_days, lambda item: (item.since or newest) <= newest),
        (asleep, lambda item: (item.kind, item.id) not in asleep),
    ]
    return [test for wanted, test in tests if wanted]


def _groups(items: Iterable[Item], cases: Mapping[str, Case]) -> list[Group]:
    owned: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        owned[item.owner.id if item.owner else ""].append(item)
    unowned = owned.pop("", None)
    theirs = [*owned.values(), *([unowned] if unowned else [])]
    return [_group(found[0].owner, found, cases) for found in theirs]


def _group(
    owner: Owner | None, items: Sequence[Item], cases: Mapping[str, Case]
) -> Group:
    return Group(
        name=owner.name if owner else None,
        slack_id=owner.slack_id if owner else None,
        total=len(items),
        lines=[line(item, cases[item.incident_id]) for item in items[:LISTED]],
    )


def _id(priority: Priority | None) -> str | None:
    return priority.id if priority else None


def _names(owner: Owner | None) -> tuple[str | None, ...]:
    return (owner.id, owner.slack_id) if owner else (NOBODY,)
