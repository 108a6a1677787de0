"""Help and suggestions, drawn from the declarations of commands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from slack_sdk.models.blocks import Block

from blocks.kit import messages, text
from handlers.core.command import Command, Group, Reply
from handlers.core.pipeline.router import UnknownCommand

EVERY_DAY = (
    "declare",
    "severity",
    "status",
    "update",
    "page",
    "escalation ack",
    "oncall",
    "override",
    "followups",
    "mine",
)


def overview(groups: Sequence[Group], slash: str) -> Reply:
    """Return the commands of every day, and a button for each topic."""
    known = {c.phrase: c for group in groups for c in group.commands.values()}
    everyday = [known[phrase] for phrase in EVERY_DAY]
    lines = [_line(command, slash) for command in everyday]
    topics = [
        (group.about, f"help {group.name}")
        for group in groups
        if group.name and any(map(_is_shown, group.commands.values()))
    ]
    blocks = [
        messages.section("\n".join(["*Every day*", *lines])),
        messages.section("*Topics*"),
        *_rows([*topics, ("Everything", "help all")]),
        messages.context(
            f"`{slash} help <word>` explains one topic. In threads, where slash "
            "commands do not work, mention the bot instead."
        ),
    ]
    said = ", ".join(f"{slash} {command.shortest}" for command in everyday)
    words = f"Every day: {said}. `{slash} help all` lists everything."
    return Reply(text.escape(words), [block.to_dict() for block in blocks])


def phrases(groups: Sequence[Group], slash: str) -> Reply:
    """Return every phrase of the groups with its help."""
    drawn = []
    for group in groups:
        lines = [_line(c, slash) for c in group.commands.values() if _is_shown(c)]
        if lines:
            head = f"*{text.escape(group.about)}*"
            drawn.append(messages.section("\n".join([head, *lines])).to_dict())
    declared = (c for group in groups for c in group.commands.values())
    said = ", ".join(f"{slash} {c.phrase}" for c in declared if _is_shown(c))
    words = text.clip(f"What {slash} can do: {said}", MOST_SPOKEN)
    return Reply(text.escape(words), drawn[: text.BLOCKS_IN_MESSAGE])


MOST_SPOKEN = 1900


def _rows(lines: Sequence[tuple[str, str]]) -> Iterable[Block]:
    """Draw buttons in rows that Slack takes."""
    for first in range(0, len(lines), IN_A_ROW):
        yield messages.buttons(lines[first : first + IN_A_ROW])


IN_A_ROW = 25


def _is_shown(command: Command) -> bool:
    return bool(command.name) and not command.flags.hidden


def _line(command: Command, slash: str) -> str:
    """Describe a command in a line, with the other phrases that run it."""
    usage, help_ = text.escape(command.usage), text.escape(command.help)
    also = ", ".join(f"`{text.escape(alias)}`" for alias in command.aliases)
    return f"`{slash} {usage}`  {help_}{f' Also {also}.' if also else ''}"


def unknown(typed: UnknownCommand, slash: str) -> Reply:
    """Offer the commands that a line may mean, each as a button."""
    shown = text.code(text.clip(typed.typed, 60), 60)
    if not typed.instead:
        words = f"I don't know {shown}. Here is what I can do:"
        return Reply(words, [messages.section(words), messages.buttons(USUAL)])
    lines = [text.code(f"{slash} {line}", 100) for line in typed.instead]
    words = f"I don't know {shown}. Did you mean {text.listed(lines, 'or')}?"
    offered = [(f"{slash} {line}", text.clip(line, 2000)) for line in typed.instead]
    row = messages.buttons([*offered, ("Help", "help")])
    return Reply(words, [messages.section(words), row])


USUAL = (
    ("Declare", "declare"),
    ("On call", "oncall"),
    ("My work", "mine"),
    ("Help", "help"),
)
