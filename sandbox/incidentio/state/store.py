"""The whole state of the organisation."""

from __future__ import annotations

import pickle
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING

from sandbox.incidentio.state.ids import ulid
from sandbox.incidentio.state.records import (
    Action,
    Escalation,
    FollowUp,
    Incident,
    Membership,
    Override,
    PolicyFinding,
    Update,
)
from sandbox.incidentio.state.table import Record, Table
from sandbox.incidentio.state.times import format_time

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime


class Store:
    """All tables. Tests may read and change them; requests are served under a lock."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.users = Table[Record]()
        self.teams = Table[Record]()
        self.severities = Table[Record]()
        self.statuses = Table[Record]()
        self.types = Table[Record]()
        self.roles = Table[Record]()
        self.timestamps = Table[Record]()
        self.custom_fields = Table[Record]()
        self.options = Table[Record](itemgetter("custom_field_id"))
        self.priorities = Table[Record]()
        self.categories = Table[Record]()
        self.schedules = Table[Record]()
        self.escalation_paths = Table[Record]()
        self.path_templates = Table[Record]()
        self.workflows = Table[Record]()
        self.incidents = Table[Incident]()
        self.updates = Table[Update](attrgetter("incident_id"))
        self.actions = Table[Action](attrgetter("incident_id"))
        self.follow_ups = Table[FollowUp](attrgetter("incident_id"))
        self.findings = Table[PolicyFinding]()
        self.memberships = Table[Membership](attrgetter("incident_id"))
        self.overrides = Table[Override](attrgetter("schedule_id"))
        self.escalations = Table[Escalation]()
        self.notification_pauses = Table[Record]()
        self.timeline_items = Table[Record]()
        self.activity = Table[Record](itemgetter("incident_id"))
        """Recorded entries of activity logs; others are read from their rows."""
        self.notification_methods: dict[str, list[Record]] = {}
        """How users can be paged, by their ids; by Slack where it is not set."""
        self.unused_methods: set[str] = set()
        """The ids of notification methods that no rule uses."""
        self.numbers: dict[int, str] = {}
        """Number of an incident to its id."""
        self.owners: dict[str, str] = {}
        """Option id of a service to the id of the team that owns it."""
        self.created_by_key: dict[str, str] = {}
        """Idempotency key to incident id."""
        self.updated_by_key: dict[str, str] = {}
        """Idempotency key to update id."""
        self._issued = 0

    def clear(self) -> None:
        """Remove everything; ids start anew."""
        self.__dict__ = vars(Store(self.now))

    def saved(self) -> dict[str, bytes]:
        """Return the state of a store that was not restored, for ``restore``."""
        parts = vars(self).items()
        return {name: pickle.dumps(part) for name, part in parts if name != "now"}

    def restore(self, saved: dict[str, bytes]) -> None:
        """Go back to a state. Each part of it is read when it is first asked for."""
        self.__dict__ = {"now": self.now, "_saved": saved}

    if not TYPE_CHECKING:  # where it would stand for every name

        def __getattr__(self, name: str) -> object:
            try:
                part = pickle.loads(vars(self)["_saved"][name])  # noqa: S301
            except KeyError:
                raise AttributeError(name) from None
            return vars(self).setdefault(name, part)

    def new_id(self) -> str:
        self._issued += 1
        return ulid(self.now(), self._issued)

    def next_number(self) -> int:
        return max(self.numbers, default=0) + 1

    def add_incident(self, incident: Incident) -> Incident:
        self.numbers[incident.number] = incident.id
        return self.incidents.add(incident.id, incident)

    def record_activity(self, incident_id: str, at: datetime | None = None) -> None:
        """Record an incident's last activity, now or at that time."""
        incident = self.incidents.resolve(incident_id)
        at = at or self.now()
        incident.last_activity_at = max(incident.last_activity_at, at)

    def incident(self, id_or_number: str) -> Incident | None:
        if id_or_number.isdecimal() and len(id_or_number) < 10:
            id_or_number = self.numbers.get(int(id_or_number), "")
        return self.incidents.get(id_or_number)

    def user(self, *, field: str, value: str) -> Record | None:
        """Return the user by ``id``, ``email`` or ``slack_user_id``."""
        return next((user for user in self.users if user.get(field) == value), None)

    def status(self, id_: str) -> Record:
        return self.statuses.resolve(id_)

    def category(self, incident: Incident) -> str:
        return str(self.status(incident.status_id)["category"])

    def rank(self, severity_id: str | None) -> int | None:
        if severity_id is None:
            return None
        return int(self.severities.resolve(severity_id)["rank"])

    def add_finding(
        self, follow_up_id: str, due_at: datetime | None, state: str = "active"
    ) -> PolicyFinding:
        """Add a policy's finding that gives a follow-up a due date."""
        row = PolicyFinding(
            id=self.new_id(),
            follow_up_id=follow_up_id,
            incident_id=self.follow_ups.resolve(follow_up_id).incident_id,
            created_at=self.now(),
            due_at=due_at,
            state=state,
        )
        return self.findings.add(row.id, row)

    def pause_notifications(self, user_id: str, until: datetime) -> Record:
        """Pause a user's on-call notifications from now on."""
        now = format_time(self.now())
        pause = {
            "id": self.new_id(),
            "user_id": user_id,
            "starts_at": now,
            "ends_at": format_time(until),
            "reason": "Annual leave",
            "created_at": now,
            "updated_at": now,
        }
        return self.notification_pauses.add(pause["id"], pause)
