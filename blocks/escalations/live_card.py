"""The cards of an escalation: for one person, and for a channel that follows it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from slack_sdk.models.blocks import ActionsBlock, Block, HeaderBlock, PlainTextObject

from blocks.escalations.card import EscalationContext, events, related, status_text
from blocks.kit import messages, text
from blocks.kit.on_call import sections
from blocks.kit.people import actor, people
from incidentio import Escalation, RelatedAlert

MOST_EVENTS, MOST_IN_BRIEF = 60, 12
MOST_RELATED = 10
BRIEF = 600
"""The most characters of the description on the card in a channel."""
SNOOZE = 30
"""The minutes that the button snoozes for."""


def card(
    escalation: Escalation, known: EscalationContext, now: datetime, origin: str
) -> list[Block]:
    """Draw everything about an escalation; its buttons redraw the card."""
    name = PlainTextObject(text=text.plain(escalation.title, text.HEADER))
    facts = [*_facts(escalation, known), ("Last change", _since(escalation, now))]
    return [
        HeaderBlock(text=name),
        messages.section(status_text(escalation, known)),
        *_description(escalation, text.SECTION),
        messages.fields([_fact(label, value) for label, value in facts]),
        *sections(events(escalation, known, MOST_EVENTS)),
        *_related(escalation),
        *steps(escalation, known, origin),
    ]


def live(escalation: Escalation, known: EscalationContext) -> list[Block]:
    """Draw the card for a channel: it is the same for all, and redrawn on changes."""
    facts = " · ".join(
        f"{label}: {value}" for label, value in _facts(escalation, known)
    )
    head = f"*{text.inline(escalation.title, 150)}*\n{status_text(escalation, known)}"
    return [
        messages.section(head),
        *_description(escalation, BRIEF),
        messages.context(facts),
        *sections(events(escalation, known, MOST_IN_BRIEF)),
        *_related(escalation),
        *steps(escalation, known, None),
    ]


def _description(escalation: Escalation, limit: int) -> list[Block]:
    if not escalation.description or not escalation.description.strip():
        return []
    return [messages.section(text.paragraph(escalation.description, limit))]


def fallback_text(escalation: Escalation, known: EscalationContext) -> str:
    """Return the card in a sentence, for notifications and screen readers."""
    title = text.inline(escalation.title, 150)
    who = people(escalation.notified)
    return f"{title}: {status_text(escalation, known)}. Paged so far: {who}"


Facts = list[tuple[str, str]]


def _facts(escalation: Escalation, known: EscalationContext) -> Facts:
    facts = []
    if escalation.priority:
        facts.append(("Priority", text.inline(escalation.priority.name)))
    facts.append(("Paged by", _creator(escalation, known)))
    if escalation.escalation_path_id:
        facts.append(("Path", text.inline(known.path or "unknown", 80)))
    facts.append(("Paged so far", people(escalation.notified)))
    return [*facts, ("Since", text.when(escalation.created_at))]


def _creator(escalation: Escalation, known: EscalationContext) -> str:
    """Return who paged; for a page with the API key, the person who asked the bot."""
    creator = escalation.creator
    if creator.user or not known.by:
        kind = "alert " if creator.alert else "workflow " if creator.workflow else ""
        unknown = "an API key or a call"
        return f"{kind}{actor(creator)}" if creator.name else unknown
    return text.mention(known.by)


def _since(escalation: Escalation, now: datetime) -> str:
    changed = escalation.updated_at
    return f"{text.when(changed)} ({text.ago(changed, now)})"


def _fact(label: str, value: str) -> str:
    return text.clip(f"*{label}*\n{value}", text.FIELD)


def _related(escalation: Escalation) -> list[Block]:
    incidents = [related(i) for i in escalation.related_incidents[:MOST_RELATED]]
    alerts = [_alert(a) for a in escalation.related_alerts[:MOST_RELATED]]
    lines = []
    if incidents:
        lines.append(f"*Incidents*  {' · '.join(incidents)}")
    if alerts:
        lines.append("\n".join(["*Alerts*", *alerts]))
    return [messages.section("\n".join(lines))] if lines else []


def _alert(alert: RelatedAlert) -> str:
    title = text.inline(alert.title, 150)
    named = text.link(alert.source_url, alert.title) if alert.source_url else title
    status = f" ({text.inline(alert.status)})" if alert.status else ""
    about = f": {text.inline(alert.description, 200)}" if alert.description else ""
    return f"• {named}{status}{about}"


def steps(
    escalation: Escalation, known: EscalationContext, origin: str | None
) -> list[Block]:
    """Draw the buttons for what can be done now; none where it is over."""
    buttons = list(_buttons(escalation, known))
    if not buttons:
        return []
    block_id = f"{origin}#1" if origin else None
    return [ActionsBlock(block_id=block_id, elements=buttons)]


def _buttons(
    escalation: Escalation, known: EscalationContext
) -> Iterable[messages.Button]:
    id_ = escalation.id
    if "ack" in known.actions:
        line_ = f"escalation ack {id_}"
        yield messages.button("Acknowledge", line_, nth=1, style="primary")
    if "snooze" in known.actions:
        line_ = f"escalation snooze {id_} {SNOOZE}m"
        yield messages.button(f"Snooze {SNOOZE} min", line_, nth=2)
    if escalation.is_open:
        line_ = f"escalation reassign {id_}"
        yield messages.button("Reassign", line_, nth=3)
        sure = "No one else will be notified."
        line_ = f"escalation cancel {id_}"
        yield messages.button(
            "Cancel page",
            line_,
            nth=4,
            style="danger",
            sure=sure,
            keep="Keep paging",
        )
