"""Counts what the weekly summary of a channel says. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from blocks.kit import people
from blocks.reminders.summary import OLDEST, UNOWNED, OldestItem, OwnedItems, Summary
from reminders.calendar.schedule import Recurrence
from reminders.digests.weeks import count
from reminders.items.filters import DigestOptions, Filters, passed
from reminders.items.targets import TARGETS
from reminders.sources.snapshot import ACTIONS, FOLLOW_UPS, HISTORY, LONG_AGO

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from blocks.reminders.summary import Week
    from reminders.sources.snapshot import IncidentSummary, Item, Snapshot
    from storage.rule import Rule


NOUNS = {FOLLOW_UPS: "follow-up", ACTIONS: "action"}


def weeks(snapshot: Snapshot, rule: Rule, at: datetime) -> list[Week]:
    """Return the counts of the weeks up to ``at``, for the items the rule asks for."""
    items = [
        *_chosen(snapshot, rule, snapshot.items),
        *_chosen(snapshot, rule, snapshot.get(HISTORY)),
    ]
    return count(items, at, ZoneInfo(Recurrence.parse(rule.recurrence or "").timezone))


def sum_up(
    snapshot: Snapshot, rule: Rule, told: Sequence[Week], now: datetime
) -> Summary:
    """Return the summary of what is open now, with counts of weeks made before.

    Snoozed items count as open: a summary leaves out nothing.
    """
    items = sorted(_chosen(snapshot, rule, snapshot.items), key=_age)
    targets, cases = snapshot.get(TARGETS), snapshot.cases
    late = {item.id for item in items if passed(targets, item, now)}
    nobodys = [item for item in items if item.owner is None]
    return Summary(
        at=now,
        name=rule.name,
        open=len(items),
        overdue=len(late),
        unowned=len(nobodys),
        weeks=told,
        shares=_shares(items, late),
        oldest=[_entry(item, cases[item.incident_id], late) for item in items[:OLDEST]],
        nobodys=[
            _entry(item, cases[item.incident_id], late) for item in nobodys[:UNOWNED]
        ],
        noun=noun_of(DigestOptions.of(rule).item_kinds),
    )


def noun_of(kinds: Sequence[str]) -> str:
    """Return the noun for items of these kinds."""
    return NOUNS[kinds[0]] if len(kinds) == 1 else "item"


def _chosen(
    snapshot: Snapshot, rule: Rule, by_kind: Mapping[str, Sequence[Item]]
) -> list[Item]:
    kinds = DigestOptions.of(rule).item_kinds
    items = (item for kind in kinds for item in by_kind.get(kind, ()))
    return Filters.of(rule).chosen(items, snapshot.cases.values(), snapshot.at)


def _age(item: Item) -> tuple[datetime, str]:
    return item.since or LONG_AGO, item.id


def _shares(items: Sequence[Item], late: Collection[str]) -> list[OwnedItems]:
    owned = [(item, item.owner) for item in items if item.owner]
    names = {owner.id: people.named(owner.user) for _, owner in owned}
    totals = Counter(owner.id for _, owner in owned)
    overdue = Counter(owner.id for item, owner in owned if item.id in late)
    shares = [OwnedItems(names[id_], totals[id_], overdue[id_]) for id_ in totals]
    return sorted(shares, key=lambda s: (-s.total, -s.overdue, s.name))


def _entry(item: Item, case: IncidentSummary, late: Collection[str]) -> OldestItem:
    return OldestItem(
        noun="action" if item.kind == ACTIONS else "followup",
        id=item.id,
        title=item.title,
        since=item.since,
        reference=case.reference,
        incident=case.name,
        url=case.url,
        owner=people.named(item.owner.user) if item.owner else None,
        overdue=item.id in late,
        private=case.is_private,
    )
