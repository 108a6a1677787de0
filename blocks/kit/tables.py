"""Tables that Slack pages and sorts: https://docs.slack.dev/reference/block-kit/blocks/data-table-block."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slack_sdk.models.blocks import Block

from blocks.kit import text
from blocks.kit.newer import Newer
from blocks.kit.people import mark, named, standing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incidentio import User

LETTERS = 9_000
"""The most characters in all cells of a message; Slack takes 10,000."""
MOST_ROWS = 40
ON_A_PAGE = 10
SHORTEST = 20
"""No cell is cut below this length."""
EMPTY = "-"
MENTION = re.compile(r"<@(\w+)>")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of plain text. ``link`` with an address stands before the text."""

    text: str = ""
    link: tuple[str, str] | None = None
    """A label and its address."""
    at: datetime | None = None
    """A moment, which each reader sees on their own clock."""
    person: str | None = None
    """A Slack id; the text is shown where there is none."""
    channel: str | None = None

    @property
    def letters(self) -> int:
        return len(self.text) + sum(map(len, self.link or ())) + 20

    def draw(self, most: int) -> Json:
        elements = [*self._elements(), *self._text(most)]
        section = {"type": "rich_text_section", "elements": elements}
        return {"type": "rich_text", "elements": [section]}

    def _elements(self) -> list[Json]:
        if self.link:
            label, address = text.plain(self.link[0]), self.link[1]
            if text.is_web(address):
                return [{"type": "link", "text": label, "url": address}]
            return [{"type": "text", "text": label}]
        if self.at:
            fallback = text.unformatted(text.when(self.at))
            shown = "{date_short_pretty} {time}"
            moment = {"timestamp": int(self.at.timestamp()), "format": shown}
            return [{"type": "date", **moment, "fallback": fallback}]
        if self.person:
            return [{"type": "user", "user_id": self.person}]
        if self.channel:
            return [{"type": "channel", "channel_id": self.channel}]
        return []

    def _text(self, most: int) -> list[Json]:
        special = bool(self._elements())
        if special and not self.text:
            return []
        words = text.plain(self.text, most) if self.text.strip() else EMPTY
        return [{"type": "text", "text": f" {words}" if special else words}]


NONE = Cell()
"""The cell with nothing in it."""


class DataTableBlock(Block):
    """A table with a header; long texts are cut so that Slack takes all of it."""

    type = "data_table"

    def __init__(
        self, caption: str, header: Sequence[str], rows: Sequence[Sequence[Cell]]
    ) -> None:
        super().__init__(type=self.type)
        most = _longest(rows)
        names: list[Json] = [{"type": "raw_text", "text": name} for name in header]
        cells = [[cell.draw(most) for cell in row] for row in rows[:MOST_ROWS]]
        self.caption = text.plain(caption)
        self.rows = [names, *cells]
        self.page_size = ON_A_PAGE

    @property
    def attributes(self) -> set[str]:  # type: ignore[override]
        return super().attributes | {"caption", "rows", "page_size"}


def _longest(rows: Sequence[Sequence[Cell]]) -> int:
    """Return the length to which texts of cells are cut, so that all of them fit."""
    cells = [cell for row in rows for cell in row]
    most = max((len(cell.text) for cell in cells), default=SHORTEST)
    while most > SHORTEST and _letters(cells, most) > LETTERS:
        most -= max(most // 10, 1)
    return max(most, SHORTEST)


def _letters(cells: Sequence[Cell], most: int) -> int:
    return sum(cell.letters - max(len(cell.text) - most, 0) for cell in cells)


def person(user: User | None, nobody: str) -> Cell:
    """Return the cell of a person, who is not mentioned without a Slack account."""
    if user is None:
        return Cell(nobody)
    known = standing(user)
    if known.slack_id is None:
        return Cell(named(user))
    return Cell(mark(user).strip(), person=known.slack_id)


def mrkdwn(words: str) -> Cell:
    """Return the cell of a text that may begin with a mention."""
    found = MENTION.match(words)
    if not found:
        return Cell(text.unescape(text.unformatted(words)))
    return Cell(text.unescape(words[found.end() :]).strip(), person=found[1])


def table(
    caption: str,
    header: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    plain: Sequence[Block],
    beside: Sequence[Block] = (),
) -> list[Block]:
    """Draw a table and what belongs to it, or plain blocks where Slack has none.

    Columns with nothing in them are left out, but for the first.
    """
    full = [n for n in range(len(header)) if n == 0 or any(r[n] != NONE for r in rows)]
    drawn = DataTableBlock(
        caption, [header[n] for n in full], [[row[n] for n in full] for row in rows]
    )
    others = [Newer(block, beside=drawn.type) for block in beside]
    return [Newer(drawn, plain), *others]
