"""The digest of a person's follow-ups, with buttons to deal with them in place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import (
    Block,
    HeaderBlock,
    InteractiveElement,
    SectionBlock,
)

from blocks.kit import outstanding, text
from blocks.kit.items import age
from blocks.kit.messages import Message, button, section
from blocks.kit.outstanding import Controls, OutstandingLine

OWN, LED = "items", "led"
"""The keys in ``shown`` of the items in the two sections."""
MOST_OWN, MOST_LED = 15, 6
SETTLED = "All of these are dealt with."
HEADING = "*Of incidents you lead*"


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
    origin = f"reminder show {slot_id}"
    own = _drawn(digest.own, digest.at, _own_controls, f"{origin}#{OWN}")
    led = _drawn(digest.led, digest.at, _led_controls, f"{origin}#{LED}")
    header = HeaderBlock(text=text.plain(headline(digest), text.HEADER))
    return Message(
        summary(digest),
        [
            header,
            *own,
            *_rest(digest.own),
            *([section(_heading(digest))] if led else []),
            *led,
            *_rest_led(digest.led),
        ],
        {
            OWN: [line.shown() for line in digest.own.lines],
            LED: [line.shown() for line in digest.led.lines],
        },
    )


def headline(digest: OwnerDigest) -> str:
    """Return ``You have 5 open follow-ups, 2 overdue.``"""
    if digest.own.total:
        return _own_headline(digest.own)
    return _led_headline(digest.led) if digest.led.total else SETTLED


def _own_headline(own: DigestSection) -> str:
    late = f", {own.late:,} overdue" if own.late else ""
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
            target = outstanding.target(line, now)
            facts = [text.inline(line.reference), *([target] if target else [])]
            yield f"{text.inline(line.title or '', 150)} ({', '.join(facts)})"
    if share.rest:
        yield f"and {share.rest:,} more"


def _drawn(
    share: DigestSection, now: datetime, controls: Controls, origin: str
) -> list[Block]:
    return [
        block
        for number, line in enumerate(share.lines)
        for block in outstanding.item(
            line, list(_facts(line, now)), controls, f"{origin}{number}"
        )
    ]


def _facts(line: OutstandingLine, now: datetime) -> Iterator[str]:
    yield outstanding.place(line)
    if said := outstanding.target(line, now):
        yield said
    if line.note:
        yield line.note
    if line.priority:
        yield f"{text.inline(line.priority, 60)} priority"
    if line.since:
        yield age(line.since, now)


def _own_controls(line: OutstandingLine) -> Sequence[InteractiveElement]:
    return [
        outstanding.done(line),
        outstanding.drop(line),
        outstanding.snooze(line),
        outstanding.give(line, "Reassign to"),
    ]


def _led_controls(line: OutstandingLine) -> Sequence[InteractiveElement]:
    return [outstanding.give(line, "Reassign to" if line.owner_id else "Assign to")]


def _rest(own: DigestSection) -> list[Block]:
    if not own.rest:
        return []
    words = section(f"and {own.rest:,} more of yours").text
    return [SectionBlock(text=words, accessory=button("Show all", "mine"))]


def _rest_led(led: DigestSection) -> list[Block]:
    return [section(f"and {led.rest:,} more of them")] if led.rest else []


def _follow_ups(number: int) -> str:
    return text.count(number, "follow-up")
