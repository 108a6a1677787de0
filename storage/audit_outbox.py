"""The outbox of the audit: journal entries that are still to be posted in a channel.

A message has a batch of entries, and each entry is posted once. An entry is due from
``outbox_due_at`` on. A worker that claims a batch gives its entries the batch's id, and
moves ``outbox_due_at`` to the end of its lease, by the database's clock. A batch that
is still there after that was left by a worker that died, perhaps after posting it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import select, update

from storage.entry import entry_of
from storage.sql import affected
from storage.tables import JournalRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from storage.database import Database, DatabaseTime
    from storage.entry import Entry
    from storage.lease import Lease

PAUSE = timedelta(seconds=3)
"""The time between two messages. Entries wait for it, and go together."""
LEASE = timedelta(minutes=3)
"""Longer than Slack takes to show a message: after it, the message is looked for."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The entries of one message. ``begun``: it may have been posted before."""

    id: str
    entries: Sequence[Entry]
    begun: bool
    lease: Lease

    @property
    def since(self) -> datetime:
        """The time of the last entry: the message cannot have been posted earlier."""
        return max(entry.finished_at or entry.accepted_at for entry in self.entries)


class AuditOutbox:
    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, most: int) -> Batch | None:
        """Claim a batch that a dead worker left, else ``most`` entries at most.

        None: none is due.
        """
        made, now = self._database.begin_lease(LEASE), self._database.now()
        with self._database.write() as session:
            lapsed = (
                select(JournalRow.outbox_batch_id).where(*_due(now), _BEGUN).limit(1)
            )
            known = session.scalar(lapsed)
            id_ = known or uuid4().hex
            which = _part(known) if known else _first(session, now, most)
            taking = update(JournalRow).where(which, *_due(now))
            taken = taking.values(outbox_batch_id=id_, outbox_due_at=now + LEASE)
            rows = session.scalars(taken.returning(JournalRow)).all()
            if not rows:
                return None
            _hold(session, now + PAUSE)
            until = rows[0].outbox_due_at
            assert until is not None
            entries = sorted(map(entry_of, rows), key=lambda e: e.accepted_at)
        return Batch(id_, entries, begun=known is not None, lease=made(until))

    def is_open(self, batch: Batch) -> bool:
        """Return whether somebody may still post this batch."""
        due = JournalRow.outbox_due_at.is_not(None)
        with self._database.read() as session:
            found = select(JournalRow.id).where(_part(batch.id), due).limit(1)
            return session.scalar(found) is not None

    def posted(self, batch: Batch) -> bool:
        """Record that the message is in the channel. False: the batch is not ours."""
        return self._set(batch, {"outbox_due_at": None})

    def postpone(self, batch: Batch, wait: timedelta, *, maybe_sent: bool) -> bool:
        """Release a batch until ``wait`` has passed. False: the batch is not ours.

        Nothing is posted before. ``maybe_sent``: whoever claims it then looks for the
        message first, and other entries do not wait for it.
        """
        at, doubt = self._database.now() + wait, batch.id if maybe_sent else None
        values = {"outbox_due_at": at, "outbox_batch_id": doubt}
        return self._set(batch, values, hold=None if maybe_sent else at)

    def _set(
        self, batch: Batch, values: dict[str, Any], hold: DatabaseTime | None = None
    ) -> bool:
        ours = JournalRow.outbox_due_at == batch.lease.until
        change = update(JournalRow).where(_part(batch.id), ours)
        with self._database.write() as session:
            changed = affected(session, change.values(values))
            if changed and hold is not None:
                _hold(session, hold)
        return changed > 0


_BEGUN = JournalRow.outbox_batch_id.is_not(None)


def _due(now: DatabaseTime) -> Sequence[ColumnElement[bool]]:
    return (JournalRow.outbox_due_at.is_not(None), JournalRow.outbox_due_at <= now)


def _part(batch_id: str) -> ColumnElement[bool]:
    return JournalRow.outbox_batch_id == batch_id


def _first(session: Session, now: DatabaseTime, most: int) -> ColumnElement[bool]:
    """Lock the first entries. Workers that wait for that find the others held back."""
    due = (
        select(JournalRow.id)
        .where(*_due(now), ~_BEGUN)
        .order_by(JournalRow.accepted_at, JournalRow.id)
        .limit(most)
        .with_for_update()
    )
    return JournalRow.id.in_(session.scalars(due).all())


def _hold(session: Session, until: DatabaseTime) -> None:
    waiting = update(JournalRow).where(~_BEGUN, JournalRow.outbox_due_at < until)
    affected(session, waiting.values(outbox_due_at=until))
