"""What can be done with an action or a follow-up, alike for both."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from blocks import incidents as cards
from blocks import item_forms as forms
from blocks import items as view
from blocks import text
from handlers import when
from handlers.announce import announced, by, ref
from handlers.colleagues import account
from handlers.command import Modal, Reply
from handlers.context import Context
from handlers.items import Items, Placed, T
from handlers.problems import FieldErrors, Refusal, UsageError
from handlers.turns import turn
from incidentio.errors import NotFound
from incidentio.models import Incident, User

IN_PROGRESS = {"triage", "live", "paused"}
MOST_DAYS = 366
TOMORROW = timedelta(days=1)
WAKE = "off"
PICK = "pick"


def noted(ctx: Context, items: Items[T], placed: Placed[T]) -> None:
    """Tell the audit which item is written to."""
    title = items.line(placed.item, placed.incident, None).title
    number = placed.incident.reference
    ctx.notes.on(items.kind.name, f"{title} of {number}", placed.item.id)


def the(items: Items[T], placed: Placed[T]) -> str:
    """Name an item in a sentence, in mrkdwn."""
    title = items.line(placed.item, placed.incident, None).title
    name = items.kind.name
    return f"{ref(placed.incident)}: the {name} “{text.inline(title, 150)}”"


def told(ctx: Context, kind: view.Kind, incident: Incident, words: str) -> Reply:
    """Say a change where it was asked for; of an action also to the responders."""
    live = incident.incident_status.category in IN_PROGRESS
    return announced(ctx, incident, words, notify=live and kind is view.ACTION)


def settle(ctx: Context, items: Items[T], placed: Placed[T], status: str) -> Reply:
    """Give an item a status. Begun before and done, it is said as done."""
    with turn(placed.item.id):
        placed = renewed(ctx, items, placed)
        before = placed.item.status
        noted(ctx, items, placed)
        if before == status and ctx.attempt == 1:
            return _already(items, placed)
        ctx.notes.change("status", before, status)
        if before != status:
            changed = change(ctx, items, placed, status=status)
            if changed.status != status:
                still = f"it is still {view.spoken(changed.status)}"
                raise not_applied(items, placed, still)
    if status == view.OUTSTANDING:
        ctx.services.snoozes.wake(items.kind.stored, placed.item.id)
    was = f" (was {view.spoken(before)})" if before != status else ""
    words = f"{the(items, placed)} {view.stated(status)}{was}, {by(ctx)}."
    return told(ctx, items.kind, placed.incident, words)


def _already(items: Items[T], placed: Placed[T]) -> Reply:
    item = placed.item
    since = item.completed_at or item.updated_at
    at = f" since {text.when(since)}" if since else ""
    words = f"{view.stated(item.status)} already{at}. Nothing was changed."
    return Reply(f"{the(items, placed)} {words}")


def renewed(ctx: Context, items: Items[T], placed: Placed[T]) -> Placed[T]:
    """Read an item again, once it is our turn to change it."""
    try:
        item = items.resource(ctx).show(placed.item.id)
    except NotFound:
        raise items.gone(ctx, placed.item.id) from None
    if item.status == view.DELETED:
        raise items.gone(ctx, item.id)
    return replace(placed, item=item)


def change(ctx: Context, items: Items[T], placed: Placed[T], **changes: Any) -> T:
    """Send a change; the item may have been deleted since it was read."""
    try:
        return items.resource(ctx).update(placed.item, **changes)
    except NotFound:
        raise items.gone(ctx, placed.item.id) from None


def not_applied(items: Items[T], placed: Placed[T], still: str) -> Refusal:
    return Refusal(
        f"{the(items, placed)} was not changed: incident.io answered, but {still}."
    )


def assign(
    ctx: Context, items: Items[T], placed: Placed[T], person: User | None
) -> Reply | Modal:
    """Make somebody the owner, or ask who it shall be."""
    if person is not None:
        return give(ctx, items, placed, person)
    owner = placed.item.assignee
    about = f"{the(items, placed)}\nOwner now: {cards.person(owner)}"
    shown = owner.slack_user_id if owner else None
    return Modal(forms.assign(items.kind, placed.item.id, about, shown))


def assigned(ctx: Context, items: Items[T], assignee: str | None) -> Reply:
    """Do what the form says; left empty, nobody owns the item."""
    placed = items.find(ctx, ctx.memory["id"])
    return give(ctx, items, placed, account(ctx, assignee) if assignee else None)


def give(
    ctx: Context, items: Items[T], placed: Placed[T], person: User | None
) -> Reply:
    wanted = person.id if person else None
    with turn(placed.item.id):
        placed = renewed(ctx, items, placed)
        before = placed.item.assignee
        noted(ctx, items, placed)
        names = [user.name if user else None for user in (before, person)]
        ctx.notes.change("owner", *names)
        if wanted != (before.id if before else None):
            after = change(ctx, items, placed, assignee_id=wanted).assignee
            if (after.id if after else None) != wanted:
                raise not_applied(items, placed, "the owner is as before")
        elif ctx.attempt == 1:
            words = f"is owned by {cards.person(person)} already. Nothing was changed."
            return Reply(f"{the(items, placed)} {words}")
    words = (
        f"{the(items, placed)} is now owned by {cards.person(person)} "
        f"(was {cards.person(before)}), {by(ctx)}."
    )
    return told(ctx, items.kind, placed.incident, words)


def snooze(
    ctx: Context, items: Items[T], placed: Placed[T], span: str | None
) -> Reply | Modal:
    """Leave an item out of reminders until a day begins, in the person's zone."""
    if span == WAKE:
        noted(ctx, items, placed)
        ctx.notes.change("snoozed until", _asleep(ctx, items, placed), None)
        ctx.services.snoozes.wake(items.kind.stored, placed.item.id)
        return Reply(f"{the(items, placed)} is no longer snoozed.")
    if not placed.item.outstanding:
        words = f"{view.stated(placed.item.status)}: there is nothing to snooze."
        raise Refusal(f"{the(items, placed)} {words}")
    today = _today(ctx)
    if span is None or span == PICK:
        about, start = the(items, placed), today + TOMORROW
        return Modal(forms.snooze(items.kind, placed.item.id, about, start))
    until = day_after(span, today)
    if until is None:
        raise UsageError(
            f"“{text.inline(span, 40)}” is not a time to snooze. Write "
            "`1d`, `1w`, `mon`, a date like `2026-03-09`, or `off`."
        )
    if problem := unfit(until, today):
        raise UsageError(problem)
    return _slept(ctx, items, placed, until)


