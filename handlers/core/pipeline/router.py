"""Finds the command that a line means, and every declaration by its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from slack_sdk.models.blocks import Block

from blocks.kit.fields import Choosable
from handlers.core.arguments.incidents import names_one
from handlers.core.arguments.people import says_on_call
from handlers.core.arguments.resolve import SOURCES, TEXTS, Page, annotated
from handlers.core.arguments.tokens import join, nearest, split
from handlers.core.command import Command, Group, HomePart, LiveField, Submission
from handlers.core.pipeline.understanding import (
    EMPTY,
    FILLERS,
    Meaning,
    Understanding,
    best,
)
from incidentio.lookup import normal

ALL = "all"
_PERSON = re.compile(r"<@\w+(\|[^>]*)?>|@\S+|me", re.IGNORECASE)
ONE_LETTER = 0.88
"""The likeness of a phrase of five letters and the same with a letter too much."""
HELP = ("help", "-h", "--help", "?")


@dataclass(frozen=True, slots=True)
class Invocation:
    """A command and the words for its parameters."""

    command: Command
    words: Sequence[str]
    text: str
    """The words as they were typed."""

    @property
    def writes(self) -> bool:
        """Return whether it may write without a form.

        Without words, a command that can open a form opens it; others may take all
        they need from the channel.
        """
        says_all = bool(self.words) or not self.command.opens_modal
        return self.command.flags.writes and says_all


@dataclass(frozen=True, slots=True)
class HelpRequest:
    """A request for help: on a noun, on ``ALL``, or, if None, on where to begin."""

    noun: str | None = None


@dataclass(frozen=True, slots=True)
class UnknownCommand:
    """A line that means no command; ``instead`` are lines that may be meant."""

    typed: str
    instead: tuple[str, ...] = ()


class Router:
    """Finds declarations by what Slack sends."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self.groups = tuple(groups)
        self.commands: dict[str, Command] = {}
        self.submissions: dict[str, Submission] = {}
        self.sources: dict[str, Callable[..., Sequence[Choosable]]] = {}
        self.changes: dict[str, LiveField] = {}
        self.shortcuts: dict[str, Command] = {}
        self.links: dict[re.Pattern[str], Callable[..., Sequence[Block]]] = {}
        self._add(self.sources, SOURCES)
        for group in self.groups:
            for command in group.commands.values():
                self._add(self.commands, dict.fromkeys(command.phrases, command))
            self._add(self.submissions, group.submissions)
            self._add(self.sources, group.sources)
            self._add(self.changes, group.changes)
            self._add(self.shortcuts, group.shortcuts)
            self.links |= group.links

    @cached_property
    def _visible(self) -> list[str]:
        return [p for p, c in self.commands.items() if p and not c.flags.hidden]

    @cached_property
    def home_parts(self) -> list[HomePart]:
        """The parts of the Home tab, in their order."""
        parts = (part for group in self.groups for part in group.home_parts)
        return sorted(parts, key=lambda part: part.rank)

    @cached_property
    def _understanding(self) -> Understanding:
        return Understanding(c for g in self.groups for c in g.commands.values())

    @staticmethod
    def _add(known: dict[str, Any], more: dict[str, Any]) -> None:
        for name, item in more.items():
            if name in known:
                raise ValueError(f"{name} is declared twice")
            known[name] = item

    @cached_property
    def _alone(self) -> dict[str, Invocation]:
        """What the phrases mean, each as a whole line: most lines are no more."""
        meant = {phrase: self._meaning(phrase) for phrase in self.commands}
        return {p: call for p, call in meant.items() if isinstance(call, Invocation)}

    def route(self, line: str) -> Invocation | HelpRequest | UnknownCommand:
        """Return what a line asks for."""
        return self._alone.get(line) or self._meaning(line)

    def _meaning(self, line: str) -> Invocation | HelpRequest | UnknownCommand:
        words = split(line)
        if not words:
            return Invocation(self.commands[""], (), "")
        return (
            self._helped(words)
            or self._listed(words, line)
            or self._begun(words, line)
            or self._named(words, line)
            or self._understood(words)
        )

    def _helped(self, words: list[str]) -> HelpRequest | UnknownCommand | None:
        """Return the help asked for by ``help`` before a noun, or after one."""
        if words[0].lower() in HELP:
            return self._help_with(words[1:])
        before, last = words[:-1], words[-1].lower()
        if last == HELP[0] and self._is_phrase(before):
            return HelpRequest(self._noun(before))
        return None

    def _help_with(self, about: list[str]) -> HelpRequest | UnknownCommand:
        if [normal(word) for word in about] == [ALL]:
            return HelpRequest(ALL)
        noun = self._noun(about)
        if noun or not about or about[0].lower() in HELP:
            return HelpRequest(noun)
        near = nearest(about[0], self._nouns())
        instead = (f"help {near}",) if near else ()
        return UnknownCommand(" ".join(["help", *about]), instead)

    def _is_phrase(self, words: list[str]) -> bool:
        typed = " ".join(words).lower()
        nouns = {head for head, taken in _heads(words) if taken == len(words)}
        return typed in self.commands or any(map(self.group, nouns))

    def _noun(self, words: list[str]) -> str | None:
        return next((head for head, _ in _heads(words) if self.group(head)), None)

    def _nouns(self) -> list[str]:
        return list(dict.fromkeys(p.partition(" ")[0] for p in self.commands if p))

    def group(self, noun: str) -> Group | None:
        """Return the group of a noun, singular or plural."""
        noun = noun.lower()
        for group in self.groups:
            nouns = {phrase.partition(" ")[0] for phrase in group.commands}
            if noun in nouns | {group.name}:
                return group
        return None

    def _begun(self, words: list[str], line: str) -> Invocation | None:
        """Return the command whose phrase begins the line.

        Return None if the line as a whole means another command more: ``close action``
        does not close an incident, and ``incident types`` does not show one.
        """
        called = self._call(words, line)
        if called is None or not called.words:
            return called
        own, lookup = self._is_own(called, words), _is_lookup(called.command)
        if _takes_text(called.command) and (own or not lookup):
            return called
        if given := self._for_person(called):
            return given
        return called if own and not lookup else self._weighed(called, words, own=own)

    def _weighed(
        self, called: Invocation, words: list[str], *, own: bool
    ) -> Invocation | None:
        """Return ``called``, or None if the line means another command more.

        ``own``: the line begins with the command's own phrase, not with an alias.
        """
        found = self._understanding.meanings(words)
        meant = best(found)
        head = {normal(word) for word in words[: len(words) - len(called.words)]}
        if meant is None:
            ties = found and not own
            return None if ties and _is_lookup(called.command) else called
        if meant.command is not called.command:
            return called if own and not meant.said & head else None
        if all(normal(word).strip("?!.") in EMPTY for word in called.words):
            return replace(called, words=(), text="")
        if own or meant.said <= head:
            return called
        return replace(called, words=_rest(meant))

    def _for_person(self, called: Invocation) -> Invocation | None:
        """Read ``role comms @kim`` and ``role comms oncall`` as giving the role."""
        instead, words = called.command.with_person, called.words
        on_call = any(says_on_call(words[at:]) for at in range(1, len(words)))
        if not instead or not (on_call or _PERSON.fullmatch(words[-1])):
            return None
        return replace(called, command=self.commands[instead])

    def _is_own(self, called: Invocation, words: list[str]) -> bool:
        """Return whether a line begins with a command's own phrase, not an alias."""
        head = words[: len(words) - len(called.words)]
        typed = {"".join(normal(word) for word in head).replace("-", "")}
        own = (called.command.phrase, called.command.shortest)
        return bool(typed & {phrase.replace(" ", "") for phrase in own})

    def _call(self, words: list[str], line: str) -> Invocation | None:
        for head, taken in _heads(words):
            for more in (1, 0):
                verb = [word.lower() for word in words[taken : taken + more]]
                command = self.commands.get(" ".join([head, *verb]))
                if len(verb) == more and command:
                    length = taken + more
                    return Invocation(command, words[length:], _after(line, length))
        return None

    def _listed(self, words: list[str], line: str) -> Invocation | None:
        """Read ``reminder list`` as ``reminders``, unless the noun takes a text."""
        noun, is_list = words[0].lower(), [w.lower() for w in words[1:2]] == ["list"]
        group = self.group(noun) if is_list and len(words) <= 3 else None
        if group is None or _takes_text(self.commands.get(noun)):
            return None
        plural = next(
            (c for n, c in group.commands.items() if _is_plural(n, noun)), None
        )
        return Invocation(plural, words[2:], _after(line, 2)) if plural else None

    def _named(self, words: list[str], line: str) -> Invocation | None:
        """Read a reference alone as ``incident show``."""
        show = self.commands.get("incident")
        if show is None or not names_one(words[0]):
            return None
        return Invocation(show, words, line.strip()) if len(words) == 1 else None

    def _understood(
        self, words: list[str]
    ) -> Invocation | HelpRequest | UnknownCommand:
        """Return the one lookup that is surely meant, else suggestions."""
        found = self._understanding.meanings(words)
        if not found and all(normal(word) in FILLERS for word in words):
            return HelpRequest()
        if len(found) == 1 and _is_sure(found[0]):
            rest = _rest(found[0])
            return Invocation(found[0].command, rest, join(rest))
        lines = [join([*m.command.shortest.split(), *_rest(m)]) for m in found]
        if not lines and names_one(words[0]):
            lines = [f"incident {words[0]}"]
        if not lines:
            typed = " ".join(words).lower()
            lines = get_close_matches(typed, self._visible, n=1, cutoff=ONE_LETTER)
        return UnknownCommand(join(words), tuple(lines))


