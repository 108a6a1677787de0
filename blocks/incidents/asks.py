"""Questions about incidents in progress, with buttons that answer them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    Option,
    StaticSelectElement,
)

from blocks.kit import text
from blocks.kit.messages import Message, button, section

SNOOZES = (("1 hour", "1h"), ("4 hours", "4h"), ("1 day", "1d"), ("1 week", "1w"))
GONE = "What was asked here is settled: the incident is no longer in progress."
HANDED_ON = "What was asked here is for somebody else now."


@dataclass(frozen=True, slots=True)
class About:
    """The incident that a question is about."""

    reference: str
    name: str
    url: str | None
    private: bool

    @property
    def title(self) -> str:
        """Return ``*INC-12* Checkout is slow``; the reference is a link."""
        lock = "🔒 " if self.private else ""
        shown = text.link(self.url, self.reference) if self.url else None
        reference = shown or text.inline(self.reference)
        return f"{lock}*{reference}* {text.inline(self.name, 150)}"


@dataclass(frozen=True, slots=True)
class Question:
    """A question: ``words`` are mrkdwn that follows the incident's title directly."""

    words: str
    answers: Sequence[tuple[str, str]]
    """The buttons: labels and command lines."""
    snooze: str | None = None
    """The command line that snoozes it, without the duration."""
    off: str | None = None
    """The command line that turns such questions off for the incident."""


def ask(about: About, question: Question, slot_id: str) -> Message:
    """Return the message that asks; after an answer it is redrawn in place."""
    words = f"{about.title}{question.words}"
    elements: list[ButtonElement | StaticSelectElement] = [
        button(label, line, nth=number)
        for number, (label, line) in enumerate(question.answers, 1)
    ]
    if question.snooze:
        elements.append(_snooze(question.snooze, len(elements) + 1))
    if question.off:
        number = len(elements) + 1
        elements.append(button("Turn off here", question.off, nth=number))
    block_id = f"reminder show {slot_id}#0"
    answers = ActionsBlock(block_id=block_id, elements=elements)
    return Message(text.unformatted(words), [section(words), answers])


def _snooze(line: str, number: int) -> StaticSelectElement:
    options = [Option(label=label, value=f"{line} {span}") for label, span in SNOOZES]
    return StaticSelectElement(
        placeholder="Snooze", action_id=f"run.{number}", options=options
    )


def answered(words: str, about: About | None = None) -> Message:
    """Return the message that replaces a closed question."""
    said = f"{about.title}: {words}" if about else words
    blocks: list[Block] = [section(said)]
    return Message(text.unformatted(said), blocks)


def listing(
    about: About, lines: Iterable[str], answers: Sequence[tuple[str, str]]
) -> Message:
    """Return a list of what is asked about an incident, with buttons."""
    said = "\n".join([about.title, *lines])
    elements = [
        button(label, line, nth=number)
        for number, (label, line) in enumerate(answers, 1)
    ]
    blocks: list[Block] = [section(said), ActionsBlock(elements=elements)]
    return Message(text.unformatted(said), blocks)
