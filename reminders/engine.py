"""The engine: what is due is planned, claimed, read once, sent once, and recorded."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING

from blocks.reminders import Message, message
from reminders import late
from reminders.deliver import Deliverer, Sweep
from reminders.post import Poster
from reminders.schedule import following
from reminders.select import select
from reminders.snapshots import MOMENTS_AGO, Snapshots
from storage.errors import DatabaseError
from storage.reminders import Reminders
from storage.slots import Slots
from storage.snoozes import Snoozes

if TYPE_CHECKING:
    from collections.abc import Callable

    from incidentio.client import Incidentio
    from reminders.deliver import Observe
    from reminders.snapshot import Snapshot
    from slack.client import SlackClient
    from storage.database import Database
    from storage.reminders import Plan
    from storage.slots import Waiting
    from storage.tables import Subscription

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
"""Longer than any one send takes; a dead worker's slots wait as long."""

GRACE = timedelta(hours=6)
"""How late a reminder still makes sense."""

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
        api: Incidentio,
        slack: SlackClient,
        now: Callable[[], datetime],
        worker_id: str,
        *,
        slash: str = "/io",
        lease: timedelta = LEASE,
        grace: timedelta = GRACE,
        observe: Observe = unobserved,
    ) -> None:
        self._now = now
        self._grace = grace
        self._observe = observe
        self._reminders = Reminders(database, now, following)
        self._slots = Slots(database, worker_id, lease)
        self._snoozes = Snoozes(database)
        self.snapshots = Snapshots(api.background(), now)
        self._deliverer = Deliverer(
            self._slots,
            self._reminders,
            Poster(slack),
            now,
            slash=slash,
            grace=grace,
            observe=observe,
        )
        self._latest: Snapshot | None = None
        self._tidied_at: datetime | None = None
        self._stopping = Event()

    def tick(self) -> None:
        """Plan what has become due, then send what waits. Never waits itself."""
        try:
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
        if slot is None or slot.channel != channel:
            return None
        rule = self._reminders.get(slot.subscription_id)
        if rule is None:
            return None
        snapshot = self.snapshots.read(rule.kinds, within=MOMENTS_AGO)
        now = self._now()
        digest = select(snapshot, rule, self._snoozes.asleep(now), now)
        return message(digest, slot.id)

    def _plan(self) -> None:
        due = self._reminders.due(limit=1000)
        for start in range(0, len(due), BATCH):
            planned = self._reminders.plan(due[start : start + BATCH], self._decide)
            self._observe("planned", number=str(planned))

    def _decide(self, rule: Subscription) -> Plan:
        now = self._now()
        assert rule.next_slot_at is not None
        plan = late.plan(rule.when, rule.next_slot_at, now, self._grace)
        for at, why in plan.skipped:
            self._observe("skipped")
            log.warning("reminder %s of %s is skipped: %s", rule.id, at, why)
        return plan

    def _sweep(self) -> None:
        started = self._now()
        waiting = self._slots.waiting(started)
        if waiting is None:
            return
        sweep = Sweep(self._read(waiting, started), self._snoozes.asleep(started))
        while not self._stopping.is_set():
            claim = self._slots.claim(self._now(), due_by=started)
            if claim is None:
                return
            self._deliverer.deliver(claim, sweep)

    def _read(self, waiting: Waiting, now: datetime) -> Snapshot:
        """Read incident.io once for all of them, or not at all if just done."""
        latest = self._latest
        if latest is None or not _serves(latest, waiting, now):
            latest = self._latest = self.snapshots.read(waiting.kinds)
            self._observe("read")
        return latest

    def _tidy(self) -> None:
        now = self._now()
        if self._tidied_at is None or now - self._tidied_at >= TIDY:
            self._reminders.prune(now - KEPT)
            self._snoozes.prune(now - KEPT)
            self._tidied_at = now


def _serves(snapshot: Snapshot, waiting: Waiting, now: datetime) -> bool:
    return (
        snapshot.at >= waiting.newest
        and now - snapshot.at <= FRESH
        and waiting.kinds <= snapshot.items.keys()
        and not snapshot.failures
    )
