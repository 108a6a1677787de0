"""Channels are told of handovers and gaps, once and calmly."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reminders.on_call.handovers import HandoverOptions
from tests.reminders.duty import Duty, at, rotation

pytestmark = pytest.mark.kinds("handover", "gaps")

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday")
OFFICE = [(day, "09:00", "17:00") for day in WEEK]


@pytest.fixture
def database(sqlite):
    return sqlite


@pytest.fixture
def duty(api, slack, now):
    now.at = at(16)
    return Duty(api, slack)


@pytest.fixture
def brief(scene):
    """Set in #incidents, for a schedule."""

    def create(schedule, minutes=0, channel="C0INCIDENTS"):
        return scene.reminders.create(
            channel=channel,
            created_by="U0ANA",
            kind="handover",
            options=HandoverOptions(schedule_id=schedule.id, minutes=minutes),
        )

    return create


@pytest.fixture
def warn(scene):
    def create(schedule, recurrence="0 9 * * 1 UTC"):
        return scene.reminders.create(
            channel="C0INCIDENTS",
            created_by="U0ANA",
            recurrence=recurrence,
            kind="gaps",
            options=HandoverOptions(schedule_id=schedule.id),
        )

    return create


def until(scene, moment, step=timedelta(minutes=10)):
    while scene.now() < moment:
        scene.tick(seconds=min(step, moment - scene.now()).total_seconds())


def test_a_handover_is_told_once_when_it_comes(scene, duty, brief, posts):
    rule = brief(duty.schedule())
    until(scene, at(16, minute=59))
    assert posts() == []
    until(scene, at(17, minute=30))

    assert posts() == [
        "Payments is handed over\n• <@U0BEN> until Tue 3 Mar 17:00 UTC, after <@U0EVE>"
    ]
    assert scene.states(rule) == ["sent"]


def test_what_is_open_is_told_with_it(scene, duty, brief, slack):
    brief(duty.schedule())
    scene.work.incident("Checkout is <slow>", severity="Critical")
    scene.work.incident("Layoffs", private=True)
    until(scene, at(17, minute=10))

    words = slack.messages("C0INCIDENTS")[-1].words
    assert "*1 live incident*" in words
    assert "Checkout is &lt;slow&gt; · 🟥 Critical · no lead" in words
    assert "Layoffs" not in words


def test_it_can_come_before(scene, duty, brief, posts):
    brief(duty.schedule(), minutes=30)
    until(scene, at(16, minute=40))
    (told,) = posts()
    assert told.startswith("Payments is handed over Mon 2 Mar 17:00 UTC")


def test_that_the_same_person_comes_again_is_no_handover(scene, duty, brief, posts):
    office = duty.schedule(start=at(9, -14), hours=OFFICE, every="weekly")
    brief(office)
    for day in (0, 1):
        scene.now.at = at(8, day + 1, 45)
        until(scene, at(9, day + 1, 20))
    assert posts() == []


def test_several_layers_are_one_message(scene, duty, brief, posts):
    brief(duty.schedule(rotations=[rotation("ben eve ana", layers=2)]))
    until(scene, at(17, minute=30))
    (told,) = posts()
    assert "Layer 1:" in told
    assert "Layer 2:" in told


def test_a_handover_that_was_called_off_is_not_told(scene, duty, brief, posts):
    payments = duty.schedule()
    rule = brief(payments)
    until(scene, at(16, minute=51))
    scene.tick(minutes=1)
    duty.override(payments, "eve", at(17), at(19))
    until(scene, at(17, minute=15))
    assert posts() == []
    assert scene.last(rule).reason == "there is no handover at that time any more"
    until(scene, at(19, minute=10))
    assert len(posts()) == 1


def test_after_downtime_only_the_last_one_is_told(scene, duty, brief, posts):
    brief(duty.schedule(every="hourly", start=at(0, -1, 20)))
    scene.tick(minutes=1)
    scene.tick(hours=3)
    scene.tick(minutes=1)
    assert len(posts()) == 1


def test_none_is_made_up_for_that_came_before_it_was_set(scene, duty, brief, posts):
    scene.now.at = at(17, minute=20)
    brief(duty.schedule())
    scene.tick(minutes=1)
    assert posts() == []


def test_a_schedule_that_is_gone_is_recorded(scene, duty, brief, api, posts):
    payments = duty.schedule()
    rule = brief(payments)
    until(scene, at(16, minute=52))
    api.schedules.delete(payments.id)
    until(scene, at(17, minute=15))
    assert posts() == []
    assert scene.last(rule).reason == "the schedule was deleted"


def test_run_by_hand_it_says_who_is_on_call(scene, duty, brief, posts):
    rule = brief(duty.schedule())
    scene.reminders.run_now(rule.id, by="U0ANA")
    scene.tick(seconds=1)
    assert posts() == ["Payments: on call now\n• <@U0EVE> until Mon 2 Mar 17:00 UTC"]


def test_gaps_of_two_weeks_are_told_on_mondays(scene, duty, warn, slack):
    part = [(day, "08:00", "20:00") for day in WEEK]
    both = [
        rotation("ben eve", hours=part, name="Day"),
        {**rotation("ana", name="Weekend"), "users": []},
    ]
    rule = warn(duty.schedule(rotations=both))
    scene.now.at = at(9, 7)
    scene.tick(seconds=1)

    (told,) = slack.messages("C0INCIDENTS")
    assert "Nobody is on call for Payments at 10 times in the next 14 days" in told.text
    assert "(12 h)" in told.text
    assert "(60 h)" in told.text
    assert told.buttons == ["Add override", "Coming shifts"]
    assert scene.states(rule) == ["sent"]


def test_hours_that_nobody_means_to_be_on_call_are_no_gaps(scene, duty, warn, posts):
    rule = warn(duty.schedule(hours=OFFICE))
    scene.now.at = at(9, 7)
    scene.tick(seconds=1)
    assert posts() == []
    assert scene.states(rule) == ["empty"]


def test_while_incidentio_does_not_say_it_waits(scene, duty, warn, incidentio, posts):
    empty = duty.schedule(people="")
    rule = warn(empty)
    scene.now.at = at(9, 7)
    incidentio.fail("GET", "/v2/schedule_entries", status=500, times=9)
    scene.tick(seconds=1)
    assert scene.last(rule).reason == "incident.io did not say who is on call"
    incidentio.clear_faults()
    until(scene, at(9, 7, 30))
    assert len(posts()) == 1
