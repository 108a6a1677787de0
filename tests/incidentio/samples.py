"""Bodies and calls that several tests use."""

from __future__ import annotations

from hypothesis import strategies as st

from incidentio import Action

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)
WRITES = {"incident_id": "I", "description": "Restart it"}
ACTION = {"id": "A", "incident_id": "I", "description": "Go", "status": "outstanding"}
SEVERITIES = 200, {"severities": []}


def refusal(code="boom", **more):
    problem = {"code": code, "message": "Because.", "source": {"field": "name"}}
    return {"type": "some_error", "request_id": "req-1", "errors": [problem], **more}


def call(api, verb):
    current = Action.model_validate(ACTION)
    return {
        "GET": lambda: api.actions.show("A"),
        "POST": lambda: api.actions.create(**WRITES),
        "PUT": lambda: api.actions.update(current, status="completed"),
        "DELETE": lambda: api.actions.delete("A"),
    }[verb]()
