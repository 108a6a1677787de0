"""Help and suggestions, drawn from the declarations of commands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from slack_sdk.models.blocks import Block

from blocks.kit import messages, text
from handlers.core.command import Group, Reply
from handlers.core.pipeline.router import UnknownCommand


def phrases(groups: Sequence[Group], slash: str) -> Reply:
    """List every phrase of the groups with its help; cached."""
    blocks: list[Block] = []
    for group in groups:
        lines = list(_lines(group, slash))
        if lines:
            head = f"*{text.escape(group.about)}*"
            blocks += [messages.section("\n".join([head, *lines]))]
    if len(groups) > 1:
        blocks.append(
            messages.context(
                f"`{slash} help <word>` explains one of them. In threads, where slash "
                "commands do not work, mention the bot instead."
            )
        )
    drawn = [block.to_dict() for block in blocks[: text.BLOCKS_IN_MESSAGE]]
    declared = (c for group in groups for c in group.commands.values())
    names = [c.phrase for c in declared if not c.flags.hidden]
    said = ", ".join(f"{slash} {name}" for name in names if name)
    return Reply(text.escape(f"What {slash} can do: {said}"), drawn)


def _lines(group: Group, slash: str) -> Iterable[str]:
    for command in group.commands.values():
        if command.name and not command.flags.hidden:
            usage = text.escape(command.usage)
            yield f"`{slash} {usage}`  {text.escape(command.help)}"


def unknown(typed: UnknownCommand, slash: str) -> Reply:
    """Offer the command that a mistyped line may mean."""
    shown = text.code(f"{slash} {typed.typed}", 60)
    if typed.instead is None:
        words = f"There is no {shown}."
        return Reply(
            words,
            [messages.section(words), messages.buttons([("Show everything", "help")])],
        )
    meant = text.code(f"{slash} {typed.instead}", 100)
    words = f"There is no {shown}. Did you mean {meant}?"
    line = text.clip(typed.instead, 2000)
    row = messages.buttons([(f"{slash} {typed.instead}", line), ("Help", "help")])
    return Reply(words, [messages.section(words), row])
