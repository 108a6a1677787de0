"""A reminder is sent when it is due, once, and what became of it is recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from storage.tables import Subscription


@pytest.fixture
def incident(scene):
    return scene.work.incident()


@pytest.fixture
def outstanding(scene, incident):
    return scene.work.follow_up(incident, "Raise the pool size", "ben")


@pytest.fixture
def rule(scene, outstanding):
    return scene.remind(name="Payments")


def test_a_due_reminder_is_posted_once(scene, rule, slack, posts):
    scene.tick(minutes=59)
    assert posts() == []
    for _ in range(3):
        scene.tick(seconds=30)
    (shown,) = posts()
    assert "Payments: 1 item outstanding" in shown
    assert "<@U0BEN>: Raise the pool size (INC-1)" in shown
    (message,) = slack.messages("C0INCIDENTS")
    slot = scene.last(rule)
    assert (slot.state, slot.message_ts) == ("sent", message.ts)
    assert message.metadata["event_payload"] == {"slot": slot.id}
    assert scene.reminders.get(rule.id).last_result == "sent"
    scene.tick(hours=1)
    assert len(posts()) == 2


def test_nothing_outstanding_means_no_message(scene, incident, posts):
    rule = scene.remind()
    scene.tick(hours=1)
    assert posts() == []
    assert scene.states(rule) == ["empty"]


def test_what_was_finished_or_snoozed_meanwhile_is_gone(
    scene, rule, outstanding, api, posts
):
    scene.tick(hours=1)
    snoozed = scene.work.follow_up(api.incidents.show(1), "Write it down", "ben")
    scene.snoozes.snooze(
        "follow_ups", snoozed.id, until=scene.now() + timedelta(days=1), by="U0BEN"
    )
    api.follow_ups.update(outstanding, status="completed")
    scene.tick(hours=1)
    assert len(posts()) == 1
    scene.tick(days=1)
    assert "Write it down" in posts()[-1]
    assert "Raise the pool size" not in posts()[-1]


def test_follow_ups_and_actions_are_told_together(scene, incident, outstanding, posts):
    scene.work.action(incident, "Call the provider", "eve")
    scene.remind(kinds=["follow_ups", "actions"])
    scene.tick(hours=1)
    assert "2 items outstanding" in posts()[0]
    assert "Call the provider" in posts()[0]


def test_private_items_stay_in_their_own_channel(scene, slack, posts):
    secret = scene.work.incident("Layoffs", private=True)
    scene.work.follow_up(secret, "Tell nobody")
    scene.work.follow_up(scene.work.incident(), "Tell all")
    channel = secret.slack_channel_id
    slack.add_channel(channel, "inc-1-layoffs", private=True)
    scene.remind()
    scene.remind(channel=channel)
    scene.tick(hours=1)
    (elsewhere,) = posts()
    assert "Tell nobody" not in elsewhere
    assert "Layoffs" not in elsewhere
    assert "1 item in private incidents is not shown here." in elsewhere
    assert "Tell nobody" in posts(channel)[0]


def test_a_paused_reminder_is_silent_but_can_be_run_by_hand(scene, rule, posts):
    scene.reminders.pause(rule.id, "by @ana")
    scene.tick(hours=2)
    assert posts() == []
    scene.reminders.run_now(rule.id, by="U0ANA")
    scene.tick()
    assert len(posts()) == 1


def test_a_reminder_paused_while_it_waits_is_not_sent(scene, rule, slack, posts):
    slack.fail("chat.postMessage", error="invalid_auth", times=1)
    scene.tick(hours=1)
    scene.reminders.pause(rule.id, "by @ana")
    scene.tick(minutes=10)
    assert posts() == []
    assert scene.last(rule).reason == "the reminder is paused"


def test_after_downtime_the_latest_slot_is_sent_once(scene, rule, posts):
    scene.tick(hours=5, minutes=10)
    assert len(posts()) == 1
    assert scene.states(rule) == ["sent", *["skipped"] * 4]
    assert "late" in scene.observed


def test_after_long_downtime_nothing_is_sent_that_makes_no_sense(scene, outstanding):
    rule = scene.remind(when="0 10 * * * UTC")
    scene.tick(hours=8)
    assert scene.states(rule) == ["skipped"]
    assert "too late" in scene.last(rule).reason


def test_a_clock_set_back_sends_nothing_twice(scene, rule, posts):
    scene.tick(hours=1)
    scene.tick(minutes=-90)
    scene.tick(minutes=90)
    assert len(posts()) == 1
    scene.tick(hours=1)
    assert len(posts()) == 2


def test_one_channel_gets_a_message_a_second_and_others_do_not_wait(
    scene, outstanding, slack, posts
):
    rules = [scene.remind() for _ in range(4)]
    elsewhere = scene.remind(channel="C0PLATFORM")
    scene.tick(hours=1)
    assert (len(posts()), len(posts("C0PLATFORM"))) == (1, 1)
    for sent in (2, 3, 4):
        scene.tick(seconds=1)
        assert len(posts()) == sent
    assert all(scene.states(rule) == ["sent"] for rule in [*rules, elsewhere])
    assert "retried" not in scene.observed


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
        ({"error": "channel_not_found"}, "Invite me"),
        ({"error": "not_in_channel"}, "Invite me"),
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
    assert (known.state, known.reason) == ("paused", f"Slack says {fault['error']}")
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
    assert posts() == []
    scene.tick(minutes=1)
    scene.tick(minutes=1)
    assert len(posts()) == 1
    assert scene.states(rule) == ["sent"]


def test_what_slack_got_without_saying_so_is_found_and_not_repeated(
    scene, rule, slack, posts
):
    slack.fail("chat.postMessage", drop="after", times=1)
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
        slack.say("ana", "C0INCIDENTS", f"chatter {number}")
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
    assert (slot.state, slot.reason) == ("unknown", "Slack says missing_scope")
    assert len(posts()) == 1


def test_a_doubt_waits_while_history_is_out_of_reach_and_not_for_ever(
    scene, outstanding, slack, posts
):
    rule = scene.remind(when="0 10 * * * UTC")
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
    rule = scene.remind(when="0 10 * * * UTC")
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
    actions = scene.remind(channel="C0PLATFORM", kinds=["actions"])
    incidentio.fail("GET", "/v3/actions", status=403)
    scene.tick(hours=1)
    assert len(posts()) == 1
    assert (scene.states(rule), scene.states(actions)) == (["sent"], ["due"])


def test_a_rule_that_breaks_does_not_hold_up_the_others(scene, rule, posts):
    broken = scene.remind(channel="C0PLATFORM")
    with scene.database.write() as session:
        session.get(Subscription, broken.id).severity_ids = [["not an id"]]
    lost = scene.remind(channel="C0PAYMENTS")
    with scene.database.write() as session:
        session.get(Subscription, lost.id).when = "0 9 * * * Mars/Olympus"
    scene.tick(hours=1)
    assert len(posts()) == 1
    assert scene.states(rule) == ["sent"]
    assert scene.states(broken) == ["due"]
    assert "a fault of mine" in scene.last(broken).reason
    assert "Mars/Olympus" in scene.reminders.get(lost.id).reason


def test_a_database_that_is_gone_ends_the_tick_and_not_the_engine(scene, rule, posts):
    scene.now.forward(hours=1)
    with scene.database.write() as session:
        session.execute(text("ALTER TABLE slots RENAME TO elsewhere"))
    scene.engine.tick()
    assert "held_up" in scene.observed
    with scene.database.write() as session:
        session.execute(text("ALTER TABLE elsewhere RENAME TO slots"))
    scene.engine.tick()
    assert len(posts()) == 1


def test_a_sent_reminder_can_be_drawn_anew(scene, rule, outstanding, api):
    scene.tick(hours=1)
    slot = scene.last(rule)
    assert "Raise the pool size" in scene.engine.show(slot.id, slot.channel).text
    api.follow_ups.update(outstanding, status="completed")
    assert "Nothing is outstanding" in scene.engine.show(slot.id, slot.channel).text
    scene.reminders.delete(rule.id)
    assert scene.engine.show(slot.id, slot.channel) is None


def test_a_stopped_engine_sends_no_more(scene, rule, posts):
    scene.engine.stop()
    scene.tick(hours=1)
    assert posts() == []
    assert scene.states(rule) == ["due"]
