"""The rules that send people their own digest: one a person, made by the bot itself.

The id of a rule is made of the person's, so each rule is made once, whoever makes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from storage.rule import ACTIVE, PAUSED
from storage.sql import insert
from storage.tables import PreferenceRow, RuleRow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from storage.database import Database

    Following = Callable[[str, datetime], datetime]
    """Finds the time after a given one at which a recurrence is due."""

OWNER = "owner"
"""The kind of rule that sends a person their own digest."""

BATCH = 500
"""Rules that one statement inserts."""
JUST_NOW = timedelta(minutes=5)
"""How long the rule of a person who chose something is left as they chose."""


@dataclass(frozen=True, slots=True)
class PersonalRule:
    """One person's rule: when they get their digest, or why they get none."""

    person: str
    """A Slack id."""
    recurrence: str
    paused_because: str | None = None

    @property
    def rule_id(self) -> str:
        return f"{OWNER}-{self.person}"

    @property
    def state(self) -> str:
        return PAUSED if self.paused_because else ACTIVE


class PersonalRules:
    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> Mapping[str, PersonalRule]:
        """Return the rule of everybody who has one, by their Slack id."""
        columns = (RuleRow.channel, RuleRow.recurrence, RuleRow.paused_because)
        found = select(*columns).where(RuleRow.kind == OWNER)
        with self._database.read() as session:
            rows = session.execute(found)
            return {p: PersonalRule(p, r, why) for p, r, why in rows if p and r}

    def move(self, wanted: PersonalRule, following: datetime) -> None:
        """Change a person's rule to ``wanted``, if they have one and it differs."""
        with self._database.write() as session:
            row = session.get(RuleRow, wanted.rule_id)
            if row is None or _is(row, wanted):
                return
            row.recurrence = wanted.recurrence
            row.state, row.paused_because = wanted.state, wanted.paused_because
            row.next_slot_at = following


def put(
    session: Session, rules: Sequence[PersonalRule], following: Following, now: datetime
) -> None:
    """Make or change the rules of many people, but not of those who chose just now."""
    if not rules:
        return
    lately = select(PreferenceRow.person).where(
        PreferenceRow.updated_at > now - JUST_NOW
    )
    moved = set(session.scalars(lately))
    times = {r: following(r, now) for r in {rule.recurrence for rule in rules}}
    rows = [
        _row(rule, times[rule.recurrence], now)
        for rule in rules
        if rule.person not in moved
    ]
    for start in range(0, len(rows), BATCH):
        new = insert(session, RuleRow).values(rows[start : start + BATCH])
        changed = ("recurrence", "state", "paused_because", "next_slot_at")
        session.execute(
            new.on_conflict_do_update(
                index_elements=[RuleRow.id],
                set_={name: new.excluded[name] for name in changed},
            )
        )


def _is(row: RuleRow, wanted: PersonalRule) -> bool:
    return (row.recurrence, row.state, row.paused_because) == (
        wanted.recurrence,
        wanted.state,
        wanted.paused_because,
    )


def _row(rule: PersonalRule, following: datetime, now: datetime) -> dict[str, object]:
    return {
        "id": rule.rule_id,
        "kind": OWNER,
        "channel": rule.person,
        "created_at": now,
        "options": {},
        "recurrence": rule.recurrence,
        "state": rule.state,
        "paused_because": rule.paused_because,
        "next_slot_at": following,
    }
