"""The card of an action or a follow-up: everything that is set on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import ActionsBlock, Block, HeaderBlock, PlainTextObject

from blocks.kit import incidents, items, messages, people, text
from incidentio import Action, FollowUp, Incident

Facts = list[tuple[str, str]]
"""Labels in plain text, values in mrkdwn."""


def linked(line: items.ItemLine, incident: Incident, now: datetime) -> list[Block]:
    """Draw a short card of an item, below a link to it."""
    state = [items.status_label(line.status), *items.facts(line, now)]
    words = [text.bold(line.title), " · ".join(state), incidents.title(incident)]
    return [messages.section("\n".join(words))]


def card(
    line: items.ItemLine,
    incident: Incident,
    facts: Facts,
    description: str | None = None,
) -> list[Block]:
    """Draw the card; its buttons redraw it."""
    noun = line.kind.noun
    name = PlainTextObject(text=text.plain(line.title, text.HEADER))
    head = f"*{items.status_label(line.status)}* · {incidents.title(incident)}"
    if line.snoozed:
        head = f"{head} · snoozed until {text.when(line.snoozed)}"
    return [
        HeaderBlock(text=name),
        *_whole_title(line.title),
        messages.section(head),
        *_paragraph(description or ""),
        *messages.columns(facts),
        *_steps(line, f"{noun} show {line.id}"),
    ]


def _whole_title(title: str) -> Sequence[Block]:
    """Draw the title in full if the header had to shorten it."""
    whole = len(text.plain(title, text.SECTION)) <= text.HEADER and "\n" not in title
    return [] if whole else _paragraph(title)


def _paragraph(words: str) -> Sequence[Block]:
    """Draw a text as a paragraph; nothing if it has only spaces."""
    written = text.paragraph(words)
    return [messages.section(written)] if written else []


def course(item: Action | FollowUp, now: datetime) -> Facts:
    """Return who added an item, and when it was added, changed and finished."""
    moments = (
        ("Added", item.created_at),
        ("Last change", item.updated_at),
        ("Done", item.completed_at),
    )
    return [
        ("Added by", people.actor(item.creator)),
        *(
            (label, f"{text.when(moment)} ({text.ago(moment, now)})")
            for label, moment in moments
            if moment
        ),
    ]


def _steps(line: items.ItemLine, origin: str) -> list[Block]:
    noun, id_ = line.kind.noun, line.id
    sure = f"Delete “{text.inline(line.title, 100)}” for good?"
    delete = messages.button(
        "Delete", f"{noun} delete {id_}", nth=9, style="danger", sure=sure
    )
    edit = messages.button("Edit", f"{noun} edit {id_}", nth=8)
    if not line.is_open:
        undo = messages.button("Reopen", f"{noun} reopen {id_}")
        row = [undo, edit, delete]
        return [ActionsBlock(block_id=f"{origin}#1", elements=row)]
    first = items.steps(line, f"{origin}#1")
    return [
        first,
        ActionsBlock(block_id=f"{origin}#2", elements=[*_snoozes(line), edit, delete]),
    ]


def _snoozes(line: items.ItemLine) -> list[messages.Button]:
    said = f"{line.kind.noun} snooze {line.id}"
    if line.snoozed:
        return [messages.button("Wake", f"{said} off")]
    return [
        messages.button(label, f"{said} {span}", nth=number)
        for number, (label, span) in enumerate(items.SNOOZES, 1)
    ]
