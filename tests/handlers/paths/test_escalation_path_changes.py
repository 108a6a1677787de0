"""Editing a path that is large, strange, or changed by others meanwhile."""

import copy

from tests.handlers.paths.test_escalation_paths import (
    PAYMENTS,
    PLATFORM,
    field,
    row,
)


def numbered(number):
    return f"01HQ000000000000000000{number:04}"


def test_a_new_level_gets_an_id_that_no_other_has(ana, world):
    for number in ("1", "3"):
        row(world, PAYMENTS)["path"][number == "3"]["id"] = f"level-{number}"
    for _ in range(2):
        ana.types("/io path edit payments")
        ana.fills(change="Add a level")
        (key,) = [n for n in ana.modal.fields if n.startswith("people:")][-1:]
        ana.submits(**{key: ["chi"]})
    ids = [node["id"] for node in row(world, PAYMENTS)["path"]]
    assert len({*ids}) == len(ids) == 4


def test_a_level_that_somebody_removed_meanwhile_stays_removed(ana, ben, world):
    ana.types("/io path edit payments")
    ben.types("/io path edit payments")
    ben.fills(change="Remove level 2")
    ben.submits()

    ana.submits(**{"minutes:L1": "9"})
    (level,) = row(world, PAYMENTS)["path"]
    assert level["level"]["time_to_ack_seconds"] == 540
    said = "Somebody else changed *Levels* since the form was opened."
    assert f"{said} That change is kept." in ana.last.text


def test_what_is_typed_in_a_level_that_somebody_removed_is_not_lost(ana, ben, world):
    ana.types("/io path edit payments")
    ben.types("/io path edit payments")
    ben.fills(change="Remove level 2")
    ben.submits()

    ana.submits(**{"minutes:L2": "9"})
    assert "deleted since the form was opened" in ana.modal.errors["minutes:L2"]
    assert field(ana, "minutes:L2").value == "9"
    ana.fills(change="Remove level 2")
    ana.submits(name="Money")
    assert len(row(world, "Money")["path"]) == 1


def test_levels_that_both_arranged_are_shown_before_they_are_replaced(ana, ben, world):
    ana.types("/io path edit payments")
    ana.fills(change="Move level 2 up")
    ben.types("/io path edit payments")
    ben.fills(change="Add a level")
    (key,) = [n for n in ben.modal.fields if n.startswith("people:")][-1:]
    ben.submits(**{key: ["chi"]})
    first, second, third = [node["id"] for node in row(world, PAYMENTS)["path"]]

    ana.submits()
    said = "Somebody else changed *Levels* to 1, 2 and a new one since this form"
    assert said in ana.modal.words
    ana.submits()
    ids = [node["id"] for node in row(world, PAYMENTS)["path"]]
    assert ids == [second, first, third]
    assert "• Levels: 1, 2 and a new one → 2, 1 and a new one" in ana.last.text


def test_levels_that_only_somebody_else_moved_stay_moved(ana, ben, world):
    ana.types("/io path edit payments")
    ids = [node["id"] for node in row(world, PAYMENTS)["path"]]
    ben.types("/io path edit payments")
    ben.fills(change="Move level 2 up")
    ben.submits()

    ana.submits(**{"minutes:L1": "9"})

    one, two = row(world, PAYMENTS)["path"]
    assert [one["id"], two["id"]] == ids[::-1]
    assert two["level"]["time_to_ack_seconds"] == 540


def test_a_level_that_the_form_can_show_no_more_stays_as_it_is(ana, world):
    ana.types("/io path edit payments")
    robin = {"enabled": True}
    row(world, PAYMENTS)["path"][1]["level"]["round_robin_config"] = robin
    second = copy.deepcopy(row(world, PAYMENTS)["path"][1])

    ana.submits(**{"minutes:L1": "9"})
    assert "Somebody else changed *Levels* and *Step 2* since" in ana.last.text
    first, after = row(world, PAYMENTS)["path"]
    assert first["level"]["time_to_ack_seconds"] == 540
    assert after == second


def test_a_long_path_opens_and_is_changed(ana, world):
    path = row(world, PAYMENTS)
    level = path["path"][0]
    levels = [{**copy.deepcopy(level), "id": numbered(n)} for n in range(12)]
    delays = [
        {"id": numbered(n), "type": "delay", "delay": {"delay_seconds": 60}}
        for n in range(100, 160)
    ]
    path["path"] = levels + delays
    ana.types("/io path edit payments")
    assert "45 more steps" in ana.modal.words
    ana.fills(change="Remove level 2")
    ana.submits()
    ids = [node["id"] for node in row(world, PAYMENTS)["path"]]
    assert ids == [numbered(n) for n in (0, *range(2, 12), *range(100, 160))]


def test_hours_that_the_form_cannot_show_are_kept_and_mentioned(ana, world):
    path = row(world, PLATFORM)
    (london,) = path["working_hours"]
    path["working_hours"] = [london, {**copy.deepcopy(london), "id": "second"}]
    ana.types("/io path edit platform")
    assert "working hours (there are several" in ana.modal.words
    path["working_hours"][1]["timezone"] = "Europe/Paris"

    ana.submits(name="Plat")

    after = row(world, "Plat")
    assert after["working_hours"][1]["timezone"] == "Europe/Paris"
    assert "Somebody else changed *Working hours* since" in ana.last.text


def test_hours_keep_what_the_form_does_not_know_of_them(ana, world):
    (hours,) = row(world, PLATFORM)["working_hours"]
    hours["weekday_intervals"][0]["tomorrow"] = 1
    ana.types("/io path edit platform")
    ana.submits(days=["monday", "tuesday"])
    (hours,) = row(world, PLATFORM)["working_hours"]
    assert [i.get("tomorrow") for i in hours["weekday_intervals"]] == [1, None]


def test_a_level_that_waits_for_minutes_or_hours_says_both(ana, world):
    path = row(world, PAYMENTS)
    path["working_hours"] = copy.deepcopy(row(world, PLATFORM)["working_hours"])
    path["path"][0]["level"] |= {
        "time_to_ack_weekday_interval_config_id": "london",
        "time_to_ack_interval_condition": "active",
    }
    ana.types("/io path payments")
    assert (
        "5 min to acknowledge or until *London* working hours begin" in ana.last.words
    )


def test_a_condition_with_many_values_is_shown_whole_over_pages(ana, world):
    (condition,) = row(world, PLATFORM)["path"][0]["if_else"]["conditions"]
    values = [{"label": f"Service number {n}", "literal": "x"} for n in range(600)]
    condition["param_bindings"] = [{"array_value": values}]
    ana.types("/io path platform")
    said = ana.last.words
    while "Next" in ana.last.words:
        ana.presses("Next")
        said += ana.last.words
    assert all(f"*Service number {n}*" in said for n in range(600))
