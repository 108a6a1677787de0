"""Stores rules, when each is due next, and the slots that were entered under them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack
from uuid import NAMESPACE_OID, uuid4, uuid5

from sqlalchemy import delete, select, update

from storage import announcements, notices
from storage.plans import carry_out
from storage.rule import ACTIVE, PAUSED, Rule
from storage.slot import OPEN, Slot
from storage.sql import affected, delete_old, get_value, insert, read_values, value_of
from storage.tables import RuleRow, SlotRow

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from storage.database import Database
    from storage.plans import Plan
    from storage.rule import RuleOptions

CHANNEL = "channel"
"""The kind of a reminder: a rule that ``/io remind`` sets for a channel."""


class RuleChanges(TypedDict, total=False):
    """The properties of a rule that may be changed."""

    name: str | None
    options: RuleOptions
    recurrence: str


class Rules:
    """The rules of one database.

    ``following`` finds the time after a given one at which a recurrence is due.
    """

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        following: Callable[[str, datetime], datetime],
    ) -> None:
        self._database = database
        self._now = now
        self._following = following

    def create(
        self,
        *,
        kind: str = CHANNEL,
        channel: str | None = None,
        created_by: str | None = None,
        name: str | None = None,
        options: RuleOptions | None = None,
        recurrence: str | None = None,
        rule_id: str | None = None,
    ) -> Rule:
        """Store a new rule. If there is one with this id, return that one as it is."""
        now = self._now()
        values = {
            "id": rule_id or uuid4().hex,
            "kind": kind,
            "channel": channel,
            "created_by": created_by,
            "created_at": now,
            "name": name,
            "options": options.to_json() if options else {},
            "recurrence": recurrence,
            "state": ACTIVE,
            "next_slot_at": self._next(recurrence),
        }
        with self._database.write() as session:
            new = insert(session, RuleRow).values(values).on_conflict_do_nothing()
            made = session.scalars(new.returning(RuleRow)).one_or_none()
            row = made or session.get_one(RuleRow, values["id"])
            return value_of(Rule, row)

    def get(self, rule_id: str) -> Rule | None:
        return get_value(self._database, Rule, RuleRow, rule_id)

    def list(
        self, channel: str | None = None, *, kind: str | None = None
    ) -> Sequence[Rule]:
        """Return the rules of a channel, of a kind, or all; the oldest first."""
        found = select(RuleRow).order_by(RuleRow.created_at, RuleRow.id)
        if kind is not None:
            found = found.where(RuleRow.kind == kind)
        if channel is not None:
            found = found.where(RuleRow.channel == channel)
        return read_values(self._database, Rule, found)

    def update(self, rule_id: str, **changes: Unpack[RuleChanges]) -> Rule | None:
        """Change a rule, from its next time on. None: it was deleted."""
        values: dict[str, object] = {**changes}
        if "options" in changes:
            values["options"] = changes["options"].to_json()
        if "recurrence" in changes:
            values["next_slot_at"] = self._next(changes["recurrence"])
        return self._change(rule_id, values)

    def pause(self, rule_id: str, because: str) -> Rule | None:
        """Send nothing under a rule until it is resumed. None: it was deleted."""
        return self._change(rule_id, {"state": PAUSED, "paused_because": because})

    def resume(self, rule_id: str) -> Rule | None:
        """Resume a rule; what was due meanwhile is not sent. None: it was deleted."""
        known = self.get(rule_id)
        if known is None:
            return None
        active = {"state": ACTIVE, "paused_because": None}
        next_slot_at = self._next(known.recurrence)
        return self._change(rule_id, {**active, "next_slot_at": next_slot_at})

    def delete(self, rule_id: str) -> bool:
        """Delete a rule and its slots, sent or not. False: it was deleted before."""
        with self._database.write() as session:
            gone = delete(RuleRow).where(RuleRow.id == rule_id)
            return affected(session, gone) == 1

    def run_now(self, rule_id: str, by: str, *, key: str | None = None) -> Slot | None:
        """Enter a slot for now, beside the planned ones. None: the rule was deleted.

        With the same key the same slot is returned; no second one is entered.
        """
        now = self._now()
        slot_id = uuid5(NAMESPACE_OID, key).hex if key else None
        with self._database.write() as session:
            rule = session.get(RuleRow, rule_id)
            if rule is None:
                return None
            entered = notices.enter_slot(
                session, rule, now, requested_by=by, slot_id=slot_id, now=now
            )
            return entered or notices.entered_before(session, rule_id, now, slot_id)

    def history(self, rule_id: str, limit: int = 10) -> Sequence[Slot]:
        """Return the last slots of a rule, the newest first."""
        found = (
            select(SlotRow)
            .where(SlotRow.rule_id == rule_id)
            .order_by(SlotRow.slot_at.desc())
            .limit(limit)
        )
        return read_values(self._database, Slot, found)

    def recent_slots(self, channel: str, limit: int) -> Sequence[tuple[Slot, str]]:
        """Return the last slots for a channel or person, each with its rule's kind."""
        found = (
            select(SlotRow, RuleRow.kind)
            .join(RuleRow, RuleRow.id == SlotRow.rule_id)
            .where(SlotRow.channel == channel, RuleRow.id != announcements.RULE)
            .order_by(SlotRow.slot_at.desc(), SlotRow.id)
            .limit(limit)
        )
        with self._database.read() as session:
            rows = session.execute(found)
            return [(value_of(Slot, row), kind) for row, kind in rows]

    def due(self, limit: int = 100) -> Sequence[Rule]:
        """Return the active rules whose next slot has come, the longest due first."""
        found = (
            select(RuleRow)
            .where(RuleRow.state == ACTIVE, RuleRow.next_slot_at <= self._now())
            .order_by(RuleRow.next_slot_at)
            .limit(limit)
        )
        return read_values(self._database, Rule, found)

    def plan(self, ids: Sequence[str], decide: Callable[[Rule], Plan]) -> int:
        """Enter what is due under these rules and move each on to its next time.

        All is one transaction. Rules that another worker is planning are left out.
        Returns the number of slots that were entered.
        """
        now = self._now()
        held = (
            select(RuleRow)
            .where(
                RuleRow.id.in_(ids),
                RuleRow.state == ACTIVE,
                RuleRow.next_slot_at <= now,
            )
            .with_for_update(skip_locked=True)
        )
        entered = 0
        with self._database.write() as session:
            for row in session.scalars(held).all():
                plan = decide(value_of(Rule, row))
                entered += carry_out(session, row, plan, self._following, now)
        return entered

    def claim_failure_notice(self, rule_id: str, since: datetime) -> bool:
        """Note that its creator is told of a rule that has failed since ``since``.

        False: it has not failed that long, or they were told already.
        """
        untold = update(RuleRow).where(
            RuleRow.id == rule_id,
            RuleRow.failing_since <= since,
            RuleRow.failure_told_at.is_(None),
        )
        with self._database.write() as session:
            noted = untold.values(failure_told_at=self._now())
            return affected(session, noted) == 1

    def open_slots(self, until: datetime) -> Sequence[Slot]:
        """Return the slots that are to be sent by then, the earliest first."""
        due = select(SlotRow).where(
            SlotRow.state.in_(OPEN), SlotRow.next_attempt_at <= until
        )
        return read_values(
            self._database, Slot, due.order_by(SlotRow.next_attempt_at, SlotRow.id)
        )

    def without_slot(self, keys: Collection[str]) -> Collection[str]:
        """Return those of the keys under which no slot was ever entered."""
        known = select(SlotRow.key).where(SlotRow.key.in_(keys))
        with self._database.read() as session:
            return set(keys).difference(session.scalars(known))

    def prune(self, older_than: datetime) -> int:
        """Delete the slots that were finished before a time; return how many."""
        return delete_old(self._database, SlotRow.id, SlotRow.finished_at < older_than)

    def _next(self, recurrence: str | None) -> datetime:
        """Return the next time of a recurrence; without one the rule is due at once."""
        now = self._now()
        return self._following(recurrence, now) if recurrence else now

    def _change(self, rule_id: str, values: dict[str, object]) -> Rule | None:
        with self._database.write() as session:
            row = session.get(RuleRow, rule_id)
            if row is None:
                return None
            for name, value in values.items():
                setattr(row, name, value)
            session.flush()
            return value_of(Rule, row)
