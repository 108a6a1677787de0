"""The cards of incidents: messages in their channels, and what these show.

A card is posted under a slot. Once that was sent, the card is stored here and edited as
the incident changes. Only ids and a fingerprint are kept; the content is read when a
card is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, select, update

from storage.notices import Notice, enter_notice
from storage.rule import ACTIVE
from storage.slot import DUE, FAILED, OPEN, SENT, Slot
from storage.sql import (
    affected,
    claim_row,
    delete_old,
    insert,
    read_values,
    release_row,
)
from storage.tables import IncidentCardRow as Row
from storage.tables import RuleRow, SlotRow

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from storage.database import Database
    from storage.lease import Lease

RULE = "incident_card"
"""The id and the kind of the rule that all cards are posted under."""
INCIDENT = "incident"
"""The parameter of a slot that has the incident's id."""
SHOWN = "fingerprint"
"""In ``shown`` of a slot, the fingerprint of what was posted."""

TO_PIN, PINNED, UNPINNED = "to_pin", "pinned", "unpinned"
LEASE = timedelta(minutes=2)
"""Longer than it takes to read an incident, and to edit its card."""
LATEST = timedelta(days=7)
"""How far back sent slots are searched for cards that are not stored here yet."""
KEPT = timedelta(days=365)
"""How long cards are kept after they were last drawn."""


@dataclass(frozen=True, slots=True)
class IncidentCard:
    """The message that shows an incident in its channel."""

    slot_id: str
    incident_id: str
    channel: str
    message_ts: str
    fingerprint: str
    """The fingerprint of what it shows; empty if that is not known."""
    drawn_at: datetime
    changed_at: datetime | None
    """When the incident was reported to have changed. None: not since it was drawn."""
    pin: str
    """``TO_PIN``, ``PINNED``, or ``UNPINNED``: it cannot or should not be pinned."""
    gone_at: datetime | None
    """When it was found that somebody deleted the message. It is not posted again."""


def key(incident_id: str) -> str:
    """Return the key of the first card of an incident, which is posted once ever."""
    return f"{RULE}/{incident_id}"


