"""Pins the cards of incidents, and edits them when the incidents change.

What the bot changes, and what webhooks tell, is entered in the database and drawn at
the next tick, by any worker; all else is found by asking what changed, in one request
however many cards there are. Changes between two ticks are one edit.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackApiError, SlackClientError

from blocks.kit.people import people_known_by
from incidentio.cache.catalog import MODES
from incidentio.errors import IncidentioError, NotFound
from reminders.cards.follower import GONE
from reminders.cards.incident_card import draw, fingerprint
from reminders.engine.post import UNSURE
from slack.client import only_while, retry_after
from storage.errors import DatabaseError
from storage.incident_cards import PINNED, TO_PIN, UNPINNED

if TYPE_CHECKING:
    from collections.abc import Callable

    from blocks.kit.messages import Message
    from blocks.kit.people import Standing
    from incidentio import Incident, Incidentio, User
    from slack.client import SlackClient
    from storage.incident_cards import IncidentCard, IncidentCards
    from storage.lease import Lease

log = logging.getLogger(__name__)

POLL = timedelta(seconds=20)
OVERLAP = timedelta(minutes=2)
"""Changes may turn up late in the list."""
AT_FIRST = timedelta(days=7)
"""How far back a process looks first: all of them may have been down."""
SOON = timedelta(seconds=2)
"""How soon the engine looks for new incidents: many changes may come at once."""
LATER = timedelta(minutes=1)
"""When a card is pinned that could not be, for a reason that passes."""
TIDY = timedelta(days=1)


class IncidentCardFollower:
    def __init__(
        self,
        stored: IncidentCards,
        api: Incidentio,
        slack: SlackClient,
        now: Callable[[], datetime],
        *,
        standing: Callable[[User], Standing],
        enabled: bool = True,
    ) -> None:
        """``standing`` returns how a person is reached, and whether they have left."""
        self._stored = stored
        self._api = api.background()
        self._slack = slack
        self._now = now
        self._standing = standing
        self.enabled = enabled
        self._read_at: datetime | None = None
        self._not_before: datetime | None = None
        self._tidied_at: datetime | None = None

    def tick(self) -> None:
        """Pin new cards and edit those of incidents that changed."""
        now = self._now()
        if not self.enabled or (self._not_before and now < self._not_before):
            return
        try:
            with people_known_by(self._standing):
                self._tick(now)
        except (DatabaseError, IncidentioError) as error:
            log.warning("incidents' cards wait: %s", error)

    def note_changed(self, incident_id: str) -> None:
        """Let the card of an incident be edited soon, or posted if it has none yet."""
        if not self.enabled:
            return
        now = self._now()
        try:
            if not self._stored.note_changed(incident_id, now):
                self._stored.look_by(now + SOON)
        except DatabaseError as error:
            log.warning("an incident's card is edited later: %s", error)

    def note_joined(self, channel: str) -> None:
        """Let the card be posted that could not be before the bot was in a channel."""
        if not self.enabled:
            return
        try:
            self._stored.try_again(channel, self._now())
        except DatabaseError as error:
            log.warning("a channel stays without its incident's card: %s", error)

    def restore(self, incident: Incident, channel: str, by: str) -> str | None:
        """Return a link to an incident's card, which is pinned again if it is not.

        None: there is none any more, and it is posted in the channel again, once for
        each value of ``by``.

        Raises:
            SlackClientError: it could not be looked for.
        """
        for card in self._stored.of({incident.id}):
            if link := self._link(card):
                if card.pin == UNPINNED:
                    self._stored.record_pin(card, TO_PIN, self._now())
                return link
        self._stored.post_again(incident.id, channel, by, self._now())
        return None

    def _link(self, card: IncidentCard) -> str | None:
        """Return the link to a card. None: the message is gone, which is noted."""
        try:
            found = self._slack.chat_getPermalink(
                channel=card.channel, message_ts=card.message_ts
            )
        except SlackApiError as error:
            if error.response.get("error") not in GONE:
                raise
            self._stored.record_gone(card, self._now())
            return None
        return str(found["permalink"])

    def _tick(self, now: datetime) -> None:
        self._stored.adopt(now)
        for card in self._stored.to_pin(now):
            self._pin(card)
        for card in self._stored.changed():
            self._check(card)
        self._poll(now)
        if self._tidied_at is None or now - self._tidied_at >= TIDY:
            self._stored.prune(now)
            self._tidied_at = now

    def _check(self, card: IncidentCard) -> None:
        """Read the incident of a card, and edit the card if that has changed."""
        try:
            incident = self._api.incidents.show(card.incident_id)
        except NotFound:
            self._stored.settle(card)
            return
        if self._renew(card, incident):
            self._stored.settle(card)

    def _poll(self, now: datetime) -> None:
        """Ask incident.io what changed, and edit the cards of that."""
        if self._read_at and now - self._read_at < POLL:
            return
        if not self._stored.any():
            return
        since = self._read_at - OVERLAP if self._read_at else now - AT_FIRST
        found = self._api.incidents.list(updated_at=since, mode=MODES)
        changed = {incident.id: incident for incident in found}
        cards = self._stored.of(changed)
        done = [self._renew(card, changed[card.incident_id]) for card in cards]
        if all(done):
            self._read_at = now

    def _renew(self, card: IncidentCard, incident: Incident) -> bool:
        """Edit one card, if it has changed. False: it must be tried again."""
        if incident.slack_channel_id != card.channel:
            self._stored.record_gone(card, self._now())
            return True
        drawn = draw(incident)
        if card.fingerprint == fingerprint(drawn):
            return True
        lease = self._stored.claim(card)
        if lease is None:
            return False
        try:
            with only_while(lease.lasts):
                self._edit(card, drawn)
        except SlackClientError as error:
            return self._failed(card, lease, error)
        if self._stored.record_drawn(card, lease, fingerprint(drawn), self._now()):
            return True
        log.warning("the card of %s was drawn after its lease", card.incident_id)
        self._stored.doubt(card)
        return False

    def _edit(self, card: IncidentCard, drawn: Message) -> None:
        self._slack.chat_update(
            channel=card.channel,
            ts=card.message_ts,
            text=drawn.text,
            blocks=drawn.draw(),
        )

    def _failed(
        self, card: IncidentCard, lease: Lease, error: SlackClientError
    ) -> bool:
        """Give a card up whose message is gone, or let it be tried again."""
        log.warning("the card of %s was not edited: %s", card.incident_id, error)
        if _code(error) in GONE:
            self._stored.record_gone(card, self._now())
            return True
        self._wait(error)
        self._stored.release(card, lease)
        return False

    def _wait(self, error: SlackClientError) -> None:
        """Do nothing more for as long as Slack asks to wait."""
        wait = retry_after(error) if isinstance(error, SlackApiError) else None
        if wait is not None:
            self._not_before = self._now() + wait

    def _pin(self, card: IncidentCard) -> None:
        """Pin a card; a second time does no harm."""
        try:
            self._slack.pins_add(channel=card.channel, timestamp=card.message_ts)
        except SlackClientError as error:
            self._not_pinned(card, error)
        else:
            self._stored.record_pin(card, PINNED)

    def _not_pinned(self, card: IncidentCard, error: SlackClientError) -> None:
        code = _code(error)
        if code == "already_pinned":
            self._stored.record_pin(card, PINNED)
        elif code == "message_not_found":
            self._stored.record_gone(card, self._now())
        elif _passes(error) or (code == "not_in_channel" and self._joined(card)):
            self._wait(error)
            at = self._now() if code == "not_in_channel" else self._now() + LATER
            self._stored.record_pin(card, TO_PIN, at)
        else:
            log.info("the card of %s stays unpinned: %s", card.incident_id, error)
            self._stored.record_pin(card, UNPINNED)

    def _joined(self, card: IncidentCard) -> bool:
        try:
            self._slack.conversations_join(channel=card.channel)
        except SlackClientError as error:
            log.info("did not join %s: %s", card.channel, error)
            return False
        return True


def _code(error: SlackClientError) -> str:
    if not isinstance(error, SlackApiError):
        return ""
    return str(error.response.get("error") or "")


def _passes(error: SlackClientError) -> bool:
    """Return whether the same call may succeed later."""
    if not isinstance(error, SlackApiError):
        return True
    status = error.response.status_code
    return status == 429 or status >= 500 or _code(error) in UNSURE
