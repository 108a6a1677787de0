"""The digest of a person's follow-ups, with buttons to deal with them in place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import Block, HeaderBlock

from blocks.kit import outstanding, text
from blocks.kit.messages import Message, section
from blocks.kit.outstanding import Menu, OutstandingLine

OWN, LED = "items", "led"
"""The keys in ``shown`` of the items in the two sections."""
SETTLED = "All of these are dealt with."
HEADING = "*In incidents you lead*"


@dataclass(frozen=True, slots=True)
class DigestSection:
    """A section of the digest; finished items among the lines are not counted."""

    lines: Sequence[OutstandingLine]
    total: int
    late: int = 0

    @property
    def rest(self) -> int:
        return max(0, self.total - sum(line.is_open for line in self.lines))


@dataclass(frozen=True, slots=True)
class OwnerDigest:
    at: datetime
    own: DigestSection
    led: DigestSection
    """Orphans of incidents that the person leads: nobody takes care of them."""


def message(digest: OwnerDigest, slot_id: str) -> Message:
    origin = f"{outstanding.REDRAW} {slot_id}"
    own = _drawn(digest.own, digest.at, outstanding.own_steps, f"{origin}#{OWN}")
    led = _drawn(digest.led, digest.at, outstanding.steps, f"{origin}#{LED}")
    heading = [section(_heading(digest))] if led and digest.own.lines else []
    return Message(
        summary(digest),
        [_head(digest), *own, *heading, *led, *_foot(digest, slot_id)],
        {
            OWN: [line.shown() for line in digest.own.lines],
            LED: [line.shown() for line in digest.led.lines],
        },
    )


def _head(digest: OwnerDigest) -> Block:
    """Draw the title; where nothing is left to do, one plain line."""
    if digest.own.total or digest.led.total:
        return HeaderBlock(text=text.plain(headline(digest), text.HEADER))
    return section(SETTLED)


def _foot(digest: OwnerDigest, slot_id: str) -> list[Block]:
    if not digest.own.total and not digest.led.total:
        return []
    rest = digest.own.rest + digest.led.rest
    return [outstanding.foot(slot_id, rest, "prefs")]


def headline(digest: OwnerDigest) -> str:
    """Return ``You have 5 open follow-ups, 2 overdue.``"""
    if digest.own.total:
        return _own_headline(digest.own)
    return _led_headline(digest.led) if digest.led.total else SETTLED


def _own_headline(own: DigestSection) -> str:
    late = outstanding.late(own.late, own.total)
    return f"You have {text.count(own.total, 'open follow-up')}{late}."


def _heading(digest: OwnerDigest) -> str:
    """Return the heading of the second section, unlike the headline of the message."""
    if digest.own.total and digest.led.total:
        return text.bold(_led_headline(digest.led))
    return HEADING


def _led_headline(led: DigestSection) -> str:
    want = "needs" if led.total == 1 else "need"
    return f"{_follow_ups(led.total)} in incidents you lead {want} an owner."


def summary(digest: OwnerDigest) -> str:
    """Return the digest in plain text, for notifications and screen readers."""
    said: list[str] = []
    for sentence in _sentences(digest):
        if sum(map(len, said)) + len(said) + len(sentence) > text.MESSAGE - 100:
            return "\n".join([*said, "and more"])
        said.append(sentence)
    return "\n".join(said)


def _sentences(digest: OwnerDigest) -> Iterator[str]:
    yield headline(digest)
    yield from _titles(digest.own, digest.at)
    if digest.led.total:
        if digest.own.total:
            yield _led_headline(digest.led)
        yield from _titles(digest.led, digest.at)


def _titles(share: DigestSection, now: datetime) -> Iterator[str]:
    for line in share.lines:
        if line.is_open:
            yield outstanding.spoken(line, now)
    if share.rest:
        yield f"and {share.rest:,} more"


def _drawn(
    share: DigestSection, now: datetime, steps: Menu, origin: str
) -> list[Block]:
    return [
        outstanding.item(
            line, list(outstanding.facts(line, now)), steps, f"{origin}{number}"
        )
        for number, line in enumerate(share.lines)
    ]


def _follow_ups(number: int) -> str:
    return text.count(number, "follow-up")
