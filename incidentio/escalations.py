"""Escalations: pages to people, and their answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from incidentio.actors import Actor
from incidentio.base.model import Model, Page, When
from incidentio.base.resource import Resource, many, one, payload
from incidentio.transport.query import filters, plain
from incidentio.users import User

OPEN = frozenset({"pending", "triggered", "snoozed", "delayed", "pending_repeat"})
"""Statuses in which somebody is being paged, or will be again."""
ENDED = frozenset({"resolved", "expired", "cancelled"})


class EscalationPriority(Model):
    """The priority of an escalation."""

    name: str


class ChatChannel(Model):
    """A channel that was notified."""

    slack_channel_id: str | None = None
    slack_team_id: str | None = None
    microsoft_teams_channel_id: str | None = None


class EscalationEvent(Model):
    """An event of an escalation."""

    id: str
    event: str
    """triggered, notified_users, acked, cancelled, resolved, expired, or newer."""
    occurred_at: When
    urgency: str | None = None
    users: tuple[User, ...] = ()
    channels: tuple[ChatChannel, ...] = ()


class RelatedAlert(Model):
    """An alert that an escalation is about."""

    id: str
    title: str
    status: str = ""
    description: str | None = None
    source_url: str | None = None
    created_at: When | None = None
    resolved_at: When | None = None


class RelatedIncident(Model):
    """An incident that an escalation is about."""

    id: str
    reference: str
    name: str
    visibility: str
    """public or private. Required: without it nobody knows who may see the incident."""
    status_category: str = ""
    summary: str | None = None

    @property
    def is_private(self) -> bool:
        return self.visibility != "public"


class Escalation(Model):
    """An escalation: who was paged, for what, and how they answered."""

    id: str
    title: str
    status: str
    """pending, triggered, acked, resolved, expired, cancelled, snoozed, or newer."""
    related_incidents: tuple[RelatedIncident, ...]
    """Required: an incident that cannot be read might be private."""
    created_at: When
    updated_at: When
    creator: Actor = Actor()
    """Empty if an API key or a call route made it."""
    description: str | None = None
    escalation_path_id: str | None = None
    priority: EscalationPriority | None = None
    events: tuple[EscalationEvent, ...] = ()
    related_alerts: tuple[RelatedAlert, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether somebody is being paged, or will be again."""
        return self.status in OPEN

    @property
    def has_ended(self) -> bool:
        """Whether it is over: nobody will be paged any more."""
        return self.status in ENDED

    @property
    def history(self) -> list[EscalationEvent]:
        """Its events, the earliest first."""
        return sorted(self.events, key=lambda event: event.occurred_at)

    @property
    def notified(self) -> list[User]:
        """Everybody who was paged so far, in the order of the pages."""
        paged = (e for e in self.history if e.event == "notified_users")
        return list({user.id: user for e in paged for user in e.users}.values())


class ResponseOptions(Model):
    """The answers that a user can give to an escalation now."""

    user_id: str
    available_actions: tuple[str, ...] = ()
    """ack, nack, snooze, or newer."""


PATH = "/v2/escalations"
ACTIONS = f"{PATH}/{{id}}/actions"
PAGE_SIZE = 50
"""The most that the API allows."""


