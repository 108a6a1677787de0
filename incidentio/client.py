"""incident.io, one attribute a resource."""

from __future__ import annotations

import time
from copy import copy
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from incidentio.resources.actions import Actions
from incidentio.resources.custom_field_options import CustomFieldOptions
from incidentio.resources.custom_fields import CustomFields
from incidentio.resources.entries import Entries
from incidentio.resources.escalation_paths import EscalationPaths
from incidentio.resources.escalations import Escalations
from incidentio.resources.follow_ups import FollowUps
from incidentio.resources.identity import Identity
from incidentio.resources.incidents import Incidents
from incidentio.resources.notification_pauses import NotificationPauses
from incidentio.resources.overrides import Overrides
from incidentio.resources.participants import Participants
from incidentio.resources.policy_findings import PolicyFindings
from incidentio.resources.roles import Roles
from incidentio.resources.schedules import Schedules
from incidentio.resources.severities import Severities
from incidentio.resources.statuses import Statuses
from incidentio.resources.teams import Teams
from incidentio.resources.timestamps import Timestamps
from incidentio.resources.types import Types
from incidentio.resources.updates import Updates
from incidentio.resources.users import Users
from incidentio.resources.workflows import Workflows
from incidentio.transport.circuit_breaker import CircuitBreaker
from incidentio.transport.http_transport import HttpTransport
from incidentio.transport.rate_limiter import RateLimiter
from incidentio.transport.requester import Requester

if TYPE_CHECKING:
    from collections.abc import Callable

    from incidentio.transport.requester import OnRequest

SCHEDULES = "/v2/schedule"
"""How the paths of schedules, their entries and their overrides begin."""


def utc_now() -> datetime:
    return datetime.now(UTC)


class Incidentio:
    """The client. Safe to share between threads.

    It keeps to the rate limits that incident.io's answers name; ``requests_per_minute``
    is a bound of its own below them.

    Durations are measured with ``monotonic``; ``now`` only reads dates that the API
    names and says since when it has been silent.
    """

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
    ) -> None:
        transport = HttpTransport(
            api_key,
            base_url,
            pool_size=pool_size,
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
            monotonic=monotonic,
        )
        self._requester = Requester(
            transport,
            CircuitBreaker(
                now=now, monotonic=monotonic, max_in_flight=max(2, pool_size // 2)
            ),
            RateLimiter(
                now=now,
                monotonic=monotonic,
                sleep=sleep,
                per_minute=requests_per_minute,
            ),
            deadline=deadline,
            now=now,
            monotonic=monotonic,
            sleep=sleep,
            on_request=on_request,
        )
        self._bind(self._requester)

    def background(self) -> Incidentio:
        """Return the same client for work that lets people go first.

        Connections and limits are shared; closing either closes both.
        """
        other = copy(self)
        other._requester = self._requester.background()
        other._bind(other._requester)
        return other

    @property
    def changes(self) -> int:
        """How many changes were made with it: what was read before may be old."""
        return self._requester.changes()

    @property
    def schedule_changes(self) -> int:
        """How many of them were of schedules and overrides."""
        return self._requester.changes(SCHEDULES)

    def schedules_changed(self) -> None:
        """Take note that somebody else changed a schedule."""
        self._requester.changed_elsewhere(SCHEDULES)

    def close(self) -> None:
        self._requester.close()

    def _bind(self, requester: Requester) -> None:
        self.actions = Actions(requester)
        self.custom_field_options = CustomFieldOptions(requester)
        self.custom_fields = CustomFields(requester)
        self.entries = Entries(requester)
        self.escalations = Escalations(requester)
        self.escalation_paths = EscalationPaths(requester)
        self.follow_ups = FollowUps(requester)
        self.identity = Identity(requester)
        self.incidents = Incidents(requester)
        self.notification_pauses = NotificationPauses(requester)
        self.overrides = Overrides(requester)
        self.participants = Participants(requester)
        self.policy_findings = PolicyFindings(requester)
        self.roles = Roles(requester)
        self.schedules = Schedules(requester)
        self.severities = Severities(requester)
        self.statuses = Statuses(requester)
        self.teams = Teams(requester)
        self.timestamps = Timestamps(requester)
        self.types = Types(requester)
        self.updates = Updates(requester)
        self.users = Users(requester)
        self.workflows = Workflows(requester)
