"""Fill a command's parameters from words, each by the type it is annotated with."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Sequence
from inspect import Parameter
from typing import Any, NewType

from blocks.kit import text
from blocks.kit.fields import MOST_OPTIONS
from handlers.core.arguments.disambiguation import Named, Read, complete, options
from handlers.core.arguments.tokens import Words, join, take_page
from handlers.core.command import Command
from handlers.core.context import Context
from handlers.core.problems import Ambiguous, Refusal, UsageError
from incidentio.lookup import matches

Rest = NewType("Rest", str)
"""All the words that are left, as one text."""

Page = NewType("Page", int)
"""Which page of a list: ``page:2``."""

FIRST = Page(1)

Message = NewType("Message", dict[str, Any])
"""The message that a shortcut was used on, as Slack delivers it."""

Resolver = Callable[[Context, Words, bool], Any]
"""Take words off the front and return what they mean, or None if there are none.

The flag says that the command cannot do without it: raise ``Ambiguous`` then. Words
that were taken without being understood stand in its prompt for ``text.BLANK``.
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
    rest = Words(words)
    kinds = {name: annotated(p) for name, p in command.parameters.items()}
    paged = Page in kinds.values()
    page = take_page(rest) if paged else FIRST
    values: dict[str, Any] = {}
    said: list[str] = []
    for name, kind in kinds.items():
        if kind is Page:
            values[name] = page
            continue
        before, rest.then = list(rest), _following(kinds, name)
        required = command.parameters[name].default is Parameter.empty
        try:
            value = RESOLVERS[kind](ctx, rest, required)
        except Ambiguous as question:
            turned = f"page:{page}" if page > FIRST else ""
            typed = ctx.text.strip() if rest.then is Rest else ""
            read = Read(command, said, before, rest, turned, typed)
            complete(question, read, ctx.slash)
            raise
        said += before[: len(before) - len(rest)] or _spoken(value)
        if value is not None:
            values[name] = value
    if rest:
        typed = text.inline(join(rest), 200)
        raise UsageError(f"I do not know what to do with “{typed}”.")
    return values


def _following(kinds: dict[str, Any], name: str) -> Any:
    """Give what the next parameter takes that takes words."""
    names = list(kinds)
    later = (kinds[n] for n in names[names.index(name) + 1 :])
    return next((kind for kind in later if kind not in (Page, Message)), None)


def _spoken(value: Any) -> list[str]:
    """Write what nobody had to say: the incident of a channel, the only schedule."""
    name = getattr(value, "reference", None) or getattr(value, "id", None)
    return [name] if isinstance(name, str) else []


def annotated(parameter: Parameter) -> Any:
    """Give the type of a parameter without its ``| None``."""
    kind = parameter.annotation
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        kind = next(a for a in typing.get_args(kind) if a is not type(None))
    return kind


def choose(
    items: Sequence[Named],
    words: list[str],
    noun: str,
    *,
    required: bool,
    source: str | None = None,
) -> Any:
    """Take the longest run of words that names one of ``items``, or ask.

    More than a menu holds are found as somebody types, in the option ``source``.
    """
    try:
        return _chosen(items, words, noun, required=required)
    except Ambiguous as question:
        if len(question.options) == MOST_OPTIONS:
            question.source = source
        raise


def _chosen(
    items: Sequence[Named], words: list[str], noun: str, *, required: bool
) -> Any:
    if words:
        return _named(items, words, noun)
    if required:
        raise _which(items, noun, f"Which {noun}?")
    return None


def _named(items: Sequence[Named], words: list[str], noun: str) -> Any:
    if words[0].casefold() == "to" and not matches(items, words[0]):
        del words[:1]
    for length in range(len(words), 0, -1):
        found = matches(items, " ".join(words[:length]))
        if found:
            del words[:length]
            if len(found) == 1:
                return found[0]
            question = f"Several fit “{text.BLANK}”. Which {noun}?"
            raise _which(found, noun, question)
    del words[:1]
    raise _which(items, noun, f"There is no {noun} “{text.BLANK}”. Which one?")


def _which(items: Sequence[Named], noun: str, question: str) -> Ambiguous | Refusal:
    if not items:
        return Refusal(f"incident.io has no {noun} to choose from yet.")
    return Ambiguous(question, options(items[:MOST_OPTIONS]))


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
