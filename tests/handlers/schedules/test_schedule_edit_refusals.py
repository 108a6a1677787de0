"""Changing a schedule when others do, or when something is in the way."""

from datetime import time

import pytest

from tests.handlers.schedules.schedule_state import (
    copied,
    fills,
    people_of,
    puts,
    rotations_of,
    schedule_of,
    submits,
    value,
)

PUT = ("PUT", "/v2/schedules/*")


def errors(person):
    return {key.partition("#")[0]: said for key, said in person.modal.errors.items()}


def test_what_somebody_else_changed_meanwhile_is_said_and_kept(ana, world):
    ana.types("/io schedule edit Platform")
    row = schedule_of(world, "Platform")
    row["name"] = "Plat & <form>"
    rotations = row["config"]["rotations"]
    rotations[1]["users"] = rotations[1]["users"][:1]

    submits(ana, users=["ben", "ana"])

    assert puts(world) == []
    words = ana.modal.words
    said = "Somebody else changed *Name* and rotation *Secondary* since the form was"
    assert said in words
    assert "That change is kept." in words
    assert value(ana, "name") == "Plat & <form>"
    assert value(ana, "users") == ["U0BEN", "U0ANA"]

    ana.submits()
    row = schedule_of(world, "Plat & <form>")
    primary, secondary = row["config"]["rotations"]
    assert (people_of(primary), people_of(secondary)) == (["ben", "ana"], ["eve"])


def test_a_change_between_preview_and_save_is_shown_first(ana, world):
    ana.types("/io schedule edit Payments")
    submits(ana, users=["jo"])
    schedule_of(world, "Payments")["annotations"] = {"by": "terraform"}
    ana.submits()
    assert puts(world) == []
    assert "Somebody else changed *Annotations* since the form was" in ana.modal.words
    ana.submits()
    row = schedule_of(world, "Payments")
    assert row["annotations"] == {"by": "terraform"}
    assert people_of(row["config"]["rotations"][0]) == ["jo"]


def test_the_same_field_changed_by_both_is_shown_before_it_is_replaced(ana, world):
    ana.types("/io schedule edit Payments")
    schedule_of(world, "Payments")["name"] = "Theirs"
    submits(ana, name="Mine")
    said = "Somebody else changed *Name* to “Theirs” since this form was opened."
    assert f"{said} Save again to replace it." in ana.modal.words
    assert value(ana, "name") == "Mine"
    ana.submits()
    assert "• Name: “Theirs” → “Mine”" in ana.last.text


def test_one_changed_by_both_after_the_preview_is_shown_too(ana, world):
    ana.types("/io schedule edit Payments")
    submits(ana, name="Mine")
    schedule_of(world, "Payments")["name"] = "Theirs"
    ana.submits()
    assert puts(world) == []
    assert "Somebody else changed *Name* to “Theirs” since this form" in ana.modal.words
    ana.submits()
    assert schedule_of(world, "Mine")


def test_what_was_typed_of_the_schedule_stays_when_another_rotation_is_chosen(
    ana, world
):
    ana.types("/io schedule edit Platform")
    schedule_of(world, "Platform")["name"] = "Theirs"
    fills(ana, name="Mine", timezone="Europe/Paris")
    fills(ana, rotation="Secondary")
    assert value(ana, "name") == "Mine"
    assert value(ana, "timezone")["value"] == "Europe/Paris"
    ana.submits()
    assert "Somebody else changed *Name* to “Theirs” since this form" in ana.modal.words
    ana.submits()
    assert schedule_of(world, "Mine")["timezone"] == "Europe/Paris"


def test_a_rotation_that_was_removed_meanwhile_is_said(ana, world):
    ana.types("/io schedule edit Platform")
    fills(ana, rotation="Secondary")
    del rotations_of(world, "Platform")[1]
    submits(ana, users=["jo"])
    assert "no longer in force" in errors(ana)["rotation"]
    assert puts(world) == []


def test_a_schedule_deleted_meanwhile_is_said(ana, world):
    ana.types("/io schedule edit Payments")
    world.incidentio.store.schedules.remove(schedule_of(world, "Payments")["id"])
    submits(ana, name="New")
    assert "That schedule was deleted." in ana.modal.words
    assert value(ana, "name") == "New"


def test_who_has_no_account_is_said_beside_the_people(ana, world):
    ana.types("/io schedule edit Payments")
    submits(ana, users=["max", "jo"])
    assert "max has no account in incident.io." in errors(ana)["users"]


def test_hours_take_days_and_times(ana):
    ana.types("/io schedule edit Payments")
    submits(ana, days=["monday"])
    assert errors(ana) == {"days": "Choose days and hours, or neither."}


def test_only_spaces_are_no_name(ana):
    ana.types("/io schedule edit Payments")
    submits(ana, rotation_name="  ", at=time(10))
    assert errors(ana)["rotation_name"] == "Give the rotation a name."


def test_another_version_that_takes_over_first_leaves_no_handover_to_wait_for(
    ana, world
):
    rotations = rotations_of(world, "Payments")
    rotations.append({**copied(rotations[0]), "effective_from": "2026-03-09T12:00:00Z"})
    ana.types("/io schedule edit Payments")
    field = next(k for k in ana.modal.fields if k.startswith("takes_effect"))
    assert ana.modal.fields[field].options == ["At once"]


