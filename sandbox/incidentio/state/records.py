"""Rows of the store; they refer to each other by id."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(slots=True, kw_only=True)
class Debrief:
    """A meeting about an incident."""

    id: str
    start_at: datetime
    end_at: datetime


@dataclass(slots=True, kw_only=True)
class Incident:
    id: str
    number: int
    name: str
    visibility: str
    mode: str
    status_id: str
    severity_id: str | None
    type_id: str | None
    creator: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    last_activity_at: datetime
    summary: str | None = None
    call_url: str | None = None
    channel_id: str = ""
    channel_name: str | None = None
    team_id: str = ""
    postmortem_url: str | None = None
    debriefs: list[Debrief] = field(default_factory=list)
    roles: dict[str, str] = field(default_factory=dict)
    """Role id to user id."""
    fields: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Custom field id to values as they were sent."""
    timestamps: dict[str, datetime] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)
    """User id to kind of participant."""
    workload: tuple[float, float, float] | None = None
    """Minutes in working, late and sleeping hours."""


@dataclass(slots=True, kw_only=True)
class Update:
    id: str
    incident_id: str
    status_id: str
    severity_id: str | None
    updater: dict[str, Any]
    created_at: datetime
    message: str | None = None


@dataclass(slots=True, kw_only=True)
class Item:
    """The properties that actions and follow-ups share."""

    id: str
    incident_id: str
    creator: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    description: str | None = None
    status: str = "outstanding"
    assignee_id: str | None = None
    completed_at: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Action(Item):
    pass


@dataclass(slots=True, kw_only=True)
class FollowUp(Item):
    title: str
    labels: list[str] = field(default_factory=list)
    priority_id: str | None = None
    category_id: str | None = None
    team_id: str | None = None
    external_issue: dict[str, str] | None = None


@dataclass(slots=True, kw_only=True)
class PolicyFinding:
    """A policy's finding about a follow-up."""

    id: str
    follow_up_id: str
    incident_id: str
    created_at: datetime
    due_at: datetime | None = None
    state: str = "active"
    policy_id: str = "01HQP0L1CY0000000000000000"


@dataclass(slots=True, kw_only=True)
class Membership:
    id: str
    incident_id: str
    user_id: str
    created_at: datetime


@dataclass(slots=True, kw_only=True)
class Override:
    id: str
    schedule_id: str
    rotation_id: str
    layer_id: str
    user_id: str
    start_at: datetime
    end_at: datetime
    created_at: datetime
    updated_at: datetime


@dataclass(slots=True, kw_only=True)
class Escalation:
    id: str
    title: str
    creator: dict[str, Any]
    """Empty where an API key did it."""
    created_at: datetime
    updated_at: datetime
    key: str = ""
    """Its idempotency key."""
    description: str = ""
    path_id: str | None = None
    user_ids: list[str] = field(default_factory=list)
    incident_ids: list[str] = field(default_factory=list)
    alerts: list[dict[str, Any]] = field(default_factory=list)
    priority: str = "P2"
    status: str = "triggered"
    events: list[dict[str, Any]] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)
    """Each has ``targets`` to notify, and ``seconds`` to wait after that."""
    place: int = 0
    """The index of the next step."""
    next_at: datetime | None = None
    """The time of the next step; None: there is none."""
    reassigned_to: str | None = None
    more: dict[str, Any] = field(default_factory=dict)
    """Properties that the API does not have yet, shown as they are."""
