"""Who gets a digest of their own, and how thousands of them leave."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from reminders.people.personal import Personal
from reminders.people.preferences import Preferences
from sandbox.slack.workspace.records import User
from storage.personal_rules import PersonalRule, put
from tests.reminders.people.test_people import Digests

pytestmark = pytest.mark.kinds("owner", "enrolment")

TEN_MINUTES = timedelta(minutes=10)


@pytest.fixture
def database(sqlite):
    return sqlite


@pytest.fixture
def rules(scene):
    """When each person's digest is due, or why it is not."""

    def read():
        found = scene.reminders.list(kind="owner")
        return {rule.channel: rule.paused_because or rule.recurrence for rule in found}

    return read


def listings(slack):
    return sum(call.method == "users.list" for call in slack.calls)


def asked_singly(slack):
    return [call for call in slack.calls if call.method == "users.info"]


def test_owners_are_enrolled_where_they_are(scene, incident, rules, slack):
    scene.work.follow_up(incident, "Raise the pool size", "ben")
    scene.work.follow_up(incident, "Write it down", "hana")
    scene.work.action(incident, "Call the provider", "eve")
    for _ in range(3):
        scene.tick(minutes=10)
    assert rules() == {
        "U0BEN": "30 9 * * 1-5 Europe/London",
        "U0HANA": "30 9 * * 1-5 Asia/Tokyo",
    }
    assert listings(slack) == 1
    assert asked_singly(slack) == []


def test_leads_are_enrolled_for_what_nobody_can_be_told_of(
    scene, incident, rules, incidentio
):
    row = incidentio.store.incident(incident.id)
    lead = next(r["id"] for r in incidentio.store.roles if r["role_type"] == "lead")
    row.roles[lead] = incidentio.store.user(field="slack_user_id", value="U0GUS")["id"]
    scene.work.follow_up(incident, "Raise the pool size", "ben")
    scene.tick()
    assert set(rules()) == {"U0BEN"}
    scene.work.follow_up(incident, "Nobody's")
    scene.tick(minutes=10)
    assert set(rules()) == {"U0BEN", "U0GUS"}


def test_a_zone_that_moved_moves_the_digest_and_who_left_has_none(
    scene, outstanding, rules, slack
):
    scene.tick()
    slack.workspace.user("ben").timezone = "Asia/Tokyo"
    scene.tick(days=1)
    assert rules() == {"U0BEN": "30 9 * * 1-5 Asia/Tokyo"}
    slack.deactivate("ben")
    scene.tick(days=1)
    assert rules() == {"U0BEN": "they have left Slack"}
    slack.workspace.user("ben").active = True
    scene.tick(days=1)
    assert rules() == {"U0BEN": "30 9 * * 1-5 Asia/Tokyo"}


def test_whoever_is_new_is_found_without_waiting_for_tomorrow(
    scene, incident, rules, slack, incidentio
):
    scene.tick()
    assert listings(slack) == 1
    slack.workspace.users["U0NEW"] = User("U0NEW", "new", "New", "", "Asia/Tokyo")
    incidentio.store.user(field="slack_user_id", value="U0BEN")["slack_user_id"] = (
        "U0NEW"
    )
    scene.work.follow_up(incident, "Raise the pool size", "ben")
    scene.tick(minutes=10)
    scene.tick(minutes=10)
    assert rules() == {"U0NEW": "30 9 * * 1-5 Asia/Tokyo"}
    assert listings(slack) == 2


def test_whom_slack_does_not_list_is_not_looked_for_again_and_again(
    scene, incident, rules, slack, incidentio
):
    incidentio.store.user(field="slack_user_id", value="U0BEN")["slack_user_id"] = (
        "U0GONE"
    )
    scene.work.follow_up(incident, "Raise the pool size", "ben")
    for _ in range(12):
        scene.tick(minutes=10)
    assert rules() == {}
    assert listings(slack) == 2


def test_what_somebody_chose_holds_and_whoever_wants_none_is_not_made_one(
    scene, outstanding, rules
):
    personal = Personal(scene.database)
    personal.put("U0BEN", Preferences(digest=False), "Europe/London", scene.now())
    scene.tick(minutes=10)
    assert rules() == {}
    wanted = Preferences(days=(0, 6), timezone="Asia/Tokyo")
    personal.put("U0BEN", wanted, "Europe/London", scene.now())
    scene.tick(minutes=10)
    assert rules() == {"U0BEN": "30 9 * * 0,6 Asia/Tokyo"}
    personal.put("U0BEN", Preferences(digest=False), "Europe/London", scene.now())
    assert rules() == {"U0BEN": "they turned their digest off"}


