"""Which action or follow-up somebody means: by id, by words of its title, or asked."""

from __future__ import annotations

from dataclasses import dataclass

from blocks.kit import items as view
from blocks.kit.fields import MOST_OPTIONS, Choosable
from handlers.core.arguments.resolve import Resolver, choose
from handlers.core.context import Context
from handlers.core.problems import Refusal
from handlers.items.listing import Items, Placed, T, order
from incidentio.lookup import matches


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that somebody may mean."""

    id: str
    name: str


def candidates(ctx: Context, items: Items[T]) -> list[Candidate]:
    """Give this incident's, the outstanding first; elsewhere the person's own."""
    here = ctx.directory.here()
    if here is None:
        return _own(ctx, items.kind)
    found = sorted(items.of(ctx, here), key=order)
    return [_candidate(items.line(item, here, None)) for item in found]


def _candidate(line: view.Line) -> Candidate:
    if line.is_open:
        return Candidate(line.id, line.title)
    return Candidate(line.id, f"({view.spoken(line.status)}) {line.title}")


def _own(ctx: Context, kind: view.Kind) -> list[Candidate]:
    me = ctx.directory.me
    if me is None:
        return []
    known = ctx.services.outstanding.read([kind.stored]).items[kind.stored]
    return [
        Candidate(item.id, item.title)
        for item in known
        if item.owner and item.owner.id == me.id
    ]


def resolver(items: Items[T]) -> Resolver:
    """Take an id, or words of the title of one of the ``candidates``; else ask."""

    def resolve(ctx: Context, words: list[str], required: bool) -> Placed[T] | None:
        if words and _is_id(words[0]):
            return items.find(ctx, words.pop(0))
        return _named(ctx, items, words, required=required)

    return resolve


def _named(
    ctx: Context, items: Items[T], words: list[str], *, required: bool
) -> Placed[T] | None:
    if not words and not required:
        return None
    known = candidates(ctx, items)
    if not known:
        raise Refusal(
            f"There is no {items.kind.name} to choose from here. "
            f"`{ctx.slash} {items.kind.plural} INC-12` lists those of an incident."
        )
    kind = items.kind
    chosen = choose(known, words, kind.name, required=required, source=kind.source)
    return items.find(ctx, chosen.id)


def _is_id(word: str) -> bool:
    return len(word) == 26 and word.isalnum() and word.isupper()


def suggested(ctx: Context, items: Items[T], query: str) -> list[Choosable]:
    known = candidates(ctx, items)
    found = matches(known, query) if query.strip() else known
    return [Choosable(c.name, c.id) for c in found[:MOST_OPTIONS]]
