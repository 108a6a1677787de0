"""Custom fields and their options: created, replaced, deleted; options are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint

from sandbox.incidentio.http import query
from sandbox.incidentio.http.context import Answer, find, needs, payload, store
from sandbox.incidentio.state.times import format_time

if TYPE_CHECKING:
    from sandbox.incidentio.http.payload import Payload

bp = Blueprint("custom_fields", __name__)

FIELD_TYPES = ("single_select", "multi_select", "text", "link", "numeric")
SELECTS = FIELD_TYPES[:2]
NAME_LIMIT = 50
READ_ONLY = ("id", "field_type", "catalog_type_id", "created_at", "updated_at")
"""Properties that a request cannot change."""
USUAL_SORT_KEY = 1000
SORT_KEYS = -(2**63), 2**63 - 1


@bp.post("/v2/custom_fields")
@needs("manage_settings")
def create_field() -> Answer:
    org, sent = store(), payload()
    now = format_time(org.now())
    kind = sent.choice("field_type", FIELD_TYPES, required=True)
    id_ = org.new_id()
    sent.text("catalog_type_id")
    _check_field(sent, id_)
    read_only = {"id": id_, "field_type": kind, "created_at": now, "updated_at": now}
    row = {**sent.data, **read_only}
    return {"custom_field": org.custom_fields.add(id_, row)}, 201


@bp.put("/v2/custom_fields/<id_>")
@needs("manage_settings")
def update_field(id_: str) -> Answer:
    """Replace a custom field; a property that is not sent is removed."""
    org = store()
    before = find(org.custom_fields, id_, "Custom field")
    sent = payload()
    _check_field(sent, id_)
    read_only = {name: before[name] for name in READ_ONLY if name in before}
    row = {**sent.data, **read_only, "updated_at": format_time(org.now())}
    return {"custom_field": org.custom_fields.replace(id_, row)}


@bp.delete("/v2/custom_fields/<id_>")
@needs("manage_settings")
def delete_field(id_: str) -> Answer:
    org = store()
    find(org.custom_fields, id_, "Custom field")
    org.custom_fields.remove(id_)
    for incident in org.incidents:
        incident.fields.pop(id_, None)
    for option in list(org.options.after(group=id_, newest=False)):
        org.options.remove(str(option["id"]))
    return "", 204


@bp.get("/v1/custom_field_options")
@needs("viewer")
def list_options() -> Answer:
    field_id = query.required("custom_field_id")
    find(store().custom_fields, field_id, "Custom field")
    rows = store().options.after(query.cursor(), group=field_id, newest=False)
    shown, meta = query.page(rows, lambda row: row, lambda row: str(row["id"]))
    return {"custom_field_options": shown, "pagination_meta": meta}


@bp.get("/v1/custom_field_options/<id_>")
@needs("viewer")
def show_option(id_: str) -> Answer:
    option = find(store().options, id_, "Custom field option")
    return {"custom_field_option": option}


@bp.post("/v1/custom_field_options")
@needs("manage_settings")
def create_option() -> Answer:
    org, sent = store(), payload()
    field = sent.lookup(
        "custom_field_id", org.custom_fields, "Custom field", required=True
    )
    if field and (field["field_type"] not in SELECTS or field.get("catalog_type_id")):
        sent.add_problem(
            "custom_field_id", "This custom field has no options of its own."
        )
    id_ = org.new_id()
    value = _option_value(sent, str(field["id"]) if field else "", id_)
    sort_key = sent.number("sort_key", *SORT_KEYS)
    row = {
        "id": id_,
        "custom_field_id": field["id"] if field else "",
        "value": value,
        "sort_key": USUAL_SORT_KEY if sort_key is None else sort_key,
    }
    sent.check()
    return {"custom_field_option": org.options.add(id_, row)}, 201


@bp.put("/v1/custom_field_options/<id_>")
@needs("manage_settings")
def update_option(id_: str) -> Answer:
    org, sent = store(), payload()
    before = find(org.options, id_, "Custom field option")
    value = _option_value(sent, str(before["custom_field_id"]), id_)
    sent.number("sort_key", *SORT_KEYS, required=True)
    sent.check()
    read_only = {name: before[name] for name in ("id", "custom_field_id")}
    row = {**sent.data, **read_only, "value": value}
    return {"custom_field_option": org.options.replace(id_, row)}


@bp.delete("/v1/custom_field_options/<id_>")
@needs("manage_settings")
def delete_option(id_: str) -> Answer:
    find(store().options, id_, "Custom field option")
    store().options.remove(id_)
    for incident in store().incidents:
        for field_id, values in incident.fields.items():
            kept = [v for v in values if v.get("value_option_id") != id_]
            incident.fields[field_id] = kept
    return "", 204


def _check_field(sent: Payload, id_: str) -> None:
    name = sent.text("name", required=True, limit=NAME_LIMIT)
    if sent.text("description") is None:
        sent.add_problem("description", "description is required.", "is_required")
    _check_catalog(sent)
    if _taken(store().custom_fields, "name", name, id_):
        message = "A custom field with this name already exists."
        sent.add_problem("name", message, "duplicate")
    sent.check()


def _check_catalog(sent: Payload) -> None:
    """Check what is said of the catalog whose entries are the options."""
    for attribute in ("group_by", "helptext"):
        sent.text(f"{attribute}_catalog_attribute_id")
    if by := sent.child("filter_by"):
        for attribute in ("catalog_attribute_id", "custom_field_id"):
            by.text(attribute, required=True)
    if fixed := sent.child("fixed_filter"):
        fixed.text("catalog_attribute_id", required=True)
        fixed.labels("values", required=True)


def _option_value(sent: Payload, field_id: str, id_: str) -> str:
    value = sent.text("value", required=True)
    siblings = store().options.after(group=field_id, newest=False)
    if _taken(siblings, "value", value, id_):
        sent.add_problem("value", "This option already exists.", "duplicate")
    return value or ""


def _taken(rows: Any, name: str, wanted: str | None, id_: str) -> bool:
    said = (wanted or "").strip().casefold()
    others = (row for row in rows if row["id"] != id_)
    return any(str(row[name]).strip().casefold() == said for row in others)
