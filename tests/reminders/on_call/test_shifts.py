"""People are told of their shifts in time, once, and as things are by then."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reminders.on_call.rota import RENEWED
from storage.preferences import StoredPreferences
from tests.reminders.duty import Duty, at, rotation, stamp


@pytest.fixture
def database(sqlite):
    return sqlite


@pytest.fixture
def duty(api, slack, now):
    """Early in the afternoon."""
    now.at = at(15)
    return Duty(api, slack)


@pytest.fixture
def until(scene):
    """Let time pass in steps, until something may have been told."""
    scene.engine = scene.worker("one", only=["shifts", "shift_ends"])

    def pass_(moment, step=timedelta(minutes=10)):
        while scene.now() < moment:
            scene.tick(seconds=min(step, moment - scene.now()).total_seconds())

    return pass_


@pytest.fixture
def choose(scene):
    def put(person, **choices):
        StoredPreferences(scene.database).put(person, choices, scene.now())

    return put


def test_an_hour_before_it_begins_the_person_is_told_once(scene, duty, until):
    duty.schedule()
    until(at(15, minute=59))
    assert duty.told("ben") == []
    until(at(16, minute=50))

    (told,) = duty.told("ben")
    assert told == (
        "You are on call for Payments from Mon 2 Mar 17:00 UTC to Tue 3 Mar 17:00 "
        "UTC. Before you: <@U0EVE>. After you: <@U0EVE>."
    )
    assert [*duty.buttons("ben")] == ["Override", "Schedule"]
    assert duty.told("eve") == []


def test_when_it_ends_the_person_is_told_who_is_on_call(scene, duty, until):
    duty.schedule()
    scene.work.incident()
    scene.work.incident("Layoffs", private=True)
    until(at(17, minute=5))

    (told,) = duty.told("eve")
    assert told == (
        "Your shift for Payments ended; <@U0BEN> is on call now.\n"
        "Open now: 1 live incident."
    )


def test_an_incidentio_that_hides_what_is_open_does_not_hold_it_up(
    scene, duty, until, incidentio
):
    duty.schedule()
    incidentio.fail("GET", "/v2/escalations", status=403, times=99)
    incidentio.fail("GET", "/v2/incidents", status=500, times=99)
    until(at(17, minute=5))
    assert duty.told("eve") == [
        "Your shift for Payments ended; <@U0BEN> is on call now."
    ]


def test_people_choose_how_long_before_and_whether(scene, duty, until, choose):
    duty.schedule()
    choose("U0BEN", shift_before=15, shift_end=False)
    choose("U0EVE", shift_before=None, shift_end=False)
    until(at(16, minute=40))
    assert duty.told("ben") == []
    until(at(17))
    scene.tick(hours=22, minutes=50)
    until(at(17, day=1, minute=5))
    assert len(duty.told("ben")) == 1
    assert duty.told("eve") == []


def test_what_would_fall_into_quiet_hours_comes_before_them(scene, duty, until, choose):
    duty.schedule(start=at(6, -14))
    choose("U0EVE", quiet_from="20:00", quiet_to="08:00", timezone="UTC")
    until(at(19, minute=50))
    assert duty.told("eve") == []
    until(at(20))
    assert len(duty.told("eve")) == 1


def test_quiet_hours_are_those_of_the_zone_that_slack_says(scene, duty, until, choose):
    duty.schedule(start=at(6, -14), people="ben hana")
    choose("U0HANA", quiet_from="14:00", quiet_to="15:30", shift_before=45)
    scene.now.at = at(4, 1)
    until(at(4, day=1, minute=50))
    assert duty.told("hana") == []
    until(at(4, day=1, minute=56))
    assert len(duty.told("hana")) == 1


def test_a_shift_that_is_taken_over_is_told_to_who_takes_it(scene, duty, until):
    payments = duty.schedule()
    duty.override(payments, "ana", at(17), at(20))
    until(at(16, minute=30))

    assert duty.told("ana") == [
        (
            "You are on call for Payments from Mon 2 Mar 17:00 UTC to "
            "Mon 2 Mar 20:00 UTC. This is an override in place of <@U0BEN>. "
            "Before you: <@U0EVE>. After you: <@U0BEN>."
        )
    ]
    assert duty.told("ben") == [
        (
            "<@U0ANA> takes over Payments from you from Mon 2 Mar 17:00 UTC to "
            "Mon 2 Mar 20:00 UTC, by an override."
        )
    ]
    until(at(20, minute=5))
    assert "from Mon 2 Mar 20:00 UTC" in duty.told("ben")[1]
    assert [t.partition(" for")[0] for t in duty.told("ana")[1:]] == ["Your shift"]


def test_who_was_told_of_an_override_is_not_told_that_the_shift_ended(
    scene, duty, until
):
    payments = duty.schedule()
    duty.override(payments, "ana", at(16), at(17))
    until(at(15, minute=30))
    (told,) = duty.told("eve")
    assert told.startswith("<@U0ANA> takes over Payments from you")
    until(at(17, minute=5))
    assert duty.told("eve") == [told]


def test_an_override_that_lengthens_a_shift_is_told_when_it_begins(scene, duty, until):
    payments = duty.schedule()
    duty.override(payments, "eve", at(17), at(19))
    until(at(17, minute=10))

    assert duty.told("eve") == [
        (
            "You stay on call for Payments from Mon 2 Mar 17:00 UTC to "
            "Mon 2 Mar 19:00 UTC, by an override in place of <@U0BEN>."
        )
    ]


def test_an_override_made_after_the_notice_is_told_to_whom_it_is_new(
    scene, duty, until
):
    payments = duty.schedule()
    until(at(16, minute=10))
    duty.override(payments, "ana", at(17), at(20))
    until(at(16, minute=50))

    assert [len(duty.told(p)) for p in ("ana", "ben", "eve")] == [1, 2, 0]


def test_what_changed_before_it_was_told_is_told_as_it_is(scene, duty, until, api):
    payments = duty.schedule()
    until(at(15, minute=55))
    body = {k: v for k, v in payments.raw.items() if k != "id"}
    body["config"]["rotations"][0]["handover_start_at"] = stamp(at(18, -14))
    api.schedules.update(payments.id, body)
    until(at(18, minute=5))

    (told,) = duty.told("ben")
    assert "from Mon 2 Mar 18:00 UTC" in told


def test_a_shift_that_goes_on_over_a_joint_is_one(scene, duty, until):
    duty.schedule(people="ben ben eve")
    for day in (1, 2):
        scene.now.at = at(15, day, 55)
        until(at(17, day, 10))
    (told,) = duty.told("ben")
    assert "from Tue 3 Mar 17:00 UTC to Thu 5 Mar 17:00 UTC" in told


def test_several_schedules_at_one_moment_are_one_message(scene, duty, until):
    duty.schedule()
    duty.schedule("Platform", people="ben ana")
    until(at(17))

    (told,) = duty.told("ben")
    head, *lines = told.splitlines()
    assert head == (
        "You are on call for Payments and Platform from Mon 2 Mar 17:00 UTC."
    )
    assert len(lines) == 2
    assert [*duty.buttons("ben")] == [
        "Override Payments",
        "Schedule Payments",
        "Override Platform",
        "Schedule Platform",
    ]


def test_a_second_schedule_found_late_is_told_alone(scene, duty, until):
    duty.schedule()
    until(at(16, minute=10))
    duty.schedule("Platform", people="ben ana")
    until(at(17))

    _, second = duty.told("ben")
    assert "Payments" not in second
    assert "You are on call for Platform" in second


def test_several_layers_are_named(scene, duty, until):
    duty.schedule(rotations=[rotation("ben eve ana", layers=2)])
    until(at(17))
    assert any("Payments (Layer 1)" in t for t in duty.told("ben") + duty.told("ana"))


def test_after_downtime_nothing_is_told_that_began_long_ago(scene, duty, until):
    duty.schedule()
    scene.tick(minutes=1)
    scene.tick(hours=2, minutes=30)
    scene.tick(minutes=5)
    assert duty.told("ben") == []
    assert len(duty.told("eve")) == 1


def test_the_rota_is_read_every_ten_minutes_and_when_it_is_changed(
    scene, duty, until, incidentio
):
    payments = duty.schedule()
    duty.schedule("Platform")

    def read():
        found = [r for r in incidentio.requests if "schedule" in r.path]
        incidentio.requests.clear()
        return len([r for r in found if r.method == "GET"])

    read()
    scene.tick(seconds=1)
    assert read() == 3
    until(scene.now() + RENEWED, timedelta(minutes=1))
    assert read() == 3
    duty.override(payments, "ana", at(17), at(20))
    until(scene.now() + RENEWED / 2, timedelta(minutes=1))
    assert read() == 3


def test_one_schedule_that_cannot_be_read_leaves_the_others_alone(
    scene, duty, until, incidentio
):
    broken = duty.schedule("Broken", people="ana dov")
    duty.schedule()
    incidentio.fail(
        "GET", f"/v2/schedule_entries?schedule_id={broken.id}*", status=500, times=999
    )
    until(at(17))
    assert len(duty.told("ben")) == 1
