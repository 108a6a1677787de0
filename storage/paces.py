"""How fast messages of one kind may leave, over all workers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from storage.enrolment import OWNER
from storage.sql import insert
from storage.tables import Pace

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

PACES = {OWNER: timedelta(milliseconds=250)}
"""Between two messages of a kind: people's digests are due all at the same time, and
Slack takes some hundred messages a minute of an app."""


def turn(session: Session, kind: str, due: datetime) -> datetime | None:
    """Give out the next moment of a kind, not before it is ``due``; None: at once.

    In the caller's transaction: others that plan the same kind wait for its end.
    """
    pace = PACES.get(kind)
    if pace is None:
        return None
    row = session.info.get(_key(kind)) or _held(session, kind, due)
    at = max(due, row.free_at)
    row.free_at = at + pace
    return at


def _held(session: Session, kind: str, due: datetime) -> Pace:
    """Lock it, once for the whole of a transaction that enters many."""
    held = select(Pace).where(Pace.kind == kind).with_for_update()
    row = session.scalars(held).one_or_none()
    if row is None:
        first = insert(session, Pace).values(kind=kind, free_at=due)
        session.execute(first.on_conflict_do_nothing())
        row = session.scalars(held).one()
    session.info[_key(kind)] = row
    return row


def _key(kind: str) -> str:
    return f"pace of {kind}"