def test_what_was_just_chosen_is_not_undone_by_what_was_read_before(
    scene, outstanding, rules
):
    scene.tick()
    personal = Personal(scene.database)
    personal.put("U0BEN", Preferences(days=(1,)), "Europe/London", scene.now())
    old = PersonalRule("U0BEN", "30 9 * * 1-5 Europe/London")
    with scene.database.write() as session:
        put(session, [old], lambda *_: scene.now(), scene.now())
    assert rules() == {"U0BEN": "30 9 * * 1 Europe/London"}


def test_where_the_organisation_wants_none_nobody_has_one(scene, outstanding, rules):
    scene.tick()
    assert rules() == {"U0BEN": "30 9 * * 1-5 Europe/London"}
    scene.engine = scene.worker("two", settings={"owner_digests": False})
    scene.tick(minutes=10)
    assert rules() == {"U0BEN": "personal digests are switched off"}


def test_a_listing_that_slack_slows_down_goes_on_where_it_was(
    scene, outstanding, rules, slack
):
    add_people(slack, 2500)
    slack.fail("users.list", error="ratelimited", status=429, retry_after=30, times=1)
    scene.tick()
    assert rules() == {}
    for _ in range(10):
        scene.tick(minutes=1)
    assert rules() == {"U0BEN": "30 9 * * 1-5 Europe/London"}
    assert listings(slack) == 4


@pytest.mark.prove
def test_ten_thousand_people_are_enrolled_and_their_digests_leave_in_turn(
    scene, incident, slack, incidentio
):
    """Made of rows at once, for asking the stand-in for each would take long."""
    start = scene.now()
    people = [
        PersonalRule(f"U{number:05}", "30 9 * * * UTC") for number in range(10_000)
    ]
    with scene.database.write() as session:
        put(session, people, lambda *_: start + timedelta(minutes=30), start)
        put(session, people, lambda *_: start + timedelta(minutes=30), start)
    assert len(scene.reminders.list(kind="owner")) == 10_000
    due = [rule.id for rule in scene.reminders.list(kind="owner")[:200]]
    scene.now.advance(minutes=30)
    turns = planned(scene, due)
    assert turns == [
        scene.now() + number * timedelta(milliseconds=250) for number in range(200)
    ]


def planned(scene, ids):
    """Have two workers plan them in turns; give when each is to leave."""
    from storage.plans import Plan

    tomorrow = scene.now() + timedelta(days=1)
    for begin in range(0, len(ids), 20):
        scene.reminders.plan(
            ids[begin : begin + 20],
            lambda rule: Plan(tomorrow, send=rule.next_slot_at),
        )
    slots = [scene.reminders.history(id_)[0] for id_ in ids]
    return sorted(slot.next_attempt_at for slot in slots)


def test_digests_leave_in_turn_and_are_not_late_for_it(
    scene, incident, slack, incidentio
):
    scene.engine = scene.worker("one", more_kinds=[Digests()])
    handles = ("ana", "ben", "chi", "dov", "eve", "fay")
    for handle in handles:
        scene.work.follow_up(incident, "Raise the pool size", handle)
        Personal(scene.database).put(
            slack.workspace.user(handle).id,
            Preferences(timezone="UTC"),
            "UTC",
            scene.now() - timedelta(hours=1),
        )
    scene.tick()
    scene.now.at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    scene.tick()
    assert said(slack) == 1
    scene.tick(seconds=1)
    assert said(slack) == 5
    scene.tick(seconds=1)
    assert said(slack) == 6
    assert scene.observed.count("read") == 1
    assert "late" not in scene.observed


def said(slack):
    return sum(
        len(slack.messages(channel.id))
        for channel in list(slack.workspace.channels.values())
        if channel.im_with
    )


def add_people(slack, number):
    for serial in range(number):
        id_ = f"UX{serial:05}"
        slack.workspace.users[id_] = User(id_, f"x{serial}", f"X {serial}", "", "UTC")
