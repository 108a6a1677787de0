"""The vendor's own client, used on the stand-in's escalation paths."""

import pytest

from tests.sandbox.incidentio.asking import ask, models


@pytest.fixture
def rows(incidentio):
    return {row["name"]: row for row in incidentio.store.escalation_paths}


NAMES = ["Payments", "Platform", "Management", "Support"]


def test_the_paths_are_listed_and_shown(sdk):
    listed = ask(sdk, "escalations_v2.list_paths").escalation_paths
    assert [p.name for p in listed] == NAMES
    shown = ask(sdk, "escalations_v2.show_path", listed[1].id).escalation_path
    first, say, last, repeat = shown.path
    condition = first.if_else.conditions[0]
    assert condition.subject.label == "London working hours"
    assert condition.operation.label == "is active"
    assert say.notify_channel.targets[0].id == "C0PLATFORM"
    assert last.level.targets[0].urgency == "low"
    assert (repeat.repeat.to_node, repeat.repeat.repeat_times) == (first.id, 3)


def test_paths_come_in_pages(sdk):
    page = ask(sdk, "escalations_v2.list_paths", page_size=3)
    after = page.pagination_meta.after
    rest = ask(sdk, "escalations_v2.list_paths", page_size=3, after=after)
    assert [p.name for p in rest.escalation_paths] == ["Support"]


def test_a_templated_path_pages_whom_it_tells_its_template(sdk, incidentio, rows):
    shown = ask(sdk, "escalations_v2.show_path", rows["Support"]["id"])
    path = shown.escalation_path
    assert (str(path.kind), path.path) == ("templated", [])
    told = path.param_bindings.to_dict()["schedule"]["value"]
    assert told["label"] == "Support in office hours"
    first = [u.name for u in path.current_responders]

    change = {
        "name": "Support",
        "path": [],
        "kind": "templated",
        "template_id": path.template_id,
        "param_bindings": {"schedule": {"value": {"literal": platform(incidentio)}}},
    }
    body = models.EscalationsUpdatePathPayloadV2.from_dict(change)
    after = ask(sdk, "escalations_v2.update_path", path.id, body=body).escalation_path
    told = after.param_bindings.to_dict()["schedule"]["value"]
    assert told["label"] == "Platform"
    assert [u.name for u in after.current_responders] != first


def test_a_templated_path_goes_on_with_another(sdk, rows, clock):
    draft = models.EscalationsCreatePayloadV2(
        idempotency_key="k", title="Help", escalation_path_id=rows["Support"]["id"]
    )
    made = ask(sdk, "escalations_v2.create", expect=201, body=draft).escalation
    clock.advance(minutes=6)
    later = ask(sdk, "escalations_v2.show", made.id).escalation
    paged = [[u.name for u in event.users] for event in later.events if event.users]
    assert paged[-1] == ["Ana Ferreira", "Ben Okafor"]


def platform(incidentio):
    return next(s["id"] for s in incidentio.store.schedules if s["name"] == "Platform")


def test_a_path_from_birth_to_deletion(sdk, rows):
    draft = models.EscalationsCreatePathPayloadV2.from_dict(
        {"name": "Web", "path": rows["Payments"]["path"]}
    )
    made = ask(sdk, "escalations_v2.create_path", expect=201, body=draft)
    path = made.escalation_path
    assert [u.name for u in path.current_responders] == ["Jo Smith"]

    change = models.EscalationsUpdatePathPayloadV2.from_dict(
        {"name": "Website", "path": rows["Management"]["path"]}
    )
    changed = ask(sdk, "escalations_v2.update_path", path.id, body=change)
    names = [u.name for u in changed.escalation_path.current_responders]
    assert names == ["Ana Ferreira", "Ben Okafor"]
    ask(sdk, "escalations_v2.destroy_path", path.id, expect=204)
    ask(sdk, "escalations_v2.show_path", path.id, expect=404)


def test_who_is_paged_depends_on_the_working_hours(sdk, rows, clock):
    def now():
        shown = ask(sdk, "escalations_v2.show_path", rows["Platform"]["id"])
        return [u.name for u in shown.escalation_path.current_responders]

    assert now() == ["Eve Martin", "Dov Levi", "Ana Ferreira"]
    clock.advance(hours=10)
    assert now() == ["Dov Levi", "Ana Ferreira", "Eve Martin"]


def test_a_condition_comes_with_words_and_goes_without(call, rows):
    row = rows["Platform"]
    where = f"/v2/escalation_paths/{row['id']}"
    kept = {"name": row["name"], "working_hours": row["working_hours"]}
    refused = call("PUT", where, json={**kept, "path": row["path"]})
    assert refused.status_code == 422
    pointer = "/path/0/if_else/conditions/0/subject"
    assert pointer in {e["source"]["pointer"] for e in refused.json()["errors"]}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"path": []}, "/path"),
        ({"path": [{"id": "a", "type": "teleport"}]}, "/path/0/type"),
        ({"path": [{"id": "a", "type": "level"}]}, "/path/0/level"),
        (
            {"path": [{"id": "a", "type": "level", "level": {"targets": []}}]},
            "/path/0/level/targets",
        ),
        (
            {
                "path": [
                    {
                        "id": "a",
                        "type": "repeat",
                        "repeat": {"to_node": "b", "repeat_times": 1},
                    }
                ]
            },
            "/path/0/repeat/to_node",
        ),
        ({"repeat_config": {"repeat_after_seconds": 1}}, None),
        ({"team_ids": ["T"]}, "/team_ids"),
        ({"kind": "borrowed"}, "/kind"),
        ({"kind": "templated"}, "/template_id"),
        ({"kind": "templated"}, "/path"),
    ],
)
def test_what_is_wrong_is_refused_where_it_is(call, rows, change, pointer):
    row = rows["Payments"]
    body = {"name": row["name"], "path": row["path"], **change}
    answer = call("PUT", f"/v2/escalation_paths/{row['id']}", json=body)
    assert answer.status_code == 422
    pointers = {e["source"]["pointer"] for e in answer.json()["errors"]}
    assert pointer is None or pointer in pointers


def test_a_key_without_the_role_is_refused(call, incidentio, rows):
    where = f"/v2/escalation_paths/{rows['Payments']['id']}"
    incidentio.key.roles = {"viewer"}
    assert call("GET", where).status_code == 200
    assert call("DELETE", where).status_code == 403
    incidentio.key.roles = {"incident_creator"}
    assert call("GET", where).status_code == 403
