"""Reads the times of a reminder: ``at 09:30 mon``, ``daily``, ``mon thu``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING

from handlers.core.problems import UsageError
from incidentio.on_call.coverage import WEEKDAYS

if TYPE_CHECKING:
    from blocks.reminders.form import ReminderDraft

_NUMBERS = {
    word: number
    for number, day in enumerate(WEEKDAYS, 1)
    for word in (day, f"{day}s", day[:3])
}
DAYS = (*_NUMBERS, "weekdays", "daily")
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))? ?(am|pm)?")


def of_day(words: str) -> time:
    match = _TIME.fullmatch(words.strip().casefold())
    hour = int(match[1]) if match else 24
    if match and match[3]:
        hour = hour % 12 + (12 if match[3] == "pm" else 0) if 1 <= hour <= 12 else 24
    minute = int(match[2] or 0) if match else 0
    if hour > 23 or minute > 59:
        raise UsageError("Write a time of day as `at 09:30`.")
    return time(hour, minute)


def on(draft: ReminderDraft, days: Sequence[str]) -> ReminderDraft:
    """Return the draft with the rhythm that these days mean."""
    if not days:
        return draft
    if "daily" in days:
        return replace(draft, rhythm="daily")
    chosen = sorted({_NUMBERS[day] for day in days if day in _NUMBERS})
    if "weekdays" in days:
        chosen = sorted({*chosen, 1, 2, 3, 4, 5})
    if chosen == [1, 2, 3, 4, 5]:
        return replace(draft, rhythm="weekdays")
    if len(chosen) == 1:
        return replace(draft, rhythm="weekly", day=str(chosen[0]))
    numbers = ",".join(str(day % 7) for day in chosen)
    cron = f"{draft.at.minute} {draft.at.hour} * * {numbers}"
    return replace(draft, rhythm="cron", cron=cron)