class IncidentCards:
    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, incident_ids: Collection[str]) -> list[IncidentCard]:
        """Return the cards of these incidents that can still be edited."""
        return self._editable(Row.incident_id.in_(incident_ids))

    def any(self) -> bool:
        """Return whether there is a card that can still be edited."""
        found = select(Row.slot_id).where(Row.gone_at.is_(None)).limit(1)
        with self._database.read() as session:
            return session.scalars(found).first() is not None

    def changed(self) -> list[IncidentCard]:
        """Return the cards of incidents that were reported to have changed."""
        return self._editable(Row.changed_at.is_not(None))

    def to_pin(self, now: datetime) -> list[IncidentCard]:
        """Return the cards that should be pinned by now."""
        return self._editable(Row.pin == TO_PIN, Row.pin_due_at <= now)

    def adopt(self, now: datetime) -> int:
        """Store the cards that were posted since; return how many."""
        known = exists().where(Row.slot_id == SlotRow.id)
        sent = select(SlotRow).where(
            SlotRow.rule_id == RULE,
            SlotRow.state == SENT,
            SlotRow.slot_at > now - LATEST,
            ~known,
        )
        found = read_values(self._database, Slot, sent)
        if found:
            with self._database.write() as session:
                for slot in found:
                    _adopt(session, slot, now)
        return len(found)

    def note_changed(self, incident_id: str, now: datetime) -> bool:
        """Let the card of an incident be drawn soon. False: it has none yet."""
        cards = update(Row).where(Row.incident_id == incident_id, Row.gone_at.is_(None))
        with self._database.write() as session:
            return affected(session, cards.values(changed_at=now)) > 0

    def look_by(self, at: datetime) -> None:
        """Make the engine look for incidents without a card by then."""
        later = update(RuleRow).where(RuleRow.id == RULE, RuleRow.next_slot_at > at)
        with self._database.write() as session:
            session.execute(later.values(next_slot_at=at))

    def post_again(self, incident_id: str, channel: str, by: str, now: datetime) -> str:
        """Enter a slot for a new card; return its key. One that waits is enough.

        ``by`` makes the key: with the same one no second card is entered.
        """
        rule = {"id": RULE, "kind": RULE, "created_at": now, "options": {}}
        new = Notice(f"{key(incident_id)}/{by}", channel, now, {INCIDENT: incident_id})
        own = SlotRow.key.startswith(key(incident_id), autoescape=True)
        waiting = select(SlotRow.key).where(own, SlotRow.state.in_(OPEN))
        with self._database.write() as session:
            made = insert(session, RuleRow).values(**rule, state=ACTIVE)
            session.execute(made.on_conflict_do_nothing())
            known = session.scalars(waiting).first()
            if known is None:
                enter_notice(session, session.get_one(RuleRow, RULE), new, now)
            return known or new.key

    def try_again(self, channel: str, now: datetime) -> None:
        """Post and pin in a channel what could not be: the bot was let in since."""
        failed = update(SlotRow).where(
            SlotRow.rule_id == RULE,
            SlotRow.channel == channel,
            SlotRow.state == FAILED,
        )
        due = {"state": DUE, "slot_at": now, "next_attempt_at": now}
        card = update(Row).where(Row.channel == channel, Row.pin == UNPINNED)
        with self._database.write() as session:
            session.execute(failed.values(**due, finished_at=None, sending_at=None))
            session.execute(card.values(pin=TO_PIN, pin_due_at=now))

    def claim(self, card: IncidentCard) -> Lease | None:
        """Claim a card to edit it. None: another worker holds it, or has edited it."""
        this = (Row.slot_id == card.slot_id, Row.fingerprint == card.fingerprint)
        return claim_row(self._database, Row.lease_until, LEASE, *this)

    def record_drawn(
        self, card: IncidentCard, lease: Lease, fingerprint: str, now: datetime
    ) -> bool:
        """Record what a card shows now. False: the card is not ours any more."""
        return release_row(
            self._database,
            Row.lease_until,
            lease,
            Row.slot_id == card.slot_id,
            fingerprint=fingerprint,
            drawn_at=now,
        )

    def release(self, card: IncidentCard, lease: Lease) -> None:
        """Release a claimed card, to be edited later."""
        this = Row.slot_id == card.slot_id
        release_row(self._database, Row.lease_until, lease, this)

    def settle(self, card: IncidentCard) -> None:
        """Record that a card shows the change that was reported."""
        self._set(card, {"changed_at": None}, Row.changed_at == card.changed_at)

    def doubt(self, card: IncidentCard) -> None:
        """Let a card be drawn again, whoever holds it: nobody knows what it shows."""
        self._set(card, {"fingerprint": "", "lease_until": None})

    def record_pin(
        self, card: IncidentCard, pin: str, due_at: datetime | None = None
    ) -> None:
        """Note whether a card is pinned; with ``TO_PIN``, when to try again."""
        self._set(card, {"pin": pin, "pin_due_at": due_at})

    def record_gone(self, card: IncidentCard, now: datetime) -> None:
        """Note that the message is gone, or cannot be changed any more."""
        self._set(card, {"gone_at": now, "changed_at": None, "lease_until": None})

    def prune(self, now: datetime) -> int:
        """Delete the cards that have not been drawn for ``KEPT``; return how many."""
        return delete_old(self._database, Row.slot_id, Row.drawn_at < now - KEPT)

    def _editable(self, *where: ColumnElement[bool]) -> list[IncidentCard]:
        found = select(Row).where(Row.gone_at.is_(None), *where)
        return read_values(self._database, IncidentCard, found.order_by(Row.drawn_at))

    def _set(
        self,
        card: IncidentCard,
        values: Mapping[str, Any],
        *where: ColumnElement[bool],
    ) -> None:
        own = update(Row).where(Row.slot_id == card.slot_id, *where)
        with self._database.write() as session:
            session.execute(own.values(dict(values)))


def _adopt(session: Session, slot: Slot, now: datetime) -> None:
    """Store the card of a slot; what changed since it was composed is looked for."""
    new = insert(session, Row).values(
        slot_id=slot.id,
        incident_id=(slot.params or {})[INCIDENT],
        channel=slot.posted_in or slot.channel,
        message_ts=slot.message_ts,
        fingerprint=(slot.shown or {}).get(SHOWN, ""),
        drawn_at=slot.finished_at,
        changed_at=now,
        pin=TO_PIN,
        pin_due_at=now,
    )
    session.execute(new.on_conflict_do_nothing())
