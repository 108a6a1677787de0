"""Resolves actions and follow-ups by id or by words of the title, or asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from blocks.kit import incidents as cards
from blocks.kit import items as view
from blocks.kit import text
from blocks.kit.fields import MOST_OPTIONS
from handlers.core.arguments.catalogued import Catalogued
from handlers.core.arguments.disambiguation import options
from handlers.core.arguments.tokens import Tokens, is_id
from handlers.core.context import Context
from handlers.core.problems import Ambiguous, Refusal
from handlers.items.listing import Items, Placed, T, order
from incidentio import Incident
from incidentio.errors import NotFound
from incidentio.lookup import reference


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
    return _listed(ctx, items, here)


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
        if words and (incident := _named_incident(ctx, words[0])):
            del words[:1]
            if not words:
                raise _which(ctx, items, incident)
            return _find(ctx, items, _of(named, items, incident), words)
        return _find(ctx, items, named, words, required=required)

    return resolve


def _find(
    ctx: Context,
    items: Items[T],
    among: Catalogued[ItemCandidate],
    words: Tokens,
    *,
    required: bool = True,
) -> Placed[T] | None:
    chosen = among.resolve(ctx, words, required)
    return items.find(ctx, chosen.id) if chosen else None


def _named_incident(ctx: Context, word: str) -> Incident | None:
    """Return the incident of ``INC-12``; a bare number may be a part of a title."""
    number = None if word.isdecimal() else reference(word)
    if number is None:
        return None
    try:
        return ctx.directory.incident(number)
    except NotFound:
        return None


def _of(
    named: Catalogued[ItemCandidate], items: Items[T], incident: Incident
) -> Catalogued[ItemCandidate]:
    """Return the declaration of the items of one incident."""
    return replace(
        named, candidates=lambda ctx: _listed(ctx, items, incident), source=None
    )


def _which(ctx: Context, items: Items[T], incident: Incident) -> Ambiguous | Refusal:
    """Ask which item of an incident is meant."""
    found = _listed(ctx, items, incident)
    if not found:
        return Refusal(f"{cards.ref(incident)} has no {items.kind.name}s.")
    question = f"Which {items.kind.name} of {text.plain(incident.reference, 40)}?"
    return Ambiguous(question, options(found[:MOST_OPTIONS]))


def _listed(ctx: Context, items: Items[T], incident: Incident) -> list[ItemCandidate]:
    found = sorted(items.of(ctx, incident), key=order)
    return [_candidate(items.line(item, incident, None)) for item in found]
