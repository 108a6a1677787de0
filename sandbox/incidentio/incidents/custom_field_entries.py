"""``custom_field_entries`` of requests."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from sandbox.incidentio.http.payload import Payload
    from sandbox.incidentio.state.store import Store
    from sandbox.incidentio.state.table import Record

Values = list[dict[str, Any]]

_KEYS = {
    "single_select": "value_option_id",
    "multi_select": "value_option_id",
    "text": "value_text",
    "link": "value_link",
    "numeric": "value_numeric",
}
_OTHERS = ("value_catalog_entry_id", "value_timestamp")


def read_entries(store: Store, payload: Payload) -> dict[str, Values]:
    """Return each custom field's new values by its id; an empty list unsets it."""
    found: dict[str, Values] = {}
    for entry in payload.children("custom_field_entries"):
        field = entry.lookup(
            "custom_field_id", store.custom_fields, "Custom field", required=True
        )
        values = entry.children("values", required=True)
        if field is None:
            continue
        if len(values) > 1 and field["field_type"] != "multi_select":
            entry.add_problem("values", f"{field['name']} takes only one value.")
        read = [_read(store, field, value) for value in values]
        found[field["id"]] = [value for value in read if value is not None]
    return found


def _read(store: Store, field: Record, value: Payload) -> dict[str, Any] | None:
    kind = field["field_type"]
    key = _KEYS[kind]
    for other in {*_KEYS.values(), *_OTHERS} - {key}:
        if value.text(other) is not None:
            value.add_problem(
                other, f"{field['name']} is a {kind} field: it takes {key}."
            )
            return None
    text = value.text(key, required=True)
    if text is None:
        return None
    fault = _fault(store, field, text)
    if fault is not None:
        value.add_problem(key, fault)
        return None
    return {key: text}


def _fault(store: Store, field: Record, text: str) -> str | None:
    kind = field["field_type"]
    if kind == "numeric" and not _is_number(text):
        return f"{text} is not a number."
    if kind == "link" and urlsplit(text).scheme not in {"http", "https"}:
        return f"{text} is not a link."
    if _KEYS[kind] == "value_option_id":
        option = store.options.get(text)
        if option is None or option["custom_field_id"] != field["id"]:
            return f"{text} is not an option of {field['name']}."
    return None


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False
