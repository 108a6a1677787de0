"""From a line of words to the command it means; and all that was declared, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from blocks.fields import Choosable
from handlers.command import Command, Group, Modal, Submission
from handlers.words import nearest, split

HELP = ("help", "-h", "--help", "?")


@dataclass(frozen=True, slots=True)
class Call:
    """A command with the words meant for it."""

    command: Command
    words: Sequence[str]
    text: str
    """The words as they were typed."""

    @property
    def writes(self) -> bool:
        """Whether it may change something at once: the words may say everything."""
        return self.command.flags.writes and bool(self.words)


@dataclass(frozen=True, slots=True)
class Help:
    """Show the phrases of a group, or all of them."""

    noun: str | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """No command starts like this; ``instead`` is a line that may be meant."""

    typed: str
    instead: str | None


class Router:
    """Every declaration of every group, found by what Slack sends."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self.groups = tuple(groups)
        self.commands: dict[str, Command] = {}
        self.submissions: dict[str, Submission] = {}
        self.sources: dict[str, Callable[..., Sequence[Choosable]]] = {}
        self.changes: dict[str, Callable[..., Modal]] = {}
        self.shortcuts: dict[str, Command] = {}
        for group in self.groups:
            for command in group.commands.values():
                self._add(self.commands, dict.fromkeys(command.phrases, command))
            self._add(self.submissions, group.submissions)
            self._add(self.sources, group.sources)
            self._add(self.changes, group.changes)
            self._add(self.shortcuts, group.shortcuts)

    @staticmethod
    def _add(known: dict[str, Any], more: dict[str, Any]) -> None:
        for name, item in more.items():
            if name in known:
                raise ValueError(f"{name} is declared twice")
            known[name] = item

    def route(self, line: str) -> Call | Help | Unknown:
        words = split(line)
        if not words:
            return Call(self.commands[""], (), "")
        if words[0].lower() in HELP:
            return Help(words[1].lower() if len(words) > 1 else None)
        if len(words) > 1 and words[-1].lower() == HELP[0] and self.group(words[0]):
            return Help(words[0].lower())
        return self._call(words, line) or self._mistyped(words)

    def group(self, noun: str) -> Group | None:
        """Find the group a noun belongs to, singular or plural."""
        noun = noun.lower()
        for group in self.groups:
            nouns = {phrase.partition(" ")[0] for phrase in group.commands}
            if noun in nouns | {group.name}:
                return group
        return None

    def _call(self, words: list[str], line: str) -> Call | None:
        for length in (2, 1):
            phrase = " ".join(words[:length]).lower()
            if len(words) >= length and (command := self.commands.get(phrase)):
                return Call(command, words[length:], _after(line, length))
        return None

    def _mistyped(self, words: list[str]) -> Unknown:
        """Correct the noun first, then the verb that goes with it."""
        typed = words[0].lower()
        nouns = list(dict.fromkeys(p.partition(" ")[0] for p in self.commands if p))
        noun = nearest(typed, nouns)
        if noun is None:
            return Unknown(typed, None)
        verbs = [p for p in self.commands if p.startswith(f"{noun} ")]
        if len(words) > 1 and verbs:
            phrase = f"{noun} {words[1].lower()}"
            meant = phrase if phrase in verbs else nearest(phrase, verbs)
            if meant and (noun not in self.commands or meant == phrase):
                return Unknown(" ".join(words[:2]), " ".join([meant, *words[2:]]))
        if noun not in self.commands:
            return Unknown(" ".join(words[:2]), verbs[0])
        return Unknown(typed, " ".join([noun, *words[1:]]))


def _after(line: str, words: int) -> str:
    """Give what was typed after the first words, as it was typed."""
    rest = line.strip()
    for _ in range(words):
        rest = rest.partition(" ")[2].lstrip()
    return rest
