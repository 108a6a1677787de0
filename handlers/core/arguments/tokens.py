"""The words after the slash command: cut into pieces, found again, corrected."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from incidentio.lookup import normal

_PIECE = re.compile(
    r'"([^"]*)"|\u201c([^\u201d]*)\u201d|\u201e([^\u201c\u201d]*)[\u201c\u201d]'
    r"|\u201d([^\u201d]*)\u201d|\u00ab([^\u00bb]*)\u00bb|(\S+)"
)
_APART = re.compile("[\\s\u201c-\u201e\u00ab\u00bb]")
"""Characters at which ``split`` cuts; a word with one needs quotes."""
_PAGE = re.compile(r"page:(\d{1,4})")
LONGEST = 4000
LONGEST_WORD = 80
"""Characters of the longest word that is corrected."""


class Tokens(list[str]):
    """The words still to be read."""

    then: object = None
    """The type of the next parameter that takes words, if there is one."""


def split(line: str) -> list[str]:
    """Cut a line at spaces; double quotes keep several words together.

    An apostrophe is a letter and a quote left open is itself: no text is an error.
    """
    found = _PIECE.finditer(line[:LONGEST])
    return [next((g for g in m.groups() if g is not None), "") for m in found]


def take_page(words: list[str]) -> int:
    """Remove ``page:2`` from the words and return 2; 1 where there is none."""
    for i, word in enumerate(words):
        if match := _PAGE.fullmatch(word):
            del words[i]
            return max(int(match[1]), 1)
    return 1


def join(words: Iterable[str]) -> str:
    """Write words as a line that ``split`` cuts in the same places."""
    return " ".join(_quoted(word) for word in words)


def _quoted(word: str) -> str:
    return f'"{word}"' if not word or _APART.search(word) else word


def nearest(word: str, known: Sequence[str]) -> str | None:
    """Return the one of ``known`` that a mistyped word most likely means, or None."""
    if len(word) > LONGEST_WORD:
        return None
    written, folded = normal(word), {normal(name): name for name in known}
    close = get_close_matches(written, list(folded), n=1, cutoff=0.6)
    if close:
        return folded[close[0]]
    starts = (n for n in folded if len(written) > 1 and n.startswith(written))
    return folded[first] if (first := next(starts, None)) else None


MOST_BEFORE = 8
"""The most words before a text, such as those that name the incident."""


def as_typed(line: str, words: str) -> str:
    """Return ``words``, which end ``line``, as typed there: with their line breaks."""
    pieces = split(line)
    typed = words
    for before in range(min(len(pieces), MOST_BEFORE)):
        if " ".join(pieces[before:]) == words:
            typed = line.split(None, before)[-1]
            break
    return typed.strip()


ID = "[0-9A-Z]{26}"
"""The form of an id of incident.io, as a pattern."""


def is_id(word: str) -> bool:
    """Return whether a word has the form of an incident.io id."""
    return re.fullmatch(ID, word) is not None
