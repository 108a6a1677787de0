"""Slack, incident.io, a rule or the database fail: nothing is lost or repeated."""

from __future__ import annotations

from datetime import timedelta

import pytest

from slack.words import clause
from storage.tables import RuleRow
from tests.databases import without

pytestmark = pytest.mark.kinds("channel")


@pytest.fixture
def database(sqlite):
    """What is shown here does not depend on the kind of database."""
    return sqlite


def test_slacks_retry_after_is_kept_for_its_channel_alone(
    scene, outstanding, slack, posts
):
    busy = [scene.remind(), scene.remind()]
    scene.remind(channel="C0PLATFORM")
    slack.fail("chat.postMessage", retry_after=30, times=1)
    scene.tick(hours=1)
    scene.tick(seconds=29)
    assert len(posts()) + len(posts("C0PLATFORM")) == 1 + bool(posts())
    scene.tick(seconds=1)
    scene.tick(seconds=1)
    assert (len(posts()), len(posts("C0PLATFORM"))) == (2, 1)
    assert [scene.states(rule) for rule in busy] == [["sent"], ["sent"]]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"error": "is_archived"}, "Unarchive it"),
        ({"error": "channel_not_found"}, "Invite the bot"),
        ({"error": "not_in_channel"}, "Invite the bot"),
    ],
)
def test_a_channel_that_is_lost_pauses_the_reminder_and_tells_its_creator_once(
    scene, rule, slack, fault, words
):
    slack.fail("chat.postMessage", times=1, **fault)
    for _ in range(3):
        scene.tick(hours=1)
    assert scene.states(rule) == ["failed"]
    known = scene.reminders.get(rule.id)
    assert (known.state, known.paused_because) == ("paused", clause(fault["error"]))
    (told,) = slack.person("ana").sees(slack.workspace.dm("U0ANA").id)
    assert words in told.text
    assert "`/io reminders`" in told.text


def test_a_message_slack_finds_wrong_fails_alone_and_is_not_repeated(
    scene, rule, slack, posts
):
    slack.fail("chat.postMessage", error="invalid_blocks", times=1)
    scene.tick(hours=1)
    scene.tick(minutes=5)
    assert scene.states(rule) == ["failed"]
    assert scene.reminders.get(rule.id).state == "active"
    scene.tick(hours=1)
    assert len(posts()) == 1


@pytest.mark.parametrize(
    "fault", [{"drop": True}, {"status": 503}, {"error": "fatal_error"}]
)
def test_what_slack_never_got_is_sent_again(scene, rule, slack, posts, fault):
    slack.fail("chat.postMessage", times=1, **fault)
    scene.tick(hours=1)
    for minutes in (1, 1, 0.9):
        scene.tick(minutes=minutes)
        assert posts() == [], "Slack may show it late"
    scene.tick(minutes=0.1)
    assert len(posts()) == 1
    assert scene.states(rule) == ["sent"]


@pytest.mark.parametrize(
    "fault",
    [
        {"drop": "after"},
        {"status": 500, "after": True},
        {"status": 503, "after": True},
        {"error": "fatal_error", "after": True},
    ],
)
def test_what_slack_got_without_saying_so_is_found_and_not_repeated(
    scene, rule, slack, posts, fault
):
    slack.fail("chat.postMessage", times=1, **fault)
    scene.tick(hours=1)
    assert len(posts()) == 1
    assert scene.states(rule) == ["due"]
    scene.tick(minutes=1)
    assert len(posts()) == 1
    slot = scene.last(rule)
    assert (slot.state, slot.message_ts) == (
        "sent",
        slack.messages("C0INCIDENTS")[0].ts,
    )
    assert "resolved" in scene.observed


def test_a_doubt_is_found_behind_many_other_messages(scene, rule, slack, posts):
    slack.fail("chat.postMessage", drop="after", times=1)
    scene.tick(hours=1)
    for number in range(250):
        slack.person("ana").says(f"chatter {number}", "C0INCIDENTS")
    scene.tick(minutes=1)
    assert scene.states(rule) == ["sent"]
    assert sum("Payments" in shown for shown in posts()) == 1


def test_a_doubt_that_cannot_be_resolved_is_recorded_not_risked(
    scene, rule, slack, posts
):
    slack.fail("chat.postMessage", drop="after", times=1)
    slack.fail("conversations.history", error="missing_scope")
    scene.tick(hours=1)
    scene.tick(minutes=1)
    slot = scene.last(rule)
    assert (slot.state, slot.reason) == (
        "unknown",
        "the bot's Slack app lacks a permission",
    )
    assert len(posts()) == 1
    (told,) = slack.person("ana").dm
    assert "may have been sent, and I cannot check" in told.text
    assert "Have the app installed again" in told.text


