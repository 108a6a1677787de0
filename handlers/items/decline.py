"""Saying that nobody is going to do a follow-up, and why.

incident.io has no field for the reason, so it becomes the last line of the description,
where people look. Reopening the follow-up removes that line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from blocks.items import forms
from blocks.kit import items as view
from blocks.kit import text
from handlers.core import problems
from handlers.core.command import Modal, Reply
from handlers.core.context import Context
from handlers.items.listing import Items, Placed
from handlers.items.verbs import describe, no_change, record_target, set_status
from incidentio import FollowUp

_LINE = re.compile(r"(?:\A|\n+)Not doing \(\d{1,2} \w{3} \d{4}, [^\n]*\Z")
REASON = "Say briefly why it won't be done."


def drop(
    ctx: Context,
    items: Items[FollowUp],
    follow_up: Placed[FollowUp],
    reason: str | None,
) -> Reply | Modal:
    """Decline a follow-up at once if a reason is given; else ask for it in a form."""
    if follow_up.item.status == view.NOT_DOING and not ctx.in_doubt:
        record_target(ctx, items, follow_up)
        return no_change(items, follow_up)
    if reason is None:
        return Modal(
            forms.drop(items.kind, follow_up.item.id, describe(items, follow_up))
        )
    return _dropped(ctx, items, follow_up, reason)


def decline_submitted(
    ctx: Context, items: Items[FollowUp], reason: str | None
) -> Reply:
    """Decline the follow-up of the form, for the reason typed there."""
    given = problems.required("reason", reason, REASON)
    return _dropped(ctx, items, items.find(ctx, ctx.memory["id"]), given)


def _dropped(
    ctx: Context, items: Items[FollowUp], follow_up: Placed[FollowUp], reason: str
) -> Reply:
    on = ctx.asked_at.astimezone(ctx.person.zone).date()
    me = ctx.account
    by = " ".join((me.name if me else ctx.person.name).split())
    why = " ".join(reason.split())
    line = f"Not doing ({on.day} {on:%b %Y}, {by}): {why}"

    def besides(item: FollowUp) -> Mapping[str, str]:
        ctx.notes.rewrite("reason", None, why)
        return {"description": with_reason(item.description, line)}

    said = f": {text.inline(why, forms.LONGEST_REASON)}"
    return set_status(ctx, items, follow_up, view.NOT_DOING, besides=besides, why=said)


def reopen(ctx: Context, items: Items[FollowUp], follow_up: Placed[FollowUp]) -> Reply:
    def besides(item: FollowUp) -> Mapping[str, str]:
        before = without_reason(item.description)
        return {} if before == item.description else {"description": before or ""}

    return set_status(ctx, items, follow_up, view.OUTSTANDING, besides=besides)


def with_reason(description: str | None, line: str) -> str:
    """Return the description with the reason below it, in place of an older one."""
    return "\n\n".join(filter(None, [without_reason(description), line]))


def without_reason(description: str | None) -> str | None:
    """Return the description without the reason, if nothing was written below it."""
    return description and _LINE.sub("", description)
