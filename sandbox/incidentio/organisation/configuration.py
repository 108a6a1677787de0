"""Severities, statuses, types, roles, timestamps and custom fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from sandbox.incidentio.http import query
from sandbox.incidentio.http.access import needs
from sandbox.incidentio.http.context import Answer, store
from sandbox.incidentio.http.errors import not_found

if TYPE_CHECKING:
    from sandbox.incidentio.state.table import Record, Table

bp = Blueprint("configuration", __name__)


def _show(table: Table[Record], id_: str, name: str, what: str) -> Answer:
    row = table.get(id_)
    if row is None:
        raise not_found(what)
    return {name: row}


@bp.get("/v1/severities")
@needs("viewer")
def list_severities() -> Answer:
    return {"severities": list(store().severities)}


@bp.get("/v1/severities/<id_>")
@needs("viewer")
def show_severity(id_: str) -> Answer:
    return _show(store().severities, id_, "severity", "Severity")


@bp.get("/v1/incident_statuses")
@needs("viewer")
def list_statuses() -> Answer:
    return {"incident_statuses": list(store().statuses)}


@bp.get("/v1/incident_statuses/<id_>")
@needs("viewer")
def show_status(id_: str) -> Answer:
    return _show(store().statuses, id_, "incident_status", "Incident status")


@bp.get("/v1/incident_types")
@needs("viewer")
def list_types() -> Answer:
    return {"incident_types": list(store().types)}


@bp.get("/v1/incident_types/<id_>")
@needs("viewer")
def show_type(id_: str) -> Answer:
    return _show(store().types, id_, "incident_type", "Incident type")


@bp.get("/v2/incident_roles")
@needs("viewer")
def list_roles() -> Answer:
    return {"incident_roles": list(store().roles)}


@bp.get("/v2/incident_roles/<id_>")
@needs("viewer")
def show_role(id_: str) -> Answer:
    return _show(store().roles, id_, "incident_role", "Incident role")


@bp.get("/v2/incident_timestamps")
@needs("viewer")
def list_timestamps() -> Answer:
    return {"incident_timestamps": list(store().timestamps)}


@bp.get("/v2/incident_timestamps/<id_>")
@needs("viewer")
def show_timestamp(id_: str) -> Answer:
    return _show(store().timestamps, id_, "incident_timestamp", "Incident timestamp")


@bp.get("/v2/custom_fields")
@needs("viewer")
def list_custom_fields() -> Answer:
    return {"custom_fields": list(store().custom_fields)}


@bp.get("/v2/custom_fields/<id_>")
@needs("viewer")
def show_custom_field(id_: str) -> Answer:
    return _show(store().custom_fields, id_, "custom_field", "Custom field")


@bp.get("/v1/custom_field_options")
@needs("viewer")
def list_options() -> Answer:
    field_id = query.required("custom_field_id")
    if field_id not in store().custom_fields:
        raise not_found("Custom field")
    rows = store().options.after(query.cursor(), group=field_id, newest=False)
    shown, meta = query.page(rows, lambda row: row, lambda row: str(row["id"]))
    return {"custom_field_options": shown, "pagination_meta": meta}


@bp.get("/v1/custom_field_options/<id_>")
@needs("viewer")
def show_option(id_: str) -> Answer:
    return _show(store().options, id_, "custom_field_option", "Custom field option")
