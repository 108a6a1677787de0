"""What is sent of incident roles: valid, and nothing lost in replacing them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from incidentio import Role
from incidentio.roles import READ_ONLY, WANTED, replacement

WORDS = {"description": "Tells.", "instructions": "", "shortform": ""}
ROLE = Role.model_validate({"id": "R", "name": "Comms", "role_type": "custom", **WORDS})
CALLS = {
    "roles.create": lambda api: api.roles.create(name="Scribe", **WORDS),
    "roles.update": lambda api: api.roles.update(ROLE, name="Press"),
    "roles.delete": lambda api: api.roles.delete("R"),
}


names = st.text(min_size=1, max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(names, inner),
    max_leaves=8,
)
sendable = names.filter(lambda name: name not in READ_ONLY)
changed = st.dictionaries(st.sampled_from(WANTED), st.text())


@given(st.dictionaries(sendable, values), changed)
def test_all_that_was_read_is_sent_back_but_for_the_changes(raw, changes):
    known = {"id": "R", "role_type": "custom", "created_at": "now"}
    body = replacement({**raw, **known}, changes)
    expected = {**dict.fromkeys(WANTED, ""), **raw, **changes}
    assert body == expected


@given(st.dictionaries(sendable, values))
def test_a_model_keeps_what_it_was_read_from(raw):
    sent = {**raw, "id": "R", "name": "Comms"}
    assert Role.model_validate(sent).raw == sent
