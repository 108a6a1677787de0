"""Reminders people asked for, when each is due next, and what is snoozed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_OID, uuid4, uuid5

from sqlalchemy import delete, select, update

from storage import notices
from storage.enrolment import OWNER
from storage.plans import ACTIVE, PAUSED, Plan, enter
from storage.slots import OPEN
from storage.sql import affected, delete_old, insert
from storage.tables import Slot, Subscription

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from storage.database import Database

__all__ = ["ACTIVE", "CHANNEL", "OWNER", "PAUSED", "Plan", "Reminders"]

CHANNEL = "channel"
"""The kind of rule that ``/io remind`` sets."""


class Reminders:
    """Subscriptions; ``following`` finds the time after one in a stored schedule."""

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
        channel: str,
        created_by: str,
        kinds: Sequence[str],
        when: str,
        kind: str = CHANNEL,
        options: dict[str, Any] | None = None,
        team: str | None = None,
        name: str | None = None,
        incident_id: str | None = None,
        severity_ids: Sequence[str] = (),
        priority_ids: Sequence[str] = (),
        owner_ids: Sequence[str] = (),
        min_age_days: int = 0,
        subscription_id: str | None = None,
    ) -> Subscription:
        """Store a new reminder. One with the same id is not made twice."""
        now = self._now()
        values = {
            "id": subscription_id or uuid4().hex,
            "kind": kind,
            "options": options,
            "channel": channel,
            "team": team,
            "created_by": created_by,
            "created_at": now,
            "name": name,
            "kinds": list(kinds),
            "incident_id": incident_id,
            "severity_ids": list(severity_ids),
            "priority_ids": list(priority_ids),
            "owner_ids": list(owner_ids),
            "min_age_days": min_age_days,
            "when": when,
            "state": ACTIVE,
            "next_slot_at": self._following(when, now) if when else now,
        }
        with self._database.write() as session:
            enter = insert(session, Subscription).values(values)
            enter = enter.on_conflict_do_nothing()
            made = session.scalars(enter.returning(Subscription)).one_or_none()
            known = made or session.get(Subscription, values["id"])
        assert known is not None
        return known

    def get(self, subscription_id: str) -> Subscription | None:
        with self._database.read() as session:
            return session.get(Subscription, subscription_id)

    def list(
        self, channel: str | None = None, *, kind: str | None = None
    ) -> Sequence[Subscription]:
        """Find rules, the oldest first."""
        found = select(Subscription).order_by(Subscription.created_at, Subscription.id)
        if kind is not None:
            found = found.where(Subscription.kind == kind)
        if channel is not None:
            found = found.where(Subscription.channel == channel)
        with self._database.read() as session:
            return session.scalars(found).all()

    def update(self, subscription_id: str, **changes: Any) -> Subscription | None:
        """Change some of the columns ``create`` takes. None: it was deleted."""
        if "when" in changes:
            changes["next_slot_at"] = self._following(changes["when"], self._now())
        return self._change(subscription_id, changes)

    def pause(self, subscription_id: str, reason: str) -> Subscription | None:
        return self._change(subscription_id, {"state": PAUSED, "reason": reason})

    def resume(self, subscription_id: str) -> Subscription | None:
        """Go on from now; what was due meanwhile is not made up for."""
        known = self.get(subscription_id)
        if known is None:
            return None
        now = self._now()
        following = self._following(known.when, now) if known.when else now
        return self._change(
            subscription_id,
            {"state": ACTIVE, "reason": None, "next_slot_at": following},
        )

    def delete(self, subscription_id: str) -> bool:
        """Forget it and its slots; one that is about to be sent is not."""
        with self._database.write() as session:
            gone = delete(Subscription).where(Subscription.id == subscription_id)
            return affected(session, gone) == 1

    def run_now(
        self, subscription_id: str, by: str, *, key: str | None = None
    ) -> Slot | None:
        """Add a slot for now, beside the planned ones. None: it was deleted.

        With the same key no second one is added.
        """
        now = self._now()
        slot_id = uuid5(NAMESPACE_OID, key).hex if key else None
        with self._database.write() as session:
            subscription = session.get(Subscription, subscription_id)
            if subscription is None:
                return None
            added = notices.add(
                session, subscription, now, requested_by=by, slot_id=slot_id, now=now
            )
            return added or notices.entered(session, subscription_id, now, slot_id)

    def history(self, subscription_id: str, limit: int = 10) -> Sequence[Slot]:
        """Its last slots, newest first: what was sent, what was not, and why."""
        found = (
            select(Slot)
            .where(Slot.subscription_id == subscription_id)
            .order_by(Slot.slot_at.desc())
            .limit(limit)
        )
        with self._database.read() as session:
            return session.scalars(found).all()

    def said(self, channel: str, limit: int) -> Sequence[tuple[Slot, str]]:
        """What a channel or a person was last told, or not, with the rule's kind."""
        found = (
            select(Slot, Subscription.kind)
            .join(Subscription, Subscription.id == Slot.subscription_id)
            .where(Slot.channel == channel)
            .order_by(Slot.slot_at.desc(), Slot.id)
            .limit(limit)
        )
        with self._database.read() as session:
            return [(slot, kind) for slot, kind in session.execute(found)]

    def due(self, limit: int = 100) -> Sequence[Subscription]:
        """Active reminders whose next slot has come."""
        found = (
            select(Subscription)
            .where(
                Subscription.state == ACTIVE, Subscription.next_slot_at <= self._now()
            )
            .order_by(Subscription.next_slot_at)
            .limit(limit)
        )
        with self._database.read() as session:
            return session.scalars(found).all()

    def plan(self, ids: Sequence[str], decide: Callable[[Subscription], Plan]) -> int:
        """Enter what is due and move on to the next, in one transaction."""
        now = self._now()
        held = (
            select(Subscription)
            .where(
                Subscription.id.in_(ids),
                Subscription.state == ACTIVE,
                Subscription.next_slot_at <= now,
            )
            .with_for_update(skip_locked=True)
        )
        entered = 0
        with self._database.write() as session:
            for subscription in session.scalars(held).all():
                plan = decide(subscription)
                entered += enter(session, subscription, plan, self._following, now)
        return entered

    def worth_telling(self, subscription_id: str, since: datetime) -> bool:
        """Whether it has failed since then and nobody was told; then it is noted."""
        now = self._now()
        untold = (
            update(Subscription)
            .where(
                Subscription.id == subscription_id,
                Subscription.failing_since <= since,
                Subscription.told_at.is_(None),
            )
            .values(told_at=now)
        )
        with self._database.write() as session:
            return affected(session, untold) == 1

    def leaving(self, until: datetime) -> Sequence[Slot]:
        """What was entered and is to leave by then, the earliest first."""
        due = select(Slot).where(Slot.state.in_(OPEN), Slot.next_attempt_at <= until)
        with self._database.read() as session:
            found = session.scalars(due.order_by(Slot.next_attempt_at, Slot.id))
            return found.all()

    def unknown(self, keys: Collection[str]) -> Collection[str]:
        """Which of these keys were never entered."""
        known = select(Slot.key).where(Slot.key.in_(keys))
        with self._database.read() as session:
            return set(keys).difference(session.scalars(known))

    def prune(self, older_than: datetime) -> int:
        """Forget slots that were finished long ago."""
        return delete_old(self._database, Slot.id, Slot.finished_at < older_than)

    def _change(
        self, subscription_id: str, changes: dict[str, Any]
    ) -> Subscription | None:
        with self._database.write() as session:
            known = session.get(Subscription, subscription_id)
            if known is not None:
                for name, value in changes.items():
                    setattr(known, name, value)
            return known