def _rest(meaning: Meaning) -> tuple[str, ...]:
    """Return the words for a command, without fillers unless it takes a text."""
    if _takes_text(meaning.command):
        return meaning.words
    given = (word for word in meaning.words if normal(word) not in FILLERS - {"me"})
    return tuple(given)


def _is_sure(meaning: Meaning) -> bool:
    fits = not meaning.words or _takes_words(meaning.command)
    return meaning.exact and fits and _is_lookup(meaning.command)


def _is_lookup(command: Command) -> bool:
    return not command.flags.writes and not command.opens_modal


def _takes_words(command: Command) -> bool:
    return any(annotated(p) is not Page for p in command.parameters.values())


def _heads(words: list[str]) -> Iterator[tuple[str, int]]:
    """Yield the nouns that the first words may mean, and how many words each takes.

    ``on-call`` and ``on call`` are ``oncall``.
    """
    for taken in (1, 2):
        typed = normal("".join(words[:taken]))
        if len(words) >= taken:
            yield typed, taken
            yield typed.replace("-", ""), taken


def _is_plural(phrase: str, noun: str) -> bool:
    stem, ending = noun[:-1], phrase[len(noun) - 1 :]
    return (
        phrase != noun
        and phrase.startswith(stem)
        and ending.isalpha()
        and ending[-1] == "s"
    )


def _takes_text(command: Command | None) -> bool:
    kinds = command.parameters.values() if command else ()
    return any(annotated(parameter) in TEXTS for parameter in kinds)


def _after(line: str, words: int) -> str:
    """Return what was typed after the first ``words``, unchanged."""
    pieces = line.split(None, words)
    return pieces[words].rstrip() if len(pieces) > words else ""
