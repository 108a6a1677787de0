"""Durations as people and settings write them: ``30m``, ``4h``, ``1d``."""

from __future__ import annotations

import re
from datetime import timedelta

UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}


def span(word: str) -> timedelta | None:
    """Read a duration. None: the text is not a duration, or the duration is zero."""
    match = re.fullmatch(r"(\d{1,3})([mhdw])", word.strip().lower(), re.ASCII)
    return int(match[1]) * UNITS[match[2]] or None if match else None


def written(length: timedelta) -> str:
    """Write a duration as ``span`` reads it, in the largest unit that needs no rest."""
    unit = next(u for u in "wdhm" if not length % UNITS[u])
    return f"{length // UNITS[unit]}{unit}"
