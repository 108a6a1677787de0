"""One custom field of each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.incidentio.seed.configuration import DATED, named
from sandbox.incidentio.state.ids import fixed_id

if TYPE_CHECKING:
    from sandbox.incidentio.state.store import Store

SERVICES = (
    "API",
    "Billing & invoices",
    "Checkout",
    "Data pipeline",
    "Mobile app",
    "Search",
    "Web app",
)
_OWNERS = {
    "API": "Platform",
    "Billing & invoices": "Payments",
    "Checkout": "Payments",
    "Data pipeline": "Platform",
}
REGIONS = ("Europe", "North America", "Asia Pacific", "South America")

_FIELDS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("Affected service", "single_select", "What is broken.", SERVICES),
    ("Regions", "multi_select", "Where it is noticed.", REGIONS),
    ("Customer impact", "text", "In the customers' words.", ()),
    ("Status page", "link", "The public notice, if there is one.", ()),
    ("Customers affected", "numeric", "As far as we can tell.", ()),
)


def configure_fields(store: Store) -> None:
    for place, (name, kind, description, options) in enumerate(_FIELDS, 1):
        field_id = fixed_id("field", name, place)
        row = {
            "id": field_id,
            "name": name,
            "description": description,
            "field_type": kind,
            **DATED,
        }
        store.custom_fields.add(field_id, row)
        _add_options(store, field_id, options)


def _add_options(store: Store, field_id: str, values: tuple[str, ...]) -> None:
    for place, value in enumerate(values, 1):
        option = {
            "id": fixed_id(f"option/{field_id}", value, place),
            "custom_field_id": field_id,
            "value": value,
            "sort_key": place * 10,
        }
        store.options.add(str(option["id"]), option)
        if value in _OWNERS:
            store.owners[str(option["id"])] = named(store.teams, _OWNERS[value])
