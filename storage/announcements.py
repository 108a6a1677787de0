"""Announcements of writes: slots that are entered together with the write's outcome.

The process that made the write holds them and sends them at once. If Slack refuses, or
the process dies, they are sent as reminders are: once, and after a doubt the message is
looked for first. A slot has ids and the kind of its message, never content.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import select

from storage.entry import Entry, entry_of
from storage.rule import ACTIVE
from storage.slot import CLAIMED, OPEN, Slot
from storage.sql import insert, value_of
from storage.tables import JournalRow, RuleRow, SlotRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from storage.database import Database, DatabaseTime

RULE = "outcomes"
"""The id of the rule of all these slots, and its kind."""
ENTRY, ACCEPTED_AT = "entry", "accepted_at"
"""The parameters with the id of the journal's entry, and when it was accepted."""
ANSWER = "answer"
"""The parameter of a message that answers the person who asked: their Slack id."""
SCHEDULE = "schedule"
"""The parameter of a message about a changed shift: the schedule's id."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """A message about a write, to a channel or a person."""

    to: str
    params: Mapping[str, str] = field(default_factory=dict)
    """Ids, and the kind of message. Empty: the message is the outcome itself."""


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that holds the slots it enters, and until when."""

    worker: str
    until: DatabaseTime


def enter(
    session: Session,
    entry: Entry,
    announcements: Sequence[Announcement],
    holder: Holder,
    now: datetime,
) -> list[Slot]:
    """Enter a slot for each announcement, held by this process; return the slots.

    What was entered already stays as it is: if another process has taken such a slot
    over since, the one that is returned can neither be sent nor finished.
    """
    if not announcements:
        return []
    rule = {"id": RULE, "kind": RULE, "created_at": now, "options": {}, "state": ACTIVE}
    session.execute(insert(session, RuleRow).values(rule).on_conflict_do_nothing())
    slots = [
        _slot(entry, number, announcement, holder, now)
        for number, announcement in enumerate(announcements)
    ]
    rows = [{**_columns(slot), "lease_until": holder.until} for slot in slots]
    for row in rows:
        session.execute(insert(session, SlotRow).values(row).on_conflict_do_nothing())
    return slots


def _slot(
    entry: Entry, number: int, said: Announcement, holder: Holder, now: datetime
) -> Slot:
    """Return the slot of an announcement; each attempt has its own."""
    accepted_at = entry.accepted_at.isoformat()
    attempt = f"{entry.id}/{accepted_at}/{entry.attempt}"
    id_ = uuid5(NAMESPACE_OID, f"{attempt}/{number}").hex
    return Slot(
        id=id_,
        rule_id=RULE,
        key=f"{RULE}/{id_}",
        channel=said.to,
        slot_at=now,
        params={**said.params, ENTRY: entry.id, ACCEPTED_AT: accepted_at},
        requested_by=entry.actor,
        state=CLAIMED,
        attempts=1,
        claimed_by=holder.worker,
        next_attempt_at=now,
    )


def _columns(slot: Slot) -> dict[str, object]:
    values = {field.name: getattr(slot, field.name) for field in fields(slot)}
    return {name: value for name, value in values.items() if value is not None}


class Announcements:
    """Reads the announcements that were not sent yet."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self) -> Sequence[tuple[Slot, Entry | None]]:
        """Return the slots that are still to be sent, each with its entry.

        None: the entry was pruned, or accepted again since.
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
