"""The activity log of an incident: what happened, as incident.io itself noted it."""

from __future__ import annotations

from collections.abc import Iterator

from incidentio.actors import Actor
from incidentio.base.model import Model, Named, When
from incidentio.base.resource import Resource
from incidentio.severities import Severity
from incidentio.statuses import Status
from incidentio.transport.query import plain
from incidentio.users import User

PATH = "/v2/incident_activity_log_entries"


class StateActivity(Model):
    """A shared update, or a change of status."""

    message: str | None = None
    new_severity: Severity | None = None
    previous_severity: Severity | None = None
    new_status: Status | None = None
    previous_status: Status | None = None
    updater: Actor = Actor()


class RoleActivity(Model):
    """A role that was given, handed over or taken away."""

    role: Named | None = None
    new_assignee: User | None = None
    previous_assignee: User | None = None
    updater: Actor = Actor()


class ItemActivity(Model):
    """An action or a follow-up that was added or changed."""

    action_id: str | None = None
    follow_up_id: str | None = None
    new_status: str | None = None
    """outstanding, completed, deleted, not_doing, or newer. None: it is unchanged."""
    previous_assignee: User | None = None
    new_assignee: User | None = None
    new_title: str | None = None
    actor: Actor = Actor()
    """Who added it."""
    updater: Actor = Actor()
    """Who changed it."""

    @property
    def item_id(self) -> str:
        return self.action_id or self.follow_up_id or ""


class PageActivity(Model):
    """An escalation that paged people, or that somebody acknowledged."""

    escalation_id: str
    escalation_path_id: str | None = None
    escalated_to_users: tuple[User, ...] = ()
    creator: Actor = Actor()
    acknowledger: User | None = None


class TextActivity(Model):
    """A new name, or a new summary."""

    previous_name: str | None = None
    new_name: str | None = None
    new_summary: str | None = None
    updater: Actor = Actor()


class MergedIncident(Model):
    """An incident as the entry about its merge names it."""

    id: str
    reference: str
    name: str
    visibility: str = "private"
    """public, private, or newer."""


class MergeActivity(Model):
    """Another incident that was merged into this one."""

    source_incident: MergedIncident | None = None
    merger: Actor = Actor()


class ActivityContent(Model):
    """The content of an entry: at most one of these, by the type of the entry."""

    incident_update: StateActivity | None = None
    status_change: StateActivity | None = None
    role_update: RoleActivity | None = None
    action_created: ItemActivity | None = None
    action_updated: ItemActivity | None = None
    follow_up_created: ItemActivity | None = None
    follow_up_updated: ItemActivity | None = None
    escalation_created: PageActivity | None = None
    escalation_acknowledged: PageActivity | None = None
    incident_rename: TextActivity | None = None
    summary_update: TextActivity | None = None
    incident_merged: MergeActivity | None = None


class ActivityEntry(Model):
    """One event; entries of other types than ``content`` knows have their title."""

    id: str
    incident_id: str
    type: str
    title: str
    occurred_at: When
    created_at: When
    content: ActivityContent = ActivityContent()


class ActivityLog(Resource):
    """Operations on the activity logs of incidents."""

    def list(self, *, incident_id: str) -> Iterator[ActivityEntry]:
        """Yield the entries of an incident and of its streams, the oldest first.

        https://api-docs.incident.io/tag/Incident-Activity-Log-Entries-V2#operation/Incident%20Activity%20Log%20Entries%20V2_List
        """
        key, query = "incident_activity_log_entries", plain(incident_id=incident_id)
        return self._pages(ActivityEntry, PATH, key, query)
