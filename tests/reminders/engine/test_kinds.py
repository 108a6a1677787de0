"""The engine with kinds made for it: what it promises to every kind there may be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from slack_sdk.models.blocks import SectionBlock

from reminders.engine.kinds import Kind, Later, Message, Nothing, Notice
from storage.tables import SlotRow

HOUR = timedelta(hours=1)


class Finder(Kind):
    """Finds what the test says; composes what the test says."""

    name = "finder"
    grace = 2 * HOUR
    poll_interval = timedelta(minutes=1)
    singleton = True

    def __init__(self):
        self.found = []
        self.says = None
        self.breaks = False
        self.asked = 0

    def sources(self, _rule):
        return {"asleep"}

    def notices(self, _snapshot, _rule, _now):
        self.asked += 1
        if self.breaks:
            raise ZeroDivisionError
        return self.found

    def compose(self, context):
        words = f"about {context.slot.params}"
        return self.says or Message(words, [SectionBlock(text=words)])


@pytest.fixture
def database(sqlite):
    return sqlite


@pytest.fixture
def finder():
    return Finder()


@pytest.fixture
def engine(scene, finder):
    scene.engine = scene.worker("one", more_kinds=[finder])
    return scene.engine


@pytest.fixture
def notice(scene, engine):
    def make(key="k1", channel="C0INCIDENTS", **more):
        return Notice(key, channel, scene.now(), {"id": key}, **more)

    return make


def slots(scene):
    with scene.database.read() as session:
        return {slot.key: slot for slot in session.query(SlotRow)}


def test_an_engine_of_one_kind_plans_and_sends_nothing_of_others(scene, finder, posts):
    scene.remind()
    scene.engine = scene.worker("one", only_kinds=[finder])

    scene.tick(hours=2)

    assert posts() == []
    assert {slot.key for slot in slots(scene).values()} == set()
    assert [rule.kind for rule in scene.reminders.list()] == ["channel", finder.name]


def test_what_is_found_again_and_again_is_said_once(scene, finder, notice, posts):
    finder.found = [notice()]
    for _ in range(3):
        scene.tick(minutes=1)
    assert posts() == ["about {'id': 'k1'}"]
    assert finder.asked == 3


def test_what_is_marked_is_not_said_again_under_another_key(
    scene, finder, notice, posts
):
    finder.found = [notice("k1", once_keys=["a", "b"])]
    scene.tick(minutes=1)
    finder.found = [notice("k2", once_keys=["b"]), notice("k3", once_keys=["b", "c"])]
    scene.tick(minutes=1)
    assert posts() == ["about {'id': 'k1'}", "about {'id': 'k3'}"]
    assert set(slots(scene)) == {"k1", "k3"}


def test_what_is_found_ahead_waits_for_its_time(scene, finder, notice, posts):
    at = scene.now() + HOUR
    finder.found = [Notice("k1", "C0INCIDENTS", at, {})]
    scene.tick(minutes=1)
    scene.tick(minutes=58)
    assert posts() == []
    scene.tick(minutes=1)
    assert len(posts()) == 1


def test_a_person_is_told_by_direct_message(scene, finder, notice, slack):
    finder.found = [notice(channel="U0BEN")]
    scene.tick(minutes=1)
    (slot,) = slots(scene).values()
    dm = slack.workspace.dm("U0BEN").id
    assert (slot.state, slot.channel, slot.posted_in) == ("sent", "U0BEN", dm)


def test_a_doubt_about_a_direct_message_is_resolved_in_its_conversation(
    scene, finder, notice, slack
):
    slack.fail("chat.postMessage", drop="after", times=1)
    finder.found = [notice(channel="U0BEN")]
    scene.tick(minutes=1)
    scene.tick(minutes=5)
    (slot,) = slots(scene).values()
    dm = slack.workspace.dm("U0BEN").id
    assert (slot.state, slot.posted_in) == ("sent", dm)
    assert len(slack.messages(dm)) == 1


def test_why_nothing_was_said_is_recorded(scene, finder, notice, posts):
    finder.says = Nothing("updated 3 min ago by Ana")
    finder.found = [notice()]
    scene.tick(minutes=1)
    (slot,) = slots(scene).values()
    assert (slot.state, slot.reason) == ("skipped", "updated 3 min ago by Ana")
    assert posts() == []


def test_what_is_put_off_is_said_later(scene, finder, notice, posts):
    finder.says = Later(scene.now() + HOUR, "quiet hours")
    finder.found = [notice()]
    scene.tick(minutes=1)
    assert slots(scene)["k1"].reason == "quiet hours"
    finder.says = None
    scene.tick(minutes=58)
    assert posts() == []
    scene.tick(minutes=1)
    assert len(posts()) == 1


def test_what_comes_too_late_for_its_kind_is_not_said(scene, finder, notice, posts):
    finder.found = [notice()]
    finder.says = Later(scene.now() + 3 * HOUR, "quiet hours")
    scene.tick(minutes=1)
    scene.tick(hours=3)
    assert posts() == []
    assert slots(scene)["k1"].reason == "too late; quiet hours"


def test_a_kind_that_breaks_holds_up_nothing_and_is_asked_less_often(
    scene, finder, engine, rule, posts
):
    finder.breaks = True
    scene.tick(hours=1)
    assert len(posts()) == 1
    for _ in range(60):
        scene.tick(minutes=1)
    known = scene.reminders.get("finder")
    assert known.last_result == "unplanned: a bug in the bot: ZeroDivisionError"
    assert finder.asked < 20
    finder.breaks = False
    scene.tick(minutes=15)
    assert scene.reminders.get("finder").last_result is None


@pytest.mark.prove
def test_after_a_day_of_failing_the_creator_is_told_once(
    scene, rule, slack, incidentio
):
    incidentio.fail("GET", "/v3/follow_ups", status=422)
    for _ in range(60):
        scene.tick(hours=1)
    (told,) = slack.person("ana").sees(slack.workspace.dm("U0ANA").id)
    assert "has failed for a day: incident.io" in told.text
    incidentio.clear_faults()
    scene.tick(hours=1)
    assert scene.reminders.get(rule.id).failing_since is None


def test_a_rule_of_a_kind_this_version_does_not_know_is_left_alone(
    scene, outstanding, posts
):
    scene.remind(kind="of tomorrow")
    ours = scene.remind()
    scene.tick(hours=1)
    assert len(posts()) == 1
    assert scene.states(ours) == ["sent"]
