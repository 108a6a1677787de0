"""Plans: decisions about rules whose time has come, and how they are stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage import notices, personal_rules, throttles
from storage.rule import PAUSED
from storage.slot import SKIPPED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from storage.notices import Notice
    from storage.personal_rules import Following, PersonalRule
    from storage.tables import RuleRow

UNPLANNED = "unplanned"
"""A ``last_result``: the rule's kind could not find out what is due."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The decision about a rule whose time has come."""

    next_slot_at: datetime
    send: datetime | None = None
    """The time of its recurrence that is sent now."""
    skipped: Sequence[tuple[datetime, str]] = ()
    """Times that are not sent, and why."""
    broken: str | None = None
    """Why the rule is paused, until somebody repairs it."""
    notices: Sequence[Notice] = ()
    """What its kind found to be due."""
    failed: str | None = None
    """Why its kind could not find out what is due."""
    personal_rules: Sequence[PersonalRule] = ()
    """People's own rules that are to be made or changed."""


def carry_out(
    session: Session,
    rule: RuleRow,
    plan: Plan,
    following: Following,
    now: datetime,
) -> int:
    """Store a plan; return the number of slots that it enters to be sent."""
    rule.next_slot_at = plan.next_slot_at
    _note_failure(rule, plan.failed, now)
    if plan.broken:
        rule.state, rule.paused_because = PAUSED, plan.broken
    for at, why in plan.skipped:
        notices.enter_slot(session, rule, at, state=SKIPPED, reason=why, now=now)
    entered = [
        notices.enter_notice(session, rule, notice, now) for notice in plan.notices
    ]
    if plan.send is not None:
        send_at = throttles.next_moment(session, rule.kind, max(plan.send, now))
        entered.append(
            notices.enter_slot(session, rule, plan.send, not_before=send_at, now=now)
        )
    personal_rules.put(session, plan.personal_rules, following, now)
    return sum(slot is not None for slot in entered)


def _note_failure(rule: RuleRow, failed: str | None, now: datetime) -> None:
    if failed:
        rule.last_result = f"{UNPLANNED}: {failed}"
        rule.failing_since = rule.failing_since or now
    elif (rule.last_result or "").startswith(UNPLANNED):
        rule.last_result = rule.failing_since = rule.failure_told_at = None
