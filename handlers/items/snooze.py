"""Snoozes an action or a follow-up, a few times at most."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from blocks.items import forms
from blocks.kit import items as view
from blocks.kit import text
from handlers.core.announce import by
from handlers.core.arguments import dates as when
from handlers.core.command import Modal, Reply
from handlers.core.context import Context
from handlers.core.problems import FieldErrors, Refusal, UsageError
from handlers.items.listing import Items, Placed, T
from handlers.items.verbs import describe, record_action, record_target
from storage.last_actions import SNOOZED
from storage.snoozes import MOST

MOST_DAYS = 366
TOMORROW = timedelta(days=1)
WAKE = "off"
PICK = "pick"
TIMES = "three times"


def snooze(
    ctx: Context, items: Items[T], placed: Placed[T], span: str | None
) -> Reply | Modal:
    """Leave an item out of reminders until a day begins, in the person's zone."""
    if span == WAKE:
        return _woken(ctx, items, placed)
    if not placed.item.outstanding:
        words = f"{view.status_phrase(placed.item.status)}: there is nothing to snooze."
        raise Refusal(f"{describe(items, placed)} {words}")
    _check_count(ctx, items, placed)
    today = _today(ctx)
    if span is None or span == PICK:
        about, start = describe(items, placed), today + TOMORROW
        return Modal(forms.snooze(items.kind, placed.item.id, about, start))
    until = day_after(span, today)
    if until is None:
        raise UsageError(
            f"“{text.inline(span, 40)}” is not a time to snooze. Write "
            "`1d`, `1w`, `mon`, a date like `2026-03-09`, or `off`."
        )
    if problem := day_problem(until, today):
        raise UsageError(problem)
    return _slept(ctx, items, placed, until)


def snooze_submitted(ctx: Context, items: Items[T], until: date) -> Reply:
    """Snooze the item of the form until the chosen day."""
    if problem := day_problem(until, _today(ctx)):
        raise FieldErrors({"until": problem})
    return _slept(ctx, items, items.find(ctx, ctx.memory["id"]), until)


def day_after(span: str, today: date) -> date | None:
    """Return the day of ``3d``, ``1w``, a weekday or a date; None if it is no day."""
    ahead = f"+{span}" if re.fullmatch(r"\d{1,3}[dw]", span, re.ASCII) else span
    return when.day(ahead, today, since=None if ahead != span else today + TOMORROW)


def day_problem(until: date, today: date) -> str | None:
    """Return in plain text why an item cannot be snoozed until this day, or None."""
    if until <= today:
        return "Choose a day after today."
    if (until - today).days > MOST_DAYS:
        return "Choose a day within a year."
    return None


def _today(ctx: Context) -> date:
    return ctx.asked_at.astimezone(ctx.person.zone).date()


def _woken(ctx: Context, items: Items[T], placed: Placed[T]) -> Reply:
    """End a snooze; it does not count towards the most that are allowed."""
    record_target(ctx, items, placed)
    until = _asleep(ctx, items, placed)
    if until:
        ctx.notes.change("snoozed until", until.isoformat(), None)
    ctx.services.snoozes.wake(items.kind.stored, placed.item.id, ctx.now)
    record_action(ctx, items, placed, view.OUTSTANDING)
    return _changed(ctx, placed, f"{describe(items, placed)} is no longer snoozed.")


def _check_count(ctx: Context, items: Items[T], placed: Placed[T]) -> None:
    """Refuse an item that was snoozed too often, before a form is filled in."""
    known = ctx.services.snoozes.get(items.kind.stored, placed.item.id)
    if known and known.count >= MOST and known.until <= ctx.now:
        raise _too_often(items, placed)


def _too_often(items: Items[T], placed: Placed[T]) -> Refusal:
    limit = (
        f"{TIMES} is the limit. Finish it, mark it as not doing, or assign it to "
        "somebody else."
    )
    words = f"{describe(items, placed)} was not snoozed: {limit}"
    return Refusal(words, in_doubt=text.capital(limit))


def _slept(ctx: Context, items: Items[T], placed: Placed[T], until: date) -> Reply:
    begins = when.midnight(until, ctx.person.zone)
    record_target(ctx, items, placed)
    before = _asleep(ctx, items, placed)
    if before == begins and not ctx.in_doubt:
        words = f"is snoozed until {text.when(begins)} already. Nothing was changed."
        return Reply(f"{describe(items, placed)} {words}")
    store, kind = ctx.services.snoozes, items.kind.stored
    if store.snooze(kind, placed.item.id, until=begins, by=ctx.user) is None:
        raise _too_often(items, placed)
    old = before.isoformat() if before else None
    ctx.notes.change("snoozed until", old, begins.isoformat())
    record_action(ctx, items, placed, SNOOZED)
    words = f"is snoozed until {text.when(begins)}, {by(ctx)}."
    return _changed(ctx, placed, f"{describe(items, placed)} {words}")


def _changed(ctx: Context, placed: Placed[T], words: str) -> Reply:
    ctx.services.outstanding.touch()
    return Reply(words, changed=placed.item.id)


def _asleep(ctx: Context, items: Items[T], placed: Placed[T]) -> datetime | None:
    found = ctx.services.snoozes.get(items.kind.stored, placed.item.id)
    return found.until if found and found.until > ctx.now else None
