"""Changing a schedule in a form, as people do it."""

from datetime import time

import pytest

from tests.handlers.schedules.schedule_state import (
    copied,
    field,
    fills,
    people_of,
    previews,
    puts,
    rotations_of,
    schedule_of,
    strange,
    submits,
    value,
)


def without(row, *names):
    return {k: v for k, v in row.items() if k not in {"updated_at", *names}}


def test_the_form_shows_what_is_set_up(ana):
    ana.types("/io schedule edit Platform")

    assert ana.modal.submit == "Preview"
    assert value(ana, "name") == "Platform"
    assert value(ana, "timezone")["value"] == "Europe/London"
    assert value(ana, "rotation")["text"]["text"] == "Primary"
    assert value(ana, "users") == ["U0ANA", "U0BEN", "U0CHI", "U0DOV"]
    assert value(ana, "every")["value"] == "weekly"
    assert value(ana, "day")["value"] == "monday"
    assert value(ana, "at") == "09:00"
    assert value(ana, "days") == []
    options = ana.modal.fields["rotation"].options
    assert options == ["Primary", "Secondary", "Add a rotation"]


def test_people_are_changed_only_after_a_preview(ana, world):
    ana.types("/io schedule edit Payments")
    submits(ana, users=["ivo", "hana", "jo"])

    assert puts(world) == []
    assert len(previews(world)) == 1
    assert ana.modal.submit == "Save"
    assert "What changes is marked ●" in ana.modal.words
    assert "● <!date^" in ana.modal.words
    assert "<@U0IVO> · On call, instead of <@U0HANA>" in ana.modal.words
    assert value(ana, "users") == ["U0IVO", "U0HANA", "U0JO"]

    ana.submits()
    (rotation,) = rotations_of(world, "Payments")
    assert people_of(rotation) == ["ivo", "hana", "jo"]
    assert ana.modal is None
    assert ana.last.text.startswith("*<https://app.incident.io/acme/on-call/schedules/")
    assert "was edited by <@U0ANA>." in ana.last.text
    assert "→ weekly, Mondays 09:00; <@U0IVO>, <@U0HANA> and <@U0JO>" in ana.last.text


def test_what_is_changed_after_the_preview_is_previewed_again(ana, world):
    ana.types("/io schedule edit Payments")
    submits(ana, users=["ivo", "hana", "jo"])
    submits(ana, users=["ivo", "hana"])
    assert puts(world) == []
    assert ana.modal.submit == "Save"
    ana.submits()
    assert people_of(rotations_of(world, "Payments")[0]) == ["ivo", "hana"]


def test_nothing_that_the_form_does_not_know_is_changed(ana, world):
    strange(schedule_of(world, "Platform"))
    before = copied(schedule_of(world, "Platform"))
    ana.types("/io schedule edit Platform")
    submits(ana, name="Plat", users=["ben", "ana"])
    ana.submits()

    after = copied(schedule_of(world, "Plat"))
    changed = after["config"]["rotations"][0]
    assert people_of(changed) == ["ben", "ana"]
    changed["users"] = before["config"]["rotations"][0]["users"]
    assert without(after, "name") == without(before, "name")


CHANGES = [
    ({"at": time(10, 30)}, {"handover_start_at": "2024-01-15T15:30:00Z"}),
    ({"day": "thursday"}, {"handover_start_at": "2024-01-18T14:00:00Z"}),
    ({"number": 2}, {"handovers": [{"interval": 2, "interval_type": "weekly"}]}),
    ({"every": "daily"}, {"handovers": [{"interval": 1, "interval_type": "daily"}]}),
    ({"rotation_name": "Main"}, {"name": "Main"}),
    (
        {"days": ["tuesday", "monday"], "opens": time(8), "closes": time(0)},
        {
            "working_intervals": [
                {"weekday": d, "start_time": "08:00", "end_time": "00:00"}
                for d in ("monday", "tuesday")
            ]
        },
    ),
]


