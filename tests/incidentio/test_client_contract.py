"""A call of each operation, for the contract to judge; see ``judged``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from incidentio import Action, CustomField, CustomFieldOption, FollowUp, Role

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
PATH = {
    "name": "Web",
    "path": [
        {
            "id": "N",
            "type": "level",
            "level": {"targets": [{"id": "U", "type": "user", "urgency": "high"}]},
        }
    ],
}
TELLING = {"description": "Tells.", "instructions": "", "shortform": ""}
ROLE = Role.model_validate(
    {"id": "R", "name": "Comms", "role_type": "custom", **TELLING}
)
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
    "escalation_paths.list": lambda api: list(api.escalation_paths.list()),
    "escalation_paths.show": lambda api: api.escalation_paths.show("P"),
    "escalation_paths.create": lambda api: api.escalation_paths.create(PATH),
    "escalation_paths.update": lambda api: api.escalation_paths.update("P", PATH),
    "escalation_paths.delete": lambda api: api.escalation_paths.delete("P"),
    "roles.create": lambda api: api.roles.create(name="Scribe", **TELLING),
    "roles.update": lambda api: api.roles.update(ROLE, name="Press"),
    "roles.delete": lambda api: api.roles.delete("R"),
    "schedules.create": lambda api: api.schedules.create(SCHEDULE),
    "schedules.update": lambda api: api.schedules.update("D", SCHEDULE),
    "schedules.preview": lambda api: api.schedules.preview("D", SCHEDULE, SINCE, NOON),
    "schedules.delete": lambda api: api.schedules.delete("D"),
    "overrides.show": lambda api: api.overrides.show("O"),
    "overrides.delete": lambda api: api.overrides.delete("O"),
    "workflows.list": lambda api: api.workflows.list(),
    "workflows.show": lambda api: api.workflows.show("W"),
    "workflows.update": lambda api: api.workflows.update(
        api.workflows.show("W"),
        name="Other",
        folder=None,
        delay={"for_seconds": 60, "conditions_apply_over_delay": True},
        private_incident_scope="none",
    ),
    "workflows.delete": lambda api: api.workflows.delete("W"),
    "custom_fields.list_with_options": lambda api: list(
        api.custom_fields.list_with_options()
    ),
    "custom_fields.create": lambda api: api.custom_fields.create(
        name="Service", description="", field_type="single_select"
    ),
    "custom_fields.update": lambda api: api.custom_fields.update(
        FIELD, name="Broken service"
    ),
    "custom_fields.delete": lambda api: api.custom_fields.delete("F"),
    "options.create": lambda api: api.custom_field_options.create(
        custom_field_id="F", value="API", sort_key=10
    ),
    "options.update": lambda api: api.custom_field_options.update(
        OPTION, value="APIs", sort_key=20
    ),
    "options.delete": lambda api: api.custom_field_options.delete("O"),
    "escalations.list": lambda api: list(
        api.escalations.list(
            path="P",
            status=["triggered", "pending"],
            created_since=SINCE,
            updated_since=SINCE,
            idempotency_key="k",
        )
    ),
    "escalations.page": lambda api: api.escalations.page(
        after="E", page_size=25, status="acked"
    ),
    "escalations.show": lambda api: api.escalations.show("E"),
    "escalations.create by path": lambda api: api.escalations.create(
        idempotency_key="k",
        title="Down",
        description="All of it",
        escalation_path_id="P",
        incident_id="I",
    ),
    "escalations.create directly": lambda api: api.escalations.create(
        idempotency_key="k", title="Down", user_ids=["U"]
    ),
    "escalations.cancel": lambda api: api.escalations.cancel("E"),
    "escalations.check_permissions": lambda api: api.escalations.check_permissions(
        "E", ["U"]
    ),
    "escalations.reassign": lambda api: api.escalations.reassign(
        "E",
        escalation_path_id="P",
        title="Down",
        description="Wrong team",
        resolve_original=False,
    ),
    "escalations.reassign directly": lambda api: api.escalations.reassign(
        "E", user_ids=["U"]
    ),
    "escalations.acknowledge": lambda api: api.escalations.respond("E", "ack"),
    "escalations.snooze": lambda api: api.escalations.respond(
        "E", "snooze", until=NOON, reason="Deploying"
    ),
}
