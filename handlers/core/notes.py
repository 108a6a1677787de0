"""What a write was about, for the audit: told by its handler before it is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from blocks.kit import text
from incidentio.models import Incident

NOT_YET = "-"
"""Stands for the id of a private incident that has none yet."""

LONGEST = 500
"""Characters of a value: the audit says what was changed, it keeps no copies."""


@dataclass(slots=True)
class Notes:
    """``target`` is in words; ``changes`` holds old and new values by name."""

    target: str | None = None
    incident_id: str | None = None
    """A private incident's entries are shown to its own people only."""
    changes: dict[str, list[Any]] = field(default_factory=dict)
    _private: bool = False

    def on(self, kind: str, name: str, id_: str | None = None) -> None:
        """Say what is written to: ``on("role", role.name, role.id)``."""
        words = f"{kind} {text.plain(name, LONGEST)}"
        self.target = f"{words} ({id_})" if id_ else words

    def on_incident(self, incident: Incident) -> None:
        """Say which incident it is about, if nothing nearer is noted."""
        if incident.is_private or not self._private:
            self.incident_id, self._private = incident.id, incident.is_private
        if self.target is None:
            self.on("incident", f"{incident.reference} {incident.name}", incident.id)

    def on_private(self) -> None:
        """Say that it is about a private incident whose id is not known yet."""
        self.incident_id, self._private = NOT_YET, True

    def within(self, incident_id: str | None) -> None:
        """Say which incident it is about by its id alone, if none is known better."""
        if incident_id and not self._private:
            self.incident_id = incident_id

    def change(self, name: str, old: Any, new: Any) -> None:
        """Note a value that is replaced; no secrets."""
        self.changes[name] = [_short(old), _short(new)]


def _short(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    return text.clip(str(value), LONGEST)
