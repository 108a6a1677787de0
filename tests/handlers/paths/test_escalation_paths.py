"""Escalation paths, as administrators look at and change them."""

import copy

import pytest

from blocks.paths.draft import NEW, LevelDraft, PathDraft
from handlers.core.problems import FieldErrors
from handlers.paths.body import check
from tests.handlers.asked import writes

PAYMENTS, PLATFORM, MANAGEMENT = "Payments", "Platform", "Management"


def row(world, name):
    return next(p for p in world.incidentio.store.escalation_paths if p["name"] == name)


def named(world, name):
    return [p for p in world.incidentio.store.escalation_paths if p["name"] == name]


def schedule(world, name="Payments"):
    return next(s for s in world.incidentio.store.schedules if s["name"] == name)


def field(person, name):
    fields = person.modal.fields
    return next(v for k, v in fields.items() if k.partition("#")[0] == name)


def test_they_are_listed_with_who_would_be_paged_now(ana):
    ana.types("/io paths")
    words = ana.last.words
    assert "*Payments*\nFirst: *Payments*\nPaged now: <@U0HANA>" in words
    assert "First: depends on conditions: " in words


def test_a_tree_is_shown_whole(ana):
    ana.types("/io path platform")
    words = ana.last.words
    assert "*1.* If it is during *London" in words
    assert "_Then_" in words
    assert "*1a.1.* Level, 5 min to acknowledge" in words
    assert "the first to acknowledge is enough, 3 tries 2 min apart" in words
    assert "round robin every 2 min" in words
    assert "*1b.1.* Wait 10 min or until *London* working hours begin" in words
    assert "*2.* Notify a channel" in words
    assert "<#C0PLATFORM>" in words
    assert "*4.* Go back to step 1, 3 times" in words
    assert "• *London*: Monday to Friday 09:00 to 17:30 (Europe/London)" in words
    assert "*Repeats* after 30 min, later where there is activity" in words


def test_a_path_is_created_with_levels_added_and_moved(ana, world):
    ana.types("/io path create")
    ana.fills(**{"name": "Storage", "people:L1": ["ben"], "minutes:L1": "7"})
    ana.fills(change="Add a level")
    assert "*Level 2* of 2" in ana.modal.words
    assert field(ana, "minutes:L1").value == "7"
    ana.fills(**{"schedules:L2": ["Payments"], "urgency:L2": "Low urgency"})
    ana.fills(change="Move level 2 up")
    ana.submits()

    made = row(world, "Storage")
    first, second = made["path"]
    assert first["level"]["targets"] == [
        {
            "type": "schedule",
            "id": schedule(world)["id"],
            "urgency": "low",
            "schedule_mode": "currently_on_call",
        }
    ]
    assert second["level"]["time_to_ack_seconds"] == 420
    assert second["level"]["targets"][0]["type"] == "user"
    assert "The escalation path *Storage* was created by <@U0ANA>." in ana.last.text


def test_what_is_wrong_is_said_beside_its_field(ana, world):
    ana.types("/io path create")
    ana.fills(name="Empty")
    sent = ana.submits()
    assert sent.errors == {"people:L1": "Choose people, or a schedule below."}
    ana.fills(**{"people:L1": ["max"], "minutes:L1": "5"})
    sent = ana.submits()
    assert "has no account in incident.io" in sent.errors["people:L1"]


def test_an_edit_changes_what_was_changed_and_nothing_else(ana, world):
    path = row(world, PLATFORM)
    path["from_tomorrow"] = {"deep": [{"unknown": 1}]}
    path["path"][0]["if_else"]["then_path"][0]["level"]["tomorrow"] = True
    path["path"][2]["level"]["tomorrow"] = {"a": None}
    before = copy.deepcopy(path)

    ana.types("/io path edit platform")
    assert (
        "These can't be edited here and stay as they are: step 1 (if else)"
        in ana.modal.words
    )
    assert "Move level" not in str(ana.modal.blocks)
    ana.submits(**{"minutes:L1": "20"})

    expected = copy.deepcopy(before)
    expected["path"][2]["level"]["time_to_ack_seconds"] = 1200
    after = row(world, PLATFORM)
    assert after == expected
    assert "*Platform* was edited by <@U0ANA>." in ana.last.text
    assert "• Level 1: minutes to acknowledge: “15” → “20”" in ana.last.text


def test_a_level_is_removed_and_another_renamed_path_keeps_the_rest(ana, world):
    before = copy.deepcopy(row(world, PAYMENTS))
    ana.types("/io path edit payments")
    ana.fills(change="Remove level 2")
    ana.submits(name="Money")

    after = row(world, "Money")
    assert after["path"] == before["path"][:1]
    assert after["team_ids"] == before["team_ids"]


def test_people_that_stay_keep_all_that_their_target_has(ana, world):
    target = row(world, MANAGEMENT)["path"][0]["level"]["targets"][0]
    target["tomorrow"] = "kept"
    ana.types("/io path edit management")
    ana.submits(**{"people:L1": ["ana", "chi"]})

    found = row(world, MANAGEMENT)["path"][0]["level"]["targets"]
    assert found[0]["tomorrow"] == "kept"
    assert [t["id"][11:] for t in found] == ["0000000000ANA00", "0000000000CHI00"]


def test_what_only_somebody_else_changed_is_kept_and_mentioned(ana, ben, world):
    ana.types("/io path edit payments")
    ben.types("/io path edit payments")
    ben.submits(**{"minutes:L2": "30"})

    ana.submits(**{"minutes:L1": "9"})
    one, two = row(world, PAYMENTS)["path"]
    assert one["level"]["time_to_ack_seconds"] == 540
    assert two["level"]["time_to_ack_seconds"] == 1800
    said = "Somebody else changed *Level 2: minutes to acknowledge* since the form"
    assert said in ana.last.text


