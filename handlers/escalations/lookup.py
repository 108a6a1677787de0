"""Resolves escalations, and veils what a person may not see.

An escalation that belongs to a private incident is there for its people, and without
its title for those whom it pages; for everybody else it does not exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from blocks.escalations.card import EscalationContext, veiled
from blocks.kit import text
from handlers.core.arguments.catalogued import Catalogued
from handlers.core.arguments.resolve import resolves
from handlers.core.context import Context
from handlers.core.problems import Refusal
from incidentio import Escalation
from incidentio.errors import NotFound
from incidentio.escalations import OPEN
from reminders.cards.drawing import card_actions
from storage.errors import DatabaseError

LEAST_ID = 16
"""Characters of an id, as far as can be told; new forms may appear."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """An escalation as somebody may see it. ``whole``: nothing was taken out."""

    escalation: Escalation
    whole: bool = True

    @property
    def id(self) -> str:
        return self.escalation.id

    @property
    def name(self) -> str:
        return self.escalation.title


def as_seen_by(ctx: Context, escalations: Iterable[Escalation]) -> Iterator[Chosen]:
    """Yield those that are for a person, without what they may not see of them."""
    for found in ctx.directory.pages(escalations):
        whole = ctx.directory.sees_all(found)
        yield Chosen(found if whole else veiled(found), whole)


def record_target(ctx: Context, chosen: Chosen) -> Chosen:
    """Tell the audit which escalation is meant, and which private incident's it is."""
    for incident in chosen.escalation.related_incidents:
        if incident.is_private:
            ctx.notes.on_incident(incident)
    ctx.notes.on("escalation", chosen.name, chosen.id)
    return chosen


def show(ctx: Context, id_: str) -> Chosen:
    """Read one anew."""
    try:
        found = next(as_seen_by(ctx, [ctx.api.escalations.show(id_)]), None)
    except NotFound:
        found = None
    if found is None:
        raise Refusal(
            f"There is no escalation {text.code(id_, 60)}, or it is not for you to "
            f"see. `{ctx.slash} escalations all` lists those that are."
        )
    return found


OPEN_ESCALATIONS = Catalogued(
    "escalation",
    lambda ctx: list(as_seen_by(ctx, ctx.api.escalations.list(status=sorted(OPEN)))),
    unknown=f"No open escalation is called “{text.BLANK}”.",
    none=lambda _: (
        "Nobody is being paged. Name an escalation by its id; "
        "`escalations all` lists them."
    ),
)


@resolves(Chosen)
def _chosen(ctx: Context, words: list[str], required: bool) -> Chosen | None:
    """Resolve an id, or the title of one that is open; else ask which."""
    if words and _is_id(words[0]):
        return show(ctx, words.pop(0))
    return OPEN_ESCALATIONS.resolve(ctx, words, required)


def _is_id(word: str) -> bool:
    return len(word) >= LEAST_ID and word.isalnum() and any(map(str.isdigit, word))


def context_of(ctx: Context, chosen: Chosen) -> EscalationContext:
    """Read the context of a card: its path, who did what, what this person can do."""
    escalation = chosen.escalation
    by, done = None, {}
    try:
        cards = ctx.services.cards.cards_of(escalation.id)
        by = cards[0].created_by if cards else None
        done = card_actions(cards[0].actions) if cards else {}
    except DatabaseError:
        pass
    return EscalationContext(
        path=path_name(ctx, escalation),
        actions=mine(ctx, escalation),
        card_actions=done,
        by=by,
    )


def path_name(ctx: Context, escalation: Escalation) -> str | None:
    return ctx.services.cards.path(escalation.escalation_path_id)


def mine(ctx: Context, escalation: Escalation) -> set[str]:
    """Return the open escalations that this person can answer."""
    me = ctx.directory.me
    if me is None or not escalation.is_open:
        return set()
    found = ctx.api.escalations.check_permissions(escalation.id, [me.id])
    return {a for o in found if o.user_id == me.id for a in o.available_actions}
