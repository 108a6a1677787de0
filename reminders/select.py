"""Which items a reminder shows in its channel. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from blocks.reminders import Digest, Group, Line
from reminders.snapshot import ACTIONS, KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from datetime import datetime

    from reminders.snapshot import Case, Item, Owner, Priority, Snapshot
    from storage.tables import Subscription

    Test = Callable[[Item, Case], bool]

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

    Items of a private incident are shown in its own channel and only counted in
    others. What belongs to an incident nobody could read is left out.
    """
    owners: dict[str, _Owned] = {}
    private = 0
    for item, case in _matching(snapshot, rule, asleep, now):
        if case.is_private and case.channel != rule.channel:
            private += 1
            continue
        key = item.owner.id if item.owner else ""
        if key not in owners:
            owners[key] = _Owned(item.owner)
        owners[key].add(item, case)
    named = sorted(owners.values(), key=lambda owned: owned.owner is None)
    return Digest(now, rule.name, [owned.group() for owned in named], private)


class _Owned:
    """One owner's items so far."""

    def __init__(self, owner: Owner | None) -> None:
        self.owner = owner
        self._total = 0
        self._lines: list[Line] = []

    def add(self, item: Item, case: Case) -> None:
        self._total += 1
        if len(self._lines) < LISTED:
            self._lines.append(_line(item, case))

    def group(self) -> Group:
        owner = self.owner
        return Group(
            name=owner.name if owner else None,
            slack_id=owner.slack_id if owner else None,
            total=self._total,
            lines=self._lines,
        )


def _matching(
    snapshot: Snapshot,
    rule: Subscription,
    asleep: Collection[tuple[str, str]],
    now: datetime,
) -> Iterator[tuple[Item, Case]]:
    tests = _tests(rule, asleep, now)
    for kind in KINDS:
        if kind not in rule.kinds:
            continue
        for item in snapshot.items.get(kind, ()):
            case = snapshot.cases.get(item.incident_id)
            if case is not None and all(test(item, case) for test in tests):
                yield item, case


def _tests(
    rule: Subscription, asleep: Collection[tuple[str, str]], now: datetime
) -> list[Test]:
    """Only the tests that can say no: there may be many items."""
    severities = frozenset(rule.severity_ids)
    priorities = frozenset(rule.priority_ids)
    owners = frozenset(rule.owner_ids)
    newest = now - timedelta(days=rule.min_age_days)
    tests: list[tuple[object, Test]] = [
        (rule.incident_id, lambda item, _: item.incident_id == rule.incident_id),
        (severities, lambda _, case: case.severity_id in severities),
        (priorities, lambda item, _: _id(item.priority) in priorities),
        (owners, lambda item, _: not owners.isdisjoint(_names(item.owner))),
        (rule.min_age_days, lambda item, _: (item.since or newest) <= newest),
        (asleep, lambda item, _: (item.kind, item.id) not in asleep),
    ]
    return [test for wanted, test in tests if wanted]


def _id(priority: Priority | None) -> str | None:
    return priority.id if priority else None


def _names(owner: Owner | None) -> tuple[str | None, ...]:
    return (owner.id, owner.slack_id) if owner else (NOBODY,)


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
    )
