"""Notes for the audit, which a handler makes before it writes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from blocks.kit import text
from incidentio import Incident
from incidentio.escalations import RelatedIncident

NOT_YET = "-"
"""Stands for the id of a private incident that is not created yet."""

LONGEST = 500
"""The most characters of a value: the audit keeps no copies."""


@dataclass(slots=True)
class Notes:
    """The target of a write in words, and pairs of old and new values by name."""

    target: str | None = None
    incident_id: str | None = None
    """Entries about a private incident are shown to its own people only."""
    changes: dict[str, list[Any]] = field(default_factory=dict)
    _private: bool = False

    def on(self, kind: str, name: str, id_: str | None = None) -> None:
        """Note the target: ``on("role", role.name, role.id)``."""
        words = f"{kind} {text.plain(name, LONGEST)}"
        self.target = f"{words} ({id_})" if id_ else words

    def on_incident(self, incident: Incident | RelatedIncident) -> None:
        """Note the incident, and make it the target if there is none yet."""
        if incident.is_private or not self._private:
            self.incident_id, self._private = incident.id, incident.is_private
        if self.target is None:
            self.on("incident", f"{incident.reference} {incident.name}", incident.id)

    def on_private(self) -> None:
        """Note a private incident whose id is not known yet."""
        self.incident_id, self._private = NOT_YET, True

    def within(self, incident_id: str | None) -> None:
        """Note the id of the incident, if none is noted yet."""
        if incident_id and not self._private:
            self.incident_id = incident_id

    def change(self, name: str, old: Any, new: Any) -> None:
        """Note an old and a new value; never a secret, nor prose: see ``rewrite``."""
        self.changes[name] = [_short(old), _short(new)]

    def rewrite(self, name: str, old: str | None, new: str | None) -> None:
        """Note that prose was changed: its lengths only, as its words are not kept."""
        self.changes[name] = [_length(old), _length(new)]


def _short(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    return text.clip(str(value), LONGEST)


def _length(words: str | None) -> str | None:
    return f"{len(words):,} characters" if words else None