@pytest.mark.parametrize(("typed", "became"), CHANGES)
def test_only_what_was_changed_becomes_other(ana, world, typed, became):
    before = copied(rotations_of(world, "Payments")[0])
    ana.types("/io schedule edit Payments")
    submits(ana, **typed)
    ana.submits()
    assert rotations_of(world, "Payments") == [before | became]


def test_the_time_zone_moves_no_handover_and_the_preview_says_where_it_is(ana, world):
    before = copied(rotations_of(world, "Payments")[0])
    ana.types("/io schedule edit Payments")
    submits(ana, timezone="Europe/Paris")
    ana.submits()
    row = schedule_of(world, "Payments")
    assert row["timezone"] == "Europe/Paris"
    assert row["config"]["rotations"] == [before]
    assert "• Time zone: “America/New_York” → “Europe/Paris”" in ana.last.text


def test_a_change_may_wait_for_the_next_handover(ana, world):
    before = copied(rotations_of(world, "Payments")[0])
    ana.types("/io schedule edit Payments")
    label = "From the next handover, Mon 9 Mar 09:00"
    assert label in ana.modal.fields[field(ana, "takes_effect")].options
    submits(ana, users=["jo", "hana"], takes_effect=label)
    ana.submits()

    first, later = rotations_of(world, "Payments")
    assert first == before
    assert later["effective_from"] == "2026-03-09T13:00:00Z"
    assert later["handover_start_at"] == "2026-03-09T13:00:00Z"
    assert people_of(later) == ["jo", "hana"]
    kept = {"effective_from", "handover_start_at", "users"}
    assert without(later, *kept) == without(before, *kept)
    assert "from <!date^1773061200^" in ana.last.text


def test_the_version_to_come_is_kept_and_said(ana, world):
    later = copied(rotations_of(world, "Support in office hours")[1])
    ana.types("/io schedule edit Support")
    assert "Another version of this rotation takes over <!date^" in ana.modal.words
    submits(ana, users=["gus"])
    ana.submits()
    first, kept = rotations_of(world, "Support in office hours")
    assert (people_of(first), kept) == (["gus"], later)


def test_another_rotation_is_chosen_added_and_removed(ana, world):
    ana.types("/io schedule edit Platform")
    fills(ana, rotation="Secondary")
    assert value(ana, "users") == ["U0EVE", "U0FAY", "U0GUS"]
    submits(ana, remove=["remove"])
    ana.submits()
    assert [r["name"] for r in rotations_of(world, "Platform")] == ["Primary"]
    assert "rotation *Secondary* was removed" in ana.last.text

    ana.types("/io schedule edit Platform")
    fills(ana, rotation="Add a rotation")
    submits(ana, rotation_name="Nights", users=["jo"], day="tuesday")
    assert "<@U0JO> · the new rotation, instead of nobody" in ana.modal.words
    ana.submits()
    added = rotations_of(world, "Platform")[1]
    assert (added["name"], people_of(added)) == ("Nights", ["jo"])
    assert added["handover_start_at"] == "2026-03-03T09:00:00Z"
    assert added["layers"][0]["name"] == "Layer 1"


def test_nothing_changed_changes_nothing(ana, world):
    ana.types("/io schedule edit Platform")
    ana.submits()
    assert puts(world) == previews(world) == []
    assert ana.last.text == "No changes to save."


def test_what_the_form_cannot_show_is_said_and_left_alone(ana, world):
    rotation = rotations_of(world, "Payments")[0]
    rotation["handovers"] *= 2
    rotation["users"].append(rotation["users"][0])
    rotation["working_intervals"] = [
        {"weekday": "monday", "start_time": "09:00", "end_time": "12:00"},
        {"weekday": "friday", "start_time": "09:00", "end_time": "17:00"},
    ]
    before = copied(rotation)
    ana.types("/io schedule edit Payments")
    assert "people (somebody is in it twice)" in ana.modal.words
    assert "handovers (several intervals apply in turn)" in ana.modal.words
    assert "working hours (the days differ)" in ana.modal.words
    submits(ana, rotation_name="Main")
    ana.submits()
    assert rotations_of(world, "Payments") == [before | {"name": "Main"}]
