"""The client of incident.io, one attribute a resource."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Self, get_type_hints

from http_base.client import OnExchange
from incidentio.actions import Actions
from incidentio.base.resource import Resource
from incidentio.custom_field_options import CustomFieldOptions
from incidentio.custom_fields import CustomFields
from incidentio.escalation_paths import EscalationPaths
from incidentio.escalations import Escalations
from incidentio.follow_ups import FollowUps
from incidentio.identity import Identities
from incidentio.incidents import Incidents
from incidentio.notification_pauses import NotificationPauses
from incidentio.overrides import Overrides
from incidentio.participants import IncidentParticipants
from incidentio.policy_findings import PolicyFindings
from incidentio.roles import Roles
from incidentio.schedules import Schedules
from incidentio.severities import Severities
from incidentio.statuses import Statuses
from incidentio.teams import Teams
from incidentio.timestamps import Timestamps
from incidentio.transport.circuit_breaker import CircuitBreaker
from incidentio.transport.http_transport import HttpTransport
from incidentio.transport.rate_limiter import OnLimit, RateLimiter
from incidentio.transport.requester import OnChange, OnRequest, Requester
from incidentio.types import Types
from incidentio.updates import Updates
from incidentio.users import Users
from incidentio.workflows import Workflows

SCHEDULES = "/v2/schedule"
"""The beginning of the paths of schedules, their entries and their overrides."""


def utc_now() -> datetime:
    return datetime.now(UTC)


class Incidentio(Requester):
    """A client with one API key; threads may share it.

    Every resource declared here becomes an attribute. The class of any other resource
    takes the client: ``Widgets(client).list()``.

    It keeps to the rate limits that incident.io's answers name; ``requests_per_minute``
    is a bound of its own below them. Durations are in seconds and measured with
    ``monotonic``; ``now`` is for dates that the API names, and for saying since when
    incident.io has not answered. ``deadline`` is for a call with all its repetitions.
    ``on_change`` and ``on_limit`` are given what other processes should know: where
    something was changed, and what is left of a limit that is nearly used up.
    """

    actions: Actions
    custom_field_options: CustomFieldOptions
    custom_fields: CustomFields
    escalation_paths: EscalationPaths
    escalations: Escalations
    follow_ups: FollowUps
    identity: Identities
    incidents: Incidents
    notification_pauses: NotificationPauses
    overrides: Overrides
    participants: IncidentParticipants
    policy_findings: PolicyFindings
    roles: Roles
    schedules: Schedules
    severities: Severities
    statuses: Statuses
    teams: Teams
    timestamps: Timestamps
    types: Types
    updates: Updates
    users: Users
    workflows: Workflows

    def __init__(
        self,
        api_key: str,
        base_url: str = "https://api.incident.io",
        *,
        pool_size: int = 32,
        requests_per_minute: int | None = None,
        connect_timeout: float = 3,
        read_timeout: float = 10,
        deadline: float = 25,
        now: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        on_request: OnRequest | None = None,
        on_exchange: OnExchange | None = None,
        on_change: OnChange = lambda _: None,
        on_limit: OnLimit = lambda _, __: None,
    ) -> None:
        super().__init__(
            HttpTransport(
                api_key,
                base_url,
                pool_size=pool_size,
                connect_timeout=connect_timeout,
                read_timeout=read_timeout,
                monotonic=monotonic,
                on_exchange=on_exchange,
            ),
            CircuitBreaker(
                now=now, monotonic=monotonic, max_in_flight=max(2, pool_size // 2)
            ),
            RateLimiter(
                now=now,
                monotonic=monotonic,
                sleep=sleep,
                per_minute=requests_per_minute,
                on_limit=on_limit,
            ),
            deadline=deadline,
            now=now,
            monotonic=monotonic,
            sleep=sleep,
            on_request=on_request,
            on_change=on_change,
        )
        self._bind_resources()

    def background(self) -> Self:
        """Return the same client for work that lets people go first.

        Connections and limits are shared; closing either closes both.
        """
        other = super().background()
        other._bind_resources()
        return other

    @property
    def changes(self) -> int:
        """The number of changes made: what was read before one may be old."""
        return self.change_count()

    @property
    def schedule_changes(self) -> int:
        """The number of changes of schedules and overrides."""
        return self.change_count(SCHEDULES)

    def schedules_changed(self) -> None:
        """Count a change that somebody else made to a schedule."""
        self.schedules_outdated()
        self._on_change(SCHEDULES)

    def schedules_outdated(self) -> None:
        """Count a change of schedules that may have been made unnoticed."""
        self.changed_elsewhere(SCHEDULES)

    def _bind_resources(self) -> None:
        for name, kind in RESOURCES.items():
            setattr(self, name, kind(self))


RESOURCES = {
    name: kind
    for name, kind in get_type_hints(Incidentio).items()
    if issubclass(kind, Resource)
}