def test_what_somebody_else_changed_too_is_shown_first(ana, ben, world):
    ana.types("/io path edit payments")
    ben.types("/io path edit payments")
    ben.submits(**{"minutes:L1": "30"})

    ana.submits(**{"minutes:L1": "9", "name": "Money"})
    said = "*Level 1: minutes to acknowledge* to “30” since this form was opened."
    assert f"Somebody else changed {said} Save again" in ana.modal.words
    assert field(ana, "minutes:L1").value == "9"
    assert row(world, PAYMENTS)["path"][0]["level"]["time_to_ack_seconds"] == 1800

    ana.submits()
    one, _two = row(world, "Money")["path"]
    assert one["level"]["time_to_ack_seconds"] == 540


def test_a_failure_keeps_what_was_typed(ana, world):
    world.incidentio.fail("PUT", "/v2/escalation_paths/*", status=503)
    ana.types("/io path edit payments")
    ana.submits(**{"minutes:L1": "9"})

    assert "It is not known whether the escalation path was changed" in ana.modal.words
    assert field(ana, "minutes:L1").value == "9"


def test_a_level_that_another_step_goes_back_to_stays(ana, world):
    path = row(world, PAYMENTS)
    back = {"to_node": path["path"][0]["id"], "repeat_times": 2}
    path["path"].append({"id": "again", "type": "repeat", "repeat": back})
    ana.types("/io path edit payments")
    ana.fills(change="Remove level 1")
    ana.submits()

    assert "Another step goes back to that level" in ana.modal.words
    assert writes(world) == []


def test_working_hours_are_changed_in_place(ana, world):
    ana.types("/io path edit platform")
    ana.submits(days=["monday"])

    (hours,) = row(world, PLATFORM)["working_hours"]
    assert hours["id"] == "london"
    assert [i["weekday"] for i in hours["weekday_intervals"]] == ["monday"]

    ana.types("/io path edit platform")
    sent = ana.submits(days=[], opens=None, closes=None)
    assert "depends on these hours" in sent.errors["days"]


def test_a_delete_asks_for_the_name(ana, world):
    ana.types("/io path delete payments")
    words = ana.modal.words
    assert "This deletes the escalation path *Payments*." in words
    assert "under way on it now, not counting private ones" in words

    sent = ana.submits(name="Payment")
    assert sent.errors == {"name": "That is not its name. It is called “Payments”."}
    ana.submits(name="payments")
    assert named(world, PAYMENTS) == []
    assert "*Payments* was deleted, by <@U0ANA>." in ana.last.text


def test_the_same_form_five_times_at_once_creates_once(ana, world):
    ana.types("/io path create")
    ana.fills(**{"name": "Once", "people:L1": ["ben"]})
    ana.submit_at_once()
    assert len(named(world, "Once")) == 1


@pytest.mark.parametrize("line", ["path create", "path edit payments"])
def test_a_responder_changes_none(person, line):
    chi = person("chi")
    chi.types(f"/io {line}")
    assert chi.modal is None
    assert "the Administrator role in incident.io" in chi.last.text


@pytest.mark.parametrize(
    ("seconds", "said", "shown"),
    [
        (90, "1 min 30 s", "1.5"),
        (100, "1 min 40 s", "1.67"),
        (30, "30 s", "0.5"),
        (41_400, "11 h 30 min", "690"),
        (169_200, "1 day 23 h", "2820"),
    ],
)
def test_a_level_waits_as_long_as_is_set_and_said(ana, world, seconds, said, shown):
    level = row(world, PAYMENTS)["path"][0]["level"]
    level["time_to_ack_seconds"] = seconds
    ana.types("/io path payments")
    assert f"Level, {said} to acknowledge" in ana.last.words

    ana.types("/io path edit payments")
    assert field(ana, "minutes:L1").value == shown
    assert (f"{shown} minutes is {said}." in ana.modal.words) == (seconds % 60 != 0)
    ana.submits(**{"urgency:L1": "Low urgency"})
    level = row(world, PAYMENTS)["path"][0]["level"]
    assert level["targets"][0]["urgency"] == "low"
    assert level["time_to_ack_seconds"] == seconds

    ana.types("/io path edit payments")
    ana.submits(**{"minutes:L1": f"{float(shown) + 1440:g}"})
    level = row(world, PAYMENTS)["path"][0]["level"]
    assert level["time_to_ack_seconds"] == seconds + 86_400


@pytest.mark.parametrize("minutes", ["0", "0.001", "1e3", "many"])
def test_a_time_to_acknowledge_that_is_none_is_refused(minutes):
    level = LevelDraft("L1", f"{NEW}x", people=("U0BEN",), minutes=minutes)
    with pytest.raises(FieldErrors) as refused:
        check(PathDraft(name="Nights", levels=(level,)))
    said = {"minutes:L1": "Write a number of minutes, such as 5 or 1.5."}
    assert refused.value.errors == said


def test_what_is_odd_in_a_path_does_not_keep_it_from_being_renamed(ana, world):
    path = row(world, PAYMENTS)
    path["path"][0]["level"]["time_to_ack_seconds"] = 0
    path["working_hours"] = [
        {
            "id": "hours",
            "name": "Hours",
            "timezone": "Mars/Base",
            "weekday_intervals": [
                {"weekday": "monday", "start_time": "09:00", "end_time": "17:00"}
            ],
        }
    ]
    before = copy.deepcopy(path)
    ana.types("/io path payments")
    assert "the time zone “Mars/Base” is not known to the bot" in ana.last.words
    ana.types("/io path edit payments")
    ana.submits(name="Money")
    after = row(world, "Money")
    assert {**after, "name": PAYMENTS} == before
