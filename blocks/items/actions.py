"""Actions: lines and forms. They have one text, and neither priority nor labels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from blocks.items import card as item_card
from blocks.items import forms as item_forms
from blocks.kit import items, people
from blocks.kit.fields import Field
from incidentio import Action, Incident


def line(
    action: Action, incident: Incident, snoozed: datetime | None = None
) -> items.ItemLine:
    return items.ItemLine(
        kind=items.ACTION,
        id=action.id,
        title=action.description,
        status=action.status,
        owner=items.owner(action.assignee),
        since=action.created_at,
        finished=action.completed_at or action.updated_at,
        url=incident.permalink,
        snoozed=snoozed,
    )


def facts(action: Action, now: datetime) -> item_card.Facts:
    return [
        ("Owner", people.person(action.assignee)),
        *item_card.course(action, now),
    ]


def fields(description: str | None = None) -> Sequence[Field]:
    return [item_forms.title("What is to be done", description, multiline=True)]


def editable(action: Action) -> Sequence[Field]:
    return [*fields(action.description), item_forms.status(action.status)]
