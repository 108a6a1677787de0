"""Lists of severities, statuses, types, roles, timestamps and custom fields."""

from __future__ import annotations

from flask import Blueprint

from sandbox.incidentio.http.context import Answer, find, needs, store
from sandbox.incidentio.state.table import Record, Table

bp = Blueprint("configuration", __name__)

RESOURCES = (
    ("/v1/severities", "severity", "severities"),
    ("/v1/incident_statuses", "incident_status", "statuses"),
    ("/v1/incident_types", "incident_type", "types"),
    ("/v2/incident_roles", "incident_role", "roles"),
    ("/v2/incident_timestamps", "incident_timestamp", "timestamps"),
    ("/v2/custom_fields", "custom_field", "custom_fields"),
)
"""Path, name of one resource, and attribute of the store."""


def _serve(path: str, one: str, attribute: str) -> None:
    """List the rows of a table, and show each by its id."""

    def table() -> Table[Record]:
        found: Table[Record] = getattr(store(), attribute)
        return found

    @bp.get(path, endpoint=f"list_{one}")
    @needs("viewer")
    def list_all() -> Answer:
        return {path.rpartition("/")[2]: list(table())}

    @bp.get(f"{path}/<id_>", endpoint=f"show_{one}")
    @needs("viewer")
    def show(id_: str) -> Answer:
        return {one: find(table(), id_, one.replace("_", " ").capitalize())}


for resource in RESOURCES:
    _serve(*resource)
