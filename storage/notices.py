"""How a slot is entered: each thing that is due once, whoever finds it first."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import and_, or_, select

from storage.sql import insert
from storage.tables import Mark, Slot

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from storage.tables import Subscription

DUE = "due"


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that is due, entered once under its key.

    ``marks`` are things that are said once, whatever message says them: what is
    marked already is left out, and a notice of nothing else is not entered.
    """

    key: str
    channel: str
    """A channel's id, or a person's."""
    at: datetime
    params: Mapping[str, Any] = field(default_factory=dict)
    """Ids of what it is about; never content."""
    marks: Sequence[str] = ()
    not_before: datetime | None = None
    """When to send it, if that is later than when it is due."""


def add(
    session: Session,
    subscription: Subscription,
    slot_at: datetime,
    *,
    state: str = DUE,
    reason: str | None = None,
    requested_by: str | None = None,
    slot_id: str | None = None,
    not_before: datetime | None = None,
    now: datetime,
) -> Slot | None:
    """Enter a time of a schedule; None if it was entered before."""
    return _add(
        session,
        subscription,
        now,
        id=slot_id or uuid4().hex,
        key=scheduled_key(subscription.id, slot_at),
        channel=subscription.channel,
        slot_at=slot_at,
        requested_by=requested_by,
        state=state,
        reason=reason,
        next_attempt_at=not_before or slot_at,
    )


def add_notice(
    session: Session, subscription: Subscription, notice: Notice, now: datetime
) -> Slot | None:
    """Enter a notice; None if it, or all that it says, was entered before."""
    slot = _add(
        session,
        subscription,
        now,
        id=uuid4().hex,
        key=notice.key,
        channel=notice.channel,
        slot_at=notice.at,
        params=dict(notice.params),
        state=DUE,
        next_attempt_at=notice.not_before or notice.at,
    )
    if slot and notice.marks and not _mark(session, notice.marks, slot.id, now):
        session.delete(slot)
        return None
    return slot


def scheduled_key(subscription_id: str, slot_at: datetime) -> str:
    return f"{subscription_id}@{slot_at.astimezone(UTC).isoformat()}"


def _add(
    session: Session, subscription: Subscription, now: datetime, **values: Any
) -> Slot | None:
    due = values["state"] == DUE
    enter = (
        insert(session, Slot)
        .values(
            {
                **values,
                "subscription_id": subscription.id,
                "attempts": 0,
                "next_attempt_at": values["next_attempt_at"] if due else None,
                "finished_at": None if due else now,
            }
        )
        .on_conflict_do_nothing()
    )
    return session.scalars(enter.returning(Slot)).one_or_none()


def _mark(session: Session, keys: Sequence[str], slot_id: str, now: datetime) -> bool:
    """Set the marks that are not set. False: all were."""
    rows = [{"key": key, "slot_id": slot_id, "at": now} for key in dict.fromkeys(keys)]
    enter = insert(session, Mark).values(rows).on_conflict_do_nothing()
    return bool(session.scalars(enter.returning(Mark.key)).all())


def entered(
    session: Session, subscription_id: str, slot_at: datetime, slot_id: str | None
) -> Slot | None:
    """Find what ``add`` found there before."""
    same_time = and_(Slot.subscription_id == subscription_id, Slot.slot_at == slot_at)
    found = select(Slot).where(or_(Slot.id == slot_id, same_time)).limit(1)
    return session.scalars(found).one_or_none()
