"""Fill a command's parameters from words, each by the type it is annotated with."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Sequence
from inspect import Parameter
from typing import Any, NewType, Protocol, TypeVar

from blocks import text
from blocks.fields import MOST_OPTIONS, Choosable
from handlers.command import Command
from handlers.context import Context
from handlers.problems import Ambiguous, Refusal, UsageError
from handlers.words import join, take_page
from incidentio.lookup import matches

Rest = NewType("Rest", str)
"""All the words that are left, as one text."""

Page = NewType("Page", int)
"""Which page of a list: ``page:2``."""

FIRST = Page(1)

Message = NewType("Message", dict[str, Any])
"""The message that a shortcut was used on, as Slack delivers it."""

T = TypeVar("T")


class Named(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


Resolver = Callable[[Context, list[str], bool], Any]
"""Take words off the front and return what they mean, or None if there are none.

The flag says that the command cannot do without it: raise ``Ambiguous`` then.
"""

RESOLVERS: dict[Any, Resolver] = {}


def resolves(kind: Any) -> Callable[[Resolver], Resolver]:
    """Declare how words become a ``kind``."""

    def declare(resolver: Resolver) -> Resolver:
        RESOLVERS[kind] = resolver
        return resolver

    return declare


def fill(command: Command, ctx: Context, words: Sequence[str]) -> dict[str, Any]:
    """Find a value for every parameter; raise ``Ambiguous`` or ``UsageError``."""
    rest = list(words)
    page = take_page(rest)
    values: dict[str, Any] = {}
    for name, parameter in command.parameters.items():
        if annotated(parameter) is Page:
            values[name] = page
            continue
        before = list(rest)
        held = _held_back(command, name, rest)
        try:
            value = _resolve(ctx, parameter, rest)
        except Ambiguous as question:
            question.line = _asked_again(command, words, before, [*rest, *held])
            raise
        rest += held
        if value is not None:
            values[name] = value
    if rest:
        typed = text.inline(join(rest), 200)
        raise UsageError(f"I do not know what to do with “{typed}”.")
    return values


def _resolve(ctx: Context, parameter: Parameter, words: list[str]) -> Any:
    required = parameter.default is Parameter.empty
    return RESOLVERS[annotated(parameter)](ctx, words, required)


def _held_back(command: Command, name: str, words: list[str]) -> list[str]:
    """Take a text that begins with a bare number away from what is not a text.

    ``update 3 customers cannot pay`` is not about INC-3.
    """
    names = list(command.parameters)
    following = names[names.index(name) + 1 :][:1]
    texts = [n for n in following if annotated(command.parameters[n]) is Rest]
    if not texts or len(words) < 2 or not words[0].isdecimal():
        return []
    held = list(words)
    words.clear()
    return held


def annotated(parameter: Parameter) -> Any:
    """Give the type of a parameter without its ``| None``."""
    kind = parameter.annotation
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        kind = next(a for a in typing.get_args(kind) if a is not type(None))
    return kind


def choose(
    items: Sequence[Named], words: list[str], noun: str, *, required: bool
) -> Any:
    """Take the longest run of words that names one of ``items``."""
    if words:
        return _named(items, words, noun)
    if required:
        raise _which(items, noun, f"Which {noun}?")
    return None


def _named(items: Sequence[Named], words: list[str], noun: str) -> Any:
    for length in range(len(words), 0, -1):
        found = matches(items, " ".join(words[:length]))
        if found:
            typed = " ".join(words[:length])
            del words[:length]
            if len(found) == 1:
                return found[0]
            raise _which(found, noun, f"Several fit “{typed}”. Which {noun}?")
    typed = words.pop(0)
    raise _which(items, noun, f"There is no {noun} “{typed}”. Which one?")


def _which(items: Sequence[Named], noun: str, question: str) -> Ambiguous | Refusal:
    if not items:
        return Refusal(f"incident.io has no {noun} to choose from yet.")
    return Ambiguous(question, _options(items))


def _options(items: Sequence[Named]) -> list[Choosable]:
    return [Choosable(item.name, item.id) for item in items[:MOST_OPTIONS]]


def _asked_again(
    command: Command, words: Sequence[str], before: list[str], after: list[str]
) -> str:
    """Write the line with ``{}`` where the words stood that were not understood."""
    read = list(words)[: len(words) - len(before)]
    return " ".join(
        part for part in (command.phrase, join(read), "{}", join(after)) if part
    )


@resolves(Message)
def _message(ctx: Context, _: list[str], required: bool) -> Any:  # noqa: ARG001
    return ctx.memory.get("message") or {}


@resolves(str)
def _word(_: Context, words: list[str], required: bool) -> str | None:
    if words:
        return words.pop(0)
    if required:
        raise UsageError("Something is missing.")
    return None


@resolves(Rest)
def _rest(_: Context, words: list[str], required: bool) -> str | None:
    taken = " ".join(words)
    words.clear()
    if required and not taken:
        raise UsageError("Something is missing.")
    return taken or None
