"""Commands on actions and follow-ups: finish, reopen and assign."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from blocks.items import forms
from blocks.kit import items as view
from blocks.kit import people, text
from handlers.core.announce import announcement, by, ref
from handlers.core.arguments.people import require_account
from handlers.core.command import Modal, Reply
from handlers.core.context import Context
from handlers.core.locks import lock_for
from handlers.core.problems import Refusal
from handlers.items.listing import Items, Placed, T
from incidentio import User
from incidentio.errors import NotFound
from storage.errors import DatabaseError
from storage.last_actions import ASSIGNED

log = logging.getLogger(__name__)

IN_PROGRESS = {"triage", "live", "paused"}


def record_target(ctx: Context, items: Items[T], placed: Placed[T]) -> None:
    """Note for the audit which item is changed."""
    title = items.line(placed.item, placed.incident, None).title
    number = placed.incident.reference
    ctx.notes.on(items.kind.name, f"{title} of {number}", placed.item.id)


def describe(items: Items[T], placed: Placed[T]) -> str:
    """Name an item in a sentence, in mrkdwn."""
    title = items.line(placed.item, placed.incident, None).title
    name = items.kind.name
    return f"{ref(placed.incident)}: the {name} “{text.inline(title, 150)}”"


def announce(ctx: Context, items: Items[T], placed: Placed[T], words: str) -> Reply:
    """Announce a change; that of an action also to the incident's responders."""
    live = placed.incident.incident_status.category in IN_PROGRESS
    notify = live and items.kind is view.ACTION
    said = announcement(ctx, placed.incident, words, notify=notify)
    return replace(said, changed=placed.item.id)


def set_status(
    ctx: Context,
    items: Items[T],
    placed: Placed[T],
    status: str,
    *,
    besides: Callable[[T], Mapping[str, str]] = lambda _: {},
    why: str = "",
) -> Reply:
    """Set the status of an item; if an earlier attempt has done so, confirm that.

    ``besides`` returns the other properties to change. ``why`` is added to the answer,
    in mrkdwn.
    """
    with lock_for(placed.item.id):
        placed = reread(ctx, items, placed)
        before = placed.item.status
        record_target(ctx, items, placed)
        if before == status and not ctx.in_doubt:
            return no_change(items, placed)
        ctx.notes.change("status", before, status)
        if before != status:
            more = besides(placed.item)
            changed = change(ctx, items, placed, status=status, **more)
            if changed.status != status:
                still = f"it is still {view.status_label(changed.status)}"
                raise not_applied(items, placed, still)
        record_action(ctx, items, placed, status)
    if status == view.OUTSTANDING:
        ctx.services.snoozes.end(items.kind.stored, placed.item.id, ctx.now)
    was = f" (was {view.status_label(before)})" if before != status else ""
    now = f"{view.status_phrase(status)}{was}"
    words = f"{describe(items, placed)} {now}, {by(ctx)}{why or '.'}"
    return announce(ctx, items, placed, words)


def record_action(ctx: Context, items: Items[T], placed: Placed[T], what: str) -> None:
    """Store who did it, for messages that show the item; log it if that fails."""
    kind, id_ = items.kind.stored, placed.item.id
    try:
        ctx.services.last_actions.record(kind, id_, what, by=ctx.user, at=ctx.now)
    except DatabaseError as error:
        log.warning("who did it is not kept: %s", error, extra={"ref": ctx.ref})


def no_change(items: Items[T], placed: Placed[T]) -> Reply:
    """Answer that the item has this status already."""
    item = placed.item
    since = item.completed_at or item.updated_at
    at = f" since {text.when(since)}" if since else ""
    words = f"{view.status_phrase(item.status)} already{at}. Nothing was changed."
    return Reply(f"{describe(items, placed)} {words}")


def reread(ctx: Context, items: Items[T], placed: Placed[T]) -> Placed[T]:
    """Read an item again, under its lock."""
    try:
        item = items.resource(ctx).show(placed.item.id)
    except NotFound:
        raise items.gone(ctx, placed.item.id) from None
    if item.status == view.DELETED:
        raise items.gone(ctx, item.id)
    return replace(placed, item=item)


def change(ctx: Context, items: Items[T], placed: Placed[T], **changes: Any) -> T:
    """Send a change, and return the item after it.

    Raises:
        Refusal: the item was deleted since it was read.
    """
    try:
        return items.resource(ctx).update(placed.item, **changes)
    except NotFound:
        raise items.gone(ctx, placed.item.id) from None


def not_applied(items: Items[T], placed: Placed[T], still: str) -> Refusal:
    """Return the refusal for a change that incident.io left out."""
    words = f"{describe(items, placed)} was not changed: in incident.io {still}."
    return Refusal(words, in_doubt=f"In incident.io {still}.")


def owned(person: User | None) -> str:
    """Return “owned by @ben” or “unassigned”, in mrkdwn."""
    return f"owned by {people.person(person)}" if person else view.UNASSIGNED


def assign(
    ctx: Context, items: Items[T], placed: Placed[T], person: User | None
) -> Reply | Modal:
    """Make somebody the owner, or open the form that asks for the owner."""
    if person is not None:
        return assign_to(ctx, items, placed, person)
    owner = placed.item.assignee
    about = f"{describe(items, placed)}\nCurrently {owned(owner)}"
    shown = owner.slack_user_id if owner else None
    return Modal(forms.assign(items.kind, placed.item.id, about, shown))


def assign_submitted(ctx: Context, items: Items[T], assignee: str | None) -> Reply:
    """Make the person chosen in the form the owner; nobody if the field is empty."""
    placed = items.find(ctx, ctx.memory["id"])
    return assign_to(
        ctx, items, placed, require_account(ctx, assignee) if assignee else None
    )


def assign_to(
    ctx: Context, items: Items[T], placed: Placed[T], person: User | None
) -> Reply:
    wanted = person.id if person else None
    with lock_for(placed.item.id):
        placed = reread(ctx, items, placed)
        before = placed.item.assignee
        record_target(ctx, items, placed)
        as_wanted = wanted == (before.id if before else None)
        if as_wanted and not ctx.in_doubt:
            words = f"is already {owned(person)}. Nothing was changed."
            return Reply(f"{describe(items, placed)} {words}")
        names = [user.name if user else None for user in (before, person)]
        ctx.notes.change("owner", *names)
        if not as_wanted:
            after = change(ctx, items, placed, assignee_id=wanted).assignee
            if (after.id if after else None) != wanted:
                raise not_applied(items, placed, "the owner is as before")
        record_action(ctx, items, placed, ASSIGNED)
    ctx.services.snoozes.end(items.kind.stored, placed.item.id, ctx.now)
    words = (
        f"{describe(items, placed)} is now {owned(person)} (was {view.owner(before)}), "
        f"{by(ctx)}."
    )
    return announce(ctx, items, placed, words)


def delete(ctx: Context, items: Items[T], placed: Placed[T]) -> Reply:
    record_target(ctx, items, placed)
    ctx.notes.change("status", placed.item.status, view.DELETED)
    try:
        items.resource(ctx).delete(placed.item.id)
    except NotFound:
        raise items.gone(ctx, placed.item.id) from None
    ctx.services.outstanding.forget(items.kind.stored, placed.item.id)
    words = f"{describe(items, placed)} was deleted, {by(ctx)}."
    return announce(ctx, items, placed, words)
