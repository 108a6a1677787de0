"""Long texts in several inputs, for an input of Slack holds at most 3,000 characters.

A text is cut at spaces, and joined to exactly the same text again: the name of each
block holds the space that stood before its piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, unquote

LONGEST_TEXT = 3000
"""The most characters of an input."""
PIECE = 2400
"""The most characters of a piece at first, so that there is room to write more."""
MOST_BOXES = 20
"""The most inputs for one text; a form has 100 blocks."""
LONGEST_GAP = 12
"""The most characters between two pieces: they must fit into the name of a block."""
FRESH = "#"
BOX = "~"

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text, and the space that was before it."""

    text: str
    gap: str = ""


def length(text: str) -> int:
    """Count the characters of a text as Slack may: those beyond U+FFFF twice."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def cut(text: str) -> list[Piece] | None:
    """Cut a text into pieces, each for one input; None if that cannot be done."""
    if length(text) <= LONGEST_TEXT:
        return [Piece(text)]
    pieces: list[Piece] = []
    gap, rest = "", text.strip()
    while length(rest) > PIECE:
        found = _place(rest)
        if found is None or len(pieces) == MOST_BOXES - 1:
            return None
        end, start = found
        pieces.append(Piece(rest[:end], gap))
        gap, rest = rest[end:start], rest[start:]
    return [*pieces, Piece(rest, gap)]


def headline(words: str, most: int) -> tuple[str, str]:
    """Return the first line, at most ``most`` characters long, and the whole text.

    The second value is empty if the first line is the whole text.
    """
    first, _, _ = words.strip().partition("\n")
    head = first.strip()
    if length(head) > most:
        kept = head[: most - 1]
        while length(kept) > most - 1:
            kept = kept[:-1]
        head = f"{_at_a_word(kept)}…"
    return head, "" if head == words.strip() else words.strip()


def _at_a_word(words: str) -> str:
    """Drop a word that was cut, unless most of the text is that word."""
    before, _, _ = words.rpartition(" ")
    return before.rstrip() if len(before) > len(words) // 2 else words


def _place(text: str) -> tuple[int, int] | None:
    """Return where a piece ends and the next begins, at a line break if possible.

    None: there is no place to cut.
    """
    most = _fitting(text)
    found = [m for m in _SPACE.finditer(text, most // 2, most) if _is_whole(m, text)]
    lines = [m for m in found if "\n" in m[0]]
    if found:
        return (lines or found)[-1].span()
    for at in range(most, 0, -1):
        if not text[at - 1].isspace() and not text[at].isspace():
            return at, at
    return None


def _is_whole(gap: re.Match[str], text: str) -> bool:
    """Return whether a gap is all the space there, and fits into a block's name."""
    before, after = text[gap.start() - 1], text[gap.end()]
    whole = not before.isspace() and not after.isspace()
    return whole and len(gap[0]) <= LONGEST_GAP


def _fitting(text: str) -> int:
    """Return how many characters from the beginning a piece may have."""
    most = PIECE
    while length(text[:most]) > PIECE:
        most -= (length(text[:most]) - PIECE + 1) // 2
    return most


def mark(fresh: str, number: int, piece: Piece) -> str:
    """Return what follows a field's name in the name of a piece's block."""
    return f"{fresh}{BOX}{number}{BOX}{quote(piece.gap, safe='')}"


def name_of(block_id: str) -> str:
    """Return the name of the field that is drawn in this block."""
    return block_id.partition(FRESH)[0]


def place_of(block_id: str) -> tuple[int, str]:
    """Return the number of the piece in this block, and the gap before it."""
    _, _, box = block_id.partition(FRESH)[2].partition(BOX)
    number, _, gap = box.partition(BOX)
    return int(number or 1), unquote(gap)


def join(pieces: Iterable[Piece]) -> str | None:
    """Join pieces; an empty one is left out with its gap. None: all are empty."""
    whole = ""
    for piece in pieces:
        if piece.text:
            whole += piece.gap + piece.text if whole else piece.text
    return whole or None
