"""``close``, ``reopen``, ``accept``, ``decline``, and links about an incident.

These commands never change a status at once: a form shows which one they mean.
"""

from __future__ import annotations

from collections.abc import Collection

from blocks.incidents import change_forms as view
from blocks.incidents.card import ENDED
from blocks.kit import messages, text
from handlers.core.announce import ref
from handlers.core.command import Effect, Modal, Reply
from handlers.core.context import Context
from handlers.core.operations import STATUS
from handlers.core.problems import Refusal
from handlers.incidents import change_forms
from handlers.incidents.show import group
from incidentio import Incident, User

LINKS = Effect("The link", "shown")


@group.command(
    "incident close",
    also=[STATUS],
    aliases=["close", "close incident", "resolve", "resolve incident"],
    says=[
        "incident fixed",
        "incident resolved",
        "done with incident",
        "incident finished",
        "incident solved",
        "end incident",
        "incident over",
        "incident done",
        "incident resolved",
    ],
)
def close(ctx: Context, incident: Incident) -> Modal:
    """Close an incident, in a form that asks for a last word."""
    return _move(ctx, incident, ("closed", "learning"), ENDED)


@group.command(
    "incident reopen",
    also=[STATUS],
    aliases=["reopen", "reopen incident"],
    says=["incident back", "came back", "open incident again", "incident again"],
)
def reopen(ctx: Context, incident: Incident) -> Modal:
    """Reopen an incident, in a form that shows its next status."""
    return _move(ctx, incident, ("live",), ("triage", "live", "paused"))


@group.command(
    "incident accept",
    also=[STATUS],
    aliases=["accept", "accept incident"],
    says=["out of triage", "confirm incident", "start working incident"],
)
def accept(ctx: Context, incident: Incident) -> Modal:
    """Accept an incident in triage, in a form that shows its next status."""
    _require_triage(incident, "accepted")
    return _move(ctx, incident, ("live",), ())


@group.command(
    "incident decline",
    also=[STATUS],
    aliases=["decline", "decline incident"],
    says=["reject incident", "not an incident", "false alarm"],
)
def decline(ctx: Context, incident: Incident) -> Modal:
    """Decline an incident in triage, in a form that asks once more."""
    _require_triage(incident, "declined")
    return _move(ctx, incident, ("declined",), ())


@group.command(
    "incident merge",
    aliases=["merge", "merge incident"],
    says=["merge incidents", "duplicate incident", "combine incidents"],
    effect=LINKS,
)
def merge(ctx: Context, incident: Incident) -> Reply:
    """Show where to merge an incident: only in incident.io."""
    return _elsewhere(incident, "merge incidents")


@group.command(
    "incident subscribe",
    aliases=["subscribe"],
    says=[
        "posted incident",
        "keep posted",
        "follow incident",
        "watch incident",
        "subscribe incident",
    ],
    effect=LINKS,
)
def subscribe(ctx: Context, incident: Incident) -> Reply:
    """Show where to subscribe to an incident: only in incident.io."""
    return _elsewhere(incident, "subscribe to an incident")


@group.command(
    "incident channel",
    aliases=["join", "channel"],
    says=["join incident", "join channel", "where incident", "incident room"],
    effect=Effect("The channel", "shown"),
)
def channel(ctx: Context, incident: Incident) -> Reply:
    """Show an incident's channel, and its call."""
    lines = []
    if incident.slack_channel_id:
        place = text.channel(incident.slack_channel_id)
        lines.append(f"{ref(incident)}: follow along in {place}.")
    if incident.call_url:
        lines.append(f"Call: {text.link(incident.call_url, 'join')}")
    words = "\n".join(lines) or f"{ref(incident)} has no channel and no call."
    return Reply(words)


@group.command(
    "incident invite",
    aliases=["invite"],
    says=["add person incident", "pull in", "bring in", "invite person"],
    effect=Effect("The invitation", "explained"),
)
def invite(ctx: Context, incident: Incident, person: User | None = None) -> Reply:
    """Show how to invite somebody to an incident's channel: in Slack itself."""
    if not incident.slack_channel_id:
        return Reply(f"{ref(incident)} has no channel to invite anybody to.")
    name = text.inline(person.name) if person else "name"
    place = text.channel(incident.slack_channel_id)
    return Reply(f"Slack invites people itself: type `/invite @{name}` in {place}.")


@group.command(
    "incident postmortem",
    aliases=["postmortem", "post-mortem", "retro"],
    says=[
        "pm incident",
        "link pm",
        "postmortem link",
        "retrospective",
        "incident report",
        "rca",
        "write up",
    ],
    effect=LINKS,
)
def postmortem(ctx: Context, incident: Incident) -> Reply:
    """Show the link of an incident's post-mortem."""
    url = incident.postmortem_document_url
    if url:
        return _linked(f"The post-mortem of {ref(incident)}:", "Open post-mortem", url)
    words = f"{ref(incident)} has no post-mortem yet. Write it in incident.io."
    return _linked(words, "Open in incident.io", incident.permalink)


def _move(
    ctx: Context,
    incident: Incident,
    categories: Collection[str],
    already: Collection[str],
) -> Modal:
    """Open the form with the first status of these categories, in their order."""
    now = incident.incident_status
    if now.category in already:
        raise Refusal(f"{ref(incident)} is {text.bold(now.name)} already.")
    known = view.in_order(ctx.catalog.statuses())
    for category in categories:
        for status in known:
            if status.category == category:
                return change_forms.ask(ctx, view.STATUS, incident, status=status)
    raise Refusal(
        f"No status matches. `{ctx.slash} status {incident.reference}` shows those "
        "that there are."
    )


def _require_triage(incident: Incident, done: str) -> None:
    now = incident.incident_status
    if now.category != "triage":
        raise Refusal(
            f"{ref(incident)} is {text.bold(now.name)}. Only an incident in triage "
            f"can be {done}."
        )


def _elsewhere(incident: Incident, what: str) -> Reply:
    words = f"You can only {what} in incident.io itself:"
    return _linked(f"{ref(incident)}: {words}", "Open incident", incident.permalink)


def _linked(words: str, label: str, url: str | None) -> Reply:
    section = messages.section(words)
    if url:
        section.accessory = messages.opener(label, url)
    return Reply(words, [section])
