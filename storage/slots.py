"""Claims and results of slots: one worker at a time holds a slot.

When a worker dies its lease runs out, and another one takes the slot over. ``attempts``
grows with each claim, so that a worker that lost a slot cannot write to it. Leases go
by the database's clock; ``now`` only decides what is due.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, cast, exists, func, or_, select, update

from storage.rule import Rule
from storage.slot import CLAIMED, DUE, EMPTY, FAILED, OPEN, SENT, UNKNOWN, Slot
from storage.sql import affected, get_value, read_values, value_of
from storage.tables import RuleRow, SlotRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from storage.database import Database
    from storage.lease import Lease

WORKS, FAILS = (SENT, EMPTY), (FAILED, UNKNOWN)
"""States that say that a rule works, and that it does not; ``SKIPPED`` says neither."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A summary of the slots that can be claimed."""

    newest: datetime
    """The latest time of these slots: data read earlier is too old for them."""
    rules: Sequence[Rule]
    channels: frozenset[str]
    """The ids of the channels and people to send to now."""
    channels_soon: frozenset[str]
    """The same, and those of slots that are due a little later."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A slot that this worker alone may send until its lease runs out."""

    slot: Slot
    taken_from: str | None
    """The worker that held it before. It may have died at any point of sending it."""


class Slots:
    """The slots of one database; ``worker`` is the name under which it claims.

    It only claims slots of ``kinds``: others are for processes of another version.
    """

    def __init__(
        self,
        database: Database,
        worker: str,
        lease: timedelta,
        kinds: Collection[str],
    ) -> None:
        self._database = database
        self._worker = worker
        self._lease = lease
        self._kinds = kinds

    def waiting(self, now: datetime, ahead: timedelta = timedelta(0)) -> Waiting | None:
        """Describe the slots that could be claimed now. None: there is none.

        Slots that are due within ``ahead`` count for ``channels_soon``.
        """
        found = select(SlotRow.slot_at, SlotRow.channel, SlotRow.next_attempt_at <= now)
        with self._database.read() as session:
            rows = session.execute(found.where(*self._claimable(now + ahead))).all()
            due = [(at, channel) for at, channel, is_due in rows if is_due]
            if not due:
                return None
            asking = select(SlotRow.rule_id).where(*self._claimable(now))
            found_rules = session.scalars(select(RuleRow).where(RuleRow.id.in_(asking)))
            rules = [value_of(Rule, row) for row in found_rules]
        return Waiting(
            newest=max(at for at, _ in due),
            rules=rules,
            channels=frozenset(channel for _, channel in due),
            channels_soon=frozenset(channel for _, channel, _ in rows),
        )

    def claim(self, due_by: datetime) -> Claim | None:
        """Claim the slot that has been due longest, of those that nobody holds."""
        longest = (
            select(SlotRow.id, SlotRow.claimed_by)
            .where(*self._claimable(due_by))
            .order_by(SlotRow.next_attempt_at, SlotRow.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        with self._database.write() as session:
            found = session.execute(longest).one_or_none()
            if found is None:
                return None
            take = update(SlotRow).where(SlotRow.id == found.id)
            values = {
                "state": CLAIMED,
                "claimed_by": self._worker,
                "lease_until": self._database.now() + self._lease,
                "attempts": SlotRow.attempts + 1,
            }
            row = session.scalars(take.values(values).returning(SlotRow)).one()
            return Claim(value_of(Slot, row), taken_from=found.claimed_by)

    def superseded(self, slot: Slot) -> bool:
        """Return whether a later slot of the same rule was entered."""
        later = (
            select(SlotRow.id)
            .where(
                SlotRow.rule_id == slot.rule_id,
                SlotRow.slot_at > slot.slot_at,
            )
            .limit(1)
        )
        with self._database.read() as session:
            return session.scalar(later) is not None

    def begin_sending(
        self,
        slot: Slot,
        now: datetime,
        pause: timedelta,
        shown: Mapping[str, Any] | None = None,
    ) -> Lease | None:
        """Record that the message is about to be sent. None: the slot is not ours.

        From here on only Slack knows if it was posted. For ``pause`` no other slot of
        the channel can be claimed.
        """
        made, clock = self._database.begin_lease(self._lease), self._database.now()
        values = {
            "sending_at": clock,
            "lease_until": clock + self._lease,
            "shown": shown,
        }
        ours = update(SlotRow).where(*_held(slot), SlotRow.lease_until > clock)
        renewed = ours.values(values).returning(SlotRow.lease_until)
        with self._database.write() as session:
            until = session.scalars(renewed).one_or_none()
            if until is None:
                return None
            _delay(session, slot.channel, now + pause)
        return made(until)

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
        """Record the result, in the rule too. False: the slot is not ours."""
        values = {
            "state": state,
            "reason": reason,
            "message_ts": message_ts,
            "posted_in": posted_in,
            "finished_at": now,
            "lease_until": None,
        }
        with self._database.write() as session:
            done = affected(session, update(SlotRow).where(*_held(slot)).values(values))
            if done:
                result = f"{state}: {reason}" if reason else state
                values = {"last_slot_at": slot.slot_at, "last_result": result}
                _record(session, slot, values | _health(state, now))
        return done == 1

    def postpone(self, slot: Slot, at: datetime, reason: str) -> bool:
        """Release a slot until ``at``, though nothing is wrong with it."""
        return self._release(slot, at, reason, {"sending_at": None})

    def retry(
        self,
        slot: Slot,
        at: datetime,
        reason: str,
        now: datetime,
        *,
        maybe_sent: bool = False,
    ) -> bool:
        """Release a slot that failed until ``at``.

        ``maybe_sent``: whoever claims it then looks for the message first.
        """
        keep = {} if maybe_sent else {"sending_at": None}
        return self._release(slot, at, reason, keep, _failing(now))

    def _release(
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
            ours = update(SlotRow).where(*_held(slot))
            gone = affected(session, ours.values(values)) == 1
            if gone and recorded:
                _record(session, slot, recorded)
            return gone

    def redirect(self, slot: Slot, person: str, at: datetime, reason: str) -> bool:
        """Release a slot to a person, because its channel does not take it."""
        return self._release(slot, at, reason, {"channel": person, "sending_at": None})

    def delay_channel(self, channel: str, until: datetime) -> None:
        """Send nothing to one channel until a time; other channels go on."""
        with self._database.write() as session:
            _delay(session, channel, until)

    def showing(self, item_id: str, since: datetime) -> list[Slot]:
        """Return the latest sent slot of each rule that shows an item."""
        sent = select(SlotRow).where(
            SlotRow.state == SENT,
            SlotRow.slot_at >= since,
            cast(SlotRow.shown, String).contains(f'"{item_id}"', autoescape=True),
        )
        with self._database.read() as session:
            rows = session.scalars(sent.order_by(SlotRow.slot_at))
            latest = {row.rule_id: value_of(Slot, row) for row in rows}
        return list(latest.values())

    def naming(self, name: str, what: str) -> list[Slot]:
        """Return the sent slots that have ``what`` in the list ``shown[name]``."""
        sent = select(SlotRow).where(
            SlotRow.state == SENT,
            cast(SlotRow.shown, String).contains(f'"{what}"', autoescape=True),
        )
        slots = read_values(self._database, Slot, sent)
        return [slot for slot in slots if what in (slot.shown or {}).get(name, ())]

    def forget(self, slot: Slot, name: str, what: str) -> None:
        """Remove ``what`` from the list ``shown[name]`` of a slot."""
        row = select(SlotRow).where(SlotRow.id == slot.id).with_for_update()
        with self._database.write() as session:
            found = session.scalars(row).one_or_none()
            if found is not None and found.shown:
                left = [one for one in found.shown.get(name, ()) if one != what]
                found.shown = {**found.shown, name: left}

    def get(self, slot_id: str) -> Slot | None:
        return get_value(self._database, Slot, SlotRow, slot_id)

    def _claimable(self, due_by: datetime) -> Iterable[ColumnElement[bool]]:
        lapsed = SlotRow.lease_until <= self._database.now()
        # Not IN: SQLite would list all rules for each claim.
        rule = exists().where(RuleRow.id == SlotRow.rule_id)
        return (
            rule.where(RuleRow.kind.in_(self._kinds)),
            SlotRow.state.in_(OPEN),
            SlotRow.next_attempt_at <= due_by,
            or_(SlotRow.lease_until.is_(None), lapsed),
        )


def _record(session: Session, slot: Slot, values: Mapping[str, Any]) -> None:
    """Store the result of a slot in its rule."""
    rule = update(RuleRow).where(RuleRow.id == slot.rule_id)
    session.execute(rule.values(dict(values)))


def _health(state: str, now: datetime) -> dict[str, Any]:
    if state in WORKS:
        return {"failing_since": None, "failure_told_at": None}
    return _failing(now) if state in FAILS else {}


def _failing(now: datetime) -> dict[str, Any]:
    return {"failing_since": func.coalesce(RuleRow.failing_since, now)}


def _delay(session: Session, channel: str, until: datetime) -> None:
    session.execute(
        update(SlotRow)
        .where(
            SlotRow.channel == channel,
            SlotRow.state == DUE,
            SlotRow.next_attempt_at < until,
        )
        .values(next_attempt_at=until)
    )


def _held(slot: Slot) -> Iterable[ColumnElement[bool]]:
    return (
        SlotRow.id == slot.id,
        SlotRow.state == CLAIMED,
        SlotRow.claimed_by == slot.claimed_by,
        SlotRow.attempts == slot.attempts,
    )
