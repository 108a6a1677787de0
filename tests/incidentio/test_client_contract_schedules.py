"""What the client sends to change schedules, judged by the contract."""

import pytest

from incidentio.errors import ServerError
from tests.incidentio.test_client_contract import NOON, SINCE

ROTATION = {
    "id": "R",
    "name": "Primary",
    "effective_from": "2026-03-02T12:00:00Z",
    "handover_start_at": "2026-03-02T12:00:00Z",
    "handovers": [{"interval": 1, "interval_type": "weekly"}],
    "layers": [{"id": "L", "name": "Layer 1"}],
    "users": [{"id": "U"}],
    "working_intervals": [
        {"weekday": "monday", "start_time": "09:00", "end_time": "17:00"}
    ],
    "scheduling_mode": "fair",
}
SCHEDULE = {
    "name": "Platform",
    "timezone": "Europe/London",
    "team_ids": ["T"],
    "annotations": {"a": "b"},
    "holidays_public_config": {"country_codes": ["GB"]},
    "config": {"rotations": [ROTATION]},
}
CALLS = {
    "schedules.create": lambda api: api.schedules.create(SCHEDULE),
    "schedules.update": lambda api: api.schedules.update("D", SCHEDULE),
    "schedules.preview": lambda api: api.schedules.preview("D", SCHEDULE, SINCE, NOON),
    "schedules.delete": lambda api: api.schedules.delete("D"),
    "overrides.show": lambda api: api.overrides.show("O"),
    "overrides.delete": lambda api: api.overrides.delete("O"),
}


def test_a_preview_that_fails_leaves_nothing_in_doubt(api, upstream):
    upstream.answers((500, {}))
    with pytest.raises(ServerError) as raised:
        api.schedules.preview("D", SCHEDULE, SINCE, NOON)
    assert not raised.value.outcome_unknown
    assert api.changes == 0