def test_what_incidentio_refuses_is_said_and_kept(ana, world):
    ana.types("/io schedule edit Payments")
    source = {"field": "name", "pointer": "/schedule/name"}
    problem = {"code": "taken", "message": "That name is taken.", "source": source}
    world.incidentio.fail(
        "POST",
        "/v2/schedules/*",
        status=422,
        body={
            "type": "validation_error",
            "status": 422,
            "request_id": "r",
            "errors": [problem],
        },
    )
    submits(ana, name="Platform")
    assert errors(ana)["name"] == "That name is taken."


def test_a_failing_incidentio_loses_nothing_that_was_typed(ana, world):
    ana.types("/io schedule edit Payments")
    world.incidentio.fail("POST", "/v2/schedules/*", status=503)
    submits(ana, users=["jo"], name="Typed")
    assert "The schedule was not changed." in ana.modal.words
    assert value(ana, "users") == ["U0JO"]
    world.incidentio.clear_faults()
    ana.submits()
    assert ana.modal.submit == "Save"
    ana.submits()
    assert people_of(rotations_of(world, "Typed")[0]) == ["jo"]


def test_a_lost_answer_is_not_a_second_version(ana, world):
    ana.types("/io schedule edit Payments")
    label = "From the next handover, Mon 9 Mar 09:00"
    submits(ana, users=["jo"], takes_effect=label)
    world.incidentio.fail(*PUT, drop="after")
    ana.submits()
    assert "It is not known whether the schedule was changed" in ana.modal.words
    world.incidentio.clear_faults()
    ana.submits()
    assert len(rotations_of(world, "Payments")) == 2
    assert "is already as the form says" in ana.last.text


def test_a_rotation_added_before_a_crash_is_not_added_after_it(
    ana, world, crash_after_work, restart
):
    ana.types("/io schedule edit Payments")
    fills(ana, rotation="Add a rotation")
    submits(ana, rotation_name="Nights", users=["jo"])
    crash_after_work()
    ana.submits()
    restart()
    assert [r["name"] for r in rotations_of(world, "Payments")] == ["On call", "Nights"]


def test_five_saves_at_once_save_once(ana, world):
    ana.types("/io schedule edit Payments")
    submits(ana, name="Once")
    ana.submit_at_once(5)
    assert len(puts(world)) == 1


def test_the_form_takes_the_permission_to_administer(person, world):
    jo = person("jo")
    jo.types("/io schedule edit Payments")
    assert jo.modal is None or not jo.modal.fields
    assert "the Administrator role in incident.io" in jo.last.text


def test_who_lost_the_permission_meanwhile_saves_nothing(ben, bot, world):
    ben.types("/io schedule edit Payments")
    submits(ben, name="New")
    user = world.incidentio.store.user(field="slack_user_id", value="U0BEN")
    user["role"], user["base_role"] = "viewer", user["base_role"] | {"slug": "viewer"}
    bot.services.catalog.expire("users")
    ben.submits()
    assert puts(world) == []
    assert "the Administrator role in incident.io" in ben.modal.words


def test_what_changed_is_in_the_journal(ana, bot):
    ana.types("/io schedule edit Payments")
    submits(ana, name="New")
    ana.submits()
    (entry,) = bot.services.audit.search(["schedule.edit"])
    assert entry.target.startswith("schedule Payments (")
    assert entry.changes == {"name": ["“Payments”", "“New”"]}


UNREAD = {
    "Mars/Base": "the time zone “Mars/Base” is not known to the bot",
    "": "no time zone is set",
    "x" * 90: "is not known to the bot",
}


@pytest.mark.parametrize("zone", UNREAD)
def test_a_schedule_whose_zone_is_unknown_can_be_renamed(ana, world, zone):
    row = schedule_of(world, "Payments")
    row["timezone"] = zone
    before = copied(row)
    ana.types("/io schedule edit payments")
    assert UNREAD[zone] in ana.modal.words
    submits(ana, name="Money")
    ana.submits()

    after = schedule_of(world, "Money")
    same = {"name": "Payments", "updated_at": before["updated_at"]}
    assert {**copied(after), **same} == before


@pytest.mark.parametrize("zone", ["Mars/Base", ""])
def test_what_shows_its_times_says_that_the_zone_is_not_known(ana, world, zone):
    schedule_of(world, "Payments")["timezone"] = zone
    for line in ("schedules", "schedule payments", "oncall payments"):
        ana.types(f"/io {line}")
        assert f"{UNREAD[zone]}: times are UTC" in ana.last.words
    ana.types("/io handover payments")
    ana.submits()
    assert f"*Payments*: {UNREAD[zone]}; times are UTC." in ana.last.text


def test_a_rotation_is_added_only_once_the_zone_is_known(ana, world):
    schedule_of(world, "Payments")["timezone"] = "Mars/Base"
    ana.types("/io schedule edit payments")
    fills(ana, rotation="Add a rotation")
    submits(ana, rotation_name="Second", users=["ben"])
    assert errors(ana)["timezone"] == "This time zone is not known. Choose another."
    submits(ana, timezone="Europe/Lisbon")
    ana.submits()
    assert len(rotations_of(world, "Payments")) == 2
