"""What has become due: times of schedules that came, notices that kinds find."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from pydantic import ValidationError

from reminders.engine import misfire as late
from reminders.engine.kinds import Enrolling, Finding
from storage.plans import Plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from reminders.engine.deliver import Observe
    from reminders.engine.failure_notices import Complaints
    from reminders.engine.kinds import Kind
    from reminders.sources.snapshot import Snapshot
    from reminders.sources.snapshots import Snapshots
    from storage.rule import Rule
    from storage.rules import Rules

log = logging.getLogger(__name__)

BATCH = 20
"""Reminders planned in one transaction: others write to the database too."""

AT_ONCE = 1000
MOST_WAIT = timedelta(minutes=10)
"""Between two tries of a kind that fails to find what is due."""


def parts(kinds: Mapping[str, Kind], rules: Iterable[Rule]) -> frozenset[str]:
    """Name what must be read for all of these rules.

    A rule whose options cannot be read is left out; its own slot says so later.
    """
    found: set[str] = set()
    for rule in rules:
        if rule.kind in kinds:
            with suppress(ValidationError):
                found.update(kinds[rule.kind].parts(rule))
    return frozenset(found)


class Planner:
    def __init__(
        self,
        reminders: Rules,
        kinds: Mapping[str, Kind],
        snapshots: Snapshots,
        complaints: Complaints,
        now: Callable[[], datetime],
        *,
        observe: Observe,
    ) -> None:
        self._reminders = reminders
        self._kinds = kinds
        self._snapshots = snapshots
        self._complaints = complaints
        self._now = now
        self._observe = observe
        self._standing = False

    def plan(self) -> None:
        """Enter what is due now, each thing once, whoever else plans too."""
        self._stand()
        due = [
            rule for rule in self._reminders.due(AT_ONCE) if rule.kind in self._kinds
        ]
        found = self._find([rule for rule in due if self._finds(rule)])
        for start in range(0, len(due), BATCH):
            ids = [rule.id for rule in due[start : start + BATCH]]
            planned = self._reminders.plan(ids, partial(self._decide, found))
            self._observe("due", number=str(planned))
        self._complain(due, found)

    def _stand(self) -> None:
        """Make the rules that always stand, once."""
        if self._standing:
            return
        for kind in self._kinds.values():
            if isinstance(kind, Finding) and kind.stands:
                self._reminders.create(rule_id=kind.name, kind=kind.name)
        self._standing = True

    def _finds(self, rule: Rule) -> bool:
        return isinstance(self._kinds[rule.kind], Finding)

    def _find(self, rules: Sequence[Rule]) -> dict[str, Plan]:
        """Read once what they all need, and ask each what is due."""
        if not rules:
            return {}
        snapshot = self._snapshots.read(parts(self._kinds, rules))
        return {rule.id: self._found(rule, snapshot) for rule in rules}

    def _found(self, rule: Rule, snapshot: Snapshot) -> Plan:
        kind = self._kinds[rule.kind]
        assert isinstance(kind, Finding)
        now = self._now()
        unread = snapshot.failures.keys() & set(kind.parts(rule))
        if unread:
            return self._failed(rule, kind, snapshot.failures[min(unread)])
        try:
            notices = list(kind.notices(snapshot, rule, snapshot.at))
            rules = list(kind.rules(snapshot)) if isinstance(kind, Enrolling) else ()
        except Exception as error:
            log.exception("%s could not find what is due", rule.id)
            return self._failed(rule, kind, f"a fault of mine: {type(error).__name__}")
        return Plan(now + kind.rhythm, notices=notices, personal_rules=rules)

    def _failed(self, rule: Rule, kind: Finding, reason: str) -> Plan:
        """Try again, the less often the longer it fails."""
        log.warning("%s waits: %s", rule.id, reason)
        self._observe("unplanned", kind=rule.kind)
        now = self._now()
        failing = now - (rule.failing_since or now)
        wait = max(kind.rhythm, min(failing, MOST_WAIT))
        return Plan(now + wait, failed=reason)

    def _decide(self, found: Mapping[str, Plan], rule: Rule) -> Plan:
        now = self._now()
        assert rule.next_slot_at is not None
        if self._finds(rule):
            return found.get(rule.id) or Plan(now)
        grace = self._kinds[rule.kind].grace
        plan = late.plan(rule.recurrence or "", rule.next_slot_at, now, grace)
        for at, why in plan.skipped:
            self._observe("skipped", kind=rule.kind)
            log.warning("reminder %s of %s is skipped: %s", rule.id, at, why)
        return plan

    def _complain(self, rules: Iterable[Rule], found: Mapping[str, Plan]) -> None:
        for rule in rules:
            plan = found.get(rule.id)
            if plan and plan.failed:
                self._complaints.failed(rule, plan.failed)
