"""The digest of outstanding items, with buttons to deal with them in place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slack_sdk.models.blocks import Block, HeaderBlock, InteractiveElement

from blocks.kit import outstanding, text
from blocks.kit.items import age
from blocks.kit.messages import Message, section
from blocks.kit.outstanding import OutstandingLine

__all__ = ["Digest", "Message", "OutstandingLine", "OwnerGroup", "message"]

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime


NOTHING = "Nothing is outstanding here any more."
SPOKEN = 5
"""The most items of one owner in the plain text."""
NAMED = 30
"""The most owners named whose items did not fit."""
_HEAD, _TAIL = 2, 1
"""Blocks kept free above the items, and below them for what did not fit."""


@dataclass(frozen=True, slots=True)
class OwnerGroup:
    """The items of one owner; unowned items have neither name nor Slack id."""

    name: str | None
    slack_id: str | None
    total: int
    lines: Sequence[OutstandingLine]
    """The most urgent items; finished ones may be among them, and others missing."""
    mark: str = ""
    """The mark after the name of an owner who has left."""

    def left(self, shown: Sequence[OutstandingLine]) -> int:
        """Return how many outstanding items are not among ``shown``."""
        return self.total - sum(line.is_open for line in shown)


@dataclass(frozen=True, slots=True)
class Digest:
    at: datetime
    name: str | None
    groups: Sequence[OwnerGroup]

    @property
    def total(self) -> int:
        return sum(group.total for group in self.groups)


def message(digest: Digest, slot_id: str) -> Message:
    """Return the message, to post it or to redraw it."""
    fitting = _fitting(digest.groups)
    shown = [line.shown() for _, lines in fitting for line in lines]
    blocks = _drawn(digest, fitting, f"reminder show {slot_id}")
    return Message(summary(digest), blocks, {"items": shown} if shown else None)


def _fitting(
    groups: Sequence[OwnerGroup],
) -> list[tuple[OwnerGroup, Sequence[OutstandingLine]]]:
    """Return the lines of each group that there is room for."""
    room, found = text.BLOCKS_IN_MESSAGE - _HEAD - _TAIL, []
    for group in groups:
        shown = group.lines[: max(0, (room - 1) // 2)]
        room -= 1 + 2 * len(shown) if shown else 0
        found.append((group, shown))
    return found


def _drawn(
    digest: Digest,
    fitting: Sequence[tuple[OwnerGroup, Sequence[OutstandingLine]]],
    origin: str,
) -> list[Block]:
    """Return the blocks; ``origin`` is the command that redraws them."""
    if not any(group.total or lines for group, lines in fitting):
        return [section(NOTHING)]
    mixed = len({line.noun for _, lines in fitting for line in lines}) > 1
    blocks: list[Block] = []
    for group, lines in fitting:
        if lines:
            blocks.append(section(f"*{_owner(group)}* · {_count(group.total)}"))
        for line in lines:
            facts = list(_facts(line, digest.at, mixed=mixed))
            block_id = f"{origin}#{len(blocks)}"
            blocks += outstanding.item(line, facts, _controls, block_id)
    header = HeaderBlock(text=text.plain(headline(digest), text.HEADER))
    return [header, *blocks, *_more(fitting)]


def headline(digest: Digest) -> str:
    """Return ``Payments team: 12 items outstanding``."""
    said = f"{_count(digest.total)} outstanding"
    return f"{digest.name}: {said}" if digest.name else said


def summary(digest: Digest) -> str:
    """Return the digest in plain text, for notifications and screen readers."""
    said: list[str] = []
    for sentence in _sentences(digest):
        if sum(map(len, said)) + len(sentence) > text.MESSAGE - 100:
            return "\n".join([*said, "and more"])
        said.append(sentence)
    return "\n".join(said)


def _sentences(digest: Digest) -> Iterator[str]:
    if not digest.total:
        yield NOTHING
    else:
        yield f"{text.inline(headline(digest))}."
    for group in digest.groups:
        open_ = [line for line in group.lines if line.is_open]
        titles = [
            f"{text.inline(line.title or '', 150)} ({text.inline(line.reference)})"
            for line in open_[:SPOKEN]
        ]
        more = group.total - len(titles)
        titles += [f"and {more:,} more"] if more else []
        if titles:
            yield f"{_owner(group)}: {'; '.join(titles)}"


def _controls(line: OutstandingLine) -> list[InteractiveElement]:
    return [outstanding.done(line), outstanding.snooze(line), outstanding.assign(line)]


def _facts(line: OutstandingLine, now: datetime, *, mixed: bool) -> Iterator[str]:
    """Yield facts about an item; its kind only if the digest has several."""
    yield outstanding.place(line)
    if line.severity:
        yield text.inline(line.severity)
    if line.priority:
        yield f"{text.inline(line.priority)} priority"
    if line.since:
        yield age(line.since, now)
    if said := outstanding.target(line, now):
        yield said
    if mixed or line.noun == "action":
        yield outstanding.NOUNS[line.noun].name


def _more(
    fitting: Sequence[tuple[OwnerGroup, Sequence[OutstandingLine]]],
) -> list[Block]:
    """Draw how many items did not fit, and of which owners."""
    left = [(group, group.left(lines)) for group, lines in fitting]
    left = [(group, number) for group, number in left if number > 0]
    if not left:
        return []
    total = sum(number for _, number in left)
    owners = [f"{_owner(group)} {number:,}" for group, number in left[:NAMED]]
    owners += ["others"] if len(left) > NAMED else []
    return [section(f"and {total:,} more: {', '.join(owners)}")]


def _owner(group: OwnerGroup) -> str:
    if group.slack_id:
        return f"{text.mention(group.slack_id)}{group.mark}"
    return f"{text.inline(group.name, 80)}{group.mark}" if group.name else "Unassigned"


def _count(number: int) -> str:
    return text.count(number, "item")
