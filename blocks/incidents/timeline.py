"""The timeline of an incident, and the form that adds to it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block

from blocks.kit import incidents as cards
from blocks.kit import messages, people, text
from blocks.kit.edit import Input
from blocks.kit.fields import Moment, Text
from blocks.kit.form import Form, Note
from incidentio import Incident
from incidentio.timeline_items import TimelineItem

FORM = "timeline.add"
EDIT = "timeline.edit"
TITLE = 200
DESCRIPTION = 500


def listing(
    incident: Incident,
    items: Sequence[TimelineItem],
    own: Collection[str],
    *,
    now: datetime,
) -> list[Block]:
    """List items, each with when it happened and who wrote it.

    ``own`` are the ids of those that the reader added, and may edit.
    """
    blocks: list[Block] = [messages.section(f"Timeline of {cards.title(incident)}")]
    for item in items:
        section = messages.section(_item(item, now))
        if item.id in own:
            line = f"timeline edit {incident.reference} {item.id}"
            section.accessory = messages.button("Edit", line)
        blocks.append(section)
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
    fields = [Note(cards.title(incident), small=True), *inputs(title, description, at)]
    memory = {"incident": incident.id}
    return Form(FORM, "Add to timeline", fields, "Add", memory=memory)


def inputs(title: str, description: str, at: datetime) -> list[Input]:
    return [
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


def editing(incident: Incident, current: TimelineItem, inputs: Sequence[Input]) -> Form:
    """Draw the form that edits an item around ``inputs``."""
    fields = [Note(cards.title(incident), small=True), *inputs]
    memory = {"incident": incident.id, "item": current.id}
    return Form(EDIT, "Edit timeline entry", fields, "Save", memory=memory)
