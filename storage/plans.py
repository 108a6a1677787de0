"""What is decided about a rule whose time has come, and how that is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage import enrolment, notices, paces
from storage.enrolment import ACTIVE, PAUSED
from storage.slots import SKIPPED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from storage.enrolment import Enrolled, Following
    from storage.notices import Notice
    from storage.tables import Subscription

__all__ = ["ACTIVE", "PAUSED", "Plan", "enter"]

UNPLANNED = "unplanned"
"""In ``last_result``: its kind could not say what is due."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do about a subscription whose time has come."""

    next_slot_at: datetime
    send: datetime | None = None
    skipped: Sequence[tuple[datetime, str]] = ()
    """Slots that were missed, and why each is not sent."""
    broken: str | None = None
    """Why there will be no next one until somebody mends it."""
    notices: Sequence[Notice] = ()
    """What its kind found to be due."""
    failed: str | None = None
    """Why its kind could not say what is due."""
    rules: Sequence[Enrolled] = ()
    """People's own rules that are to be made or changed."""


def enter(
    session: Session,
    subscription: Subscription,
    plan: Plan,
    following: Following,
    now: datetime,
) -> int:
    subscription.next_slot_at = plan.next_slot_at
    _note_planning(subscription, plan.failed, now)
    if plan.broken:
        subscription.state, subscription.reason = PAUSED, plan.broken
    for at, why in plan.skipped:
        notices.add(session, subscription, at, state=SKIPPED, reason=why, now=now)
    entered = [
        notices.add_notice(session, subscription, notice, now)
        for notice in plan.notices
    ]
    if plan.send is not None:
        turn = paces.turn(session, subscription.kind, max(plan.send, now))
        entered.append(
            notices.add(session, subscription, plan.send, not_before=turn, now=now)
        )
    enrolment.put(session, plan.rules, following, now)
    return sum(slot is not None for slot in entered)


def _note_planning(rule: Subscription, failed: str | None, now: datetime) -> None:
    if failed:
        rule.last_result = f"{UNPLANNED}: {failed}"
        rule.failing_since = rule.failing_since or now
    elif (rule.last_result or "").startswith(UNPLANNED):
        rule.last_result = rule.failing_since = rule.told_at = None