def test_a_doubt_in_a_channel_that_the_bot_is_not_in_is_told_at_once(
    scene, outstanding, slack, posts
):
    slack.add_channel("C0OPEN", "open", has_bot=False)
    slack.scopes.discard("channels:join")
    scene.remind(channel="C0OPEN", recurrence="0 10 * * * UTC")
    slack.fail("chat.postMessage", drop="after", times=1)
    scene.tick(hours=1)
    assert slack.person("ana").dm == []
    for _ in range(3):
        scene.tick(minutes=1)
    (told,) = slack.person("ana").dm
    assert "Invite the bot to it, and I can check next time" in told.text
    assert len(posts("C0OPEN")) == 1


def test_for_a_doubt_the_bot_joins_the_channel(scene, outstanding, slack, posts):
    slack.add_channel("C0OPEN", "open", has_bot=False)
    rule = scene.remind(channel="C0OPEN", recurrence="0 10 * * * UTC")
    slack.fail("chat.postMessage", drop="after", times=1)
    scene.tick(hours=1)
    scene.tick(minutes=1)
    assert (scene.states(rule), len(posts("C0OPEN"))) == (["sent"], 1)


def test_a_history_that_is_limited_holds_up_no_other_message(
    scene, outstanding, slack, posts
):
    doubtful = scene.remind()
    slack.fail("chat.postMessage", status=500, times=1)
    scene.tick(hours=1)
    slack.fail("conversations.history", retry_after=60)
    scene.remind(recurrence="1 10 * * * UTC", name="Another")
    scene.tick(minutes=1)
    assert [shown.partition(":")[0] for shown in posts()] == ["Another"]
    assert scene.states(doubtful) == ["due"]


def test_what_slack_shows_late_is_not_sent_twice(scene, rule, slack, posts):
    """It shows some messages a minute or two after it was sent them."""
    slack.history_lag = timedelta(seconds=100)
    slack.fail("chat.postMessage", status=504, after=True, times=1)
    scene.tick(hours=1)
    for state in ("due", "due", "sent"):
        scene.tick(minutes=1)
        assert scene.states(rule) == [state]
    assert len(posts()) == 1


def test_a_doubt_waits_while_history_is_out_of_reach_and_not_for_ever(
    scene, outstanding, slack, posts
):
    rule = scene.remind(recurrence="0 10 * * * UTC")
    slack.fail("chat.postMessage", drop=True, times=1)
    slack.fail("conversations.history", drop=True)
    scene.tick(hours=1)
    scene.tick(hours=1)
    assert scene.states(rule) == ["due"]
    scene.tick(hours=5, minutes=1)
    assert scene.states(rule) == ["unknown"]
    assert posts() == []


def test_while_incidentio_is_down_it_waits_and_tells_why(
    scene, rule, incidentio, posts
):
    incidentio.fail("GET", "/v3/follow_ups", status=422)
    scene.tick(hours=1)
    slot = scene.last(rule)
    assert slot.state == "due"
    assert slot.reason.startswith("incident.io: ")
    incidentio.clear_faults()
    scene.tick(seconds=29)
    assert posts() == []
    scene.tick(seconds=1)
    assert len(posts()) == 1


def test_while_incidentio_is_down_too_long_it_is_skipped(
    scene, outstanding, incidentio, posts
):
    rule = scene.remind(recurrence="0 10 * * * UTC")
    incidentio.fail("GET", "/v2/incidents*", status=422)
    scene.tick(hours=1)
    for _ in range(13):
        scene.tick(minutes=30)
    assert scene.states(rule) == ["skipped"]
    assert scene.last(rule).reason.startswith("too late; incident.io: ")
    assert posts() == []


def test_one_kind_out_of_reach_does_not_hold_up_the_other(
    scene, rule, incidentio, posts
):
    actions = scene.remind(channel="C0PLATFORM", item_kinds=["actions"])
    incidentio.fail("GET", "/v3/actions", status=403)
    scene.tick(hours=1)
    assert len(posts()) == 1
    assert (scene.states(rule), scene.states(actions)) == (["sent"], ["due"])


def test_a_rule_that_breaks_does_not_hold_up_the_others(scene, rule, posts):
    broken = scene.remind(channel="C0PLATFORM")
    with scene.database.write() as session:
        session.get(RuleRow, broken.id).options = {"owner_ids": [["not an id"]]}
    lost = scene.remind(channel="C0PAYMENTS")
    with scene.database.write() as session:
        session.get(RuleRow, lost.id).recurrence = "0 9 * * * Mars/Olympus"
    scene.tick(hours=1)
    assert len(posts()) == 1
    assert scene.states(rule) == ["sent"]
    assert scene.states(broken) == ["due"]
    assert "a bug in the bot" in scene.last(broken).reason
    assert "Mars/Olympus" in scene.reminders.get(lost.id).paused_because


def test_a_database_that_is_gone_ends_the_tick_and_not_the_engine(scene, rule, posts):
    scene.now.advance(hours=1)
    with without(scene.database, "slots"):
        scene.engine.tick()
    assert "held_up" in scene.observed
    scene.engine.tick()
    assert len(posts()) == 1
