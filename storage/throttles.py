"""Limits how fast messages of one kind are sent, by all workers together."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from storage.personal_rules import OWNER
from storage.sql import insert
from storage.tables import ThrottleRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

INTERVALS = {OWNER: timedelta(milliseconds=250)}
"""The time between two messages of a kind.

Everybody's digests are due at the same time, and Slack takes some hundred messages a
minute from an app.
"""


def next_moment(session: Session, kind: str, due: datetime) -> datetime | None:
    """Take the next free moment of a kind, from ``due`` on. None: it has no throttle.

    This is part of the caller's transaction: others that plan the same kind wait.
    """
    interval = INTERVALS.get(kind)
    if interval is None:
        return None
    row = session.info.get(_key(kind)) or _lock(session, kind, due)
    at = max(due, row.free_at)
    row.free_at = at + interval
    return at


def _lock(session: Session, kind: str, due: datetime) -> ThrottleRow:
    """Return the row of a kind, locked until the transaction ends."""
    locked = select(ThrottleRow).where(ThrottleRow.kind == kind).with_for_update()
    row = session.scalars(locked).one_or_none()
    if row is None:
        first = insert(session, ThrottleRow).values(kind=kind, free_at=due)
        session.execute(first.on_conflict_do_nothing())
        row = session.scalars(locked).one()
    session.info[_key(kind)] = row
    return row


def _key(kind: str) -> str:
    return f"throttle of {kind}"
