"""The forms that change an incident's severity or status, or post an update."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from blocks.kit import incidents as cards
from blocks.kit.edit import Input
from blocks.kit.fields import (
    SEVERITIES,
    STATUSES,
    Choice,
    Choosable,
    Field,
    Text,
    Ticks,
    choosable,
)
from blocks.kit.form import Form, Note
from incidentio import Incident, Severity, Status

SEVERITY = "severity"
STATUS = "status"
UPDATE = "update"

CATEGORIES = (
    "triage",
    "live",
    "paused",
    "learning",
    "closed",
    "declined",
    "canceled",
    "merged",
)
"""Categories of statuses, in the order in which an incident goes through them."""

CLOSING = {
    "closed": "Close incident",
    "declined": "Decline incident",
    "canceled": "Cancel incident",
}
"""Statuses that end an incident are confirmed; then the button has this label."""

_TITLES = {SEVERITY: "Severity of", STATUS: "Status of", UPDATE: "Update"}
_PLACEHOLDER = "What happened, what is being done, when more is known"
NOTIFY = Choosable("Tell the incident's channel", "channel")


def form(
    id_: str, incident: Incident, inputs: Sequence[Input], closing: Status | None
) -> Form:
    """Draw the form around ``inputs``; ``closing`` is the status to be confirmed."""
    return Form(
        id=id_,
        title=f"{_TITLES[id_]} {incident.reference}",
        submit=CLOSING[closing.category] if closing else "Save",
        close="Not now" if closing else "Cancel",
        fields=[Note(_now(incident), small=True), *inputs],
        memory={
            "incident": incident.id,
            "confirmed": closing.id if closing else None,
        },
    )


def inputs(
    id_: str,
    incident: Incident,
    severities: Iterable[Severity],
    statuses: Iterable[Status],
    next_update: tuple[str, Sequence[Choosable]],
) -> list[Input]:
    """Draw the inputs of the form ``id_``, filled in with the present values.

    ``next_update``: the value chosen at first for the next update, and the options.
    """
    fields = {
        "severity": _severity(incident, severities),
        "status": _status(incident, statuses),
        "message": _message(),
        "notify": _notify(incident),
        "next_update": _next_update(*next_update),
    }
    return [found for name in _ORDER[id_] if (found := fields[name])]


_ORDER = {
    SEVERITY: ("severity", "message", "notify"),
    STATUS: ("status", "message", "notify"),
    UPDATE: ("message", "severity", "status", "next_update"),
}


def _now(incident: Incident) -> str:
    parts = (cards.title(incident), cards.status(incident), cards.severity(incident))
    return " · ".join(parts)


def _severity(incident: Incident, severities: Iterable[Severity]) -> Field | None:
    ranked = sorted(severities, key=lambda s: s.rank)
    if not ranked:
        return None
    return Choice(
        name=SEVERITY,
        label="Severity",
        options=choosable(ranked),
        value=incident.severity.id if incident.severity else None,
        source=SEVERITIES,
        optional=incident.severity is None,
    )


def _status(incident: Incident, statuses: Iterable[Status]) -> Field:
    offered = [
        s
        for s in in_order(statuses)
        if s.category != "merged" or s.id == incident.incident_status.id
    ]
    return Choice(
        name=STATUS,
        label="Status",
        options=choosable(offered),
        value=incident.incident_status.id,
        source=STATUSES,
    )


def in_order(statuses: Iterable[Status]) -> list[Status]:
    """Sort statuses as an incident goes through them; unforeseen ones come last."""
    places = {category: place for place, category in enumerate(CATEGORIES)}
    return sorted(statuses, key=lambda s: (places.get(s.category, len(places)), s.rank))


def _message() -> Field:
    return Text(
        name="message",
        label="Message",
        placeholder=_PLACEHOLDER,
        hint="It is shared in the incident's channel.",
        multiline=True,
        optional=True,
    )


def _next_update(usual: str, choices: Sequence[Choosable]) -> Field:
    return Choice(
        name="next_update",
        label="Next update",
        hint="The lead is asked for it then, and after a while the channel.",
        options=choices,
        value=usual,
    )


def _notify(incident: Incident) -> Field | None:
    if not incident.slack_channel_id:
        return None
    return Ticks(name="notify", label="Notify", options=[NOTIFY], value=[NOTIFY.value])
