"""What the weekly summary of a channel says, from what was read. Pure."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from blocks.summaries import OLDEST, UNOWNED, Entry, Share, Summary
from reminders.schedule import When
from reminders.select import chosen
from reminders.snapshot import ACTIONS, HISTORY, LONG_AGO
from reminders.targets import TARGETS
from reminders.weeks import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from blocks.summaries import Week
    from reminders.snapshot import Case, Item, Snapshot
    from reminders.targets import Targets
    from storage.tables import Subscription


def weeks(snapshot: Snapshot, rule: Subscription, at: datetime) -> list[Week]:
    """Count the weeks up to ``at``, of everything the rule asks for."""
    items = [
        *chosen(snapshot, rule, snapshot.items, snapshot.at),
        *chosen(snapshot, rule, snapshot.get(HISTORY), snapshot.at),
    ]
    return count(items, at, ZoneInfo(When.parse(rule.when).timezone))


def sum_up(
    snapshot: Snapshot, rule: Subscription, told: Sequence[Week], now: datetime
) -> Summary:
    """Say what is open now, beside the weeks that were counted.

    What is snoozed is open too: a summary leaves out nothing.
    """
    late = _Late(snapshot.get(TARGETS), now)
    items = sorted(chosen(snapshot, rule, snapshot.items, now), key=_age)
    nobodys = [item for item in items if item.owner is None]
    cases = snapshot.cases
    return Summary(
        at=now,
        name=rule.name,
        open=len(items),
        overdue=sum(map(late, items)),
        unowned=len(nobodys),
        weeks=told,
        shares=_shares(items, late),
        oldest=[_entry(item, cases[item.incident_id], late) for item in items[:OLDEST]],
        nobodys=[
            _entry(item, cases[item.incident_id], late) for item in nobodys[:UNOWNED]
        ],
    )


class _Late:
    def __init__(self, targets: Targets, now: datetime) -> None:
        self._targets = targets
        self._now = now

    def __call__(self, item: Item) -> bool:
        target = self._targets.of(item)
        return target is not None and target.passed(self._now)


def _age(item: Item) -> tuple[datetime, str]:
    return item.since or LONG_AGO, item.id


def _shares(items: Iterable[Item], late: _Late) -> list[Share]:
    owned: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        if item.owner:
            owned[item.owner.id].append(item)
    shares = [
        Share(theirs[0].owner.name, len(theirs), sum(map(late, theirs)))
        for theirs in owned.values()
        if theirs[0].owner
    ]
    return sorted(shares, key=lambda s: (-s.total, -s.overdue, s.name))


def _entry(item: Item, case: Case, late: _Late) -> Entry:
    return Entry(
        noun="action" if item.kind == ACTIONS else "followup",
        id=item.id,
        title=item.title,
        since=item.since,
        reference=case.reference,
        incident=case.name,
        url=case.url,
        owner=item.owner.name if item.owner else None,
        overdue=late(item),
        private=case.is_private,
    )
