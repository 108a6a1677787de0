"""``reminders``: what this channel is reminded of, and when; pause, run, delete."""

from __future__ import annotations

from blocks import subscriptions as view
from blocks import text
from blocks.fields import Choosable
from handlers.command import Group, Reply
from handlers.context import Context
from handlers.problems import Ambiguous, Refusal, UsageError
from handlers.targets import Rest, resolves
from incidentio.lookup import normal
from reminders.schedule import When, describe, next_times
from reminders.select import NOBODY
from storage.reminders import ACTIVE
from storage.tables import Subscription

group = Group("reminder", "Reminders")

AGAIN = "reminders"
GONE = "That reminder was deleted."


@group.command("reminders")
def list_(ctx: Context, which: Rest | None = None) -> Reply:
    """List this channel's reminders; or all of yours."""
    mine = normal(which or "") in ("all", "mine")
    stored = ctx.services.reminders.list(None if mine else ctx.channel)
    found = [s for s in stored if not mine or s.created_by == ctx.user]
    origin = "reminders mine" if mine else AGAIN
    shown = [_shown(ctx, subscription) for subscription in found[:20]]
    words = f"{text.count(len(found), 'reminder')} {'of yours' if mine else 'here'}"
    titles = "".join(f"\n{s.title}: {s.about}" for s in shown)
    return Reply(words + titles, view.listing(shown, origin))


@group.command("reminder pause", writes=True, fails="The reminder was not paused")
def pause(ctx: Context, reminder: Subscription) -> Reply:
    """Send nothing until it is resumed."""
    words = f"Paused by {text.mention(ctx.user)}"
    if ctx.services.reminders.pause(reminder.id, words) is None:
        raise Refusal(GONE)
    return Reply(f"{title(reminder)} is paused. Resume it when it is wanted again.")


@group.command("reminder resume", writes=True, fails="The reminder was not resumed")
def resume(ctx: Context, reminder: Subscription) -> Reply:
    """Go on with a paused reminder."""
    resumed = ctx.services.reminders.resume(reminder.id)
    if resumed is None:
        raise Refusal(GONE)
    return Reply(f"{title(reminder)} goes on. {upcoming(ctx, resumed)}")


@group.command("reminder run", writes=True, fails="The reminder was not sent")
def run(ctx: Context, reminder: Subscription) -> Reply:
    """Send a reminder now, besides its own times."""
    if ctx.services.reminders.run_now(reminder.id, ctx.user) is None:
        raise Refusal(GONE)
    where = text.channel(reminder.channel)
    return Reply(f"{title(reminder)} is sent to {where} now, unless there is nothing.")


@group.command("reminder delete", writes=True, fails="The reminder was not deleted")
def delete(ctx: Context, reminder: Subscription) -> Reply:
    """Delete a reminder."""
    if not ctx.services.reminders.delete(reminder.id):
        raise Refusal(GONE)
    return Reply(f"{title(reminder)} is deleted.")


@group.command("reminder show")
def show(ctx: Context, slot: str) -> Reply:
    """Show what a reminder that was sent would say now."""
    drawn = ctx.services.redrawn(slot, ctx.channel)
    if drawn is None:
        raise Refusal(GONE)
    return Reply(drawn.text, drawn.blocks)


@resolves(Subscription)
def _reminder(ctx: Context, words: list[str], required: bool) -> Subscription | None:
    """Take an id; without one ask which of this channel's."""
    known = ctx.services.reminders
    if words:
        found = known.get(words.pop(0))
        if found is None or (
            ctx.channel != found.channel and ctx.user != found.created_by
        ):
            raise Refusal(f"{GONE} `{ctx.slash} reminders` lists those there are.")
        return found
    if not required:
        return None
    here = known.list(ctx.channel)
    if not here:
        raise UsageError("No reminder is set in this channel.")
    options = [Choosable(s.name or about(ctx, s), s.id) for s in here]
    raise Ambiguous("Which reminder?", options)


def _shown(ctx: Context, subscription: Subscription) -> view.Shown:
    notes = []
    if subscription.state == ACTIVE:
        notes.append(upcoming(ctx, subscription))
    else:
        notes.append(subscription.reason or "Paused")
    if subscription.last_slot_at:
        at = text.when(subscription.last_slot_at)
        result = text.inline(subscription.last_result or "")
        notes.append(f"Last: {at}, {result}")
    return view.Shown(
        id=subscription.id,
        title=title(subscription),
        about=about(ctx, subscription),
        active=subscription.state == ACTIVE,
        notes=notes,
    )


def title(subscription: Subscription) -> str:
    return text.inline(subscription.name or "Reminder", 80)


def about(ctx: Context, subscription: Subscription) -> str:
    """Say what it is about: ``Follow-ups of all incidents, weekdays at 09:30``."""
    parts = [f"Outstanding {view.spoken(subscription.kinds)} of {_scope(subscription)}"]
    severities = [
        s.name for s in ctx.catalog.severities() if s.id in subscription.severity_ids
    ]
    priorities = [
        p.name for p in ctx.catalog.priorities() if p.id in subscription.priority_ids
    ]
    parts += [
        text.inline(text.listed(names, "or"))
        for names in (severities, priorities)
        if names
    ]
    if subscription.min_age_days:
        parts.append(f"older than {text.count(subscription.min_age_days, 'day')}")
    parts += _owners(subscription)
    parts.append(text.escape(describe(When.parse(subscription.when))))
    return ", ".join(parts)


def _scope(subscription: Subscription) -> str:
    return "this incident" if subscription.incident_id else "all incidents"


def _owners(subscription: Subscription) -> list[str]:
    named = [
        "nobody" if owner == NOBODY else text.mention(owner)
        for owner in subscription.owner_ids
    ]
    return [f"owned by {text.listed(named, 'or')}"] if named else []


def upcoming(ctx: Context, subscription: Subscription) -> str:
    moments = next_times(When.parse(subscription.when), ctx.now, 3)
    return f"Next: {text.listed([text.when(moment) for moment in moments])}."
