"""A digest of what is outstanding, to be worked off where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    HeaderBlock,
    Option,
    StaticSelectElement,
)

from blocks import text
from blocks.items import age
from blocks.messages import button, opener, section

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

SNOOZES = (
    ("1 day", "1d"),
    ("3 days", "3d"),
    ("1 week", "1w"),
    ("Until a date…", "pick"),
)

NOTHING = "Nothing is outstanding here any more."
SPOKEN = 5
"""Items of one owner in the plain words."""
NAMED = 30
"""Owners named among those whose items did not fit."""
_TAIL = 1
"""Blocks kept for what did not fit."""


@dataclass(frozen=True, slots=True)
class Line:
    """One outstanding item."""

    noun: str
    """``followup`` or ``action``: what commands call it."""
    id: str
    title: str
    since: datetime | None
    reference: str
    incident: str
    url: str | None
    severity: str | None = None
    priority: str | None = None
    private: bool = False
    target: str | None = None
    """When it should be done, in words."""


@dataclass(frozen=True, slots=True)
class Group:
    """What one person owns; nobody's has neither name nor Slack id."""

    name: str | None
    slack_id: str | None
    total: int
    lines: Sequence[Line]
    """The most urgent; there may be more than these."""


@dataclass(frozen=True, slots=True)
class Digest:
    at: datetime
    name: str | None
    groups: Sequence[Group]

    @property
    def total(self) -> int:
        return sum(group.total for group in self.groups)


class Message(NamedTuple):
    text: str
    blocks: Sequence[Block]
    shown: Mapping[str, Any] | None = None
    """Ids of what it shows, kept for when it is drawn again."""


def message(digest: Digest, slot_id: str) -> Message:
    """What is posted, and what the message becomes when it is drawn anew."""
    return Message(summary(digest), draw(digest, f"reminder show {slot_id}"))


def draw(digest: Digest, origin: str) -> list[Block]:
    """The message. ``origin`` is the command that draws it anew."""
    if not digest.total:
        return [section(NOTHING)]
    room = text.BLOCKS_IN_MESSAGE - 1 - _TAIL
    blocks: list[Block] = []
    left: list[tuple[Group, int]] = []
    for group in digest.groups:
        shown = min(len(group.lines), max(0, (room - len(blocks) - 1) // 2))
        if shown:
            blocks.append(section(f"*{_owner(group)}* · {_count(group.total)}"))
        for line in group.lines[:shown]:
            blocks += _item(line, digest.at, f"{origin}#{len(blocks)}")
        if group.total > shown:
            left.append((group, group.total - shown))
    header = HeaderBlock(text=text.plain(headline(digest), text.HEADER))
    return [header, *blocks, *_more(left)]


def headline(digest: Digest) -> str:
    """``Payments team: 12 items outstanding``."""
    said = f"{_count(digest.total)} outstanding"
    return f"{digest.name}: {said}" if digest.name else said


def summary(digest: Digest) -> str:
    """The same in plain words, for notifications and screen readers."""
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
        titles = [
            f"{text.inline(line.title, 150)} ({text.inline(line.reference)})"
            for line in group.lines[:SPOKEN]
        ]
        more = group.total - len(titles)
        titles += [f"and {more:,} more"] if more else []
        yield f"{_owner(group)}: {'; '.join(titles)}"


def _item(line: Line, now: datetime, block_id: str) -> list[Block]:
    buttons = [
        button("Done", f"{line.noun} done {line.id}", style="primary"),
        StaticSelectElement(
            placeholder="Snooze",
            action_id="run.2",
            options=[
                Option(label=label, value=f"{line.noun} snooze {line.id} {span}")
                for label, span in SNOOZES
            ],
        ),
        button("Assign", f"{line.noun} assign {line.id}", nth=3),
    ]
    if line.url:
        buttons.append(opener("Open", line.url))
    return [
        section(f"{text.bold(line.title)}\n{' · '.join(_facts(line, now))}"),
        ActionsBlock(block_id=block_id, elements=buttons),
    ]


def _facts(line: Line, now: datetime) -> Iterator[str]:
    reference = text.link(line.url, line.reference) if line.url else line.reference
    lock = "🔒 " if line.private else ""
    yield f"{lock}{reference} {text.inline(line.incident, 100)}"
    if line.severity:
        yield text.inline(line.severity)
    if line.priority:
        yield f"{text.inline(line.priority)} priority"
    if line.since:
        yield age(line.since, now)
    if line.target:
        yield line.target
    yield "action" if line.noun == "action" else "follow-up"


def _more(left: Sequence[tuple[Group, int]]) -> list[Block]:
    """Nobody's items go unmentioned because others have many."""
    if not left:
        return []
    total = sum(number for _, number in left)
    owners = [f"{_owner(group)} {number:,}" for group, number in left[:NAMED]]
    owners += ["others"] if len(left) > NAMED else []
    return [section(f"and {total:,} more: {', '.join(owners)}")]


def _owner(group: Group) -> str:
    if group.slack_id:
        return text.mention(group.slack_id)
    return text.inline(group.name, 80) if group.name else "Nobody yet"


def _count(number: int) -> str:
    return text.count(number, "item")
