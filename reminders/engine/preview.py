"""Previews what would be sent by a time; nothing is claimed, sent or recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reminders.engine import delivery_policy, misfire
from reminders.engine.kinds import Answer, RenderContext
from reminders.engine.planner import sources
from reminders.sources.audience import NOBODY
from storage.notices import Notice, recurrence_key
from storage.rule import ACTIVE
from storage.slot import Slot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from reminders.engine.kinds import Kind
    from reminders.sources.snapshot import Snapshot
    from reminders.sources.snapshots import Snapshots
    from storage.rule import Rule
    from storage.rules import Rules


@dataclass(frozen=True, slots=True)
class PreviewedMessage:
    """One message that would be sent, with its rule, recipient and time."""

    rule: Rule
    channel: str
    at: datetime
    answer: Answer


@dataclass(frozen=True, slots=True)
class UnreadableRule:
    """A rule whose messages cannot be previewed, and why."""

    rule: Rule
    reason: str


class Preview:
    def __init__(
        self,
        rules: Rules,
        kinds: Mapping[str, Kind],
        snapshots: Snapshots,
    ) -> None:
        self._rules = rules
        self._kinds = kinds
        self._snapshots = snapshots

    def by(self, at: datetime) -> Iterator[PreviewedMessage | UnreadableRule]:
        """Yield what would be sent until ``at``, from what incident.io says now."""
        rules = [
            rule
            for rule in self._rules.list()
            if rule.state == ACTIVE and rule.kind in self._kinds
        ]
        waiting = self._rules.open_slots(at)
        people = frozenset(r.channel for r in rules if r.channel)
        people |= {slot.channel for slot in waiting}
        wanted = sources(self._kinds, rules) | delivery_policy.sources(people)
        snapshot = self._snapshots.read(wanted, NOBODY, people)
        entered: dict[str, list[Slot]] = {rule.id: [] for rule in rules}
        for slot in waiting:
            entered.setdefault(slot.rule_id, []).append(slot)
        for rule in rules:
            yield from self._of(rule, snapshot, at, entered[rule.id])

    def _of(
        self, rule: Rule, snapshot: Snapshot, at: datetime, known: list[Slot]
    ) -> Iterator[PreviewedMessage | UnreadableRule]:
        kind = self._kinds[rule.kind]
        unread = snapshot.failures.keys() & set(kind.sources(rule))
        if unread:
            yield UnreadableRule(rule, snapshot.failures[min(unread)])
            return
        for slot in [*known, *self._new(rule, kind, snapshot, at)]:
            context = RenderContext(snapshot, rule, slot, max(at, slot.slot_at))
            answer = delivery_policy.decide(context, kind) or kind.compose(context)
            yield PreviewedMessage(rule, slot.channel, slot.slot_at, answer)

    def _new(
        self, rule: Rule, kind: Kind, snapshot: Snapshot, at: datetime
    ) -> Iterable[Slot]:
        if kind.poll_interval is not None:
            notices = [n for n in kind.notices(snapshot, rule, at) if n.at <= at]
            fresh = self._rules.without_slot({notice.key for notice in notices})
            return [_noticed(rule, n) for n in notices if n.key in fresh]
        if rule.next_slot_at is None or rule.next_slot_at > at:
            return []
        plan = misfire.plan(rule.recurrence or "", rule.next_slot_at, at, kind.grace)
        return [_scheduled(rule, plan.send)] if plan.send else []


def _scheduled(rule: Rule, at: datetime) -> Slot:
    return Slot(
        id="preview",
        rule_id=rule.id,
        channel=rule.own_channel,
        slot_at=at,
        key=recurrence_key(rule.id, at),
    )


def _noticed(rule: Rule, notice: Notice) -> Slot:
    return Slot(
        id="preview",
        rule_id=rule.id,
        key=notice.key,
        channel=notice.channel,
        slot_at=notice.at,
        params=dict(notice.params),
    )
