"""Follow-ups: lines and forms with description, priority, labels and team."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from blocks.items import card as item_card
from blocks.items import forms as item_forms
from blocks.kit import items, people, text
from blocks.kit.fields import PRIORITIES, Choice, Field, Text, choosable
from incidentio import FollowUp, FollowUpPriority, Incident

PRIORITY = "follow_up_priority_option"
"""Named as in the API, so that errors of incident.io appear beside the field."""


def line(
    follow_up: FollowUp, incident: Incident, snoozed: datetime | None = None
) -> items.ItemLine:
    return items.ItemLine(
        kind=items.FOLLOW_UP,
        id=follow_up.id,
        title=follow_up.title,
        status=follow_up.status,
        owner=owner(follow_up),
        since=follow_up.created_at,
        finished=follow_up.completed_at or follow_up.updated_at,
        priority=follow_up.priority.name if follow_up.priority else None,
        url=incident.permalink,
        snoozed=snoozed,
    )


def owner(follow_up: FollowUp) -> str:
    team = follow_up.assignee_team
    if team is None:
        return items.owner(follow_up.assignee)
    if follow_up.assignee is None:
        return f"team {text.inline(team.name, 80)}"
    return f"{people.person(follow_up.assignee)} (team {text.inline(team.name, 80)})"


def facts(follow_up: FollowUp, now: datetime) -> item_card.Facts:
    return [
        ("Owner", people.person(follow_up.assignee)),
        *_kept(follow_up),
        *item_card.course(follow_up, now),
    ]


def _kept(follow_up: FollowUp) -> Iterable[tuple[str, str]]:
    for label, named in (
        ("Team", follow_up.assignee_team),
        ("Priority", follow_up.priority),
        ("Category", follow_up.category),
    ):
        if named:
            yield label, text.inline(named.name)
    if follow_up.labels:
        yield "Labels", text.inline(", ".join(follow_up.labels))
    if issue := follow_up.external_issue_reference:
        label = f"{issue.issue_name} ({issue.provider})"
        yield "Issue", text.link(issue.issue_permalink, label)


def fields(
    known: Sequence[FollowUpPriority],
    title: str | None = None,
    description: str | None = None,
) -> Sequence[Field]:
    return [
        item_forms.title("Title", title),
        Text(
            name="description",
            label="Description",
            value=description,
            multiline=True,
            optional=True,
        ),
        *_priority(known, None),
        _labels(()),
    ]


def editable(follow_up: FollowUp, known: Sequence[FollowUpPriority]) -> Sequence[Field]:
    drawn = fields(known, follow_up.title, follow_up.description)
    return [
        *drawn[:2],
        *_priority(known, follow_up.priority),
        _labels(follow_up.labels),
        item_forms.status(follow_up.status),
    ]


def _priority(
    known: Sequence[FollowUpPriority], current: FollowUpPriority | None
) -> list[Field]:
    """Return a menu of priorities; a priority that is set cannot be removed."""
    offered = {p.id: p for p in (*known, *([current] if current else []))}
    if not offered:
        return []
    ranked = sorted(offered.values(), key=lambda p: p.rank)
    return [
        Choice(
            name=PRIORITY,
            label="Priority",
            options=choosable(ranked),
            value=current.id if current else None,
            source=PRIORITIES,
            optional=current is None,
        )
    ]


def _labels(labels: Sequence[str]) -> Field:
    return Text(
        name="labels",
        label="Labels",
        value=", ".join(labels) or None,
        optional=True,
        hint="Separate them with commas.",
    )


def labels_in(words: str | None) -> list[str]:
    """Return the labels in a text with commas, each once, in their order."""
    found = (label.strip() for label in (words or "").split(","))
    return list(dict.fromkeys(label for label in found if label))
