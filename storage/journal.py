"""The journal: a write is entered before it is made, and its outcome after.

A second delivery of the same request finds the entry and is answered from it. An entry
that was accepted and never finished is found when its lease has run out. Leases go by
the database's clock.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from sqlalchemy import and_, case, delete, func, select, update

from storage.announcements import Announcement, Holder, enter
from storage.entry import ACCEPTED, DONE, REFUSED, UNKNOWN, Entry, entry_of
from storage.errors import DatabaseError
from storage.sql import affected, delete_old, insert_for
from storage.tables import JournalRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import ColumnElement, Connection, Insert, Row, Table, Update
    from sqlalchemy.orm import Session

    from storage.database import Database
    from storage.lease import Lease
    from storage.slot import Slot

__all__ = ["ACCEPTED", "DONE", "REFUSED", "UNKNOWN", "Entry", "Journal"]

KEPT = ("kind",)
"""The parts of a request that stay when it is finished: what was typed does not."""


class Journal:
    """The journal of one database; ``worker`` is the name under which it claims."""

    def __init__(
        self,
        database: Database,
        worker: str,
        now: Callable[[], datetime],
        *,
        lease: timedelta = timedelta(minutes=2),
        post_after: timedelta | None = None,
    ) -> None:
        """``post_after``: the time from the end of a write until the audit posts it."""
        self._database = database
        self._worker = worker
        self._now = now
        self._lease = lease
        self._post_after = post_after
        self._unanswered: dict[tuple[str, datetime], datetime | None] = {}
        """The first look for what was perhaps entered, by its key and time."""
        self._until = database.after(lease)
        self._enter = _entering(database.dialect, self._until)

    def accept(
        self,
        key: str,
        *,
        operation: str,
        actor: str,
        request: dict[str, Any],
        channel: str | None = None,
        target: str | None = None,
        retry_unknown: bool = False,
    ) -> Entry:
        """Enter a write, or return the entry that was made for it before.

        A refused write may be asked for again, with a new request; so may one whose
        outcome is unknown, if ``retry_unknown``. The earlier outcome stays in the
        journal as an entry of its own. A write whose lease has run out is taken over
        with its own request, for it may have been done in part.

        Raises:
            DatabaseError: it was not entered, or only the answer was lost: a server
                that hangs enters it when it goes on. See ``unanswered``.
        """
        now = self._now()
        asked = {
            "operation": operation,
            "actor": actor,
            "channel": channel,
            "target": target,
            "request": request,
            "accepted_at": now,
        }
        again = {REFUSED, UNKNOWN} if retry_unknown else {REFUSED}
        try:
            entry = self._accepted(key, asked, again)
        except DatabaseError:
            self._unanswered[key, now] = None
            raise
        if entry.fresh:
            self._answered(key)
        return entry

    def _accepted(self, key: str, asked: dict[str, Any], again: set[str]) -> Entry:
        first = {
            "id": uuid4().hex,
            "key": key,
            "attempt": 1,
            **asked,
            "state": ACCEPTED,
            "claimed_by": self._worker,
        }
        lease = self._database.begin_lease(self._lease)
        with self._database.statement() as connection:
            while True:
                until = self._inserted(connection, first)
                if until is not None:
                    made = {**_BLANK, **first, "lease_until": until}
                    return Entry(**made, fresh=True, lease=lease(until))
                found = self._entered_before(connection, key, asked, again)
                if found is not None:
                    return found

    def _inserted(
        self, connection: Connection, first: dict[str, Any]
    ) -> datetime | None:
        """Enter a row; return the end of its lease. None: its key is there already.

        SQLite would be locked until a row that it returns is read, which has to wait
        for other threads first.
        """
        now = self._database.now()
        if not isinstance(now, datetime):
            until: datetime | None = connection.scalar(self._enter, first)
            return until
        until = now + self._lease
        made = connection.execute(self._enter, {**first, "lease_until": until})
        return until if made.rowcount else None

    def _answered(self, key: str) -> None:
        """Forget failed attempts to enter a write: now they can enter it no more."""
        for one in [*self._unanswered]:
            if one[0] == key:
                self._unanswered.pop(one, None)

    def unanswered(self, key: str | None = None) -> list[Entry]:
        """Return what was entered by an ``accept`` that failed, of one key or of all.

        Nobody carries that out. Each is looked for as long as a lease lasts, as a
        server that hung may enter it late.
        """
        sought = [one for one in [*self._unanswered] if key in (None, one[0])]
        if not sought:
            return []
        ours = select(_JOURNAL).where(
            _UNFINISHED,
            JournalRow.claimed_by == self._worker,
            JournalRow.accepted_at >= min(at for _, at in sought),
        )
        with self._database.statement() as connection:
            rows = connection.execute(ours).all()
        now = self._now()
        for one in sought:
            first = self._unanswered.get(one) or now
            if now - first > self._lease:
                self._unanswered.pop(one, None)
            elif one in self._unanswered:
                self._unanswered[one] = first
        return [entry_of(row) for row in rows if (row.key, row.accepted_at) in sought]

    def _entered_before(
        self, connection: Connection, key: str, asked: dict[str, Any], again: set[str]
    ) -> Entry | None:
        """Return the entry, begun anew where due. None: another process changed it."""
        this = JournalRow.key == key
        found = select(_JOURNAL, self._lapsed().label("lapsed")).where(this)
        row = connection.execute(found).one_or_none()
        if row is None:
            return None
        if row.state in again:
            return self._anew(connection, row, asked)
        if row.lapsed:
            return _taken(connection, self._next_attempt(this, self._lapsed()))
        return entry_of(row)

    def _anew(
        self, connection: Connection, row: Row[Any], asked: dict[str, Any]
    ) -> Entry | None:
        """Begin anew, and keep the earlier outcome under the same reference."""
        before = {c.name: getattr(row, c.name) for c in _JOURNAL.columns}
        unchanged = (
            JournalRow.id == row.id,
            JournalRow.state == row.state,
            JournalRow.accepted_at == row.accepted_at,
            JournalRow.attempt == row.attempt,
            JournalRow.outbox_batch_id == row.outbox_batch_id,
        )
        begun = _taken(connection, self._asked_again(*unchanged).values(**asked))
        if begun is not None:
            other = f"{begun.ref}{uuid4().hex[len(begun.ref) :]}"
            kept = {**before, "id": other, "key": f"{begun.key}#{other}"}
            connection.execute(_JOURNAL.insert(), kept)
        return begun

    def finish(
        self,
        entry: Entry,
        state: str,
        *,
        outcome: str,
        result: dict[str, Any] | None = None,
        target: str | None = None,
        changes: dict[str, Any] | None = None,
        request_id: str | None = None,
        account: str | None = None,
        incident_id: str | None = None,
        announcements: Sequence[Announcement] = (),
    ) -> Sequence[Slot] | None:
        """Enter the outcome, and slots for its announcements.

        Returns the slots, which this process holds; the same ones if it was entered
        already, but the answer of the database was lost. None: another process has
        taken the write over.
        """
        doubt = {"in_doubt_since": _IN_DOUBT_SINCE} if state == UNKNOWN else {}
        values = {
            **doubt,
            "state": state,
            "outcome": outcome,
            "result": result,
            "changes": changes,
            "request_id": request_id,
            "account": account,
            "incident_id": incident_id,
            "finished_at": self._now(),
            "outbox_due_at": self._database.now() + self._post_after
            if self._post_after
            else None,
            "outbox_batch_id": None,
            "target": target if target is not None else entry.target,
            "request": {name: entry.request.get(name) for name in KEPT},
        }
        finish = _ours(entry, {ACCEPTED, UNKNOWN}).values(**values)
        holder = Holder(self._worker, self._until)
        with self._database.write() as session:
            if affected(session, finish) != 1 and not _finished(session, entry):
                return None
            slots = enter(session, entry, announcements, holder, self._now())
        self._forget()
        return slots

    def renew(self, entry: Entry) -> Lease | None:
        """Extend the lease of a write that takes long. None: it is no longer ours."""
        made = self._database.begin_lease(self._lease)
        renewed = _ours(entry, {ACCEPTED}).values(lease_until=self._until)
        with self._database.statement() as connection:
            leased = connection.scalar(renewed.returning(JournalRow.lease_until))
        return None if leased is None else made(leased)

    def discard(self, entry: Entry) -> bool:
        """Delete an entry: it turned out that there was nothing to write."""
        ours = delete(_JOURNAL).where(*_this_attempt(entry), _UNFINISHED)
        with self._database.statement() as connection:
            gone = connection.execute(ours).rowcount == 1
        self._forget()
        return gone

    def erase(self) -> None:
        """Try again to erase what was typed from the files, if that is due."""
        self._database.erase()

    def find(self, key: str) -> Entry | None:
        """Return the entry of a write as it is now; None: it has none (any more)."""
        found = select(_JOURNAL).where(JournalRow.key == key)
        with self._database.statement() as connection:
            row = connection.execute(found).one_or_none()
        return None if row is None else entry_of(row)

    def unfinished(self, limit: int = 20) -> list[Entry]:
        """Claim the accepted entries whose leases have run out, the oldest first."""
        due = (
            select(JournalRow.id)
            .where(self._lapsed())
            .order_by(JournalRow.accepted_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        with self._database.write() as session:
            taken = self._next_attempt(JournalRow.id.in_(due))
            rows = session.execute(taken.returning(*_JOURNAL.columns)).all()
            entries = [entry_of(row, fresh=True) for row in rows]
        return sorted(entries, key=lambda entry: entry.accepted_at)

    def prune(self, older_than: datetime) -> int:
        """Delete the finished entries that were accepted before; return how many."""
        finished = JournalRow.state != ACCEPTED
        long_ago = JournalRow.accepted_at < older_than
        return delete_old(self._database, JournalRow.id, finished, long_ago)

    def _forget(self) -> None:
        """Erase what was typed from the files, now that it is done."""
        self._database.to_erase = True
        self._database.erase()

    def _next_attempt(self, *which: ColumnElement[bool]) -> Update:
        """Take over what an attempt left, which may have reached incident.io."""
        return self._begin(*which).values(
            attempt=JournalRow.attempt + 1, in_doubt_since=_IN_DOUBT_SINCE
        )

    def _asked_again(self, *which: ColumnElement[bool]) -> Update:
        """Begin anew; a refusal ends no doubt about the attempts before it."""
        refused = JournalRow.state == REFUSED
        return self._begin(*which).values(
            attempt=case((refused, 1), else_=JournalRow.attempt + 1),
            in_doubt_since=case(
                (refused, JournalRow.in_doubt_since), else_=_IN_DOUBT_SINCE
            ),
        )

    def _begin(self, *which: ColumnElement[bool]) -> Update:
        unposted = {"finished_at": None, "outbox_due_at": None, "outbox_batch_id": None}
        claim = {"claimed_by": self._worker, "lease_until": self._until}
        return (
            update(_JOURNAL).where(*which).values(state=ACCEPTED, **claim, **unposted)
        )

    def _lapsed(self) -> ColumnElement[bool]:
        clock = self._database.now()
        return and_(_UNFINISHED, JournalRow.lease_until <= clock)


_JOURNAL = cast("Table", JournalRow.__table__)
_UNFINISHED = JournalRow.state == ACCEPTED
_OUTCOME = ("outcome", "result", "changes", "finished_at", "request_id", "account")
_BLANK = dict.fromkeys((*_OUTCOME, "incident_id", "in_doubt_since"))
_IN_DOUBT_SINCE = func.coalesce(JournalRow.in_doubt_since, JournalRow.accepted_at)


def _entering(dialect: str, lease_until: ColumnElement[datetime]) -> Insert:
    """Return the statement that enters a write, made once: Slack waits for it.

    A server returns until when the write is leased, and nothing if its key is there
    already.
    """
    new = insert_for(dialect, _JOURNAL).on_conflict_do_nothing()
    if dialect == "sqlite":
        return new
    return new.values(lease_until=lease_until).returning(_JOURNAL.c.lease_until)


def _this_attempt(entry: Entry) -> tuple[ColumnElement[bool], ...]:
    return (
        JournalRow.id == entry.id,
        JournalRow.attempt == entry.attempt,
        JournalRow.accepted_at == entry.accepted_at,
    )


def _ours(entry: Entry, states: set[str]) -> Update:
    """Return an update of an entry that is still ours: no other attempt was begun."""
    ours = JournalRow.state.in_(states)
    return update(_JOURNAL).where(*_this_attempt(entry), ours)


def _finished(session: Session, entry: Entry) -> bool:
    """Return whether the outcome of this attempt, which nobody else has, is entered."""
    over = JournalRow.state != ACCEPTED
    found = select(JournalRow.id).where(*_this_attempt(entry), over)
    return session.scalar(found) is not None


def _taken(connection: Connection, attempt: Update) -> Entry | None:
    """Begin an attempt. None: another process was quicker."""
    row = connection.execute(attempt.returning(*_JOURNAL.columns)).one_or_none()
    return None if row is None else entry_of(row, fresh=True)
