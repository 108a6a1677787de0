"""Escalation cards: messages that are edited as an escalation changes.

Only ids and who pressed what are stored; the content is read when a card is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import delete, select, update

from storage.sql import affected, claim_row, insert, read_values, release_row
from storage.tables import EscalationCardRow as Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.database import Database
    from storage.lease import Lease

WATCHED = timedelta(days=7)
"""How long an escalation is followed that stays open."""
LEASE = timedelta(minutes=2)
"""Longer than it takes to read what a card shows, and to edit it."""
KEPT = timedelta(days=30)
"""How long cards are kept after they were last watched."""


@dataclass(frozen=True, slots=True)
class EscalationCard:
    """A message that is edited as an escalation changes."""

    id: str
    escalation_id: str
    channel: str
    message_ts: str
    person: str | None
    """The Slack id of the person whose direct messages ``channel`` is."""
    created_by: str
    """The Slack id of whoever paged."""
    actions: Mapping[str, Any]
    """Who did what about the escalation through the bot, as JSON."""
    fingerprint: str
    """The fingerprint of what the card shows."""
    drawn_at: datetime


class EscalationCards:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        escalation_id: str,
        *,
        channel: str,
        message_ts: str,
        person: str | None,
        created_by: str,
        fingerprint: str,
        now: datetime,
    ) -> None:
        """Add a card, unless the message is one already.

        It gets the actions that earlier cards of the escalation have.
        """
        with self._database.write() as session:
            earlier = select(Row.actions).where(Row.escalation_id == escalation_id)
            session.execute(
                insert(session, Row)
                .values(
                    id=uuid4().hex,
                    escalation_id=escalation_id,
                    channel=channel,
                    message_ts=message_ts,
                    person=person,
                    created_by=created_by,
                    actions=session.scalars(earlier).first() or {},
                    fingerprint=fingerprint,
                    drawn_at=now,
                    watched_until=now + WATCHED,
                )
                .on_conflict_do_nothing()
            )

    def watched(self, now: datetime) -> list[EscalationCard]:
        """Return the cards whose escalation may still change."""
        found = select(Row).where(Row.watched_until > now)
        return read_values(self._database, EscalationCard, found)

    def of(self, escalation_id: str) -> list[EscalationCard]:
        """Return the cards of an escalation; the first was drawn longest ago."""
        found = select(Row).where(Row.escalation_id == escalation_id)
        return read_values(self._database, EscalationCard, found.order_by(Row.drawn_at))

    def escalation_ids(self) -> list[str]:
        """Return the ids of the escalations that have cards."""
        with self._database.read() as session:
            return list(session.scalars(select(Row.escalation_id).distinct()))

    def record_action(
        self, escalation_id: str, action: str, values: dict[str, Any]
    ) -> None:
        """Note on an escalation's cards what somebody did about it."""
        cards = select(Row).where(Row.escalation_id == escalation_id)
        with self._database.write() as session:
            for row in session.scalars(cards.with_for_update()):
                row.actions = {**row.actions, action: values}

    def claim(self, card: EscalationCard) -> Lease | None:
        """Claim a card to draw it. None: another worker holds it, or has drawn it."""
        here = (Row.id == card.id, Row.fingerprint == card.fingerprint)
        return claim_row(self._database, Row.lease_until, LEASE, *here)

    def record_drawn(
        self,
        card: EscalationCard,
        lease: Lease,
        fingerprint: str,
        *,
        now: datetime,
        until: datetime | None,
    ) -> bool:
        """Record what a card shows now, and until when it is watched.

        ``until`` None: as before. False: the card is not ours.
        """
        values: dict[str, Any] = {"fingerprint": fingerprint, "drawn_at": now}
        values |= {"watched_until": until} if until else {}
        this = Row.id == card.id
        return release_row(self._database, Row.lease_until, lease, this, **values)

    def release(self, card: EscalationCard, lease: Lease) -> None:
        """Release a claimed card, to be drawn later."""
        release_row(self._database, Row.lease_until, lease, Row.id == card.id)

    def redraw(self, card: EscalationCard) -> None:
        """Let a card be drawn anew, whoever holds it: nobody knows what it shows."""
        here = update(Row).where(Row.id == card.id)
        with self._database.write() as session:
            watched = self._database.now() + WATCHED
            blank = here.values(fingerprint="", lease_until=None, watched_until=watched)
            session.execute(blank)

    def delete(self, card: EscalationCard) -> None:
        """Forget a card: its message is gone, or cannot be changed any more."""
        with self._database.write() as session:
            session.execute(delete(Row).where(Row.id == card.id))

    def prune(self, now: datetime) -> int:
        """Delete the cards that have not been watched for ``KEPT``; return how many."""
        old = delete(Row).where(Row.watched_until < now - KEPT)
        with self._database.write() as session:
            return affected(session, old)
