"""Who is away, until when and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from reminders.snapshot import Part

if TYPE_CHECKING:
    from reminders.snapshot import Reader, Reading


@dataclass(frozen=True, slots=True)
class Away:
    until: datetime | None
    """None: nobody knows."""
    why: str


AWAY: Part[Mapping[str, Away]] = Part("away", {})
"""By Slack id."""


def nobody() -> Reader[Mapping[str, Away]]:
    def read(_: Reading) -> Mapping[str, Away]:
        return {}

    return read
