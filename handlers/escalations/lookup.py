"""Resolves escalations, and veils what a person may not see.

An escalation of a private incident is visible to the people of that incident. The
people whom it pages see it without its title. To everybody else it does not exist.
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
"""The fewest characters of an id, by the ids seen so far."""


@dataclass(frozen=True, slots=True)
class SeenEscalation:
    """An escalation as one person may see it. ``whole``: nothing of it is veiled."""

    escalation: Escalation
    whole: bool = True

    @property
    def id(self) -> str:
        return self.escalation.id

    @property
    def name(self) -> str:
        return self.escalation.title


def as_seen_by(
    ctx: Context, escalations: Iterable[Escalation]
) -> Iterator[SeenEscalation]:
    """Yield the escalations that the person may see, veiled where they must be."""
    for found in ctx.directory.concerning(escalations):
        whole = ctx.directory.may_see_all_of(found)
        yield SeenEscalation(found if whole else veiled(found), whole)


def record_target(ctx: Context, chosen: SeenEscalation) -> SeenEscalation:
    """Note for the audit the escalation, and its private incident if it has one."""
    for incident in chosen.escalation.related_incidents:
        if incident.is_private:
            ctx.notes.on_incident(incident)
    ctx.notes.on("escalation", chosen.name, chosen.id)
    return chosen


def show(ctx: Context, id_: str) -> SeenEscalation:
    """Read an escalation as it is now.

    Raises:
        Refusal: there is none with this id that the person may see.
    """
    try:
        found = next(as_seen_by(ctx, [ctx.api.escalations.show(id_)]), None)
    except NotFound:
        found = None
    if found is None:
        raise Refusal(
            f"There is no escalation {text.code(id_, 60)}, or it is not for you to "
            f"see. `{ctx.slash} escalations all` lists those you can see."
        )
    return found


OPEN_ESCALATIONS = Catalogued(
    "escalation",
    lambda ctx: list(as_seen_by(ctx, ctx.api.escalations.list(status=sorted(OPEN)))),
    unknown=f"No open escalation matches “{text.BLANK}”.",
    none=lambda _: (
        "No one is being paged. Name an escalation by its id; "
        "`escalations all` lists them."
    ),
)


@resolves(SeenEscalation)
def _chosen(ctx: Context, words: list[str], required: bool) -> SeenEscalation | None:
    """Resolve an id, or the title of one that is open; else ask which."""
    if words and _is_id(words[0]):
        return show(ctx, words.pop(0))
    return OPEN_ESCALATIONS.resolve(ctx, words, required)


def _is_id(word: str) -> bool:
    return len(word) >= LEAST_ID and word.isalnum() and any(map(str.isdigit, word))


def context_of(ctx: Context, chosen: SeenEscalation) -> EscalationContext:
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
        actions=available_actions(ctx, escalation),
        card_actions=done,
        by=by,
    )


def path_name(ctx: Context, escalation: Escalation) -> str | None:
    """Return the name of the escalation path that pages, if there is one."""
    return ctx.services.cards.path(escalation.escalation_path_id)


def available_actions(ctx: Context, escalation: Escalation) -> set[str]:
    """Return the names of the actions that this person can take on an escalation."""
    me = ctx.directory.me
    if me is None or not escalation.is_open:
        return set()
    found = ctx.api.escalations.check_permissions(escalation.id, [me.id])
    return {a for o in found if o.user_id == me.id for a in o.available_actions}
