"""Every write the bot makes for a person: entered before, its outcome after.

A second delivery of the same request finds the entry and is answered from it. What
was accepted and never finished is found when its lease has run out.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from sqlalchemy import and_, delete, or_, select, update

from storage.sql import affected, containing, insert
from storage.tables import JournalRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement, Table, Update

    from storage.database import Database

ACCEPTED, DONE, REFUSED, UNKNOWN = "accepted", "done", "refused", "unknown"


@dataclass(frozen=True, slots=True)
class Entry:
    """One write: who asked for what, and what became of it."""

    id: str
    key: str
    operation: str
    actor: str
    channel: str | None
    target: str | None
    request: dict[str, Any]
    state: str
    outcome: str | None
    result: dict[str, Any] | None
    changes: dict[str, Any] | None
    attempt: int
    owner: str
    accepted_at: datetime
    lease_until: datetime
    finished_at: datetime | None
    request_id: str | None
    fresh: bool = False
    """True: whoever holds this entry must do it. False: it is done or being done."""

    @property
    def ref(self) -> str:
        """What people are told and logs carry."""
        return self.id[:8]


class Journal:
    def __init__(
        self,
        database: Database,
        owner: str,
        now: Callable[[], datetime],
        *,
        lease: timedelta = timedelta(minutes=2),
    ) -> None:
        self._database = database
        self._owner = owner
        self._now = now
        self._lease = lease

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
        """Enter a write, or find out that it was entered before.

        What was refused may be asked again, with a new request; so may what is
        unknown, if ``retry_unknown``. What its owner let lapse is taken over as it
        was asked, for it may have been half done.
        """
        asked = {
            "operation": operation,
            "actor": actor,
            "channel": channel,
            "target": target,
            "request": request,
        }
        first = {"id": uuid4().hex, "key": key, "attempt": 1, **asked, **self._claim()}
        with self._database.statement() as session:
            # Not by the ORM: this is waited for while Slack waits, and nearly always
            # all there is to do.
            enter = insert(session, _JOURNAL).on_conflict_do_nothing()
            if session.scalar(enter.returning(_JOURNAL.c.id), first) is not None:
                return Entry(**{**_BLANK, **first}, fresh=True)
            again = {REFUSED, UNKNOWN} if retry_unknown else {REFUSED}
            this = JournalRow.key == key
            for attempt in (
                self._next_attempt(this, JournalRow.state.in_(again)).values(**asked),
                self._next_attempt(this, self._lapsed()),
            ):
                row = session.scalars(attempt.returning(JournalRow)).one_or_none()
                if row is not None:
                    return _entry(row, fresh=True)
            return _entry(session.scalars(select(JournalRow).where(this)).one())

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
    ) -> bool:
        """Enter the outcome. False: somebody else has taken the write over since."""
        values = {
            "state": state,
            "outcome": outcome,
            "result": result,
            "changes": changes,
            "request_id": request_id,
            "finished_at": self._now(),
            "target": target if target is not None else entry.target,
        }
        return self._change(entry, {ACCEPTED, UNKNOWN}, values)

    def renew(self, entry: Entry) -> bool:
        """Hold on to a write that takes long. False: it is no longer ours."""
        return self._change(
            entry, {ACCEPTED}, {"lease_until": self._now() + self._lease}
        )

    def discard(self, entry: Entry) -> bool:
        """Forget an entry: it turned out that nothing was to be written."""
        ours = delete(JournalRow).where(
            JournalRow.id == entry.id,
            JournalRow.attempt == entry.attempt,
            JournalRow.state == ACCEPTED,
        )
        with self._database.statement() as session:
            return affected(session, ours) == 1

    def find(self, key: str) -> Entry | None:
        with self._database.statement() as session:
            row = session.scalars(
                select(JournalRow).where(JournalRow.key == key)
            ).one_or_none()
            return None if row is None else _entry(row)

    def unfinished(self, limit: int = 20) -> list[Entry]:
        """Claim what was accepted and let lapse, oldest first."""
        due = (
            select(JournalRow.id)
            .where(self._lapsed())
            .order_by(JournalRow.accepted_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        with self._database.write() as session:
            rows = session.scalars(
                self._next_attempt(JournalRow.id.in_(due)).returning(JournalRow)
            ).all()
            entries = [_entry(row, fresh=True) for row in rows]
        return sorted(entries, key=lambda entry: entry.accepted_at)

    def search(
        self, words: str = "", before: datetime | None = None, limit: int = 25
    ) -> list[Entry]:
        """Entries with all the words in them somewhere, newest first."""
        found = select(JournalRow).order_by(JournalRow.accepted_at.desc()).limit(limit)
        if before is not None:
            found = found.where(JournalRow.accepted_at < before)
        for word in words.split():
            pattern = containing(word)
            found = found.where(
                or_(*(column.ilike(pattern, escape="\\") for column in _SEARCHED))
            )
        with self._database.read() as session:
            return [_entry(row) for row in session.scalars(found)]

    def prune(self, older_than: datetime) -> int:
        """Forget what was finished long ago."""
        old = delete(JournalRow).where(
            JournalRow.state != ACCEPTED, JournalRow.accepted_at < older_than
        )
        with self._database.write() as session:
            return affected(session, old)

    def _claim(self) -> dict[str, Any]:
        now = self._now()
        return {
            "state": ACCEPTED,
            "owner": self._owner,
            "accepted_at": now,
            "lease_until": now + self._lease,
        }

    def _next_attempt(self, *which: ColumnElement[bool]) -> Update:
        claim = self._claim()
        del claim["accepted_at"]
        return (
            update(JournalRow)
            .where(*which)
            .values(attempt=JournalRow.attempt + 1, finished_at=None, **claim)
            .execution_options(synchronize_session=False)
        )

    def _lapsed(self) -> ColumnElement[bool]:
        return and_(JournalRow.state == ACCEPTED, JournalRow.lease_until <= self._now())

    def _change(self, entry: Entry, states: set[str], values: dict[str, Any]) -> bool:
        """Write to an entry that is still ours: nobody began another attempt."""
        ours = update(JournalRow).where(
            JournalRow.id == entry.id,
            JournalRow.attempt == entry.attempt,
            JournalRow.state.in_(states),
        )
        with self._database.statement() as session:
            return affected(session, ours.values(**values)) == 1


_SEARCHED = (
    JournalRow.id,
    JournalRow.operation,
    JournalRow.actor,
    JournalRow.channel,
    JournalRow.target,
    JournalRow.outcome,
    JournalRow.request_id,
)
_JOURNAL = cast("Table", JournalRow.__table__)
_BLANK = dict.fromkeys(("outcome", "result", "changes", "finished_at", "request_id"))
_COLUMNS = [field.name for field in fields(Entry) if field.name != "fresh"]


def _entry(row: JournalRow, *, fresh: bool = False) -> Entry:
    return Entry(**{name: getattr(row, name) for name in _COLUMNS}, fresh=fresh)
