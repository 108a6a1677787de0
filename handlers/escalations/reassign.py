"""``escalation reassign``: page others in place of those who were paged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from blocks.escalations import page as view
from blocks.escalations.card import CardAction
from blocks.escalations.page import PageDraft, PageTarget
from blocks.kit import text
from blocks.kit.escalations import state
from blocks.kit.form import Form
from blocks.kit.people import people
from handlers.core.announce import by
from handlers.core.command import Effect, Modal, Reply
from handlers.core.context import Context
from handlers.core.locks import lock_for
from handlers.core.made_before import begun, made_before
from handlers.core.operations import PAGE
from handlers.escalations.lookup import SeenEscalation, record_target, show
from handlers.escalations.page import card
from handlers.escalations.page import record_target as note_aim
from handlers.escalations.page_draft import Aimed, aim, paths, preview
from handlers.escalations.respond import concerns, describe, require_open
from handlers.escalations.show import group
from incidentio import Escalation
from incidentio.errors import Invalid

MOST_READ = 50
RESOLVED = "resolved"


@group.command(
    "escalation reassign",
    also=[PAGE],
    aliases=["reassign page"],
    says=["reassign", "reassign escalation", "hand page"],
)
def reassign(ctx: Context, escalation: SeenEscalation) -> Modal:
    """Page other people instead, in a form; a page can be reassigned only once."""
    concerns(ctx, escalation)
    require_open(escalation)
    return Modal(_form(ctx, escalation, PageTarget(), None))


def _form(
    ctx: Context, chosen: SeenEscalation, target: PageTarget, why: str | None
) -> Form:
    known, no_paths = paths(ctx)
    escalation = chosen.escalation
    draft = PageDraft(
        target,
        known,
        description=why,
        preview=preview(ctx, target),
        no_paths=no_paths,
    )
    about = (
        f"{describe(chosen)} · {state(escalation.status)}\n"
        f"Paged so far: {people(escalation.notified)}"
    )
    return view.reassignment(draft, about, {"escalation": chosen.id})


@group.changed(view.REASSIGN, "path")
@group.changed(view.REASSIGN, "people")
def follow(
    ctx: Context,
    *,
    path: str | None = None,
    people: Sequence[str] = (),
    why: str | None = None,
) -> Modal:
    """Show who would be paged now."""
    chosen = show(ctx, ctx.memory["escalation"])
    return Modal(_form(ctx, chosen, PageTarget(path, people), why))


@group.submitted(
    view.REASSIGN, effect=Effect("The escalation", "reassigned"), also=[PAGE]
)
def reassigned(
    ctx: Context,
    *,
    path: str | None = None,
    people: Sequence[str] = (),
    why: str | None = None,
) -> Reply:
    """Reassign the escalation, unless an earlier attempt has done so."""
    aimed = aim(ctx, PageTarget(path, people))
    with lock_for(ctx.memory["escalation"]):
        chosen = record_target(ctx, show(ctx, ctx.memory["escalation"]))
        concerns(ctx, chosen)
        note_aim(ctx, aimed)
        made = _made_before(ctx, chosen, aimed)
        if made is None:
            require_open(chosen)
            made = _made(ctx, chosen, aimed, why)
        return _confirmed(ctx, chosen, made)


def _made(
    ctx: Context, chosen: SeenEscalation, aimed: Aimed, why: str | None
) -> Escalation:
    try:
        return ctx.api.escalations.reassign(
            chosen.id,
            escalation_path_id=aimed.path.id if aimed.path else None,
            user_ids=_ids(aimed) or None,
            description=_description(chosen, why),
        )
    except Invalid:
        ctx.services.cards.redraw(chosen.id)
        raise


def _description(chosen: SeenEscalation, why: str | None) -> str | None:
    """Return the reason, followed by the description of the first escalation."""
    if not why:
        return None
    return "\n\n".join(filter(None, [why, chosen.escalation.description]))


def _made_before(
    ctx: Context, chosen: SeenEscalation, aimed: Aimed
) -> Escalation | None:
    """Return the escalation that an earlier attempt made: a second one is refused.

    Reassigning resolves the original. While that is open, nothing was made.
    """

    def listed() -> Iterable[Escalation]:
        old = ctx.api.escalations.show(chosen.id)
        if old.is_open:
            return ()
        recent = ctx.api.escalations.list(created_since=begun(ctx))
        fitting = (e for e in islice(recent, MOST_READ) if e.title == old.title)
        return (e for e in fitting if e.id != old.id)

    return made_before(ctx, listed, lambda made: _is(made, aimed))


def _is(escalation: Escalation, aimed: Aimed) -> bool:
    """Return whether an escalation has these recipients."""
    if aimed.path is not None:
        return escalation.escalation_path_id == aimed.path.id
    paged = {user.id for user in escalation.notified}
    return escalation.escalation_path_id is None and {*_ids(aimed)} == paged


def _ids(aimed: Aimed) -> list[str]:
    return [user.id for user in aimed.users]


def _confirmed(ctx: Context, chosen: SeenEscalation, made: Escalation) -> Reply:
    """Post the card of the new escalation; the old card says who reassigned it."""
    ctx.services.cards.record_action(chosen.id, RESOLVED, CardAction(ctx.user, ctx.now))
    was = people(chosen.escalation.notified)
    said = (
        f"{describe(chosen)} now pages {people(made.notified)} (was {was}), {by(ctx)}."
    )
    said = text.clip(said, text.SECTION)
    return Reply(said, posts=[card(ctx, made)], redraws=chosen.id)
