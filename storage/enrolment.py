"""The rules that send people their own digest: one a person, kept by the bot itself.

Their ids follow from the people's, so that each is made once, whoever makes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from storage.sql import insert
from storage.tables import Preference, Subscription

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from storage.database import Database

    Following = Callable[[str, datetime], datetime]

OWNER = "owner"
"""The kind of rule that sends a person their own digest."""

ACTIVE, PAUSED = "active", "paused"

AT_ONCE = 500
SETTLING = timedelta(minutes=5)
"""Whoever chose something so lately was moved then, by what they chose."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """When a person gets their digest; ``paused`` says why they do not."""

    person: str
    when: str
    paused: str | None = None

    @property
    def rule_id(self) -> str:
        return f"{OWNER}-{self.person}"

    @property
    def columns(self) -> dict[str, Any]:
        state = PAUSED if self.paused else ACTIVE
        return {"when": self.when, "state": state, "reason": self.paused}


class Enrolments:
    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> Mapping[str, Enrolled]:
        """Everybody who has such a rule, by Slack id."""
        columns = (Subscription.channel, Subscription.when, Subscription.state)
        found = select(*columns, Subscription.reason).where(Subscription.kind == OWNER)
        with self._database.read() as session:
            return {
                person: Enrolled(person, when, reason if state == PAUSED else None)
                for person, when, state, reason in session.execute(found)
            }

    def move(self, enrolled: Enrolled, following: datetime) -> None:
        """Change somebody's rule, if they have one and it is another."""
        with self._database.write() as session:
            rule = session.get(Subscription, enrolled.rule_id)
            if rule is None or _columns(rule) == enrolled.columns:
                return
            for name, value in enrolled.columns.items():
                setattr(rule, name, value)
            rule.next_slot_at = following


def put(
    session: Session, rules: Sequence[Enrolled], following: Following, now: datetime
) -> None:
    """Make and change the rules of many, but not of those who just chose."""
    if not rules:
        return
    lately = select(Preference.person).where(Preference.updated_at > now - SETTLING)
    moved = set(session.scalars(lately))
    times = {when: following(when, now) for when in {rule.when for rule in rules}}
    rows = [_row(r, times[r.when], now) for r in rules if r.person not in moved]
    for some in _batches(rows):
        enter = insert(session, Subscription).values(some)
        changed = ("when", "state", "reason", "next_slot_at")
        session.execute(
            enter.on_conflict_do_update(
                index_elements=[Subscription.id],
                set_={name: enter.excluded[name] for name in changed},
            )
        )


def _columns(rule: Subscription) -> dict[str, Any]:
    return {"when": rule.when, "state": rule.state, "reason": rule.reason}


def _row(rule: Enrolled, following: datetime, now: datetime) -> dict[str, Any]:
    return {
        **rule.columns,
        "id": rule.rule_id,
        "kind": OWNER,
        "channel": rule.person,
        "created_by": "",
        "created_at": now,
        "kinds": [],
        "severity_ids": [],
        "priority_ids": [],
        "owner_ids": [],
        "min_age_days": 0,
        "next_slot_at": following,
    }


def _batches(rows: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]
