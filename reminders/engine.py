"""The engine: what is due is planned, claimed, read once, sent once, and recorded."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

from reminders import late
from reminders.deliver import Deliverer
from reminders.kinds import Finding, Message, Recalling, Sheet
from reminders.post import Poster
from reminders.schedule import following
from reminders.snapshots import MOMENTS_AGO
from storage.deeds import Deeds
from storage.errors import DatabaseError
from storage.reminders import Plan, Reminders
from storage.slots import Slots
from storage.snoozes import Snoozes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from reminders.deliver import Observe
    from reminders.kinds import Kind
    from reminders.recall import Recall
    from reminders.snapshot import Snapshot
    from reminders.snapshots import Snapshots
    from slack.client import SlackClient
    from storage.database import Database
    from storage.slots import Waiting
    from storage.tables import Subscription

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
"""Longer than any one send takes; a dead worker's slots wait as long."""

FRESH = timedelta(seconds=20)
"""How long one reading serves, for reminders that had to wait for their channel."""

BATCH = 20
"""Reminders planned in one transaction: others write to the database too."""

TIDY, KEPT = timedelta(days=1), timedelta(days=90)


def unobserved(event: str, **labels: str) -> None:
    log.debug("%s %s", event, labels)


class Engine:
    """One worker. Any number of them may tick on one database."""

    def __init__(
        self,
        database: Database,
        snapshots: Snapshots,
        kinds: Iterable[Kind],
        slack: SlackClient,
        now: Callable[[], datetime],
        *,
        recall: Recall,
        worker: str,
        slash: str = "/io",
        lease: timedelta = LEASE,
        observe: Observe = unobserved,
    ) -> None:
        self._now = now
        self._kinds = {kind.name: kind for kind in kinds}
        self._standing = False
        self._observe = observe
        self._reminders = Reminders(database, now, following)
        self._slots = Slots(database, worker, lease)
        self._snoozes = Snoozes(database)
        self._deeds = Deeds(database)
        self._recall = recall
        self.snapshots = snapshots
        self._deliverer = Deliverer(
            self._slots,
            self._reminders,
            Poster(slack),
            self._kinds,
            now,
            slash=slash,
            observe=observe,
        )
        self._latest: Snapshot | None = None
        self._tidied_at: datetime | None = None
        self._stopping = Event()

    def tick(self) -> None:
        """Plan what has become due, then send what waits. Never waits itself."""
        try:
            self._stand()
            self._plan()
            self._sweep()
            self._tidy()
        except DatabaseError as error:
            self._observe("held_up", why=type(error).__name__)
            log.error("reminders wait for the database: %s", error)  # noqa: TRY400

    def stop(self) -> None:
        """Let a running tick end after the message it is about."""
        self._stopping.set()

    def show(self, slot_id: str, channel: str) -> Message | None:
        """What a sent reminder would say now. None: deleted, or not this channel's."""
        slot = self._slots.get(slot_id)
        if slot is None or channel not in {slot.channel, slot.posted_in}:
            return None
        rule = self._reminders.get(slot.subscription_id)
        if rule is None:
            return None
        kind = self._kinds[rule.kind]
        here = frozenset([slot.channel])
        snapshot = self.snapshots.read(kind.parts(rule), here, within=MOMENTS_AGO)
        keys = kind.recalls(slot) if isinstance(kind, Recalling) else ()
        past = self._recall.of(keys, snapshot)
        return kind.redraw(Sheet(snapshot, rule, slot, self._now(), past))

    def _stand(self) -> None:
        """Make the rules that always stand, once."""
        if self._standing:
            return
        for kind in self._kinds.values():
            if isinstance(kind, Finding) and kind.stands:
                self._reminders.create(
                    subscription_id=kind.name,
                    kind=kind.name,
                    channel="",
                    created_by="",
                    kinds=[],
                    when="",
                )
        self._standing = True

    def _plan(self) -> None:
        due = [r for r in self._reminders.due(limit=1000) if r.kind in self._kinds]
        finding = [rule for rule in due if self._finds(rule)]
        found = self._find(finding) if finding else {}
        for start in range(0, len(due), BATCH):
            ids = [rule.id for rule in due[start : start + BATCH]]
            planned = self._reminders.plan(ids, partial(self._decide, found))
            self._observe("planned", number=str(planned))

    def _finds(self, rule: Subscription) -> bool:
        return isinstance(self._kinds[rule.kind], Finding)

    def _find(self, rules: Iterable[Subscription]) -> dict[str, Plan]:
        """Read once what they all need, and ask each what is due."""
        snapshot = self.snapshots.read(self._parts(rules))
        return {rule.id: self._found(rule, snapshot) for rule in rules}

    def _found(self, rule: Subscription, snapshot: Snapshot) -> Plan:
        kind = self._kinds[rule.kind]
        assert isinstance(kind, Finding)
        following = self._now() + kind.rhythm
        failed = snapshot.failures.keys() & set(kind.parts(rule))
        if failed:
            log.warning("%s waits: %s", rule.id, snapshot.failures[min(failed)])
            return Plan(following)
        try:
            notices = list(kind.notices(snapshot, rule, snapshot.at))
        except Exception:
            log.exception("%s could not find what is due", rule.id)
            self._observe("broken", kind=rule.kind)
            return Plan(following)
        return Plan(following, notices=notices)

    def _parts(self, rules: Iterable[Subscription]) -> frozenset[str]:
        known = (r for r in rules if r.kind in self._kinds)
        return frozenset(part for r in known for part in self._kinds[r.kind].parts(r))

    def _decide(self, found: Mapping[str, Plan], rule: Subscription) -> Plan:
        now = self._now()
        assert rule.next_slot_at is not None
        if self._finds(rule):
            return found.get(rule.id, Plan(now))
        grace = self._kinds[rule.kind].grace
        plan = late.plan(rule.when, rule.next_slot_at, now, grace)
        for at, why in plan.skipped:
            self._observe("skipped")
            log.warning("reminder %s of %s is skipped: %s", rule.id, at, why)
        return plan

    def _sweep(self) -> None:
        started = self._now()
        waiting = self._slots.waiting(started)
        if waiting is None:
            return
        snapshot = self._read(waiting, started)
        while not self._stopping.is_set():
            claim = self._slots.claim(self._now(), due_by=started)
            if claim is None:
                return
            self._deliverer.deliver(claim, snapshot)

    def _read(self, waiting: Waiting, now: datetime) -> Snapshot:
        """Read incident.io once for all of them, or not at all if just done."""
        latest, parts = self._latest, self._parts(waiting.rules)
        if latest is None or not _serves(latest, waiting, parts, now):
            latest = self.snapshots.read(parts, waiting.conversations)
            self._latest = latest
            self._observe("read")
        return latest

    def _tidy(self) -> None:
        now = self._now()
        if self._tidied_at is None or now - self._tidied_at >= TIDY:
            self._reminders.prune(now - KEPT)
            self._snoozes.prune(now - KEPT)
            self._deeds.prune(now - KEPT)
            self._tidied_at = now


def _serves(
    snapshot: Snapshot, waiting: Waiting, parts: frozenset[str], now: datetime
) -> bool:
    return (
        snapshot.at >= waiting.newest
        and now - snapshot.at <= FRESH
        and parts <= snapshot.known
        and waiting.conversations <= snapshot.conversations
        and not snapshot.failures
    )
