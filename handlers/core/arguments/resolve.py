"""Fills the parameters of a command from words, each by its annotated type."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from inspect import Parameter
from typing import Any, NewType, TypeVar

from blocks.kit import text
from blocks.kit.fields import Choosable
from handlers.core.arguments.disambiguation import ParsedLine, complete
from handlers.core.arguments.references import write_out
from handlers.core.arguments.tokens import Tokens, as_typed, join, take_page
from handlers.core.command import Command
from handlers.core.context import Context
from handlers.core.problems import Ambiguous, UsageError

Raw = NewType("Raw", str)
"""All the words that are left, with mentions as Slack delivers them."""

Rest = NewType("Rest", str)
"""All the words that are left, with mentions written out as names."""

Prose = NewType("Prose", str)
"""The same as ``Rest``, but with line breaks and quotes: a text for people to read."""

TEXTS = (Raw, Rest, Prose)

Page = NewType("Page", int)
"""Which page of a list: ``page:2``."""

FIRST = Page(1)

Message = NewType("Message", dict[str, Any])
"""The message that a shortcut was used on, as Slack delivers it."""

Resolver = Callable[[Context, Tokens, bool], object]
"""Removes words from the front and returns what they mean, or None if there are none.

The flag says that the parameter is required: then it raises ``Ambiguous`` instead of
returning None. ``text.BLANK`` in the prompt stands for words that were removed but not
understood.
"""

RESOLVERS: dict[object, Resolver] = {}
SOURCES: dict[str, Callable[[Context, str], Sequence[Choosable]]] = {}
"""The functions that find the options of menus while somebody types, by action id."""

R = TypeVar("R", bound=Resolver)


def resolves(kind: object) -> Callable[[R], R]:
    """Declare the resolver of parameters of the type ``kind``."""

    def declare(resolver: R) -> R:
        RESOLVERS[kind] = resolver
        return resolver

    return declare


def fill(command: Command, ctx: Context, words: Sequence[str]) -> dict[str, object]:
    """Return the values of the parameters, by name.

    Raises:
        Ambiguous: one is missing, or several things fit; its line is filled in.
        UsageError: the words do not fit the command.
    """
    rest = Tokens(words)
    kinds = {name: annotated(p) for name, p in command.parameters.items()}
    paged = Page in kinds.values()
    page = take_page(rest) if paged else FIRST
    values: dict[str, object] = {}
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
            typed = ctx.text.strip() if rest.then in TEXTS else ""
            read = ParsedLine(command, said, before, rest, turned, typed)
            complete(question, read, ctx.slash, partial(write_out, ctx))
            raise
        said += before[: len(before) - len(rest)] or _spoken(value)
        if value is not None:
            values[name] = value
    if rest:
        typed = text.inline(write_out(ctx, join(rest)), 200)
        raise UsageError(f"I didn't understand “{typed}”.")
    return values


def _following(kinds: Mapping[str, object], name: str) -> object:
    """Return the type of the next parameter that takes words."""
    names = list(kinds)
    later = (kinds[n] for n in names[names.index(name) + 1 :])
    return next((kind for kind in later if kind not in (Page, Message)), None)


def _spoken(value: object) -> list[str]:
    """Return the words for a value that nobody typed, such as the only schedule."""
    name = getattr(value, "reference", None) or getattr(value, "id", None)
    return [name] if isinstance(name, str) else []


def annotated(parameter: Parameter) -> object:
    """Return the type of a parameter without its ``| None``."""
    kind: object = parameter.annotation
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        kind = next(a for a in typing.get_args(kind) if a is not type(None))
    return kind


@resolves(Message)
def _message(ctx: Context, _: list[str], required: bool) -> object:  # noqa: ARG001
    return ctx.memory.get("message") or {}


@resolves(str)
def _word(_: Context, words: list[str], required: bool) -> str | None:
    if words:
        return words.pop(0)
    if required:
        raise UsageError("Something is missing.")
    return None


@resolves(Rest)
def _rest(ctx: Context, words: list[str], required: bool) -> str | None:
    taken = _raw(ctx, words, required)
    return write_out(ctx, taken) if taken else None


@resolves(Prose)
def _prose(ctx: Context, words: list[str], required: bool) -> str | None:
    taken = _raw(ctx, words, required)
    return write_out(ctx, as_typed(ctx.text, taken)) if taken else None


@resolves(Raw)
def _raw(_: Context, words: list[str], required: bool) -> str | None:
    taken = " ".join(words)
    words.clear()
    if required and not taken:
        raise UsageError("Something is missing.")
    return taken or None
