"""Whom the stand-in tells, as incident.io tells Slack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Created = Callable[[dict[str, Any]], None]
Announced = Callable[[dict[str, Any], str], None]


@dataclass
class Hooks:
    created: list[Created] = field(default_factory=list)
    announced: list[Announced] = field(default_factory=list)

    def tell_created(self, incident: dict[str, Any]) -> None:
        for callback in self.created:
            callback(incident)

    def tell_announced(self, incident: dict[str, Any], text: str) -> None:
        for callback in self.announced:
            callback(incident, text)
