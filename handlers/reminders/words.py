"""Reads the words of ``remind`` into its form.

``overdue team:Payments label:security older:14d at 09:30 mon``: a word that names no
filter belongs to the value before it. The form says what was guessed.
"""

from __future__ import annotations

import re

from blocks.kit import text
from blocks.reminders import form as view
from handlers.core.arguments.tokens import nearest
from handlers.core.context import Context
from handlers.core.problems import UsageError
from handlers.reminders import times
from handlers.reminders.filter_values import KINDS, TAKES, FilterReading

_PIECE = re.compile(r'(?:[^\s"“]|"[^"]*"|“[^”]*”|["“])+')
_KEYED = re.compile(r"([^\W\d_]+):(.*)", re.DOTALL)

NAMED = (
    "severity",
    "type",
    "priority",
    "team",
    "label",
    "owner",
    "older",
    "at",
    "name",
)
FLAGS: dict[str, str] = {
    "overdue": "overdue",
    "late": "overdue",
    "unowned": "unowned",
    "all": "all",
    **KINDS,
    **dict.fromkeys(times.DAYS, "day"),
}
MOST_FILTERS = 25
BARE = ("older", "at")
"""Filters that need no colon."""


def read(
    ctx: Context, line: str, draft: view.ReminderDraft
) -> tuple[view.ReminderDraft, list[str]]:
    """Return the draft filled in from the words, and notices about guesses.

    Raises:
        UsageError: something was not understood.
    """
    reading = FilterReading(ctx, draft)
    named = entries(line)
    if len(named) > MOST_FILTERS:
        raise UsageError(f"A reminder takes up to {MOST_FILTERS} filters in words.")
    for key, value in named:
        TAKES[key](reading, value)
    return times.on(reading.draft, reading.days), reading.notices


def entries(line: str) -> list[tuple[str, str]]:
    """Return the named filters, each with all the words of its value."""
    found: list[tuple[str, list[str]]] = []
    running = False
    for piece in _PIECE.findall(line):
        key, value = _keyed(piece)
        if key:
            found.append((key, [value] if value else []))
            running = key in NAMED
        elif running:
            found[-1][1].append(piece)
        elif piece.casefold() not in ("on", "every", "and", "only"):
            raise _unknown(piece)
    return [(key, " ".join(words)) for key, words in found]


def _keyed(piece: str) -> tuple[str | None, str]:
    """Return the filter that a word names, if any, and the rest of the word."""
    word = piece.casefold()
    if word in FLAGS:
        return FLAGS[word], word
    if word in BARE:
        return word, ""
    match = _KEYED.fullmatch(piece)
    if match is None:
        return None, ""
    key = match[1].casefold()
    key = key if key in NAMED else nearest(key, NAMED) or ""
    if not key:
        raise _unknown(piece)
    return key, match[2]


def _unknown(piece: str) -> UsageError:
    word, shown = piece.partition(":")[0], text.inline(piece, 60)
    meant = nearest(word, [*FLAGS, *(f"{name}:" for name in NAMED)])
    hint = f" Did you mean `{meant}`?" if meant else ""
    return UsageError(
        f"“{shown}” is no filter of a reminder.{hint} You can use `overdue`, "
        "`unowned`, `actions`, `team:`, `label:`, `severity:`, `type:`, "
        "`priority:`, `owner:`, `older:14d`, and for its times `at 09:30 mon`."
    )
