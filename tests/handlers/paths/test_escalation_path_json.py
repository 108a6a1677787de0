"""An escalation path as JSON, as experts edit it."""

import copy
import json

from tests.handlers.asked import writes
from tests.handlers.paths.test_escalation_paths import PAYMENTS, PLATFORM, row


def boxes(person):
    fields = person.modal.fields
    return {n: fields[n].value or "" for n in fields if n.startswith("json_")}


def shown(person):
    return json.loads("\n".join(boxes(person).values()))


def types(person, value):
    given = dict.fromkeys(boxes(person), "")
    given["json_1"] = value if isinstance(value, str) else json.dumps(value, indent=1)
    return person.submits(**given)


def test_the_card_leads_to_it_and_nothing_typed_changes_nothing(ana, world):
    ana.types("/io path platform")
    ana.presses("Edit as JSON")
    assert shown(ana)["path"][0]["if_else"]["conditions"][0]["operation"] == "is_active"
    assert "Who is who:" in ana.modal.words
    ana.submits()
    assert writes(world) == []
    assert ana.last.text.startswith("No changes to save.")


def test_what_is_typed_replaces_the_path_and_all_else_stays(ana, world):
    path = row(world, PLATFORM)
    path["from_tomorrow"] = {"deep": [{"unknown": 1}]}
    before = copy.deepcopy(path)
    ana.types("/io path json platform")
    (key, text), *_ = [b for b in boxes(ana).items() if '"repeat_times": 3' in b[1]]
    ana.submits(**{key: text.replace('"repeat_times": 3', '"repeat_times": 5')})

    before["path"][3]["repeat"]["repeat_times"] = 5
    assert row(world, PLATFORM) == before
    assert "*Platform* was edited by <@U0ANA>: Step 4." in ana.last.text


def test_what_is_wrong_is_said_with_line_and_column(ana, world):
    ana.types("/io path json payments")
    sent = types(ana, '{"name": "Payments",\n "path": [}')
    assert "Line 2, column 11" in sent.answer["errors"]["json_1"]

    body = {"name": "P", "path": [{"id": "a", "type": "level"}]}
    sent = types(ana, body)
    assert "needs the object level" in sent.answer["errors"]["json_1"]
    assert writes(world) == []


def test_what_incidentio_refuses_is_said_where_it_is(ana, world):
    ana.types("/io path json payments")
    changed = shown(ana)
    changed["path"][1]["level"]["targets"][0]["id"] = "01NOBODY"
    sent = types(ana, changed)

    said = sent.answer["errors"]["json_1"]
    assert "(path[1].level.targets[0].id)" in said
    assert "User with ID 01NOBODY could not be found" in said


def test_a_change_meanwhile_is_said_before_it_is_replaced(ana, ben, world):
    ana.types("/io path json payments")
    ben.types("/io path edit payments")
    ben.submits(**{"minutes:L2": "30"})
    typed = shown(ana)
    typed["name"] = "Money"
    types(ana, typed)
    said = "Somebody else changed *Step 2* since this form was opened."
    assert f"{said} Save again to replace it." in ana.modal.words
    assert shown(ana)["name"] == "Money"

    ana.submits()
    assert row(world, "Money")["path"][1]["level"]["time_to_ack_seconds"] == 600


def test_a_path_too_long_for_a_form_is_not_opened(ana, world):
    row(world, PAYMENTS)["note"] = ["words " * 400] * 30
    ana.types("/io path json payments")
    assert ana.modal is None
    assert "more than a form in Slack holds" in ana.last.text


def test_a_responder_changes_none(person):
    chi = person("chi")
    chi.types("/io path json payments")
    assert chi.modal is None
    assert "the Administrator role in incident.io" in chi.last.text
