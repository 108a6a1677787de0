"""Resolves actions and follow-ups by id or by words of the title, or asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from blocks.kit import items as view
from handlers.core.arguments.catalogued import Catalogued
from handlers.core.arguments.tokens import Tokens, is_id
from handlers.core.context import Context
from handlers.items.listing import Items, Placed, T, order


@dataclass(frozen=True, slots=True)
class ItemCandidate:
    """An item that somebody may mean."""

    id: str
    name: str


def candidates(ctx: Context, items: Items[T]) -> list[ItemCandidate]:
    """Return the items of this channel's incident; elsewhere the person's own."""
    here = ctx.directory.here()
    if here is None:
        return _own(ctx, items.kind)
    found = sorted(items.of(ctx, here), key=order)
    return [_candidate(items.line(item, here, None)) for item in found]


def _candidate(line: view.ItemLine) -> ItemCandidate:
    if line.is_open:
        return ItemCandidate(line.id, line.title)
    return ItemCandidate(line.id, f"({view.status_label(line.status)}) {line.title}")


def _own(ctx: Context, kind: view.ItemKind) -> list[ItemCandidate]:
    me = ctx.directory.me
    if me is None:
        return []
    known = ctx.services.outstanding.read([kind.stored], ctx.directory)
    return [ItemCandidate(i.id, i.title) for i in known.by_owner.get(me.id, ())]


def choices(items: Items[T]) -> Catalogued[ItemCandidate]:
    """Return the declaration by which items are named by words of their title."""
    plural = items.kind.plural

    def none(ctx: Context) -> str:
        return (
            f"There is no {items.kind.name} to choose from here. "
            f"`{ctx.slash} {plural} INC-12` lists those of an incident."
        )

    return Catalogued(
        items.kind.name,
        lambda ctx: candidates(ctx, items),
        source=items.kind.source,
        none=none,
    )


def resolver(items: Items[T]) -> Callable[[Context, Tokens, bool], Placed[T] | None]:
    """Return the resolver of an id, or of words in the title of a candidate."""
    named = choices(items)

    def resolve(ctx: Context, words: Tokens, required: bool) -> Placed[T] | None:
        if words and is_id(words[0]):
            return items.find(ctx, words.pop(0))
        chosen = named.resolve(ctx, words, required)
        return items.find(ctx, chosen.id) if chosen else None

    return resolve
