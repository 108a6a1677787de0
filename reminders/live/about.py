"""Recipients of questions about an incident, and its description for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blocks.incidents.asks import About
from reminders.people.preferences import DEFAULT, PREFERENCES

if TYPE_CHECKING:
    from reminders.live.incidents import Live
    from reminders.sources.snapshot import Snapshot


def about(incident: Live) -> About:
    return About(incident.reference, incident.name, incident.url, incident.private)


def reachable(incident: Live, snapshot: Snapshot) -> str | None:
    """Return the lead's Slack id, if the lead wants to be asked."""
    lead = incident.lead_id
    if lead is None:
        return None
    chosen = snapshot.get(PREFERENCES).get(lead, DEFAULT)
    away = chosen.paused_until and snapshot.at.date() < chosen.paused_until
    return None if away or chosen.muted or not chosen.nudges else lead


def reads(incident: Live, conversation: str) -> bool:
    """Return whether a conversation is its own channel or its lead."""
    return conversation in (incident.channel, incident.lead_id)
