"""The digest of a channel: the most urgent items, with a menu to deal with each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slack_sdk.models.blocks import HeaderBlock

from blocks.kit import outstanding, text
from blocks.kit.messages import Message, section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from slack_sdk.models.blocks import Block

    from blocks.kit.outstanding import OutstandingLine

NOTHING = "Nothing is outstanding any more."


@dataclass(frozen=True, slots=True)
class Digest:
    at: datetime
    name: str | None
    noun: str
    """The noun for what is counted: ``follow-up``, ``action`` or ``item``."""
    total: int
    late: int
    """How many of the total are past their target."""
    lines: Sequence[OutstandingLine]
    """The items shown; some may be dealt with since, and are not in the total."""

    @property
    def rest(self) -> int:
        """How many outstanding items are not shown."""
        return max(0, self.total - sum(line.is_open for line in self.lines))


def message(digest: Digest, slot_id: str) -> Message:
    """Return the message, to post it or to redraw it."""
    shown = [line.shown() for line in digest.lines]
    blocks = [_head(digest), *_drawn(digest, slot_id)]
    return Message(summary(digest), blocks, {"items": shown} if shown else None)


def _head(digest: Digest) -> Block:
    """Draw the title; where nothing is left to do, one plain line."""
    if not digest.total:
        return section(text.inline(headline(digest)))
    return HeaderBlock(text=text.plain(headline(digest), text.HEADER))


def _drawn(digest: Digest, slot_id: str) -> Iterator[Block]:
    """Yield the items and the buttons."""
    origin = f"{outstanding.REDRAW} {slot_id}"
    for number, line in enumerate(digest.lines):
        facts = list(outstanding.facts(line, digest.at, kind=digest.noun == "item"))
        yield outstanding.item(line, facts, outstanding.steps, f"{origin}#{number}")
    if digest.total:
        yield outstanding.foot(slot_id, digest.rest, "reminders")


def headline(digest: Digest) -> str:
    """Return ``Payments: 12 follow-ups outstanding, 3 overdue``."""
    late = outstanding.late(digest.late, digest.total)
    said = f"{text.count(digest.total, digest.noun)} outstanding{late}"
    if not digest.total:
        said = "nothing is outstanding any more." if digest.name else NOTHING
    return f"{digest.name}: {said}" if digest.name else said


def summary(digest: Digest) -> str:
    """Return the digest in plain text, for notifications and screen readers."""
    said = [text.inline(headline(digest))]
    said += [
        outstanding.spoken(line, digest.at) for line in digest.lines if line.is_open
    ]
    if digest.rest:
        said.append(f"and {digest.rest:,} more")
    return text.clip("\n".join(said), text.MESSAGE)
