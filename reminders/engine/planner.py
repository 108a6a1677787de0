"""Enters what has become due: times of recurrences, and notices that kinds find."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from pydantic import ValidationError

from reminders.engine import misfire
from reminders.sources.audience import NOBODY
from storage.plans import Plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from reminders.engine.deliver import Observe
    from reminders.engine.failure_notices import FailureNotices
    from reminders.engine.kinds import Kind
    from reminders.sources.snapshot import Snapshot
    from reminders.sources.snapshots import Snapshots
    from storage.rule import Rule
    from storage.rules import Rules

log = logging.getLogger(__name__)

BATCH = 20
"""Rules planned in one transaction: a long one would hold up other writers."""

MAX_DUE = 1000
"""Due rules that one round plans."""
MOST_WAIT = timedelta(minutes=10)
"""The longest wait between two tries of a rule that failed to find what is due."""


def sources(kinds: Mapping[str, Kind], rules: Iterable[Rule]) -> frozenset[str]:
    """Return the names of what must be read for all of these rules.

    A rule whose options cannot be read is left out; its own slot says so later.
    """
    found: set[str] = set()
    for rule in rules:
        if rule.kind in kinds:
            with suppress(ValidationError):
                found.update(kinds[rule.kind].sources(rule))
    return frozenset(found)


class Planner:
    def __init__(
        self,
        rules: Rules,
        kinds: Mapping[str, Kind],
        snapshots: Snapshots,
        failure_notices: FailureNotices,
        now: Callable[[], datetime],
        *,
        observe: Observe,
    ) -> None:
        self._rules = rules
        self._kinds = kinds
        self._snapshots = snapshots
        self._failure_notices = failure_notices
        self._now = now
        self._observe = observe
        self._singletons_made = False

    def plan(self) -> None:
        """Enter what is due now; each slot once, even if other workers plan too."""
        self._make_singletons()
        due = [rule for rule in self._rules.due(MAX_DUE) if rule.kind in self._kinds]
        found = self._poll_all([rule for rule in due if self._is_polled(rule)])
        for start in range(0, len(due), BATCH):
            ids = [rule.id for rule in due[start : start + BATCH]]
            planned = self._rules.plan(ids, partial(self._decide, found))
            self._observe("due", number=str(planned))
        self._notify_of_failures(due, found)

    def _make_singletons(self) -> None:
        """Make the rule of each singleton kind, once in a process."""
        if self._singletons_made:
            return
        for kind in self._kinds.values():
            if kind.singleton:
                self._rules.create(rule_id=kind.name, kind=kind.name)
        self._singletons_made = True

    def _is_polled(self, rule: Rule) -> bool:
        return self._kinds[rule.kind].poll_interval is not None

    def _poll_all(self, rules: Sequence[Rule]) -> dict[str, Plan]:
        """Read once what all rules need; return the plan of each, by its id."""
        if not rules:
            return {}
        snapshot = self._snapshots.read(sources(self._kinds, rules), NOBODY)
        return {rule.id: self._poll(rule, snapshot) for rule in rules}

    def _poll(self, rule: Rule, snapshot: Snapshot) -> Plan:
        kind = self._kinds[rule.kind]
        unread = snapshot.failures.keys() & set(kind.sources(rule))
        if unread:
            return self._failed(rule, snapshot.failures[min(unread)])
        try:
            notices = list(kind.notices(snapshot, rule, snapshot.at))
            rules = list(kind.personal_rules(snapshot))
        except Exception as error:
            log.exception("%s could not find what is due", rule.id)
            return self._failed(rule, f"a bug in the bot: {type(error).__name__}")
        again = self._now() + _interval(kind)
        return Plan(again, notices=notices, personal_rules=rules)

    def _failed(self, rule: Rule, reason: str) -> Plan:
        """Return a plan that tries again: the longer it has failed, the less often."""
        log.warning("%s waits: %s", rule.id, reason)
        self._observe("unplanned", kind=rule.kind)
        now = self._now()
        failing = now - (rule.failing_since or now)
        wait = max(_interval(self._kinds[rule.kind]), min(failing, MOST_WAIT))
        return Plan(now + wait, failed=reason)

    def _decide(self, found: Mapping[str, Plan], rule: Rule) -> Plan:
        now = self._now()
        assert rule.next_slot_at is not None
        if self._is_polled(rule):
            return found.get(rule.id) or Plan(now)
        grace = self._kinds[rule.kind].grace
        plan = misfire.plan(rule.recurrence or "", rule.next_slot_at, now, grace)
        for at, why in plan.skipped:
            self._observe("skipped", kind=rule.kind)
            log.warning("reminder %s of %s is skipped: %s", rule.id, at, why)
        return plan

    def _notify_of_failures(
        self, rules: Iterable[Rule], found: Mapping[str, Plan]
    ) -> None:
        for rule in rules:
            plan = found.get(rule.id)
            if plan and plan.failed:
                self._failure_notices.failed(rule, plan.failed)


def _interval(kind: Kind) -> timedelta:
    assert kind.poll_interval is not None
    return kind.poll_interval
