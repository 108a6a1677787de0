"""An update of a live incident is asked for when it is due: the lead, then the room."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reminders.live.asking import Asking
from storage.preferences import StoredPreferences
from storage.update_choices import UpdateChoices
from tests.reminders.during import lead, move, room, share

MIN = timedelta(minutes=1)


@pytest.fixture
def scene(scene):
    scene.asking = Asking(nudges=frozenset())
    scene.engine = scene.worker("during", only=["cadence"])
    scene.cadences = UpdateChoices(scene.database)
    return scene


@pytest.fixture
def incident(scene, api, slack):
    """Major: an update each hour. Ben leads it."""
    made = lead(api, scene.work.incident(), "ben")
    room(slack, made)
    return made


@pytest.fixture
def dms(slack, posts):
    return lambda who="U0BEN": posts(slack.workspace.dm(who).id)


def slots(scene):
    return scene.reminders.history("cadence")


def test_the_lead_is_asked_when_it_is_due_and_then_the_channel(
    scene, incident, posts, dms
):
    scene.tick(minutes=59)
    assert dms() == []
    scene.tick(minutes=2)
    (asked,) = dms()
    assert asked.startswith("INC-1 Checkout is slow: the last update was")
    assert "the last update was 1 h 1 min ago" in asked
    assert posts(incident.slack_channel_id) == []
    scene.tick(minutes=9)
    assert posts(incident.slack_channel_id) == []
    scene.tick(minutes=1)
    (told,) = posts(incident.slack_channel_id)
    assert "<@U0BEN> leads it." in told
    assert len(dms()) == 1


def test_the_keys_of_its_slots_never_change(scene, incident):
    """With other keys, an upgraded bot would ask again what it has asked."""
    scene.tick(minutes=61)
    hour = int(incident.created_at.timestamp()) + 3600
    assert {slot.key for slot in slots(scene)} == {
        f"cadence/{incident.id}/{hour}/0/lead",
        f"cadence/{incident.id}/{hour}/0/channel",
    }


def test_nobody_else_is_mentioned(scene, incident, slack, posts):
    scene.tick(minutes=61)
    scene.tick(minutes=10)
    (told,) = slack.messages(incident.slack_channel_id)
    assert str(told.blocks).count("<@") == 1


def test_the_buttons_answer_it(scene, incident, slack):
    scene.tick(minutes=61)
    (asked,) = slack.messages(slack.workspace.dm("U0BEN").id)
    lines = [e["value"] for e in asked.blocks[1]["elements"]]
    assert [line.partition(" 0")[0] for line in lines] == [
        "update INC-1",
        "cadence nochange INC-1",
        "cadence later INC-1 30m",
        "cadence off INC-1",
    ]


def test_an_update_meanwhile_ends_it(scene, incident, api, posts, dms):
    scene.tick(minutes=61)
    share(api, incident, "Rolling back")
    scene.tick(minutes=10)
    assert posts(incident.slack_channel_id) == []
    reasons = [slot.reason for slot in slots(scene)]
    assert "updated 10 min ago by incidentio-bot" in str(reasons)
    scene.tick(minutes=49)
    assert len(dms()) == 1
    scene.tick(minutes=2)
    assert len(dms()) == 2


def test_an_update_that_changed_nothing_else_is_seen_when_it_is_sent(
    scene, incident, api, dms, incidentio
):
    """The incident may not say that it was updated: its updates do."""
    scene.tick(minutes=30)
    share(api, incident, "Still looking")
    row = incidentio.store.incident("1")
    row.updated_at = row.created_at
    scene.tick(minutes=31)
    assert dms() == []
    assert [slot.state for slot in slots(scene)][-1:] == ["skipped"]


def test_without_a_lead_the_channel_is_asked_at_once(scene, api, slack, posts):
    incident = scene.work.incident()
    channel = room(slack, incident)
    scene.tick(minutes=61)
    (told,) = posts(channel)
    assert "<@" not in told


def test_so_it_is_where_the_lead_wants_no_nudges(scene, incident, posts, dms):
    chosen = {"nudges": False}
    StoredPreferences(scene.database).put("U0BEN", chosen, scene.now())
    scene.tick(minutes=61)
    assert dms() == []
    assert len(posts(incident.slack_channel_id)) == 1


def test_it_is_asked_three_times_and_then_no_more(scene, incident, dms):
    for _ in range(12 * 4):
        scene.tick(minutes=15)
    assert len(dms()) == 3


@pytest.mark.parametrize(
    ("severity", "minutes"), [("Critical", 30), ("Major", 60), ("Minor", 240)]
)
def test_how_often_follows_from_the_severity(scene, api, slack, dms, severity, minutes):
    incident = lead(api, scene.work.incident(severity=severity), "ben")
    room(slack, incident)
    scene.tick(minutes=minutes - 1)
    assert dms() == []
    scene.tick(minutes=1)
    scene.tick(seconds=1)
    assert len(dms()) == 1


def test_the_least_severe_is_not_asked_about(scene, api, slack, dms):
    room(slack, lead(api, scene.work.incident(severity="Low"), "ben"))
    for _ in range(12):
        scene.tick(hours=1)
    assert dms() == []


def test_the_settings_say_how_often(scene, incident, dms):
    scene.asking = Asking.of({"major": "2h"}, 10, ["off"])
    scene.engine = scene.worker("other", only=["cadence"])
    scene.tick(minutes=119)
    assert dms() == []
    scene.tick(minutes=2)
    assert len(dms()) == 1


def test_or_that_nobody_is_asked(scene, incident, dms):
    scene.asking = Asking.of({"off": ""}, 10, ["off"])
    scene.engine = scene.worker("other", only=["cadence"])
    scene.tick(hours=2)
    assert dms() == []


def test_what_somebody_chose_holds_until_the_next_update(scene, incident, api, dms):
    now = scene.now()
    scene.cadences.put(incident.id, now + 15 * MIN, by="U0BEN", now=now)
    scene.tick(minutes=16)
    assert len(dms()) == 1
    share(api, incident, "Better")
    scene.tick(minutes=59)
    assert len(dms()) == 1
    scene.tick(minutes=2)
    assert len(dms()) == 2


def test_turned_off_it_stays_off(scene, incident, api, dms):
    scene.cadences.put(incident.id, None, by="U0BEN", now=scene.now())
    scene.tick(hours=1, minutes=1)
    share(api, incident, "Better")
    scene.tick(hours=1, minutes=1)
    assert dms() == []


@pytest.mark.parametrize("status", ["Paused", "Closed", "Documenting"])
def test_what_is_not_live_is_left_alone(scene, incident, api, dms, posts, status):
    scene.tick(minutes=61)
    move(api, incident, status)
    for _ in range(4):
        scene.tick(hours=1)
    assert len(dms()) == 1
    theirs = "U0INCIDENTIO"
    assert [p for p in posts(incident.slack_channel_id) if theirs not in p] == []


def test_a_test_is_left_alone(scene, incident, incidentio, dms):
    incidentio.store.incident("1").mode = "test"
    scene.tick(hours=1, minutes=1)
    assert dms() == []


def test_a_private_incident_is_spoken_of_with_its_own_people_only(
    scene, api, slack, posts, dms
):
    secret = lead(api, scene.work.incident("Layoffs", private=True), "ben")
    channel = room(slack, secret, private=True)
    scene.tick(minutes=61)
    scene.tick(minutes=10)
    assert len(dms()) == len(posts(channel)) == 1
    said = [call for call in slack.calls if "Layoffs" in str(call.args)]
    assert {call.args["channel"] for call in said} == {"U0BEN", channel}


def test_after_downtime_it_is_asked_once_and_the_channel_still_waits(
    scene, incident, dms, posts
):
    scene.tick(hours=1, minutes=50)
    assert (len(dms()), len(posts(incident.slack_channel_id))) == (1, 0)
    scene.tick(minutes=11)
    assert len(dms()) <= 2


def test_after_long_downtime_nobody_is_asked(scene, incident, dms, posts):
    scene.tick(days=3)
    scene.tick(hours=1)
    assert (dms(), posts(incident.slack_channel_id)) == ([], [])


def test_a_channel_that_cannot_be_posted_in_stops_nobody_else(
    scene, incident, slack, posts
):
    scene.work.incident("Its channel is not there")
    scene.tick(minutes=61)
    scene.tick(minutes=10)
    assert len(posts(incident.slack_channel_id)) == 1
    assert scene.reminders.get("cadence").state == "active"


def test_two_workers_ask_once(scene, incident, dms):
    other = scene.worker("two", only=["cadence"])
    scene.now.advance(minutes=61)
    for engine in (scene.engine, other) * 3:
        engine.tick()
        scene.now.advance(seconds=40)
    assert len(dms()) == 1


def test_it_is_drawn_again_as_it_is(scene, incident, api):
    scene.tick(minutes=61)
    slot = next(s for s in slots(scene) if s.channel == "U0BEN")
    show = scene.engine.show
    assert "the last update was" in show(slot.id, "U0BEN").text
    share(api, incident, "Better")
    assert "updated just now by incidentio-bot" in show(slot.id, "U0BEN").text
    lead(api, incident, "ana")
    assert "somebody else now" in show(slot.id, "U0BEN").text
    move(api, incident, "Closed")
    assert "no longer in progress" in show(slot.id, "U0BEN").text
