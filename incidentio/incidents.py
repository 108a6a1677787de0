"""Incidents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NotRequired, TypedDict, Unpack

from incidentio.actors import Actor
from incidentio.base.model import Model, Named, Page, When
from incidentio.base.resource import Resource, one, payload
from incidentio.custom_fields import CustomFieldEntry
from incidentio.external_issues import ExternalIssue
from incidentio.roles import Role
from incidentio.severities import Severity
from incidentio.statuses import Status
from incidentio.timestamps import TimestampValue
from incidentio.transport.query import Query, filters, plain
from incidentio.types import IncidentType
from incidentio.users import User


class RoleAssignment(Model):
    """A role in an incident, and the person who has it."""

    role: Role
    assignee: User | None = None


class DurationMetric(Model):
    """A time between two timestamps of an incident."""

    duration_metric: Named
    status: str
    """success, timestamps_missing, calculating, invalid_timestamps, or newer."""
    value_seconds: int | None = None


class Debrief(Model):
    """A meeting about an incident that is over."""

    id: str
    start_at: When
    end_at: When


class Incident(Model):
    """An incident."""

    id: str
    reference: str
    name: str
    incident_status: Status
    visibility: str
    """public or private. Required: without it nobody knows who may see the incident."""
    mode: str = "standard"
    summary: str | None = None
    severity: Severity | None = None
    incident_type: IncidentType | None = None
    incident_role_assignments: tuple[RoleAssignment, ...] = ()
    custom_field_entries: tuple[CustomFieldEntry, ...] = ()
    incident_timestamp_values: tuple[TimestampValue, ...] = ()
    duration_metrics: tuple[DurationMetric, ...] = ()
    call_url: str | None = None
    permalink: str | None = None
    slack_channel_id: str | None = None
    slack_channel_name: str | None = None
    slack_channel_url: str | None = None
    slack_team_id: str | None = None
    team_ids: tuple[str, ...] = ()
    """The teams that own it."""
    external_issue_reference: ExternalIssue | None = None
    postmortem_document_url: str | None = None
    has_debrief: bool | None = None
    debriefs: tuple[Debrief, ...] = ()
    workload_minutes_total: float | None = None
    creator: Actor = Actor()
    created_at: When | None = None
    updated_at: When | None = None
    last_activity_at: When | None = None
    """When it, its actions, its follow-ups or its pages changed last."""

    @property
    def number(self) -> int | None:
        """The number in ``INC-123``."""
        digits = self.reference.rpartition("-")[2]
        return int(digits) if digits.isdecimal() else None

    @property
    def is_private(self) -> bool:
        return self.visibility != "public"

    @property
    def lead(self) -> User | None:
        """The person who has the role of the type ``lead``."""
        return next(
            (
                assigned.assignee
                for assigned in self.incident_role_assignments
                if assigned.role.role_type == "lead"
            ),
            None,
        )


class UserReference(TypedDict, total=False):
    """A person, by one of these."""

    id: str
    email: str
    slack_user_id: str


class RoleAssignmentPayload(TypedDict):
    """A role to give to somebody, or to take away."""

    incident_role_id: str
    assignee: NotRequired[UserReference | None]
    """None or absent: the role is taken away."""


class TimestampPayload(TypedDict):
    """A timestamp to set, or to clear."""

    incident_timestamp_id: str
    value: NotRequired[datetime | None]


class CustomFieldValuePayload(TypedDict, total=False):
    """A value to set; the type of the field decides which property holds it."""

    value_text: str
    value_link: str
    value_numeric: str
    value_option_id: str
    value_catalog_entry_id: str


class CustomFieldPayload(TypedDict):
    """A custom field to set, or to clear."""

    custom_field_id: str
    values: Sequence[CustomFieldValuePayload]
    """Empty clears the field."""


PATH = "/v2/incidents"

ChoiceFilter = str | Sequence[str] | Mapping[str, object] | None
MomentFilter = datetime | Mapping[str, object] | None


class IncidentFilters(TypedDict, total=False):
    """Filters. Values mean ``one_of`` or ``gte``; mappings name their operators."""

    status: ChoiceFilter
    status_category: ChoiceFilter
    severity: ChoiceFilter
    incident_type: ChoiceFilter
    mode: ChoiceFilter
    """Without it the API leaves out test and tutorial incidents."""
    created_at: MomentFilter
    updated_at: MomentFilter
    incident_role: Mapping[str, Mapping[str, object]] | None
    custom_field: Mapping[str, Mapping[str, object]] | None


class IncidentEdit(TypedDict, total=False):
    """The properties that an edit may change. None clears what may be empty."""

    name: str
    summary: str | None
    call_url: str | None
    severity_id: str
    incident_status_id: str
    incident_role_assignments: Sequence[RoleAssignmentPayload]
    incident_timestamp_values: Sequence[TimestampPayload]
    custom_field_entries: Sequence[CustomFieldPayload]
    slack_channel_name_override: str


class Incidents(Resource):
    """Operations on incidents."""

    def list(
        self, *, sort_by: str | None = None, **narrowed: Unpack[IncidentFilters]
    ) -> Iterator[Incident]:
        """Yield incidents that pass all filters.

        ``sort_by`` is ``created_at_newest_first``, the default, or ``…_oldest_first``.

        https://api-docs.incident.io/tag/Incidents-V2#operation/Incidents%20V2_List
        """
        return self._pages(Incident, PATH, "incidents", _query(sort_by, narrowed))

    def page(
        self,
        *,
        after: str | None = None,
        page_size: int = 25,
        sort_by: str | None = None,
        **narrowed: Unpack[IncidentFilters],
    ) -> Page[Incident]:
        """Return one page of incidents that pass all filters.

        https://api-docs.incident.io/tag/Incidents-V2#operation/Incidents%20V2_List
        """
        query = _query(sort_by, narrowed) + plain(page_size=page_size, after=after)
        return self._page(Incident, PATH, "incidents", query)

    def show(self, id_or_number: str | int) -> Incident:
        """Return an incident by its id, or by the number of its reference.

        https://api-docs.incident.io/tag/Incidents-V2#operation/Incidents%20V2_Show
        """
        body = self._http.get(f"{PATH}/{{id}}", id=str(id_or_number))
        return one(Incident, body, "incident")

    def create(
        self,
        *,
        idempotency_key: str,
        visibility: str,
        name: str | None = None,
        summary: str | None = None,
        severity_id: str | None = None,
        incident_type_id: str | None = None,
        incident_status_id: str | None = None,
        mode: str | None = None,
        incident_role_assignments: Sequence[RoleAssignmentPayload] | None = None,
        incident_timestamp_values: Sequence[TimestampPayload] | None = None,
        custom_field_entries: Sequence[CustomFieldPayload] | None = None,
        slack_team_id: str | None = None,
        slack_channel_name_override: str | None = None,
    ) -> Incident:
        """Declare an incident, and return it.

        The same key again returns the same incident.

        https://api-docs.incident.io/tag/Incidents-V2#operation/Incidents%20V2_Create
        """
        body = payload(
            idempotency_key=idempotency_key,
            visibility=visibility,
            name=name,
            summary=summary,
            severity_id=severity_id,
            incident_type_id=incident_type_id,
            incident_status_id=incident_status_id,
            mode=mode,
            incident_role_assignments=incident_role_assignments,
            incident_timestamp_values=incident_timestamp_values,
            custom_field_entries=custom_field_entries,
            slack_team_id=slack_team_id,
            slack_channel_name_override=slack_channel_name_override,
        )
        answer = self._http.post(PATH, body, idempotent=True)
        return one(Incident, answer, "incident", write=True)

    def edit(
        self,
        id: str,  # noqa: A002
        *,
        notify_incident_channel: bool,
        **changes: Unpack[IncidentEdit],
    ) -> Incident:
        """Change the given properties only, and return the incident.

        https://api-docs.incident.io/tag/Incidents-V2#operation/Incidents%20V2_Edit
        """
        cleared = {
            name: "" if name in CLEARED_BY_EMPTY and value is None else value
            for name, value in changes.items()
        }
        body = {
            "incident": payload(**cleared),
            "notify_incident_channel": notify_incident_channel,
        }
        answer = self._http.post(f"{PATH}/{{id}}/actions/edit", body, id=id)
        return one(Incident, answer, "incident", write=True)


CLEARED_BY_EMPTY = {"summary", "call_url"}


def _query(sort_by: str | None, narrowed: IncidentFilters) -> Query:
    return filters(narrowed) + plain(sort_by=sort_by)
