"""Who may send what: one row for one slot, held by one worker at a time.

A worker that dies lets its lease run out; the next one to come takes the slot over.
``attempts`` grows with each claim, so that one who lost it cannot write to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select, update

from storage.notices import DUE
from storage.sql import affected
from storage.tables import Slot, Subscription

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from storage.database import Database

CLAIMED, SENT, EMPTY = "claimed", "sent", "empty"
SKIPPED, FAILED, UNKNOWN = "skipped", "failed", "unknown"
OPEN = (DUE, CLAIMED)
WELL, ILL = (SENT, EMPTY), (FAILED, UNKNOWN)
"""What says that a rule works, and that it does not; to skip says neither."""


@dataclass(frozen=True, slots=True)
class Waiting:
    newest: datetime
    """The latest of their times: older news will not do."""
    rules: Sequence[Subscription]
    conversations: frozenset[str]
    soon: frozenset[str]


@dataclass(frozen=True, slots=True)
class Claim:
    slot: Slot
    taken_from: str | None
    """The worker whose lease ran out; it may have died anywhere."""


class Slots:
    """The slots of one database, as one worker sees them."""

    def __init__(self, database: Database, worker: str, lease: timedelta) -> None:
        self._database = database
        self._worker = worker
        self._lease = lease

    def waiting(self, now: datetime, ahead: timedelta = timedelta(0)) -> Waiting | None:
        """What could be claimed now, in short; None if there is nothing to do."""
        found = select(Slot.slot_at, Slot.channel, Slot.next_attempt_at <= now)
        with self._database.read() as session:
            rows = session.execute(found.where(*_claimable(now, now + ahead))).all()
            due = [(at, channel) for at, channel, is_due in rows if is_due]
            if not due:
                return None
            asking = select(Slot.subscription_id).where(*_claimable(now, now))
            rules = session.scalars(
                select(Subscription).where(Subscription.id.in_(asking))
            ).all()
        return Waiting(
            newest=max(at for at, _ in due),
            rules=rules,
            conversations=frozenset(channel for _, channel in due),
            soon=frozenset(channel for _, channel, _ in rows),
        )

    def claim(self, now: datetime, due_by: datetime) -> Claim | None:
        """Take the slot that waits longest, if nobody else has it."""
        longest = (
            select(Slot.id, Slot.claimed_by)
            .where(*_claimable(now, due_by))
            .order_by(Slot.next_attempt_at, Slot.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        with self._database.write() as session:
            found = session.execute(longest).one_or_none()
            if found is None:
                return None
            take = update(Slot).where(Slot.id == found.id)
            values = {
                "state": CLAIMED,
                "claimed_by": self._worker,
                "lease_until": now + self._lease,
                "attempts": Slot.attempts + 1,
            }
            slot = session.scalars(take.values(values).returning(Slot)).one()
            return Claim(slot, taken_from=found.claimed_by)

    def superseded(self, slot: Slot) -> bool:
        """Whether a later slot of the same reminder was entered."""
        later = (
            select(Slot.id)
            .where(
                Slot.subscription_id == slot.subscription_id,
                Slot.slot_at > slot.slot_at,
            )
            .limit(1)
        )
        with self._database.read() as session:
            return session.scalar(later) is not None

    def sending(
        self,
        slot: Slot,
        now: datetime,
        pause: timedelta,
        shown: Mapping[str, Any] | None = None,
    ) -> bool:
        """Note that the message is about to leave. False: the slot is not ours.

        From here on only Slack knows if it was posted. Others for the channel wait.
        """
        values = {"sending_at": now, "lease_until": now + self._lease, "shown": shown}
        with self._database.write() as session:
            still_ours = affected(
                session,
                update(Slot).where(*_held(slot), Slot.lease_until > now).values(values),
            )
            if still_ours:
                _hold(session, slot.channel, now + pause)
        return still_ours == 1

    def finish(
        self,
        slot: Slot,
        state: str,
        now: datetime,
        *,
        reason: str | None = None,
        message_ts: str | None = None,
        posted_in: str | None = None,
    ) -> bool:
        """Record what became of it, with the subscription. False: no longer ours."""
        values = {
            "state": state,
            "reason": reason,
            "message_ts": message_ts,
            "posted_in": posted_in,
            "finished_at": now,
            "lease_until": None,
        }
        with self._database.write() as session:
            done = affected(session, update(Slot).where(*_held(slot)).values(values))
            if done:
                result = f"{state}: {reason}" if reason else state
                values = {"last_slot_at": slot.slot_at, "last_result": result}
                _record(session, slot, values | _health(state, now))
        return done == 1

    def postpone(self, slot: Slot, at: datetime, reason: str) -> bool:
        """Let go of it until ``at``; nothing is wrong with it."""
        return self._let_go(slot, at, reason, {"sending_at": None})

    def retry(
        self,
        slot: Slot,
        at: datetime,
        reason: str,
        now: datetime,
        *,
        maybe_sent: bool = False,
    ) -> bool:
        """Let go of what failed until ``at``; ``maybe_sent`` keeps the doubt."""
        keep = {} if maybe_sent else {"sending_at": None}
        return self._let_go(slot, at, reason, keep, _failing(now))

    def _let_go(
        self,
        slot: Slot,
        at: datetime,
        reason: str,
        more: Mapping[str, Any],
        recorded: Mapping[str, Any] = MappingProxyType({}),
    ) -> bool:
        values: dict[str, object] = {
            "state": DUE,
            "reason": reason,
            "claimed_by": None,
            "lease_until": None,
            "next_attempt_at": at,
            **more,
        }
        with self._database.write() as session:
            ours = update(Slot).where(*_held(slot))
            gone = affected(session, ours.values(values)) == 1
            if gone and recorded:
                _record(session, slot, recorded)
            return gone

    def hold(self, channel: str, until: datetime) -> None:
        """Keep everything for one channel back; other channels go on."""
        with self._database.write() as session:
            _hold(session, channel, until)

    def get(self, slot_id: str) -> Slot | None:
        with self._database.read() as session:
            return session.get(Slot, slot_id)


def _record(session: Session, slot: Slot, values: Mapping[str, Any]) -> None:
    """Write to the rule what became of a slot of its."""
    rule = update(Subscription).where(Subscription.id == slot.subscription_id)
    session.execute(rule.values(dict(values)))


def _health(state: str, now: datetime) -> dict[str, Any]:
    if state in WELL:
        return {"failing_since": None, "told_at": None}
    return _failing(now) if state in ILL else {}


def _failing(now: datetime) -> dict[str, Any]:
    return {"failing_since": func.coalesce(Subscription.failing_since, now)}


def _hold(session: Session, channel: str, until: datetime) -> None:
    session.execute(
        update(Slot)
        .where(Slot.channel == channel, Slot.state == DUE, Slot.next_attempt_at < until)
        .values(next_attempt_at=until)
    )


def _claimable(now: datetime, due_by: datetime) -> Iterable[ColumnElement[bool]]:
    return (
        Slot.state.in_(OPEN),
        Slot.next_attempt_at <= due_by,
        or_(Slot.lease_until.is_(None), Slot.lease_until <= now),
    )


def _held(slot: Slot) -> Iterable[ColumnElement[bool]]:
    return (
        Slot.id == slot.id,
        Slot.state == CLAIMED,
        Slot.claimed_by == slot.claimed_by,
        Slot.attempts == slot.attempts,
    )
