"""The form that moves an incident on: its severity, its status, with a message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from blocks.kit import incidents as cards
from blocks.kit.fields import Choice, Choosable, Field, Text, Ticks
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
"""As an incident goes through them."""

CLOSING = {
    "closed": "Close incident",
    "declined": "Decline incident",
    "canceled": "Cancel incident",
}
"""What ends an incident is asked twice; the second time by the button's name."""

_TITLES = {SEVERITY: "Severity of", STATUS: "Status of", UPDATE: "Update"}
_PLACEHOLDER = "What happened, what is being done, when more is known"
NOTIFY = Choosable("Tell the incident's channel", "channel")


@dataclass(frozen=True, slots=True)
class Draft:
    """The contents of the form, at first and when it is redrawn.

    ``shown`` is the severity and the status that the person saw, by field name, and
    ``confirmed`` the closing status they were asked about.
    """

    severity: str | None = None
    status: str | None = None
    message: str | None = None
    notices: Sequence[str] = ()
    shown: Mapping[str, str | None] = field(default_factory=dict)
    confirmed: Status | None = None
    next_update: str | None = None
    next_choices: Sequence[Choosable] = ()
    next_shown: str | None = None
    """What stood in the field before anybody chose."""


def shown(incident: Incident) -> dict[str, str | None]:
    """Return what a form remembers of its incident."""
    return {
        "severity": incident.severity.id if incident.severity else None,
        "status": incident.incident_status.id,
    }


def form(
    id_: str,
    incident: Incident,
    severities: Iterable[Severity],
    statuses: Iterable[Status],
    draft: Draft,
) -> Form:
    confirmed = draft.confirmed
    fields = {
        "severity": _severity(incident, severities, draft),
        "status": _status(incident, statuses, draft),
        "message": _message(draft),
        "notify": _notify(incident),
        "next_update": _next_update(draft),
    }
    return Form(
        id=id_,
        title=f"{_TITLES[id_]} {incident.reference}",
        submit=CLOSING[confirmed.category] if confirmed else "Save",
        close="Not now" if confirmed else "Cancel",
        fields=[
            *(Note(notice) for notice in draft.notices),
            Note(_now(incident), small=True),
            *(found for name in _ORDER[id_] if (found := fields[name])),
        ],
        memory={
            "incident": incident.id,
            **(draft.shown or shown(incident)),
            "confirmed": confirmed.id if confirmed else None,
            "next": draft.next_shown,
        },
    )


_ORDER = {
    SEVERITY: ("severity", "message", "notify"),
    STATUS: ("status", "message", "notify"),
    UPDATE: ("message", "severity", "status", "next_update"),
}


def _now(incident: Incident) -> str:
    parts = (cards.title(incident), cards.status(incident), cards.severity(incident))
    return " · ".join(parts)


def _severity(
    incident: Incident, severities: Iterable[Severity], draft: Draft
) -> Field | None:
    ranked = sorted(severities, key=lambda s: s.rank)
    if not ranked:
        return None
    return Choice(
        name="severity",
        label="Severity",
        options=[Choosable(s.name, s.id) for s in ranked],
        value=draft.severity,
        optional=incident.severity is None,
    )


def _status(incident: Incident, statuses: Iterable[Status], draft: Draft) -> Field:
    offered = [
        s
        for s in in_order(statuses)
        if s.category != "merged" or s.id == incident.incident_status.id
    ]
    return Choice(
        name="status",
        label="Status",
        options=[Choosable(s.name, s.id) for s in offered],
        value=draft.status,
    )


def in_order(statuses: Iterable[Status]) -> list[Status]:
    """Sort statuses as an incident goes through them; unforeseen ones come last."""
    places = {category: place for place, category in enumerate(CATEGORIES)}
    return sorted(statuses, key=lambda s: (places.get(s.category, len(places)), s.rank))


def _message(draft: Draft) -> Field:
    return Text(
        name="message",
        label="Message",
        placeholder=_PLACEHOLDER,
        hint="It is shared in the incident's channel.",
        value=draft.message,
        multiline=True,
        optional=True,
    )


def _next_update(draft: Draft) -> Field | None:
    if not draft.next_choices:
        return None
    return Choice(
        name="next_update",
        label="Next update",
        hint="The lead is asked for it then, and after a while the channel.",
        options=draft.next_choices,
        value=draft.next_update,
    )


def _notify(incident: Incident) -> Field | None:
    if not incident.slack_channel_id:
        return None
    return Ticks(name="notify", label="Notify", options=[NOTIFY], value=[NOTIFY.value])
