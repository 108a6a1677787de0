"""``cadence``: asks for an incident's next update, and takes the answers."""

from __future__ import annotations

from datetime import timedelta

from blocks.incidents import asks as view
from blocks.kit import text
from handlers.core.announce import by, ref
from handlers.core.arguments.dates import Span
from handlers.core.command import Effect, Group, Post, Reply
from handlers.core.context import Context
from handlers.core.locks import lock_for
from handlers.core.operations import UPDATE
from handlers.core.problems import Refusal
from handlers.incidents.next_update import (
    choose,
    expected,
    interval,
    last_update,
    live_of,
)
from handlers.incidents.nudges import describe_snoozed
from incidentio import Incident
from incidentio.features import CHANGING, READING
from reminders.live.incidents import LastUpdate, Live
from reminders.live.question import about

group = Group("cadence", "Update reminders", writes=READING, rank=6)

LATER = Span(timedelta(minutes=30))
NO_CHANGE = "No change since the last update."
ENDED = {"learning", "closed", "declined", "canceled", "merged"}


@group.command(
    "cadence [show]",
    effect=Effect("The next update", "shown"),
    says=["next update", "update due", "update interval"],
)
def show(ctx: Context, incident: Incident) -> Reply:
    """Show when an incident's next update is due."""
    found = live_of(ctx, incident, last_update(ctx, incident))
    choice = ctx.services.update_choices.get(incident.id)
    is_off = choice is not None and choice.due_at is None
    reference = incident.reference
    answers = [
        ("Post update", f"update {reference}"),
        ("Turn on", f"cadence on {reference}")
        if is_off
        else ("Turn off here", f"cadence off {reference}"),
    ]
    lines = _lines(ctx, found)
    for what, until in describe_snoozed(ctx, incident):
        lines.append(f"Reminders about {what.name} are off{until}.")
        answers.append((f"Ask about {what.name}", f"nudge on {what.id} {reference}"))
    drawn = view.listing(about(found), lines, answers)
    return Reply(drawn.text, drawn.blocks)


def _lines(ctx: Context, incident: Live) -> list[str]:
    lines = [_rule(ctx, incident)]
    if incident.last:
        lines.append(f"The last update was {_signed(ctx, incident.last)}.")
    if at := expected(ctx, incident):
        lines.append(f"The next is due {text.when(at)}.")
    return lines


def _signed(ctx: Context, update: LastUpdate) -> str:
    who = text.inline(update.by or "incident.io")
    return f"{text.ago(update.at, ctx.now)}, by {who}"


def _rule(ctx: Context, incident: Live) -> str:
    choice = ctx.services.update_choices.get(incident.id)
    if choice is not None and choice.due_at is None:
        who = text.mention(choice.chosen_by)
        return f"Update reminders are off here: {who} turned them off."
    if incident.category != "live":
        return "No update reminders: it is not live."
    every = interval(ctx, incident)
    severity = text.inline(incident.severity or "No severity")
    if every is None:
        return f"{severity}: no update reminders, unless somebody sets a time."
    return f"{severity}: updates are due every {text.exact(every)}."


@group.command(
    "cadence later", writes=True, effect=Effect("The next update", "put off")
)
def later(ctx: Context, incident: Incident, length: Span = LATER) -> Reply:
    """Move the next update reminder: in `30m`, or as long as you say."""
    at = ctx.asked_at + length
    choose(ctx, incident, at)
    when = text.when(at)
    return Reply(f"{ref(incident)}: the next update is due {when}, {by(ctx)}.")


@group.command(
    "cadence off",
    writes=True,
    effect=Effect("The update reminders", "turned off", "were"),
    says=["stop asking updates", "stop update reminders"],
)
def off(ctx: Context, incident: Incident) -> Reply:
    """Turn update reminders off for an incident."""
    choose(ctx, incident, None)
    return Reply(f"{ref(incident)}: update reminders are off, {by(ctx)}.")


@group.command(
    "cadence on",
    writes=True,
    effect=Effect("The update reminders", "turned on", "were"),
)
def on(ctx: Context, incident: Incident) -> Reply:
    """Turn update reminders on again, as often as the severity says."""
    ctx.notes.on_incident(incident)
    ctx.notes.change("next update", "as chosen", "by severity")
    ctx.services.update_choices.drop(incident.id)
    ctx.services.outstanding.touch()
    at = expected(ctx, live_of(ctx, incident, last_update(ctx, incident)))
    next_ = f" The next is due {text.when(at)}." if at else ""
    return Reply(f"{ref(incident)}: update reminders are on again, {by(ctx)}.{next_}")


@group.command(
    "cadence nochange",
    writes=True,
    needs=CHANGING,
    effect=Effect("The update", "shared"),
    also=[UPDATE],
)
def no_change(ctx: Context, incident: Incident, update: str | None = None) -> Reply:
    """Share that nothing has changed since an incident's last update."""
    with lock_for(incident.id):
        _check(incident)
        last = last_update(ctx, incident)
        if not ctx.in_doubt and update and last and last.id != update:
            signed = _signed(ctx, last)
            return Reply(f"{ref(incident)} was updated {signed}. Nothing was sent.")
        ctx.notes.on_incident(incident)
        ctx.notes.change("message", None, NO_CHANGE)
        ctx.api.updates.create(
            idempotency_key=f"{ctx.idempotency_key}-nochange",
            incident_id=incident.id,
            message=NO_CHANGE,
        )
    ctx.catalog.expire("live_incidents")
    return _announced(ctx, incident, pressed=update is not None)


def _check(incident: Incident) -> None:
    status = incident.incident_status
    if status.category in ENDED:
        is_over = f"{ref(incident)} is {text.bold(status.name)}"
        raise Refusal(f"{is_over}: nothing was sent.", in_doubt=f"{is_over}.")


def _announced(ctx: Context, incident: Incident, *, pressed: bool) -> Reply:
    """Announce who did it, as incident.io may know only the API key.

    The message whose button was pressed says it itself.
    """
    at = text.when(ctx.now, "{time}")
    words = f"{ref(incident)}: no change was sent {by(ctx)}, {at}."
    channel = incident.slack_channel_id
    if not channel:
        return Reply(words)
    if ctx.channel == channel:
        return Reply(words, public=not pressed)
    return Reply(words, posts=[Post(channel, words)])
