"""A schedule's config as JSON, as experts edit it."""

import json

from tests.handlers.schedules.schedule_state import (
    copied,
    people_of,
    previews,
    puts,
    rotations_of,
    schedule_of,
    strange,
)


def boxes(person):
    names = [name for name in person.modal.fields if name.startswith("json_")]
    return {name: person.modal.fields[name].value or "" for name in names}


def config(person):
    return json.loads("\n".join(boxes(person).values()))


def types(person, value):
    """Write a config into the first box, as it is drawn, and empty the others."""
    given = dict.fromkeys(boxes(person), "")
    given["json_1"] = value if isinstance(value, str) else json.dumps(value, indent=1)
    return person.submits(**given)


def test_the_config_is_shown_as_it_is_sent(ana, world):
    ana.types("/io schedule json Payments")
    (rotation,) = config(ana)["rotations"]
    assert [*rotation["users"][0]] == ["id"]
    assert "`01HUSER0000000000000HANA00` Hana Sato" in ana.modal.words
    ana.submits()
    assert puts(world) == []
    assert ana.last.text == "No changes to save."


def test_it_is_previewed_then_saved(ana, world):
    before = copied(schedule_of(world, "Payments"))
    ana.types("/io schedule json Payments")
    changed = config(ana)
    changed["rotations"][0]["users"].reverse()
    types(ana, changed)
    assert puts(world) == []
    assert len(previews(world)) == 1
    assert "What changes is marked ●" in ana.modal.words
    assert config(ana) == changed

    ana.submits()
    after = copied(schedule_of(world, "Payments"))
    assert people_of(after["config"]["rotations"][0]) == ["jo", "ivo", "hana"]
    for row in (before, after):
        row["updated_at"] = row["config"]["rotations"][0]["users"] = None
    assert after == before
    assert "was edited by <@U0ANA>." in ana.last.text


def test_a_long_config_is_spread_over_inputs_and_comes_back_whole(ana, world):
    row = schedule_of(world, "Platform")
    strange(row)
    rotations = row["config"]["rotations"]
    for number in range(8):
        rotations.append({**copied(rotations[-1]), "id": f"R{number}"})
    before = copied(row)
    ana.types("/io schedule json Platform")
    assert len(boxes(ana)) > 3
    edited = {n: box.replace('"Primary"', '"Main"') for n, box in boxes(ana).items()}
    ana.submits(**edited)
    ana.submits()

    after = copied(schedule_of(world, "Platform"))
    names = [r["name"] for r in before["config"]["rotations"]]
    expected = ["Main" if name == "Primary" else name for name in names]
    assert [r["name"] for r in after["config"]["rotations"]] == expected
    for one in (before, after):
        one.pop("updated_at")
        for rotation in one["config"]["rotations"]:
            rotation.pop("name")
    assert after == before


def test_what_no_form_holds_is_said_with_what_to_do(ana, world):
    rotations = rotations_of(world, "Payments")
    for number in range(120):
        rotations.append({**copied(rotations[0]), "id": f"R{number}"})
    ana.types("/io schedule json Payments")
    assert "characters, which is more than a form in Slack holds" in ana.last.text
    assert "|incident.io>, or with its API." in ana.last.text


def test_a_mistake_in_the_json_is_said_at_its_place(ana, world):
    ana.types("/io schedule json Payments")
    types(ana, '{\n "rotations": [\n  {"name": "A",}\n ]\n}')
    said = ana.modal.errors["json_1"]
    assert said.startswith("Line 3, column 16: ")
    assert '{"name": "A",}' in said
    assert previews(world) == []


def test_a_wrong_structure_is_said_at_its_place(ana, world):
    ana.types("/io schedule json Payments")
    changed = config(ana)
    changed["rotations"][0]["handover"] = changed["rotations"][0].pop("handovers")
    changed["rotations"][0]["users"][1] = {}
    types(ana, changed)
    said = ana.modal.errors["json_1"]
    assert "(rotations[0].handover): incident.io takes no “handover” here." in said
    assert "Did you mean “handovers”?" in said
    assert "(rotations[0].users[1]): Name a person by" in said
    assert previews(world) == []


def test_what_incidentio_refuses_is_said_at_its_place(ana, world):
    ana.types("/io schedule json Payments")
    changed = config(ana)
    changed["rotations"][0]["users"][1] = {"email": "no@body.example"}
    types(ana, changed)
    said = ana.modal.errors["json_1"]
    assert "(rotations[0].users[1].email): incident.io says: No user has" in said
    assert '"email": "no@body.example"' in said


def test_what_was_changed_meanwhile_is_said_before_it_is_replaced(ana, world):
    ana.types("/io schedule json Payments")
    changed = config(ana)
    changed["rotations"][0]["name"] = "Mine"
    rotations_of(world, "Payments")[0]["name"] = "Theirs"
    types(ana, changed)
    said = "Somebody else changed rotation *Theirs* to weekly, Mondays 09:00"
    assert said in ana.modal.words
    assert "since this form was opened. Save again to replace it." in ana.modal.words
    assert puts(world) == []
    ana.submits()
    assert rotations_of(world, "Payments")[0]["name"] == "Mine"


def test_a_change_after_the_preview_is_shown_before_it_is_replaced(ana, world):
    ana.types("/io schedule json Payments")
    changed = config(ana)
    changed["rotations"][0]["name"] = "Mine"
    types(ana, changed)
    rotations_of(world, "Payments")[0]["name"] = "Theirs"
    ana.submits()
    assert puts(world) == []
    assert "Somebody else changed rotation *Theirs* to" in ana.modal.words


def test_a_failing_incidentio_loses_nothing_that_was_typed(ana, world):
    ana.types("/io schedule json Payments")
    changed = config(ana)
    changed["rotations"][0]["name"] = "Mine"
    world.incidentio.fail("POST", "/v2/schedules/*", status=503)
    types(ana, changed)
    assert "The schedule was not changed." in ana.modal.words
    assert config(ana) == changed


def test_only_administrators_edit_it(person):
    kim = person("kim")
    kim.types("/io schedule json Payments")
    assert "the Administrator role in incident.io" in kim.last.text
