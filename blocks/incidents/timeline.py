"""The timeline of an incident, and the form that adds to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block

from blocks.kit import incidents as cards
from blocks.kit import messages, people, text
from blocks.kit.fields import Field, Moment, Text
from blocks.kit.form import Form, Note
from incidentio import Incident
from incidentio.timeline_items import TimelineItem

FORM = "timeline.add"
TITLE = 200
DESCRIPTION = 500


def listing(
    incident: Incident, items: Sequence[TimelineItem], *, now: datetime
) -> list[Block]:
    """List items, each with when it happened and who wrote it."""
    blocks: list[Block] = [messages.section(f"Timeline of {cards.title(incident)}")]
    blocks += [messages.section(_item(item, now)) for item in items]
    if not items:
        blocks.append(messages.section("Nothing is on it yet."))
    line = f"timeline add {incident.reference}"
    return [*blocks, messages.buttons([("Add to timeline", line)])]


def _item(item: TimelineItem, now: datetime) -> str:
    when = f"{text.when(item.timestamp)} ({text.ago(item.timestamp, now)})"
    by = "" if item.activity_log_id else f", added by {people.actor(item.creator)}"
    first = f"{text.bold(item.title)}\n{when}{by}"
    if not item.description:
        return first
    return f"{first}\n{text.quote(item.description, DESCRIPTION)}"


def form(incident: Incident, title: str, description: str, at: datetime) -> Form:
    fields: list[Field | Note] = [
        Note(cards.title(incident), small=True),
        Text(name="title", label="What happened", value=title or None),
        Moment(name="at", label="When", value=at),
        Text(
            name="description",
            label="Details",
            value=description or None,
            multiline=True,
            optional=True,
        ),
    ]
    memory = {"incident": incident.id}
    return Form(FORM, "Add to timeline", fields, "Add", memory=memory)
