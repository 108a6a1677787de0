"""A new schedule, as people make it."""

from datetime import time

from tests.handlers.schedules.schedule_state import schedule_of, submits

NIGHTS = {
    "name": "Nights",
    "timezone": "Europe/Rome",
    "rotation_name": "Owls",
    "users": ["jo", "ana"],
    "day": "tuesday",
    "at": time(20),
}


def names(world):
    return [row["name"] for row in world.incidentio.store.schedules]


def test_a_schedule_is_shown_in_words_then_created(ana, world):
    ana.types("/io schedule create")
    assert ana.modal.submit == "Check"
    submits(ana, **NIGHTS)

    assert "Nights" not in names(world)
    assert ana.modal.submit == "Create"
    words = ana.modal.words
    assert "*Nights* (Europe/Rome), rotation *Owls*:" in words
    assert "Handover: weekly, Tuesdays 20:00" in words
    assert "In this order: 1. <@U0JO>, 2. <@U0ANA>" in words
    assert "incident.io previews only schedules that exist" in words

    ana.submits()
    row = schedule_of(world, "Nights")
    (rotation,) = row["config"]["rotations"]
    assert rotation["handover_start_at"] == "2026-03-03T19:00:00Z"
    assert rotation["handovers"] == [{"interval": 1, "interval_type": "weekly"}]
    assert len(rotation["layers"]) == 1
    said = ana.last.text
    assert "|Nights>* was created by <@U0ANA>." in said
    assert "On call in the next two weeks:\n• <!date^" in said
    assert said.count("<@U0JO> · Owls") == 2
    assert said.count("<@U0ANA> · Owls") == 1


def test_the_new_schedule_is_known_at_once(ana):
    ana.types("/io oncall Payments")
    ana.types("/io schedule create")
    submits(ana, **NIGHTS)
    ana.submits()
    ana.types("/io oncall Nights")
    assert ana.last.text == "On call now: Nights: Jo Smith"


def test_a_change_after_the_check_is_checked_again(ana, world):
    ana.types("/io schedule create")
    submits(ana, **NIGHTS)
    submits(ana, users=["ana"])
    assert "Nights" not in names(world)
    assert "In this order: 1. <@U0ANA>" in ana.modal.words


def test_time_that_passes_between_check_and_creation_does_not_matter(ana, world, clock):
    ana.types("/io schedule create")
    submits(ana, **{**NIGHTS, "day": "monday", "at": time(11, 10)})
    clock.advance(minutes=20)
    ana.submits()
    (rotation,) = schedule_of(world, "Nights")["config"]["rotations"]
    assert rotation["handover_start_at"] == "2026-03-09T10:10:00Z"


def test_a_schedule_in_working_hours(ana, world):
    ana.types("/io schedule create")
    hours = {"days": ["monday", "friday"], "opens": time(9), "closes": time(17)}
    submits(ana, **NIGHTS, **hours)
    assert "Working hours: Monday and Friday 09:00 to 17:00" in ana.modal.words
    ana.submits()
    (rotation,) = schedule_of(world, "Nights")["config"]["rotations"]
    assert [i["weekday"] for i in rotation["working_intervals"]] == ["monday", "friday"]


def test_a_lost_answer_does_not_make_two(ana, world):
    ana.types("/io schedule create")
    submits(ana, **NIGHTS)
    world.incidentio.fail("POST", "/v2/schedules", drop="after", times=1)
    ana.submits()
    assert "It is not known whether the schedule was created" in ana.modal.words
    ana.submits()
    assert names(world).count("Nights") == 1
    assert "was created by <@U0ANA>" in ana.last.text


def test_who_is_on_call_that_cannot_be_read_does_not_undo_it(ana, world):
    ana.types("/io schedule create")
    submits(ana, **NIGHTS)
    world.incidentio.fail("GET", "/v2/schedule_entries", status=500)
    ana.submits()
    assert "Nights" in names(world)
    assert "did not say who is on call" in ana.last.text


def test_a_failing_incidentio_loses_nothing_that_was_typed(ana, world):
    ana.types("/io schedule create")
    submits(ana, **NIGHTS)
    world.incidentio.fail("POST", "/v2/schedules", status=403)
    ana.submits()
    assert "may not do this" in ana.modal.words
    assert "U0JO" in ana.modal.words


def test_responders_create_no_schedules(person):
    jo = person("jo")
    jo.types("/io schedule create")
    assert "the Administrator role in incident.io" in jo.last.text
