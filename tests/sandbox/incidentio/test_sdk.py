"""The vendor's own client, used on the stand-in for every operation both have."""

from tests.sandbox.incidentio.asking import ask, first, models


def test_what_is_listed_can_be_shown(sdk, subtests):
    for group, listed, shown in [
        ("severities_v1", "severities", "severity"),
        ("incident_statuses_v1", "incident_statuses", "incident_status"),
        ("incident_types_v1", "incident_types", "incident_type"),
        ("incident_roles_v2", "incident_roles", "incident_role"),
        ("incident_timestamps_v2", "incident_timestamps", "incident_timestamp"),
        ("custom_fields_v2", "custom_fields", "custom_field"),
        ("users_v2", "users", "user"),
        ("schedules_v2", "schedules", "schedule"),
        ("actions_v3", "actions", "action"),
        ("follow_ups_v3", "follow_ups", "follow_up"),
        ("incidents_v2", "incidents", "incident"),
    ]:
        with subtests.test(group):
            rows = getattr(ask(sdk, f"{group}.list"), listed)
            row = getattr(ask(sdk, f"{group}.show", rows[0].id), shown)
            assert row.id == rows[0].id


def test_the_key_knows_itself(sdk):
    identity = ask(sdk, "utilities_v1.identity").identity
    assert "incident_creator" in identity.roles


def test_options_of_a_field_are_listed_and_shown(sdk, org):
    field = first(org.custom_fields)
    listed = ask(sdk, "custom_field_options_v1.list", custom_field_id=field["id"])
    option = listed.custom_field_options[1]
    shown = ask(sdk, "custom_field_options_v1.show", option.id).custom_field_option
    assert (shown.value, shown.custom_field_id) == ("Billing & invoices", field["id"])


def test_an_incident_lives_and_is_resolved(sdk, org):
    major = next(s for s in org.severities if s["name"] == "Major")
    draft = models.IncidentsCreatePayloadV2(
        idempotency_key="once",
        visibility=models.IncidentsCreatePayloadV2Visibility.PUBLIC,
        name="Coffee machine down",
        severity_id=major["id"],
    )
    made = ask(sdk, "incidents_v2.create", body=draft).incident
    assert (made.reference, made.severity.name) == ("INC-41", "Major")

    change = models.IncidentsEditPayloadV2(
        incident=models.IncidentEditPayloadV2(summary="No beans."),
        notify_incident_channel=False,
    )
    edited = ask(sdk, "incidents_v2.edit", made.id, body=change).incident
    assert edited.summary == "No beans."

    reviewing = next(s for s in org.statuses if s["name"] == "Reviewing")
    share = models.IncidentUpdatesCreatePayloadV2(
        idempotency_key="u1",
        incident_id=made.id,
        message="Beans arrived.",
        to_incident_status_id=reviewing["id"],
    )
    shared = ask(sdk, "incident_updates_v2.create", expect=201, body=share)
    assert shared.incident_update.new_incident_status.name == "Reviewing"

    told = ask(sdk, "incident_updates_v2.list", incident_id=made.id).incident_updates
    assert told[0].message == "Beans arrived."
    shown = ask(sdk, "incidents_v2.show", "41").incident
    assert shown.incident_status.category == "learning"


def test_whatever_happens_to_an_incident_is_its_last_activity(sdk, org, clock):
    """Its updates, actions, follow-ups and pages, not only its own properties."""
    id_ = org.incident("39").id

    def seen():
        shown = ask(sdk, "incidents_v2.show", id_).incident
        return shown.last_activity_at, shown.updated_at

    def does(path, payload, **more):
        clock.advance(minutes=1)
        body = payload(incident_id=id_, **more)
        ask(sdk, f"{path}.create", expect=201, body=body)
        return seen() == (clock(), before[1])

    before = seen()
    assert before[0] < clock()
    owner = {"user_ids": [first(org.users)["id"]]}
    page = {"idempotency_key": "p", "title": "Look", **owner}
    assert does("actions_v3", models.ActionsCreatePayloadV3, description="Look")
    assert does("follow_ups_v3", models.FollowUpsCreatePayloadV3, title="Alert")
    assert does("escalations_v2", models.EscalationsCreatePayloadV2, **page)


def test_an_incident_has_its_owners_its_debriefs_and_its_channel(sdk, org):
    shown = ask(sdk, "incidents_v2.show", "1").incident
    assert [org.teams.get(id_)["name"] for id_ in shown.team_ids] == ["Payments"]
    assert shown.slack_channel_url.endswith(f"/archives/{shown.slack_channel_id}")
    debrief = shown.debriefs[0]
    assert shown.has_debrief
    assert shown.created_at < debrief.start_at < debrief.end_at
    fresh = ask(sdk, "incidents_v2.show", "39").incident
    assert (fresh.has_debrief, fresh.debriefs) == (False, [])


