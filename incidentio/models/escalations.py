from __future__ import annotations

from incidentio.models.actors import Actor
from incidentio.models.base import Model, When
from incidentio.models.users import User

OPEN = frozenset({"pending", "triggered", "snoozed", "delayed", "pending_repeat"})
"""Somebody is being paged, or will be again."""
ENDED = frozenset({"resolved", "expired", "cancelled"})


class EscalationPriority(Model):
    name: str


class ChatChannel(Model):
    slack_channel_id: str | None = None
    slack_team_id: str | None = None
    microsoft_teams_channel_id: str | None = None


class EscalationEvent(Model):
    id: str
    event: str
    """triggered, notified_users, acked, cancelled, resolved, expired, or newer."""
    occurred_at: When
    urgency: str | None = None
    users: tuple[User, ...] = ()
    channels: tuple[ChatChannel, ...] = ()


class RelatedAlert(Model):
    id: str
    title: str
    status: str = ""
    description: str | None = None
    source_url: str | None = None
    created_at: When | None = None
    resolved_at: When | None = None


class RelatedIncident(Model):
    id: str
    reference: str
    name: str
    visibility: str
    """public or private. Required: what cannot be told apart must not be shown."""
    status_category: str = ""
    summary: str | None = None

    @property
    def is_private(self) -> bool:
        return self.visibility != "public"


class Escalation(Model):
    id: str
    title: str
    status: str
    """pending, triggered, acked, resolved, expired, cancelled, snoozed, or newer."""
    related_incidents: tuple[RelatedIncident, ...]
    """Required: of an unreadable one nobody could say whether it is private."""
    created_at: When
    updated_at: When
    creator: Actor = Actor()
    """Empty where an API key or a call route made it."""
    description: str | None = None
    escalation_path_id: str | None = None
    priority: EscalationPriority | None = None
    events: tuple[EscalationEvent, ...] = ()
    related_alerts: tuple[RelatedAlert, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def has_ended(self) -> bool:
        """Whether nothing can come of it any more."""
        return self.status in ENDED

    @property
    def history(self) -> list[EscalationEvent]:
        """Its events, the earliest first."""
        return sorted(self.events, key=lambda event: event.occurred_at)

    @property
    def notified(self) -> list[User]:
        """Everybody who was paged so far, in order."""
        paged = (e for e in self.history if e.event == "notified_users")
        return list({user.id: user for e in paged for user in e.users}.values())


class ResponseOptions(Model):
    """What a user can do about an escalation now."""

    user_id: str
    available_actions: tuple[str, ...] = ()
    """Of ack, nack and snooze, or newer."""