class Escalations(Resource):
    """Operations on escalations."""

    def list(
        self,
        *,
        path: str | None = None,
        status: str | Sequence[str] | None = None,
        created_since: datetime | None = None,
        updated_since: datetime | None = None,
        idempotency_key: str | None = None,
    ) -> Iterator[Escalation]:
        """Yield escalations, the newest first.

        Overlap ``updated_since`` by minutes: rows may turn up late.

        https://api-docs.incident.io/tag/Escalations-V2#operation/Escalations%20V2_List
        """
        by_key = {"is": idempotency_key} if idempotency_key else None
        query = filters(
            {
                "escalation_path": path,
                "status": status,
                "created_at": created_since,
                "updated_at": updated_since,
                "idempotency_key": by_key,
            }
        )
        return self._pages(Escalation, PATH, "escalations", query, PAGE_SIZE)

    def page(
        self,
        *,
        after: str | None = None,
        page_size: int = PAGE_SIZE,
        status: str | Sequence[str] | None = None,
    ) -> Page[Escalation]:
        """Return one page of escalations, the newest first.

        https://api-docs.incident.io/tag/Escalations-V2#operation/Escalations%20V2_List
        """
        query = filters({"status": status})
        query += plain(page_size=page_size, after=after)
        return self._page(Escalation, PATH, "escalations", query)

    def show(self, id: str) -> Escalation:  # noqa: A002
        """Return one escalation.

        https://api-docs.incident.io/tag/Escalations-V2#operation/Escalations%20V2_Show
        """
        return one(Escalation, self._http.get(f"{PATH}/{{id}}", id=id), "escalation")

    def create(
        self,
        *,
        idempotency_key: str,
        title: str,
        description: str | None = None,
        escalation_path_id: str | None = None,
        user_ids: Sequence[str] | None = None,
        incident_id: str | None = None,
    ) -> Escalation:
        """Page people, by a path or by their ids; return the escalation.

        The same key again returns the same escalation. The limit is 60 a minute.

        https://api-docs.incident.io/tag/Escalations-V2#operation/Escalations%20V2_Create
        """
        body = payload(
            idempotency_key=idempotency_key,
            title=title,
            description=description,
            escalation_path_id=escalation_path_id,
            user_ids=user_ids,
            incident_id=incident_id,
        )
        answer = self._http.post(PATH, body, idempotent=True)
        return one(Escalation, answer, "escalation", write=True)

    def cancel(self, id: str) -> None:  # noqa: A002
        """Stop paging. Cancelling again changes nothing.

        https://api-docs.incident.io/tag/Escalations-V2#operation/Escalations%20V2_CancelEscalation
        """
        self._http.post(f"{ACTIONS}/cancel", {}, idempotent=True, id=id)

    def check_permissions(
        self,
        id: str,  # noqa: A002
        user_ids: Sequence[str],
    ) -> tuple[ResponseOptions, ...]:
        """Return what each of these users can do about an escalation now.

        https://api-docs.incident.io/tag/Escalations-V2#operation/Escalations%20V2_CheckEscalationPermissions
        """
        body = payload(user_ids=user_ids)
        answer = self._http.post_query(f"{ACTIONS}/check_permissions", body, id=id)
        return many(ResponseOptions, answer, "response_options")

    def reassign(
        self,
        id: str,  # noqa: A002
        *,
        escalation_path_id: str | None = None,
        user_ids: Sequence[str] | None = None,
        title: str | None = None,
        description: str | None = None,
        resolve_original: bool | None = None,
    ) -> Escalation:
        """Page other people in place of those paged; return the new escalation.

        An escalation can be reassigned once.

        https://api-docs.incident.io/tag/Escalations-V2#operation/Escalations%20V2_ReassignEscalation
        """
        body = payload(
            escalation_path_id=escalation_path_id,
            user_ids=user_ids,
            title=title,
            description=description,
            resolve_original=resolve_original,
        )
        answer = self._http.post(f"{ACTIONS}/reassign", body, id=id)
        return one(Escalation, answer, "escalation", write=True)

    def respond(
        self,
        id: str,  # noqa: A002
        response: str,
        *,
        until: datetime | None = None,
        reason: str | None = None,
    ) -> None:
        """Answer a page: ``ack``, ``nack``, or ``snooze`` until a moment.

        https://api-docs.incident.io/tag/Escalations-V2#operation/Escalations%20V2_RespondEscalation
        """
        details: dict[str, object] | None = None
        if until is not None:
            details = {"snooze_until": until, "reason": reason}
        body = payload(response=response, snooze_details=details)
        self._http.post(f"{ACTIONS}/respond", body, id=id)
