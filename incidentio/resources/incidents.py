from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict

from incidentio.models import Incident, Page
from incidentio.resources.base import Resource, one, payload
from incidentio.transport.query import filters, plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Unpack

    from incidentio.resources.payloads import (
        CustomFieldPayload,
        RoleAssignmentPayload,
        TimestampPayload,
    )
    from incidentio.transport.query import Query

PATH = "/v2/incidents"

Choice = str | Sequence[str] | Mapping[str, Any] | None
Moment = datetime | Mapping[str, Any] | None


class IncidentFilters(TypedDict, total=False):
    """Plain values mean ``one_of`` or ``gte``; mappings name their operators."""

    status: Choice
    status_category: Choice
    severity: Choice
    incident_type: Choice
    mode: Choice
    """Without it the API leaves out test and tutorial incidents."""
    created_at: Moment
    updated_at: Moment
    incident_role: Mapping[str, Mapping[str, Any]] | None
    custom_field: Mapping[str, Mapping[str, Any]] | None


class IncidentEdit(TypedDict, total=False):
    """What may be changed; None clears where there is nothing to point at."""

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
    def list(
        self, *, sort_by: str | None = None, **narrowed: Unpack[IncidentFilters]
    ) -> Iterator[Incident]:
        return self._pages(Incident, PATH, "incidents", _query(sort_by, narrowed))

    def page(
        self,
        *,
        after: str | None = None,
        page_size: int = 25,
        sort_by: str | None = None,
        **narrowed: Unpack[IncidentFilters],
    ) -> Page[Incident]:
        query = _query(sort_by, narrowed) + plain(page_size=page_size, after=after)
        return self._page(Incident, PATH, "incidents", query)

    def show(self, id_or_number: str | int) -> Incident:
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
        """Declare an incident. The same key again answers with the same incident."""
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
        """Change what is given and nothing else."""
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
