"""Help and suggestions, drawn from the declarations of commands."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackClientError
from slack_sdk.models.blocks import Block

from blocks.kit import messages, text
from handlers.core.command import Command, Group, Reply
from handlers.core.context import Context
from handlers.core.permissions import Level
from handlers.core.pipeline.router import UnknownCommand
from incidentio.errors import IncidentioError

log = logging.getLogger(__name__)

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
    "incidents",
    "incident show",
    "updates",
    "timeline show",
    "schedules",
    "escalations",
    "prefs",
)
"""The commands of every day, the most usual first."""
AT_FIRST = 10
"""How many of them the help begins with."""


class Reader:
    """Whoever reads the help: what they may do, and what they lack for the rest.

    While that cannot be told, they are shown everything.
    """

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._policy = ctx.services.policy
        try:
            self.level = self._policy.level(ctx.user, ctx.channel)
        except (SlackClientError, IncidentioError) as error:
            log.info("help is shown whole: %s", error)
            self.level = Level.ADMINISTER

    def may(self, command: Command) -> bool:
        """Return whether they may run a command, be it for their own things only."""
        own = command.flags.own is not None and self.level >= Level.READ
        return own or self._needed(command) <= self.level

    def least_lacking(self, commands: Iterable[Command]) -> Level | None:
        """Return what the easiest of the commands needs that they may not run."""
        others = (self._needed(c) for c in commands if not self.may(c))
        return min(others, default=None)

    def lacks(self, level: Level) -> tuple[str, str]:
        """Say what a level is that they lack, and whom to ask for it."""
        among = self._ctx.directory.may_help_here
        asked = self._ctx.user, self._ctx.channel, level, among
        return self._policy.need(level), self._policy.ask(*asked)

    def refusal(self) -> str:
        """Say what they need to do anything at all."""
        among = self._ctx.directory.may_help_here
        asked = self._ctx.user, self._ctx.channel, Level.READ, among
        return self._policy.refusal(*asked)

    def _needed(self, command: Command) -> Level:
        return self._policy.needed(command.flags.does.always)


@dataclass(frozen=True, slots=True)
class Overview:
    """The commands of every day, and a button for each topic: the same for a level."""

    words: str
    blocks: Sequence[dict[str, Any]]
    lacking: Level | None
    """What the easiest command needs that is not for this level."""

    def reply(self, reader: Reader) -> Reply:
        return Reply(self.words, [*self.blocks, *_drawn(_more(self.lacking, reader))])


def overview(groups: Sequence[Group], slash: str, reader: Reader) -> Overview:
    """Draw what the help says to everybody of the reader's level."""
    declared = _shown(groups)
    known = {c.phrase: c for c in declared}
    usual = [known[phrase] for phrase in EVERY_DAY if reader.may(known[phrase])]
    everyday = usual[:AT_FIRST]
    lines = [_line(command, slash) for command in everyday]
    topics = [
        (group.about, f"help {group.name}")
        for group in groups
        if group.name and any(map(reader.may, _shown([group])))
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
    lacking = reader.least_lacking(declared)
    return Overview(text.escape(words), _drawn(blocks), lacking)


def phrases(groups: Sequence[Group], slash: str, reader: Reader) -> Reply:
    """Return the phrases of the groups that the reader may use, each with its help."""
    declared = _shown(groups)
    own = [command for command in declared if reader.may(command)]
    if not own:
        return _nothing(groups, reader)
    drawn: list[Block] = []
    for group in groups:
        lines = [_line(c, slash) for c in _shown([group]) if reader.may(c)]
        if lines:
            head = f"*{text.escape(group.about)}*"
            drawn.append(messages.section("\n".join([head, *lines])))
    more = _more(reader.least_lacking(declared), reader)
    blocks = [*drawn[: text.BLOCKS_IN_MESSAGE - len(more)], *more]
    said = ", ".join(f"{slash} {command.phrase}" for command in own)
    words = text.clip(f"What {slash} can do: {said}", MOST_SPOKEN)
    return Reply(text.escape(words), _drawn(blocks))


def _drawn(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    return [block.to_dict() for block in blocks]


def _more(lacking: Level | None, reader: Reader) -> list[Block]:
    """Return a line that says more commands exist, and whom to ask."""
    if lacking is None:
        return []
    need, ask = reader.lacks(lacking)
    return [messages.context(f"More commands need {need}. {ask}")]


def _nothing(groups: Sequence[Group], reader: Reader) -> Reply:
    """Say what the reader needs for groups of which they may do nothing."""
    about = text.listed([text.escape(group.about) for group in groups])
    lacking = reader.least_lacking(_shown(groups))
    if lacking is None:
        return Reply(about)
    need, ask = reader.lacks(lacking)
    return Reply(f"{about}: you need {need}. {ask}")


MOST_SPOKEN = 1900


IN_A_ROW = 25


def _rows(lines: Sequence[tuple[str, str]]) -> Iterable[Block]:
    """Draw buttons in rows that Slack takes."""
    starts = range(0, len(lines), IN_A_ROW)
    return (messages.buttons(lines[at : at + IN_A_ROW]) for at in starts)


def _shown(groups: Iterable[Group]) -> list[Command]:
    """Return the commands that the help names."""
    every = (command for group in groups for command in group.commands.values())
    return [c for c in every if c.name and not c.flags.hidden]


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
