"""Rows as the API shows them; a property without a value is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.incidentio.state.times import stamp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.incidentio.state.records import (
        Action,
        FollowUp,
        Item,
        Membership,
        Override,
        Update,
    )
    from sandbox.incidentio.state.store import Store

Shown = dict[str, Any]

_BRIEF = ("email", "id", "name", "role", "slack_user_id")


def present(values: Mapping[str, Any]) -> Shown:
    return {key: value for key, value in values.items() if value is not None}


def brief(user: Mapping[str, Any]) -> Shown:
    """A person as they appear inside other things."""
    return {key: user[key] for key in _BRIEF if key in user}


def person(store: Store, user_id: str | None) -> Shown | None:
    return None if user_id is None else brief(store.users.remembered(user_id))


def update(store: Store, update: Update) -> Shown:
    severity = update.severity_id
    return present(
        {
            "id": update.id,
            "incident_id": update.incident_id,
            "message": update.message,
            "new_incident_status": store.status(update.status_id),
            "new_severity": severity and store.severities.remembered(severity),
            "updater": update.updater,
            "created_at": stamp(update.created_at),
        }
    )


def _item(store: Store, item: Item) -> Shown:
    return {
        "id": item.id,
        "incident_id": item.incident_id,
        "creator": item.creator,
        "assignee": person(store, item.assignee_id),
        "description": item.description,
        "status": item.status,
        "created_at": stamp(item.created_at),
        "updated_at": stamp(item.updated_at),
        "completed_at": item.completed_at and stamp(item.completed_at),
    }


def action(store: Store, action: Action) -> Shown:
    return present(_item(store, action))


def follow_up(store: Store, item: FollowUp) -> Shown:
    priority = item.priority_id
    team = item.team_id
    return present(
        {
            **_item(store, item),
            "title": item.title,
            "labels": item.labels,
            "priority": priority and store.priorities.remembered(priority),
            "assignee_team": team and store.teams.remembered(team),
            "external_issue_reference": item.external_issue,
        }
    )


def listed_follow_up(store: Store, item: FollowUp) -> Shown:
    """Only the list shows a follow-up's category."""
    shown = follow_up(store, item)
    if item.category_id is not None:
        shown["category"] = store.categories.remembered(item.category_id)
    return shown


def membership(store: Store, held: Membership) -> Shown:
    return {
        "id": held.id,
        "incident_id": held.incident_id,
        "user": person(store, held.user_id),
        "created_at": stamp(held.created_at),
        "updated_at": stamp(held.created_at),
    }


def override(store: Store, override: Override) -> Shown:
    return {
        "id": override.id,
        "schedule_id": override.schedule_id,
        "rotation_id": override.rotation_id,
        "layer_id": override.layer_id,
        "user": person(store, override.user_id),
        "start_at": stamp(override.start_at),
        "end_at": stamp(override.end_at),
        "created_at": stamp(override.created_at),
        "updated_at": stamp(override.updated_at),
    }
