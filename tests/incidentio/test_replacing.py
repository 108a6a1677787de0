"""A PUT that replaces an item loses nothing, not even what nobody knows yet."""

import pytest

from incidentio import Action, FollowUp, actions, follow_ups
from incidentio.base.replacing import replacement

TOMORROW = {"tomorrow": {"deep": [1, {"a": None}]}, "colour": "red"}
ITEM = {
    "id": "I",
    "incident_id": "N",
    "description": "Look",
    "title": "Look",
    "status": "outstanding",
    "assignee": {"id": "U", "name": "Ana"},
    "created_at": "2026-03-01T00:00:00Z",
}


@pytest.mark.parametrize(
    ("model", "sent_as"),
    [(Action, actions.SENT_AS), (FollowUp, follow_ups.SENT_AS)],
    ids=["action", "follow-up"],
)
def test_what_nobody_knows_yet_is_sent_back_as_it_came(model, sent_as):
    plain = replacement(model(**ITEM), sent_as, {"status": "completed"})
    whole = replacement(model(**ITEM, **TOMORROW), sent_as, {"status": "completed"})

    assert whole == {**plain, **TOMORROW}
    assert whole["status"] == "completed"
    assert "created_at" not in whole
