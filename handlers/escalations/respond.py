"""``escalation ack``, ``snooze`` and ``cancel``."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from blocks.escalations import card as view
from blocks.escalations.card import CardAction
from blocks.kit import text
from blocks.kit.people import person
from handlers.core.announce import by
from handlers.core.command import Effect, Reply
from handlers.core.context import Context
from handlers.core.locks import lock_for
from handlers.core.permissions import Level
from handlers.core.problems import Denied, Refusal, UsageError, unchanged
from handlers.escalations.lookup import SeenEscalation, record_target, show
from handlers.escalations.show import group
from incidentio import Escalation, User

USUAL = timedelta(minutes=30)
LONGEST = timedelta(days=1)
ACKED, SNOOZED, CANCELLED = "acked", "snoozed", "cancelled"
VERBS = {"ack": "acknowledge", "snooze": "snooze"}


def _paged(verb: str) -> Callable[[Context, SeenEscalation], bool]:
    """Return a function: may the person do this because they were paged?

    It refuses other people who may read, and names those who can do it.
    """

    def own(ctx: Context, chosen: SeenEscalation) -> bool:
        me = ctx.directory.me
        if me and any(user.id == me.id for user in chosen.escalation.notified):
            return True
        if not ctx.services.policy.allows(ctx.user, ctx.channel, Level.READ):
            raise Denied("Only the people who were paged can do this.")
        _may(ctx, chosen, verb)
        return True

    return own


@group.command(
    "escalation ack",
    writes=True,
    effect=Effect("The escalation", "acknowledged"),
    own=_paged("ack"),
    aliases=["ack", "acknowledge"],
    says=[
        "got it",
        "looking at it",
        "on it",
        "i have it",
        "ack page",
        "acknowledge page",
        "ack escalation",
        "acknowledge escalation",
        "ack alert",
    ],
)
def ack(ctx: Context, escalation: SeenEscalation) -> Reply:
    """Acknowledge a page: you look into it, and no one else is notified."""
    with lock_for(escalation.id):
        before = _again(ctx, escalation)
        if before.escalation.status != ACKED or not ctx.in_doubt:
            _may(ctx, before, "ack")
            ctx.notes.change("status", before.escalation.status, ACKED)
            ctx.api.escalations.respond(before.id, "ack")
        return _done(ctx, before, ACKED, f"was acknowledged {by(ctx)}")


@group.command(
    "escalation snooze",
    writes=True,
    effect=Effect("The escalation", "snoozed"),
    own=_paged("snooze"),
    aliases=["snooze page"],
    says=["snooze", "snooze alert", "snooze escalation"],
)
def snooze(
    ctx: Context, escalation: SeenEscalation, minutes: str | None = None
) -> Reply:
    """Snooze a page: it comes again in 30 minutes, or in `10`, `45m`, `2h`."""
    span = _span(minutes) if minutes else USUAL
    with lock_for(escalation.id):
        before = _again(ctx, escalation)
        until = ctx.asked_at + span
        if before.escalation.status != SNOOZED or not ctx.in_doubt:
            _may(ctx, before, "snooze")
            ctx.notes.change("status", before.escalation.status, SNOOZED)
            ctx.api.escalations.respond(before.id, "snooze", until=until)
        action = CardAction(ctx.user, ctx.now, until)
        words = f"is snoozed until {text.when(until)}, {by(ctx)}"
        return _done(ctx, before, SNOOZED, words, action)


@group.command(
    "escalation cancel",
    writes=True,
    effect=Effect("The escalation", "cancelled"),
    aliases=["cancel page"],
    says=["stop page", "stop paging", "cancel escalation", "stop escalation"],
)
def cancel(ctx: Context, escalation: SeenEscalation) -> Reply:
    """Cancel a page: no one else is notified."""
    with lock_for(escalation.id):
        before = _again(ctx, escalation)
        concerns(ctx, before)
        if before.escalation.status != CANCELLED or not ctx.in_doubt:
            require_open(before)
            ctx.notes.change("status", before.escalation.status, CANCELLED)
            ctx.api.escalations.cancel(before.id)
        return _done(ctx, before, CANCELLED, f"was cancelled {by(ctx)}")


def _again(ctx: Context, chosen: SeenEscalation) -> SeenEscalation:
    """Read the escalation again, under its lock."""
    return record_target(ctx, show(ctx, chosen.id))


def describe(chosen: SeenEscalation) -> str:
    """Name an escalation in mrkdwn."""
    return f"*{text.inline(chosen.name, 150)}*"


def require_open(chosen: SeenEscalation) -> None:
    """Refuse if the escalation is over, and say how it ended."""
    escalation = chosen.escalation
    if not escalation.is_open:
        said = view.status_text(escalation, view.EscalationContext())
        raise unchanged(f"{describe(chosen)}: {said}.")


def concerns(ctx: Context, chosen: SeenEscalation) -> None:
    """Refuse unless the person sees the whole escalation, or is paged by it."""
    me = ctx.directory.me
    paged = me is not None and any(u.id == me.id for u in chosen.escalation.notified)
    if not chosen.whole and not paged:
        raise Refusal(
            "This escalation belongs to a private incident. Only its own people and "
            "those who were paged can do this."
        )


def _may(ctx: Context, chosen: SeenEscalation, action: str) -> None:
    """Check that this person can take an action; else refuse and say who can."""
    require_open(chosen)
    me = ctx.directory.me
    able = _able(ctx, chosen.escalation, action, me)
    if me and me.id in able:
        return
    others = text.listed([person(able[id_]) for id_ in able])
    may = f"can {VERBS[action]} {describe(chosen)}"
    who = f": {others}" if others else ", and none of them can now"
    raise Refusal(f"Only the people who were paged {may}{who}.")


def _able(
    ctx: Context, escalation: Escalation, action: str, me: User | None
) -> dict[str, User]:
    """Return, by id, which of the person and the paged people can take an action."""
    asked = {user.id: user for user in [me, *escalation.notified] if user}
    found = ctx.api.escalations.check_permissions(escalation.id, list(asked))
    can = {o.user_id for o in found if action in o.available_actions}
    return {id_: user for id_, user in asked.items() if id_ in can}


def _done(
    ctx: Context,
    before: SeenEscalation,
    what: str,
    words: str,
    action: CardAction | None = None,
) -> Reply:
    """Redraw the cards, which tell everybody, and confirm to the person."""
    ctx.services.cards.record_action(
        before.id, what, action or CardAction(ctx.user, ctx.now)
    )
    return Reply(f"{describe(before)} {words}.", redraws=before.id)


def _span(words: str) -> timedelta:
    """Return the duration of ``10``, ``45m`` or ``2h``; a bare number is minutes."""
    match = re.fullmatch(r"(\d{1,4})\s*(m|min|h)?", words.lower(), re.ASCII)
    number = int(match[1]) if match else 0
    span = timedelta(**{"hours" if match and match[2] == "h" else "minutes": number})
    if not timedelta(0) < span <= LONGEST:
        raise UsageError(
            f"“{text.inline(words, 40)}” is not a time to snooze. Write minutes like "
            "`45`, or `2h`; at most a day."
        )
    return span
