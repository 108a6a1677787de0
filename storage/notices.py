"""Enters slots. What is due is entered once, whoever finds it first."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypedDict, Unpack
from uuid import uuid4

from sqlalchemy import and_, delete, or_, select

from storage.slot import DUE, Slot
from storage.sql import insert, value_of
from storage.tables import SentOnceRow, SlotRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from storage.tables import RuleRow


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that is due, entered once under its key."""

    key: str
    channel: str
    """The id of a channel or of a person."""
    at: datetime
    params: Mapping[str, object] = field(default_factory=dict)
    """Ids of what it is about; never content."""
    once_keys: Sequence[str] = ()
    """Keys of things that are said once ever, in whichever message.

    A notice is not entered if all its keys were entered before.
    """
    not_before: datetime | None = None
    """When to send it, if that is later than when it is due."""


class _SlotValues(TypedDict, total=False):
    id: str
    key: str
    channel: str | None
    slot_at: datetime
    params: Mapping[str, object]
    requested_by: str | None
    state: str
    reason: str | None


def enter_slot(
    session: Session,
    rule: RuleRow,
    slot_at: datetime,
    *,
    state: str = DUE,
    reason: str | None = None,
    requested_by: str | None = None,
    slot_id: str | None = None,
    not_before: datetime | None = None,
    now: datetime,
) -> Slot | None:
    """Enter a slot for a time of a rule. None: it was entered before."""
    return _enter(
        session,
        rule,
        now,
        not_before or slot_at,
        id=slot_id or uuid4().hex,
        key=recurrence_key(rule.id, slot_at),
        channel=rule.channel,
        slot_at=slot_at,
        requested_by=requested_by,
        state=state,
        reason=reason,
    )


def enter_notice(
    session: Session, rule: RuleRow, notice: Notice, now: datetime
) -> Slot | None:
    """Enter a slot for a notice. None: it, or all it says, was entered before."""
    slot = _enter(
        session,
        rule,
        now,
        notice.not_before or notice.at,
        id=uuid4().hex,
        key=notice.key,
        channel=notice.channel,
        slot_at=notice.at,
        params=dict(notice.params),
        state=DUE,
    )
    if slot and notice.once_keys and not _claim(session, notice.once_keys, slot, now):
        session.execute(delete(SlotRow).where(SlotRow.id == slot.id))
        return None
    return slot


def recurrence_key(rule_id: str, slot_at: datetime) -> str:
    """Return the key of a slot that is a time of a rule's recurrence."""
    return f"{rule_id}@{slot_at.astimezone(UTC).isoformat()}"


def entered_before(
    session: Session, rule_id: str, slot_at: datetime, slot_id: str | None
) -> Slot | None:
    """Return the slot that ``enter_slot`` found to be there already."""
    same_time = and_(SlotRow.rule_id == rule_id, SlotRow.slot_at == slot_at)
    found = select(SlotRow).where(or_(SlotRow.id == slot_id, same_time)).limit(1)
    row = session.scalars(found).one_or_none()
    return value_of(Slot, row) if row else None


def _enter(
    session: Session,
    rule: RuleRow,
    now: datetime,
    send_at: datetime,
    **values: Unpack[_SlotValues],
) -> Slot | None:
    due = values["state"] == DUE
    new = insert(session, SlotRow).values(
        **values,
        rule_id=rule.id,
        attempts=0,
        next_attempt_at=send_at if due else None,
        finished_at=None if due else now,
    )
    entered = new.on_conflict_do_nothing().returning(SlotRow)
    row = session.scalars(entered).one_or_none()
    return value_of(Slot, row) if row else None


def _claim(session: Session, keys: Sequence[str], slot: Slot, now: datetime) -> bool:
    """Enter the keys that were not entered before. False: all were."""
    rows = [{"key": key, "slot_id": slot.id, "at": now} for key in dict.fromkeys(keys)]
    new = insert(session, SentOnceRow).values(rows).on_conflict_do_nothing()
    return bool(session.scalars(new.returning(SentOnceRow.key)).all())
