"""Entries of the journal on their way into a channel: a few in one message, once.

An entry is due from ``post_at`` on. Whoever takes several at once gives them the name
of their message, ``posting``, and a lease, in ``post_at`` too; the next waits a little.
Where the lease ran out, somebody died: perhaps after the message was there.
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
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from storage.database import Database
    from storage.entry import Entry

PAUSE = timedelta(seconds=3)
"""Between two messages; so long entries wait for others to go with them."""
LEASE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries for one message. ``begun``: somebody may have posted it already."""

    id: str
    entries: Sequence[Entry]
    begun: bool

    @property
    def since(self) -> datetime:
        """It cannot have been posted before."""
        return max(entry.finished_at or entry.accepted_at for entry in self.entries)


class Posts:
    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def claim(self, most: int) -> Batch | None:
        """Take what somebody let lapse, else what is due longest."""
        now = self._now()
        with self._database.write() as session:
            lapsed = select(JournalRow.posting).where(*_due(now), _BEGUN).limit(1)
            known = session.scalar(lapsed)
            id_ = known or uuid4().hex
            which = _part(known) if known else _first(session, now, most)
            taking = update(JournalRow).where(which, *_due(now))
            taken = taking.values(posting=id_, post_at=now + LEASE)
            rows = session.scalars(taken.returning(JournalRow)).all()
            if rows:
                _hold(session, now + PAUSE)
            entries = sorted(map(entry_of, rows), key=lambda e: e.accepted_at)
        return Batch(id_, entries, begun=known is not None) if entries else None

    def posted(self, batch: Batch) -> None:
        """It is in the channel."""
        self._set(batch, {"post_at": None})

    def later(self, batch: Batch, at: datetime, *, maybe_sent: bool) -> None:
        """Try it again then, and nothing before; ``maybe_sent`` keeps the doubt."""
        doubt = batch.id if maybe_sent else None
        self._set(batch, {"post_at": at, "posting": doubt}, hold=at)

    def _set(
        self, batch: Batch, values: dict[str, Any], hold: datetime | None = None
    ) -> None:
        with self._database.write() as session:
            affected(session, update(JournalRow).where(_part(batch.id)).values(values))
            if hold is not None:
                _hold(session, hold)


_BEGUN = JournalRow.posting.is_not(None)


def _due(now: datetime) -> Sequence[ColumnElement[bool]]:
    return (JournalRow.post_at.is_not(None), JournalRow.post_at <= now)


def _part(batch_id: str) -> ColumnElement[bool]:
    return JournalRow.posting == batch_id


def _first(session: Session, now: datetime, most: int) -> ColumnElement[bool]:
    """Lock the first few; who waits for that finds them taken and the rest held."""
    due = (
        select(JournalRow.id)
        .where(*_due(now), ~_BEGUN)
        .order_by(JournalRow.accepted_at, JournalRow.id)
        .limit(most)
        .with_for_update()
    )
    return JournalRow.id.in_(session.scalars(due).all())


def _hold(session: Session, until: datetime) -> None:
    waiting = update(JournalRow).where(~_BEGUN, JournalRow.post_at < until)
    affected(session, waiting.values(post_at=until))
