"""Incidents in Slack: reference, title, status, severity, and a line for lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from blocks.kit import text
from blocks.kit.people import person
from incidentio import Incident, Severity
from incidentio.lookup import normal

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

SEVERITY = ("🟦", "🟨", "🟧", "🟥")
"""Marks of severities, the least severe first: squares, for statuses have circles."""
NAMED = {
    "🟥": {"critical", "sev0", "sev1", "sev-0", "sev-1", "p0", "p1", "emergency"},
    "🟧": {"major", "high", "sev2", "sev-2", "p2"},
    "🟨": {"minor", "medium", "moderate", "sev3", "sev-3", "p3"},
    "🟦": {"low", "info", "trivial", "cosmetic", "sev4", "sev-4", "p4", "sev5", "p5"},
}
"""Words in names that decide the mark; for other names the rank decides."""

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
    return f"{status_mark(incident)} {text.inline(incident.incident_status.name)}"


def status_mark(incident: Incident) -> str:
    return CATEGORY.get(incident.incident_status.category, "▫️")


def severity(incident: Incident) -> str:
    return severity_name(incident.severity) if incident.severity else "no severity"


def severity_name(severity: Severity) -> str:
    """Return a severity with its mark: ``🟧 Major``."""
    return f"{severity_mark(severity)} {text.inline(severity.name)}"


def severity_mark(severity: Severity) -> str:
    words = {*normal(severity.name).split()}
    known = next((mark for mark, names in NAMED.items() if names & words), None)
    return known or SEVERITY[min(max(severity.rank, 0), len(SEVERITY) - 1)]


def by_severity(incidents: Iterable[Incident]) -> list[Incident]:
    """Return the worst first; those that are equally bad stay in their order."""
    return sorted(incidents, key=lambda i: -i.severity.rank if i.severity else 1)


def _lead(incident: Incident) -> str:
    return f"lead {person(incident.lead)}" if incident.lead else "no lead"


def line(incident: Incident, now: datetime) -> str:
    """Describe an incident in two lines, for lists."""
    parts = [status(incident), severity(incident), _lead(incident)]
    if incident.created_at:
        parts.append(f"declared {text.ago(incident.created_at, now)}")
    if incident.slack_channel_id:
        parts.append(text.channel(incident.slack_channel_id))
    if incident.mode != "standard":
        parts.append(text.inline(incident.mode))
    return f"{title(incident)}\n{' · '.join(parts)}"
