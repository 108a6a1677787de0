"""Draws the card of an escalation for the place where it stands.

Everybody in a channel reads the same card. So it says of a private incident only what
that channel may read: all of it in the incident's own, and nothing anywhere else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from blocks.escalations import live_card as view
from blocks.escalations.card import CardAction, EscalationContext, veiled
from blocks.kit.messages import Message
from blocks.kit.people import people_known_by
from incidentio.cache.catalog import nobody
from incidentio.errors import IncidentioError

if TYPE_CHECKING:
    from incidentio import Escalation, Incident, Incidentio
    from incidentio.cache.catalog import Catalog
    from incidentio.cache.memberships import Memberships
    from reminders.people.accounts import Accounts

ANSWERS = {"ack", "snooze"}
MOST_ASKED = 50
"""The most people about whose permissions incident.io is asked for one card."""


@dataclass(frozen=True, slots=True)
class CardPlace:
    """The conversation that a card is in. ``person``: the Slack id, if it is direct."""

    channel: str
    person: str | None
    by: str
    """The Slack id of the person who asked for the card."""
    card_actions: Mapping[str, Any]


class Cards:
    def __init__(
        self,
        api: Incidentio,
        catalog: Catalog,
        memberships: Memberships,
        accounts: Accounts,
    ) -> None:
        self._accounts = accounts
        self._api = api
        self._catalog = catalog
        self._memberships = memberships

    def draw(self, escalation: Escalation, place: CardPlace) -> Message:
        """Return the card as it is now; for an open escalation, read who can answer."""
        known = EscalationContext(
            path=self.path(escalation.escalation_path_id),
            actions=self.answers(escalation) if escalation.is_open else (),
            card_actions=card_actions(place.card_actions),
            by=place.by,
        )
        seen = veiled(escalation, self._visible(escalation, place))
        with people_known_by(self._accounts.standing):
            return Message(view.fallback_text(seen, known), view.live(seen, known))

    def path(self, id_: str | None) -> str | None:
        """Return the name of a path. None: it is unknown, or paths cannot be read."""
        try:
            paths = self._catalog.escalation_paths() if id_ else ()
        except IncidentioError:
            return None
        return next((path.name for path in paths if path.id == id_), None)

    def answers(self, escalation: Escalation) -> set[str]:
        """Return the ``ANSWERS`` that the paged people may give; none if unreadable."""
        ids = [user.id for user in escalation.notified[:MOST_ASKED]]
        try:
            found = self._api.escalations.check_permissions(escalation.id, ids)
        except IncidentioError:
            return set()
        return ANSWERS & {a for options in found for a in options.available_actions}

    def _visible(self, escalation: Escalation, place: CardPlace) -> set[str]:
        """Return the ids of the private incidents that may be read in a place."""
        private = [i.id for i in escalation.related_incidents if i.is_private]
        return {id_ for id_ in private if self._may_read(id_, place)}

    def _may_read(self, incident_id: str, place: CardPlace) -> bool:
        try:
            incident = self._incident(incident_id)
            if incident.slack_channel_id == place.channel:
                return True
            user = self._accounts.trusted(place.person) if place.person else None
            return user is not None and self._memberships.includes(incident, user.id)
        except IncidentioError:
            return False

    def _incident(self, id_: str) -> Incident:
        live = self._catalog.live_incidents(nobody)
        known = next((i for i in live if i.id == id_), None)
        return known or self._api.incidents.show(id_)


def card_actions(stored: Mapping[str, Any]) -> dict[str, CardAction]:
    """Return the stored actions as ``CardAction``, by the event that they caused."""
    return {
        name: CardAction(
            by=values["by"],
            at=datetime.fromisoformat(values["at"]),
            until=_moment(values.get("until")),
        )
        for name, values in stored.items()
    }


def stored(action: CardAction) -> dict[str, Any]:
    """Return an action as ``card_actions`` reads it, for JSON."""
    until = {"until": action.until.isoformat()} if action.until else {}
    return {"by": action.by, "at": action.at.isoformat(), **until}


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def fingerprint(escalation: Escalation, card_actions: Mapping[str, Any]) -> str:
    """Return a fingerprint of what a card is drawn from."""
    facts = [escalation.model_dump(mode="json"), dict(card_actions)]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
