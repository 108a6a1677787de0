"""What would be sent by a time, and to whom; nothing is claimed, sent or recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from reminders.engine import delivery_policy as politeness
from reminders.engine import misfire as late
from reminders.engine.delivery_policy import courtesy
from reminders.engine.kinds import Answer, Finding, Sheet
from reminders.engine.planner import parts
from storage.notices import DUE, Notice
from storage.reminders import ACTIVE
from storage.tables import Slot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from reminders.engine.kinds import Kind
    from reminders.sources.snapshot import Snapshot
    from reminders.sources.snapshots import Snapshots
    from storage.reminders import Reminders
    from storage.tables import Subscription


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One message: under which rule, for whom, when, and what it would say."""

    rule: Subscription
    channel: str
    at: datetime
    answer: Answer


@dataclass(frozen=True, slots=True)
class Unread:
    """A rule that cannot be foreseen, and why."""

    rule: Subscription
    reason: str


class Preview:
    def __init__(
        self,
        reminders: Reminders,
        kinds: Mapping[str, Kind],
        snapshots: Snapshots,
    ) -> None:
        self._reminders = reminders
        self._kinds = kinds
        self._snapshots = snapshots

    def by(self, at: datetime) -> Iterator[Foreseen | Unread]:
        """Foresee what leaves until ``at``, from what incident.io says now."""
        rules = [
            rule
            for rule in self._reminders.list()
            if rule.state == ACTIVE and rule.kind in self._kinds
        ]
        waiting = self._reminders.leaving(at)
        people = frozenset(r.channel for r in rules) | {s.channel for s in waiting}
        wanted = parts(self._kinds, rules) | politeness.parts(people)
        snapshot = self._snapshots.read(wanted, people)
        entered: dict[str, list[Slot]] = {rule.id: [] for rule in rules}
        for slot in waiting:
            entered.setdefault(slot.subscription_id, []).append(slot)
        for rule in rules:
            yield from self._of(rule, snapshot, at, entered[rule.id])

    def _of(
        self, rule: Subscription, snapshot: Snapshot, at: datetime, known: list[Slot]
    ) -> Iterator[Foreseen | Unread]:
        kind = self._kinds[rule.kind]
        unread = snapshot.failures.keys() & set(kind.parts(rule))
        if unread:
            yield Unread(rule, snapshot.failures[min(unread)])
            return
        for slot in [*known, *self._new(rule, kind, snapshot, at)]:
            sheet = Sheet(snapshot, rule, slot, max(at, slot.slot_at))
            answer = courtesy(sheet, kind) or kind.compose(sheet)
            yield Foreseen(rule, slot.channel, slot.slot_at, answer)

    def _new(
        self, rule: Subscription, kind: Kind, snapshot: Snapshot, at: datetime
    ) -> Iterable[Slot]:
        if isinstance(kind, Finding):
            notices = [n for n in kind.notices(snapshot, rule, at) if n.at <= at]
            fresh = self._reminders.unknown({notice.key for notice in notices})
            return [_noticed(rule, n) for n in notices if n.key in fresh]
        if rule.next_slot_at is None or rule.next_slot_at > at:
            return []
        plan = late.plan(rule.when, rule.next_slot_at, at, kind.grace)
        return [_scheduled(rule, plan.send)] if plan.send else []


def _scheduled(rule: Subscription, at: datetime) -> Slot:
    return Slot(
        id="preview",
        subscription_id=rule.id,
        channel=rule.channel,
        slot_at=at,
        state=DUE,
        attempts=0,
    )


def _noticed(rule: Subscription, notice: Notice) -> Slot:
    return Slot(
        id="preview",
        subscription_id=rule.id,
        key=notice.key,
        channel=notice.channel,
        slot_at=notice.at,
        params=dict(notice.params),
        state=DUE,
        attempts=0,
    )
