"""A call of each operation, for the contract to judge; see ``judged``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from incidentio import Action, FollowUp

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SINCE = datetime(2026, 3, 1, 8, 30, 0, 123, tzinfo=UTC)
PIECES = {
    "incident_role_assignments": [
        {"incident_role_id": "R", "assignee": {"slack_user_id": "UANA"}},
        {"incident_role_id": "Q", "assignee": None},
    ],
    "incident_timestamp_values": [
        {"incident_timestamp_id": "T", "value": NOON},
        {"incident_timestamp_id": "V", "value": None},
    ],
    "custom_field_entries": [
        {"custom_field_id": "F", "values": [{"value_option_id": "O"}]},
        {"custom_field_id": "G", "values": []},
    ],
}
ACTION = Action(
    id="A",
    incident_id="I",
    description="Go",
    status="outstanding",
    assignee={"id": "U", "name": "Ana"},
)
FOLLOW_UP = FollowUp(
    id="F",
    incident_id="I",
    title="Fix",
    status="outstanding",
    description="Soon",
    labels=("a", "b"),
    assignee={"id": "U", "name": "Ana"},
    assignee_team={"id": "T", "name": "Platform"},
    priority={"id": "P", "name": "Urgent"},
    category={"id": "C", "name": "Process"},
)
CALLS = {
    "incidents.list": lambda api: list(
        api.incidents.list(
            status_category=["live", "triage"],
            severity={"gte": "S"},
            mode=("standard", "test"),
            incident_type="Y",
            updated_at=SINCE,
            created_at={"date_range": "2026-01-01~2026-02-01"},
            custom_field={"F": {"one_of": ["O"]}},
            incident_role={"R": {"is_blank": True}},
            sort_by="created_at_oldest_first",
        )
    ),
    "incidents.page": lambda api: api.incidents.page(after="I", page_size=10),
    "incidents.show": lambda api: api.incidents.show(123),
    "incidents.create": lambda api: api.incidents.create(
        idempotency_key="k",
        visibility="public",
        name="Broken",
        summary="All of it",
        severity_id="S",
        incident_type_id="Y",
        incident_status_id="T",
        mode="test",
        **PIECES,
    ),
    "incidents.create least": lambda api: api.incidents.create(
        idempotency_key="k", visibility="private"
    ),
    "incidents.edit": lambda api: api.incidents.edit(
        "I",
        notify_incident_channel=True,
        name="Mended",
        summary=None,
        call_url=None,
        severity_id="S",
        incident_status_id="T",
        **PIECES,
    ),
    "updates.list": lambda api: list(api.updates.list(incident_id="I")),
    "updates.create": lambda api: api.updates.create(
        idempotency_key="k",
        incident_id="I",
        message="Hello",
        to_severity_id="S",
        to_incident_status_id="T",
    ),
    "participants.show": lambda api: api.participants.show("I"),
    "severities.list": lambda api: api.severities.list(),
    "severities.show": lambda api: api.severities.show("S"),
    "statuses.list": lambda api: api.statuses.list(),
    "statuses.show": lambda api: api.statuses.show("T"),
    "types.list": lambda api: api.types.list(),
    "types.show": lambda api: api.types.show("Y"),
    "roles.list": lambda api: api.roles.list(),
    "roles.show": lambda api: api.roles.show("R"),
    "timestamps.list": lambda api: api.timestamps.list(),
    "timestamps.show": lambda api: api.timestamps.show("T"),
    "custom_fields.list": lambda api: api.custom_fields.list(),
    "custom_fields.show": lambda api: api.custom_fields.show("F"),
    "options.list": lambda api: list(api.custom_field_options.list("F")),
    "options.show": lambda api: api.custom_field_options.show("O"),
    "users.list": lambda api: list(
        api.users.list(
            slack_user_id="UANA", email="ana@acme.example", include_inactive=True
        )
    ),
    "users.show": lambda api: api.users.show("U"),
    "actions.list": lambda api: list(
        api.actions.list(incident_id="I", incident_mode="test", updated_since=SINCE)
    ),
    "actions.show": lambda api: api.actions.show("A"),
    "actions.create": lambda api: api.actions.create(
        incident_id="I", description="Go", assignee_id="U"
    ),
    "actions.update": lambda api: api.actions.update(ACTION, assignee_id=None),
    "actions.delete": lambda api: api.actions.delete("A"),
    "follow_ups.list": lambda api: list(
        api.follow_ups.list(incident_id="I", incident_mode="test", updated_since=SINCE)
    ),
    "follow_ups.page": lambda api: api.follow_ups.page(after="F", page_size=5),
    "follow_ups.show": lambda api: api.follow_ups.show("F"),
    "follow_ups.create": lambda api: api.follow_ups.create(
        incident_id="I",
        title="Fix",
        description="Soon",
        assignee_id="U",
        assignee_team_id="T",
        follow_up_priority_option_id="P",
        follow_up_category_id="C",
        labels=("a",),
    ),
    "follow_ups.update": lambda api: api.follow_ups.update(
        FOLLOW_UP, status="completed", assignee_team_id=None
    ),
    "follow_ups.delete": lambda api: api.follow_ups.delete("F"),
    "policy_findings.list": lambda api: list(api.policy_findings.list(policy_id="P")),
    "teams.list": lambda api: list(api.teams.list()),
    "schedules.list": lambda api: list(api.schedules.list()),
    "schedules.show": lambda api: api.schedules.show("D"),
    "schedules.list_entries": lambda api: api.schedules.list_entries(
        "D", NOON, NOON + timedelta(days=7)
    ),
    "notification_pauses.list": lambda api: list(
        api.notification_pauses.list(start=SINCE, end=NOON)
    ),
    "overrides.list": lambda api: list(
        api.overrides.list("D", rotation_id="R", layer_id="L")
    ),
    "overrides.create": lambda api: api.overrides.create(
        schedule_id="D",
        rotation_id="R",
        layer_id="L",
        user_id="U",
        start_at=NOON,
        end_at=NOON + timedelta(hours=1),
    ),
    "identity.show": lambda api: api.identity.show(),
}
