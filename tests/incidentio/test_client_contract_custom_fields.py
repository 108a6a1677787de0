"""What the custom fields' resources send, judged by the contract."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from incidentio import CustomField, CustomFieldOption
from incidentio.custom_fields import READ_ONLY, replacement

FIELD = CustomField.model_validate(
    {
        "id": "F",
        "name": "Service",
        "description": "What is broken",
        "field_type": "single_select",
        "filter_by": {"catalog_attribute_id": "A", "custom_field_id": "G"},
        "created_at": "2026-03-01T00:00:00Z",
        "updated_at": "2026-03-01T00:00:00Z",
    }
)
OPTION = CustomFieldOption.model_validate(
    {"id": "O", "custom_field_id": "F", "value": "API", "sort_key": 10}
)
CALLS = {
    "list_with_options": lambda api: list(api.custom_fields.list_with_options()),
    "create": lambda api: api.custom_fields.create(
        name="Service", description="", field_type="single_select"
    ),
    "update": lambda api: api.custom_fields.update(FIELD, name="Broken service"),
    "delete": lambda api: api.custom_fields.delete("F"),
    "options.create": lambda api: api.custom_field_options.create(
        custom_field_id="F", value="API", sort_key=10
    ),
    "options.update": lambda api: api.custom_field_options.update(
        OPTION, value="APIs", sort_key=20
    ),
    "options.delete": lambda api: api.custom_field_options.delete("O"),
}


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text(min_size=1), json), st.text(min_size=1))
def test_what_replaces_a_field_is_all_of_it_but_the_change(raw, name):
    body = replacement(raw, {"name": name})

    kept = {k: v for k, v in raw.items() if k not in READ_ONLY | {"name"}}
    assert body == {"description": "", **kept, "name": name}
