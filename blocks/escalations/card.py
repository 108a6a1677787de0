"""Escalations in Slack: state, people paged and history."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from slack_sdk.models.blocks import Block

from blocks.kit import messages, text
from blocks.kit.escalations import state
from blocks.kit.incidents import VEIL
from blocks.kit.people import people
from incidentio import Actor, Escalation, EscalationEvent, RelatedIncident

EVENTS: Mapping[str, str] = {
    "entered_grace_period": "Waited: its alert was grouped into an incident",
    "triggered": "Began to page",
    "notified_users": "Paged",
    "notified_channels": "Told",
    "acked": "Acknowledged",
    "cancelled": "Cancelled",
    "resolved": "Resolved",
    "expired": "Expired: nobody acknowledged it",
}
VEILED = "Page for a private incident"


@dataclass(frozen=True, slots=True)
class CardAction:
    """An action through the bot, which incident.io attributes to the API key."""

    by: str
    """The Slack id of the person."""
    at: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class EscalationContext:
    """Facts for a card that the escalation itself does not have.

    ``actions`` are the answers that somebody who was paged may give; ``card_actions``
    are what people did through the bot, by the event that followed.
    """

    path: str | None = None
    """The name of its path."""
    actions: Collection[str] = ()
    card_actions: Mapping[str, CardAction] = field(default_factory=dict)
    by: str | None = None
    """The Slack id of who paged through the bot."""


def veiled(escalation: Escalation, visible: Collection[str] = ()) -> Escalation:
    """Return the escalation without what belongs to private incidents.

    ``visible`` are the ids of private incidents that may be shown.
    """
    related = escalation.related_incidents
    hidden = [i for i in related if i.is_private and i.id not in visible]
    if not hidden:
        return escalation
    shown = [_hide(i) if i in hidden else i for i in related]
    creator = Actor() if escalation.creator.alert else escalation.creator
    return escalation.model_copy(
        update={
            "title": VEILED,
            "description": None,
            "related_alerts": (),
            "related_incidents": tuple(shown),
            "creator": creator,
        }
    )


def _hide(incident: RelatedIncident) -> RelatedIncident:
    update = {"name": VEIL, "reference": "", "summary": None}
    return incident.model_copy(update=update)


def target(escalation: Escalation, path: str | None) -> str:
    """Return what it pages: the name of a path, or else the people paged so far."""
    if escalation.escalation_path_id:
        return f"path {text.inline(path, 80)}" if path else "an escalation path"
    return people(escalation.notified)


def related(incident: RelatedIncident) -> str:
    lock = "🔒 " if incident.is_private else ""
    named = f"{incident.reference} {incident.name}".strip()
    return f"{lock}{text.inline(named, 120)}"


def line(escalation: Escalation, path: str | None, now: datetime) -> str:
    """Describe an escalation in two lines, for lists."""
    since = f"since {text.when(escalation.created_at)}"
    parts = [
        f"*{state(escalation.status)}*",
        target(escalation, path),
        f"{since} ({text.ago(escalation.created_at, now)})",
        *(related(i) for i in escalation.related_incidents[:3]),
    ]
    return f"*{text.inline(escalation.title, 150)}*\n{' · '.join(parts)}"


def listing(
    rows: Sequence[tuple[Escalation, str | None]], heading: str, now: datetime
) -> list[Block]:
    """List escalations, each with the name of its path and a button that shows it."""
    blocks: list[Block] = [messages.section(text.bold(heading))]
    for escalation, path in rows:
        section = messages.section(line(escalation, path, now))
        section.accessory = messages.button("Show", f"escalation {escalation.id}")
        blocks.append(section)
    if not rows:
        blocks += [messages.section("None."), messages.buttons([("Page", "page")])]
    return blocks


def status_text(escalation: Escalation, known: EscalationContext) -> str:
    """Return the status, with who changed it and when, in mrkdwn."""
    said = f"*{state(escalation.status)}*"
    if escalation.status == "expired":
        return f"{said}: nobody acknowledged it"
    action = known.card_actions.get(escalation.status)
    if escalation.status == "snoozed":
        until = f" until {text.when(action.until)}" if action and action.until else ""
        return f"{said}{until} by {text.mention(action.by)}" if action else said
    happened = [e for e in escalation.history if e.event == escalation.status]
    if not happened or escalation.is_open:
        return said
    return f"{said}{_who(happened[-1], action)} {text.when(happened[-1].occurred_at)}"


def _who(event: EscalationEvent, action: CardAction | None) -> str:
    """Return who did it: as incident.io says, or else as the bot stored."""
    if event.users:
        return f" by {people(event.users)}"
    return f" by {text.mention(action.by)}" if action else ""


def events(escalation: Escalation, known: EscalationContext, most: int) -> list[str]:
    """Return at most ``most`` lines of history, in order; of many, the last ones."""
    history = escalation.history
    left = len(history) - most
    shown = history[-most:]
    before = [f"_{text.count(left, 'event')} before these_"] if left > 0 else []
    return [*before, *(_event(event, known) for event in shown)]


def _event(event: EscalationEvent, known: EscalationContext) -> str:
    word = EVENTS.get(event.event, event.event.replace("_", " "))
    at = text.when(event.occurred_at, "{time}")
    urgency = f" ({text.inline(event.urgency)} urgency)" if event.urgency else ""
    if event.event == "notified_users":
        return f"{at}  {word} {people(event.users)}{urgency}"
    if event.event == "notified_channels":
        return f"{at}  {word} {_channels(event)}"
    return (
        f"{at}  {text.inline(word)}{_who(event, known.card_actions.get(event.event))}"
    )


def _channels(event: EscalationEvent) -> str:
    ids = [channel.slack_channel_id for channel in event.channels]
    named = [text.channel(id_) for id_ in ids if id_]
    return text.listed(named) or "a channel elsewhere"
