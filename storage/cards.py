"""Messages that follow an escalation: which, where, and what stands in them.

Only ids and who pressed what is kept; the content is read when it is drawn.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import delete, or_, select, update

from storage.sql import affected, insert
from storage.tables import CardRow

if TYPE_CHECKING:
    from datetime import datetime

    from storage.database import Database

WATCHED = timedelta(days=7)
"""An escalation that is still open then is not followed any more."""
LEASE = timedelta(minutes=1)
"""Longer than any one edit takes."""
KEPT = timedelta(days=30)


class Cards:
    def __init__(self, database: Database) -> None:
        self._database = database

    def remember(
        self,
        escalation_id: str,
        *,
        channel: str,
        ts: str,
        person: str | None,
        by: str,
        digest: str,
        now: datetime,
    ) -> None:
        """Follow it from now on; ``person``: whom the channel is a conversation with.

        What was done about the escalation before is known on the new card too.
        """
        with self._database.write() as session:
            other = select(CardRow.deeds).where(CardRow.escalation_id == escalation_id)
            session.execute(
                insert(session, CardRow)
                .values(
                    id=uuid4().hex,
                    escalation_id=escalation_id,
                    channel=channel,
                    ts=ts,
                    person=person,
                    by=by,
                    deeds=session.scalars(other).first() or {},
                    digest=digest,
                    drawn_at=now,
                    watched_until=now + WATCHED,
                )
                .on_conflict_do_nothing()
            )

    def watched(self, now: datetime) -> list[CardRow]:
        """Those whose escalation may still change."""
        found = select(CardRow).where(CardRow.watched_until > now)
        with self._database.read() as session:
            return list(session.scalars(found))

    def of(self, escalation_id: str) -> list[CardRow]:
        found = select(CardRow).where(CardRow.escalation_id == escalation_id)
        with self._database.read() as session:
            return list(session.scalars(found.order_by(CardRow.drawn_at)))

    def did(self, escalation_id: str, deed: str, values: dict[str, Any]) -> None:
        """Note who did something about an escalation through the bot."""
        cards = select(CardRow).where(CardRow.escalation_id == escalation_id)
        with self._database.write() as session:
            for card in session.scalars(cards.with_for_update()):
                card.deeds = {**card.deeds, deed: values}

    def claim(self, card: CardRow, now: datetime) -> bool:
        """Take a card to draw it; False: another worker has it, or has drawn it."""
        taken = (
            update(CardRow)
            .where(
                CardRow.id == card.id,
                CardRow.digest == card.digest,
                or_(CardRow.lease_until.is_(None), CardRow.lease_until <= now),
            )
            .values(lease_until=now + LEASE)
        )
        with self._database.write() as session:
            return affected(session, taken) == 1

    def drawn(
        self, card: CardRow, digest: str, *, now: datetime, until: datetime | None
    ) -> None:
        """Note what stands in it now, and until when it is followed from here."""
        values: dict[str, Any] = {"digest": digest, "drawn_at": now}
        values |= {"watched_until": until} if until else {}
        with self._database.write() as session:
            here = update(CardRow).where(CardRow.id == card.id)
            session.execute(here.values(lease_until=None, **values))

    def release(self, card: CardRow) -> None:
        """Leave it to be drawn later."""
        here = update(CardRow).where(CardRow.id == card.id)
        with self._database.write() as session:
            session.execute(here.values(lease_until=None))

    def forget(self, card: CardRow) -> None:
        """The message is gone, or cannot be changed any more."""
        with self._database.write() as session:
            session.execute(delete(CardRow).where(CardRow.id == card.id))

    def prune(self, now: datetime) -> int:
        """Forget those that have not been followed for long."""
        old = delete(CardRow).where(CardRow.watched_until < now - KEPT)
        with self._database.write() as session:
            return affected(session, old)
