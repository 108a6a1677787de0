"""How long: ``30m``, ``4h``, ``1d``."""

from __future__ import annotations

from datetime import timedelta
from typing import NewType

from blocks.kit import text
from handlers.core.arguments.resolve import resolves
from handlers.core.context import Context
from handlers.core.problems import UsageError
from reminders.calendar.durations import span

Span = NewType("Span", timedelta)


@resolves(Span)
def _span(_: Context, words: list[str], required: bool) -> timedelta | None:
    if words and words[0].lower() == "for":
        del words[0]
    if not words:
        if required:
            raise UsageError("For how long? For example `30m`, `4h` or `1d`.")
        return None
    found = span(words[0])
    if found is None:
        typed = text.inline(words[0], 40)
        raise UsageError(f"“{typed}” is no length of time. Write `30m`, `4h` or `1d`.")
    del words[0]
    return found
