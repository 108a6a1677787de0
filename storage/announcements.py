"""What is to be said of a write: slots that are entered together with its outcome.

The process that made the write holds them and says it at once. Where Slack does not
take it, or the process dies, they are sent like reminders: once, and looked for after a
doubt. A slot has ids and the kind of its message, never content.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import select

from storage.entry import Entry, entry_of
from storage.rule import ACTIVE
from storage.slot import CLAIMED, OPEN, Slot
from storage.sql import insert, value_of
from storage.tables import JournalRow, RuleRow, SlotRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from storage.database import Database

RULE = "outcomes"
"""The id and the kind of the rule that all these slots are of."""
ENTRY, ACCEPTED_AT = "entry", "accepted_at"
"""The parameters that tell the journal's entry, and which time it was asked for."""
ANSWER = "answer"
"""The parameter of what the person who asked is told."""
SCHEDULE = "schedule"
"""The parameter of a message to somebody whose shift was changed."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """Something to say of a write, to a channel or a person."""

    to: str
    params: Mapping[str, str] = field(default_factory=dict)
    """Ids, and the kind of message. Empty: it is the outcome itself that is said."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Who holds the slots that are entered, and until when."""

    worker: str
    until: datetime | ColumnElement[datetime]


def enter(
    session: Session,
    entry: Entry,
    announcements: Sequence[Announcement],
    hold: Hold,
    now: datetime,
) -> list[Slot]:
    """Enter a slot for each, in their order, held by this process."""
    if not announcements:
        return []
    rule = {"id": RULE, "kind": RULE, "created_at": now, "options": {}, "state": ACTIVE}
    session.execute(insert(session, RuleRow).values(rule).on_conflict_do_nothing())
    return [
        _enter(session, entry, announcement, hold, now)
        for announcement in announcements
    ]


def _enter(
    session: Session, entry: Entry, said: Announcement, hold: Hold, now: datetime
) -> Slot:
    id_ = uuid4().hex
    new = insert(session, SlotRow).values(
        id=id_,
        rule_id=RULE,
        key=f"{RULE}/{id_}",
        channel=said.to,
        slot_at=now,
        params={
            **said.params,
            ENTRY: entry.id,
            ACCEPTED_AT: entry.accepted_at.isoformat(),
        },
        requested_by=entry.actor,
        state=CLAIMED,
        attempts=1,
        claimed_by=hold.worker,
        lease_until=hold.until,
        next_attempt_at=now,
    )
    return value_of(Slot, session.scalars(new.returning(SlotRow)).one())


class Announcements:
    """What has not been said yet of writes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self) -> Sequence[tuple[Slot, Entry | None]]:
        """Return the slots that are still to be sent, each with its entry.

        None: the entry was pruned, or was asked for again since.
        """
        asked = select(SlotRow).where(SlotRow.rule_id == RULE, SlotRow.state.in_(OPEN))
        with self._database.read() as session:
            slots = [value_of(Slot, row) for row in session.scalars(asked)]
            ids = {_param(slot, ENTRY) for slot in slots}
            found = select(JournalRow).where(JournalRow.id.in_(ids))
            known = {row.id: entry_of(row) for row in session.scalars(found)}
        return [(slot, _entry(slot, known)) for slot in slots]


def _entry(slot: Slot, known: Mapping[str, Entry]) -> Entry | None:
    entry = known.get(_param(slot, ENTRY))
    if entry and entry.accepted_at.isoformat() == _param(slot, ACCEPTED_AT):
        return entry
    return None


def _param(slot: Slot, name: str) -> str:
    return str((slot.params or {}).get(name))
