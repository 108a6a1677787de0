"""What people chose about questions: the next update, and snoozed nudges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reminders.live.asking import EVERY_NUDGE, stored
from reminders.sources.snapshot import Part

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from reminders.sources.snapshot import Reader, Reading
    from storage.cadences import Cadences, Promise
    from storage.snoozes import Snoozes


PROMISES: Part[Mapping[str, Promise]] = Part("promises", {})
"""When people want to be asked for the next update, by incident."""


def promises(cadences: Cadences) -> Reader[Mapping[str, Promise]]:
    def read(_: Reading) -> Mapping[str, Promise]:
        return cadences.all()

    return read


NUDGED: Part[Mapping[tuple[str, str], datetime]] = Part("nudged", {})
"""Until when nudges are snoozed, or were, by kind and incident."""


def nudged(snoozes: Snoozes) -> Reader[Mapping[tuple[str, str], datetime]]:
    kinds = [stored(what) for what in EVERY_NUDGE]

    def read(_: Reading) -> Mapping[tuple[str, str], datetime]:
        return snoozes.among(kinds)

    return read