def test_filters_go_out_as_the_vendor_writes_them(sdk, org):
    critical = next(s for s in org.severities if s["name"] == "Critical")
    category, severity = (
        models.IncidentsV2ListStatusCategory(),
        models.IncidentsV2ListSeverity(),
    )
    category["one_of"] = ["live"]
    severity["gte"] = [critical["id"]]
    found = ask(sdk, "incidents_v2.list", status_category=category, severity=severity)
    assert {row.severity.name for row in found.incidents} == {"Critical"}
    assert found.pagination_meta.total_record_count == len(found.incidents) == 2


def test_an_action_from_birth_to_deletion(sdk, org):
    incident = org.incident("39")
    draft = models.ActionsCreatePayloadV3(incident_id=incident.id, description="Look")
    made = ask(sdk, "actions_v3.create", expect=201, body=draft).action
    change = models.ActionsUpdatePayloadV3(
        description="Look closer", status=models.ActionsUpdatePayloadV3Status.COMPLETED
    )
    done = ask(sdk, "actions_v3.update", made.id, body=change).action
    assert (done.description, bool(done.completed_at)) == ("Look closer", True)
    ask(sdk, "actions_v3.delete", made.id, expect=204)
    ask(sdk, "actions_v3.show", made.id, expect=404)


def test_a_follow_up_from_birth_to_deletion(sdk, org):
    incident = org.incident("39")
    draft = models.FollowUpsCreatePayloadV3(
        incident_id=incident.id,
        title="Alert on latency",
        labels=["bug"],
        follow_up_priority_option_id=first(org.priorities)["id"],
    )
    made = ask(sdk, "follow_ups_v3.create", expect=201, body=draft).follow_up
    assert made.priority.name == "Urgent"
    change = models.FollowUpsUpdatePayloadV3(
        title="Alert", status=models.FollowUpsUpdatePayloadV3Status.NOT_DOING
    )
    done = ask(sdk, "follow_ups_v3.update", made.id, body=change).follow_up
    assert (done.title, done.status) == ("Alert", "not_doing")
    ask(sdk, "follow_ups_v3.delete", made.id, expect=204)
    ask(sdk, "follow_ups_v3.show", made.id, expect=404)


def test_an_override_from_birth_to_deletion(sdk, org, clock):
    schedule = first(org.schedules)
    rotation = schedule["config"]["rotations"][0]
    seat = {"rotation_id": rotation["id"], "layer_id": rotation["layers"][0]["id"]}
    jo = models.UserReferencePayloadV2(slack_user_id="U0JO")
    start = clock()
    clock.advance(hours=2)
    draft = models.SchedulesCreateOverridePayloadV2(
        schedule_id=schedule["id"], start_at=start, end_at=clock(), user=jo, **seat
    )
    made = ask(sdk, "schedules_v2.create_override", expect=201, body=draft).override
    shown = ask(sdk, "schedules_v2.show_override", made.id).override
    assert shown.user.name == "Jo Smith"

    clock.advance(hours=2)
    change = models.SchedulesUpdateOverridePayloadV2(
        start_at=start, end_at=clock(), user=jo, **seat
    )
    moved = ask(sdk, "schedules_v2.update_override", made.id, body=change).override
    assert moved.end_at == clock()
    listed = ask(sdk, "schedules_v2.list_overrides", schedule_id=schedule["id"])
    assert [override.id for override in listed.overrides] == [made.id]
    ask(sdk, "schedules_v2.destroy_override", made.id, expect=204)
    ask(sdk, "schedules_v2.show_override", made.id, expect=404)


def test_entries_are_followed_by_their_cursor(sdk, org, clock):
    schedule = first(org.schedules)
    start = clock().isoformat()
    clock.advance(days=90)
    seen, pages = set(), 0
    while start:
        answer = ask(
            sdk,
            "schedules_v2.list_schedule_entries",
            schedule_id=schedule["id"],
            entry_window_start=start,
            entry_window_end=clock(),
        )
        seen |= {entry.fingerprint for entry in answer.schedule_entries.final}
        start = answer.pagination_meta.after if answer.pagination_meta else None
        pages += 1
    assert (pages, len(seen)) == (3, 13 * 2 + 91)


def test_people_join_and_leave_a_private_incident(sdk, org):
    secret = next(row for row in org.incidents if row.visibility == "private")
    outsider = next(u["id"] for u in org.users if u["id"] not in secret.members)
    pair = {"incident_id": secret.id, "user_id": outsider}

    grant = models.IncidentMembershipsCreatePayloadV1(**pair)
    ask(sdk, "incident_memberships_v1.create", expect=201, body=grant)
    both = ask(sdk, "incident_participants_v2.list", incident_id=secret.id)
    assert outsider in {p.user.id for p in both.incident_participants.passive}

    revoke = models.IncidentMembershipsRevokePayloadV1(**pair)
    ask(sdk, "incident_memberships_v1.revoke", expect=204, body=revoke)
    assert outsider not in secret.members


def test_a_refusal_reads_as_the_vendor_shapes_it(sdk):
    refusal = ask(sdk, "severities_v1.show", "01NONE", expect=404)
    assert (refusal.type_, refusal.errors[0].code) == ("not_found", "not_found")