def snoozed(ctx: Context, items: Items[T], until: date) -> Reply:
    """Do what the form says."""
    if problem := unfit(until, _today(ctx)):
        raise FieldErrors({"until": problem})
    return _slept(ctx, items, items.find(ctx, ctx.memory["id"]), until)


def day_after(span: str, today: date) -> date | None:
    """Read ``3d``, ``1w``, a weekday or a date; None if it is none."""
    ahead = f"+{span}" if re.fullmatch(r"\d{1,3}[dw]", span, re.ASCII) else span
    return when.day(ahead, today, since=None if ahead != span else today + TOMORROW)


def unfit(until: date, today: date) -> str | None:
    """Say why one cannot snooze until this day."""
    if until <= today:
        return "Choose a day after today."
    if (until - today).days > MOST_DAYS:
        return "Choose a day within a year."
    return None


def _today(ctx: Context) -> date:
    return ctx.now.astimezone(ctx.person.zone).date()


def _slept(ctx: Context, items: Items[T], placed: Placed[T], until: date) -> Reply:
    begins = when.midnight(until, ctx.person.zone)
    noted(ctx, items, placed)
    ctx.notes.change("snoozed until", _asleep(ctx, items, placed), begins.isoformat())
    ctx.services.snoozes.snooze(
        items.kind.stored, placed.item.id, until=begins, by=ctx.user
    )
    words = f"is snoozed until {text.when(begins)}, {by(ctx)}."
    return Reply(f"{the(items, placed)} {words}")


def _asleep(ctx: Context, items: Items[T], placed: Placed[T]) -> str | None:
    snooze = ctx.services.snoozes.get(items.kind.stored, placed.item.id)
    return snooze.until.isoformat() if snooze and snooze.until > ctx.now else None


def delete(ctx: Context, items: Items[T], placed: Placed[T]) -> Reply:
    noted(ctx, items, placed)
    ctx.notes.change("status", placed.item.status, view.DELETED)
    try:
        items.resource(ctx).delete(placed.item.id)
    except NotFound:
        raise items.gone(ctx, placed.item.id) from None
    ctx.services.outstanding.forget(items.kind.stored, placed.item.id)
    words = f"{the(items, placed)} was deleted, {by(ctx)}."
    return told(ctx, items.kind, placed.incident, words)
