"""Edits the cards of escalations when the escalations change.

A tick makes one request, however many cards there are, and none if there are no cards
to follow. The database decides who edits which card, so that any number of
workers may tick.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackApiError, SlackClientError

from incidentio.errors import IncidentioError, NotFound
from reminders.cards.drawing import CardPlace, Cards, fingerprint, stored
from slack.client import only_while
from storage.errors import DatabaseError
from storage.escalation_cards import EscalationCards

if TYPE_CHECKING:
    from collections.abc import Callable

    from blocks.escalations.card import CardAction
    from blocks.kit.messages import Message
    from incidentio import Escalation, Incidentio
    from slack.client import SlackClient
    from storage.escalation_cards import EscalationCard, EscalationCards
    from storage.lease import Lease

log = logging.getLogger(__name__)

OVERLAP = timedelta(minutes=2)
"""Changes may turn up late in the list."""
ACKNOWLEDGED = timedelta(days=1)
"""How long an acknowledged escalation is followed: it may page again."""
TIDY = timedelta(days=1)
GONE = {
    "message_not_found",
    "channel_not_found",
    "cant_update_message",
    "edit_window_closed",
    "is_archived",
    "is_inactive",
    "not_in_channel",
}
"""Slack's error codes for a message that can never be changed again."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What must be known of a sent message, so that it is followed as a card."""

    escalation_id: str
    fingerprint: str


class Follower:
    def __init__(
        self,
        stored: EscalationCards,
        cards: Cards,
        api: Incidentio,
        slack: SlackClient,
        now: Callable[[], datetime],
    ) -> None:
        self._stored = stored
        self._cards = cards
        self._api = api
        self._background = api.background()
        self._slack = slack
        self._now = now
        self._read_at: datetime | None = None
        self._tidied_at: datetime | None = None

    def tick(self) -> None:
        """Edit the cards that changed; if reading fails, the next tick tries again."""
        try:
            self._tick()
        except (DatabaseError, IncidentioError) as error:
            log.warning("cards were not renewed: %s", error)

    def draw(self, escalation: Escalation, to: str, by: str) -> Message:
        """Draw a new card, for a channel or (``U…``) for a person."""
        return self._cards.draw(escalation, _place(to, by))

    def follow(
        self, followed: Followed, to: str, by: str, sent: tuple[str, str]
    ) -> None:
        """Store a card that was sent: its channel and its ``ts``."""
        channel, ts = sent
        try:
            self._stored.add(
                followed.escalation_id,
                channel=channel,
                message_ts=ts,
                person=_place(to, by).person,
                created_by=by,
                fingerprint=followed.fingerprint,
                now=self._now(),
            )
        except DatabaseError as error:
            log.warning("a card will not follow: %s", error)

    def cards_of(self, escalation_id: str) -> list[EscalationCard]:
        """Return the stored cards of an escalation, the oldest first.

        Raises:
            DatabaseError: they could not be read.
        """
        return self._stored.of(escalation_id)

    def has_card(self, escalation_id: str, channel: str, message_ts: str) -> bool:
        """Return whether a message is a card of an escalation; False if in doubt."""
        try:
            cards = self._stored.of(escalation_id)
        except DatabaseError as error:
            log.warning("it is not known whether a card was pressed: %s", error)
            return False
        return any((c.channel, c.message_ts) == (channel, message_ts) for c in cards)

    def path(self, id_: str | None) -> str | None:
        """Return the name of a path. None: it is unknown, or paths cannot be read."""
        return self._cards.path(id_)

    def record_action(self, escalation_id: str, what: str, action: CardAction) -> None:
        """Store who acted, for the cards: incident.io may know only the API key."""
        try:
            self._stored.record_action(escalation_id, what, stored(action))
        except DatabaseError as error:
            log.warning("a card will not say who did it: %s", error)

    def redraw(self, escalation_id: str) -> bool:
        """Draw the cards of an escalation again now; return whether all succeeded."""
        try:
            cards = self._stored.of(escalation_id)
            if not cards:
                return True
            escalation = self._api.escalations.show(escalation_id)
            done = [self._renew(card, escalation) for card in cards]
            return all(done)
        except NotFound:
            return True
        except (DatabaseError, IncidentioError) as error:
            log.warning("cards were not renewed at once: %s", error)
            return False

    def redraw_all(self) -> bool:
        """Draw again all cards that have changed, also those of ended escalations.

        Return whether all succeeded.

        Raises:
            DatabaseError: the cards could not be listed.
        """
        done = [self.redraw(id_) for id_ in self._stored.escalation_ids()]
        return all(done)

    def _tick(self) -> None:
        now = self._now()
        self._tidy(now)
        watched = self._stored.watched(now)
        if not watched:
            self._read_at = None
            return
        since = self._read_at or min(card.drawn_at for card in watched)
        found = self._background.escalations.list(updated_since=since - OVERLAP)
        changed = {escalation.id: escalation for escalation in found}
        due = [card for card in watched if card.escalation_id in changed]
        done = [self._renew(card, changed[card.escalation_id]) for card in due]
        if all(done):
            self._read_at = now

    def _renew(self, card: EscalationCard, escalation: Escalation) -> bool:
        """Draw one card, if it has changed. False: it must be tried again."""
        now, is_now = self._now(), fingerprint(escalation, card.actions)
        if is_now == card.fingerprint:
            return True
        lease = self._stored.claim(card)
        if lease is None:
            return False
        place = CardPlace(card.channel, card.person, card.created_by, card.actions)
        try:
            drawn = self._cards.draw(escalation, place)
            with only_while(lease.lasts):
                self._edit(card, drawn)
        except SlackClientError as error:
            return self._failed(card, lease, error)
        until = _until(escalation, now)
        if self._stored.record_drawn(card, lease, is_now, now=now, until=until):
            return True
        log.warning("card %s was drawn after its lease", card.id)
        self._stored.redraw(card)
        return False

    def _edit(self, card: EscalationCard, message: Message) -> None:
        self._slack.chat_update(
            channel=card.channel,
            ts=card.message_ts,
            text=message.text,
            blocks=message.draw(),
        )

    def _failed(
        self, card: EscalationCard, lease: Lease, error: SlackClientError
    ) -> bool:
        """Delete a card whose message is gone; release any other, to be tried again.

        Return whether nothing is left to do.
        """
        code = error.response.get("error") if isinstance(error, SlackApiError) else ""
        log.warning("card %s was not renewed: %s", card.id, code or error)
        if code in GONE:
            self._stored.delete(card)
            return True
        self._stored.release(card, lease)
        return False

    def _tidy(self, now: datetime) -> None:
        if self._tidied_at is None or now - self._tidied_at >= TIDY:
            self._stored.prune(now)
            self._tidied_at = now


def _place(to: str, by: str) -> CardPlace:
    person = to if to[:1] in "UW" else None
    return CardPlace(to, person, by, {})


def _until(escalation: Escalation, now: datetime) -> datetime | None:
    """Return until when the escalation is followed. None: as stored before."""
    if escalation.has_ended:
        return now
    return now + ACKNOWLEDGED if escalation.status == "acked" else None
