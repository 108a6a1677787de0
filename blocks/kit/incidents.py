"""Incidents in Slack: reference, title, status, severity, and a line for lists."""

from __future__ import annotations

from datetime import datetime

from blocks.kit import text
from blocks.kit.people import person
from incidentio import Incident

CATEGORY = {
    "triage": "🔎",
    "live": "🔴",
    "paused": "⏸️",
    "learning": "📝",
    "closed": "✅",
    "declined": "🚫",
    "canceled": "🚫",
    "merged": "🔀",
}
"""Emoji of status categories; each stands beside the name, never instead of it."""

VEIL = "a private incident"


def veiled(incident: Incident) -> Incident:
    """Return the incident without what only its own people may read."""
    return incident.model_copy(update={"name": VEIL, "summary": None})


def title(incident: Incident) -> str:
    """Return ``INC-12 Database down`` as a link, with a lock where it is private."""
    lock = "🔒 private " if incident.is_private else ""
    return f"{lock}*{ref(incident)}* {text.inline(incident.name, 150)}"


def ref(incident: Incident) -> str:
    if incident.permalink:
        return text.link(incident.permalink, incident.reference)
    return text.inline(incident.reference)


def status(incident: Incident) -> str:
    mark = CATEGORY.get(incident.incident_status.category, "▫️")
    return f"{mark} {text.inline(incident.incident_status.name)}"


def severity(incident: Incident) -> str:
    return text.inline(incident.severity.name) if incident.severity else "no severity"


def line(incident: Incident, now: datetime) -> str:
    """Describe an incident in two lines, for lists."""
    parts = [status(incident), severity(incident), f"lead {person(incident.lead)}"]
    if incident.created_at:
        parts.append(f"declared {text.ago(incident.created_at, now)}")
    if incident.slack_channel_id:
        parts.append(text.channel(incident.slack_channel_id))
    if incident.mode != "standard":
        parts.append(text.inline(incident.mode))
    return f"{title(incident)}\n{' · '.join(parts)}"
