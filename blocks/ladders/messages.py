"""Messages of a ladder's steps: neglected follow-ups, who was told, what stops it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slack_sdk.models.blocks import Block, HeaderBlock, SectionBlock

from blocks.kit import outstanding, text
from blocks.kit.messages import Message, context, overflow, section
from blocks.kit.outstanding import MOST_SHOWN, OutstandingLine, place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

OVER = "Somebody has dealt with all of this."

WHOSE: Mapping[str, str] = {
    "owner": "of yours",
    "lead": "of incidents that you lead",
    "channel": "that concern this channel",
    "person": "that were left alone",
}
WHY: Mapping[str, str] = {
    "owner": "You are told because you own {}.",
    "lead": "You are told because you lead {}.",
    "channel": "This channel is told because it is a step of the ladder.",
    "person": "You are told because you are a step of the ladder.",
}
WHAT: Mapping[str, tuple[str, str]] = {
    "owner": ("it", "them"),
    "lead": ("the incident it comes from", "the incidents they come from"),
}
STOPS = (
    "Whatever is done about a follow-up stops this: finish, snooze or reassign it, "
    "or change it in incident.io."
)


@dataclass(frozen=True, slots=True)
class Following:
    """The next recipient, in mrkdwn, and the working days until then."""

    whom: str
    days: int


@dataclass(frozen=True, slots=True)
class LadderItem:
    """One follow-up; everything but ``line`` is mrkdwn."""

    line: OutstandingLine
    past: str
    owner: str
    told: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Appeal:
    """The message of one step to one recipient."""

    to: str
    entries: Sequence[LadderItem]
    following: Following | None
    slot_id: str


def message(appeal: Appeal) -> Message:
    if not appeal.entries:
        return Message(OVER, [section(OVER)])
    head = headline(appeal)
    blocks: list[Block] = [
        HeaderBlock(text=text.plain(head, text.HEADER)),
        section(_next(appeal)),
    ]
    origin = f"{outstanding.REDRAW} {appeal.slot_id}"
    for number, entry in enumerate(appeal.entries[:MOST_SHOWN]):
        blocks.append(_drawn(entry, appeal.to, f"{origin}#{number}"))
    rest = len(appeal.entries) - MOST_SHOWN
    blocks.append(context(f"{_why(appeal)} {STOPS}"))
    blocks.append(outstanding.foot(appeal.slot_id, max(0, rest), "ladders"))
    return Message(_summary(appeal), blocks)


def _drawn(entry: LadderItem, to: str, block_id: str) -> SectionBlock:
    line = entry.line
    return SectionBlock(
        block_id=block_id,
        text=section("\n".join(_words(entry, to))).text,
        accessory=overflow(outstanding.steps(line), line.url),
    )


def headline(appeal: Appeal) -> str:
    """Return ``3 follow-ups of yours are overdue``."""
    number = len(appeal.entries)
    what = f"{text.count(number, 'follow-up')} {WHOSE[appeal.to]}"
    if number == 1:
        what = what.replace("that concern ", "that concerns ")
        what = what.replace("that were ", "that was ")
    return f"{what} {'is' if number == 1 else 'are'} overdue"


def _next(appeal: Appeal) -> str:
    found = appeal.following
    if found is None:
        return "No one else is told after this."
    them = "it" if len(appeal.entries) == 1 else "them"
    within = (
        f"in {text.count(found.days, 'working day')}" if found.days else "today too"
    )
    return f"If nothing happens on {them}, {found.whom} is told {within}."


def _why(appeal: Appeal) -> str:
    one, many = WHAT.get(appeal.to, ("", ""))
    return WHY[appeal.to].format(one if len(appeal.entries) == 1 else many)


def _words(entry: LadderItem, to: str) -> Iterator[str]:
    yield text.bold(entry.line.title or "")
    yield " · ".join(_facts(entry, to))
    if entry.told:
        yield entry.told
    if entry.why:
        yield entry.why


def _facts(entry: LadderItem, to: str) -> Iterator[str]:
    line = entry.line
    yield place(line)
    if line.severity:
        yield text.inline(line.severity)
    if line.priority:
        yield f"{text.inline(line.priority)} priority"
    yield entry.past
    if to != "owner" and entry.owner not in entry.why:
        yield entry.owner


def _summary(appeal: Appeal) -> str:
    """Return the message in plain text, for notifications and screen readers."""
    shown = appeal.entries[:MOST_SHOWN]
    said = [f"{headline(appeal)}. {_next(appeal)}", *map(_spoken, shown)]
    rest = len(appeal.entries) - len(shown)
    said += [f"and {rest:,} more"] if rest else []
    return text.clip("\n".join(said), text.MESSAGE)


def _spoken(entry: LadderItem) -> str:
    title = text.inline(entry.line.title or "", 150)
    reference = text.inline(entry.line.reference, 60)
    told = f" {entry.told}" if entry.told else ""
    return f"{title} ({reference}), {entry.past}, {entry.owner}.{told}"


def whom(to: str, id_: str | None = None, name: str | None = None) -> str:
    """Return a step's recipient in words; a person by name, which notifies nobody."""
    if to == "owner":
        return "the owner"
    if to == "lead":
        return "the incident's lead"
    if to == "channel":
        return text.channel(id_) if id_ else "the incident's channel"
    return text.inline(name, 80) if name else "the last one named"
