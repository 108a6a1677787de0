"""A reminder is sent when it is due, once, and what became of it is recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest

from telemetry.metrics import Metrics

pytestmark = pytest.mark.kinds("channel")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request):
    return request.getfixturevalue(request.param)


def test_a_due_reminder_is_posted_once(scene, rule, slack, posts):
    scene.tick(minutes=59)
    assert posts() == []
    for _ in range(3):
        scene.tick(seconds=30)
    (shown,) = posts()
    assert "Payments: 1 follow-up outstanding" in shown
    assert "Raise the pool size (<@U0BEN>, INC-1, target " in shown
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
    scene.remind(item_kinds=["follow_ups", "actions"])
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
    assert "private" not in elsewhere
    assert "1 follow-up outstanding" in elsewhere
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
    rule = scene.remind(recurrence="0 10 * * * UTC")
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


def test_a_sent_reminder_can_be_drawn_anew(scene, rule, outstanding, api):
    scene.tick(hours=1)
    slot = scene.last(rule)
    assert "Raise the pool size" in scene.engine.show(slot.id, slot.channel).text
    api.follow_ups.update(outstanding, status="completed")
    assert (
        "Payments: nothing is outstanding"
        in scene.engine.show(slot.id, slot.channel).text
    )
    scene.reminders.delete(rule.id)
    assert scene.engine.show(slot.id, slot.channel) is None


def test_a_stopped_engine_sends_no_more(scene, rule, posts):
    scene.engine.stop()
    scene.tick(hours=1)
    assert posts() == []
    assert scene.states(rule) == ["due"]


def test_what_becomes_of_reminders_is_counted_by_kind(scene, rule, slack):
    metrics = Metrics()
    scene.engine = scene.worker("one", observe=metrics.reminded)
    scene.tick(hours=1)
    slack.fail("chat.postMessage", drop="after", times=1)
    scene.tick(hours=1)
    scene.tick(minutes=6)

    def counted(event, kind="channel"):
        labels = {"event": event, "kind": kind}
        return metrics.registry.get_sample_value(
            "incidentio_bot_reminders_total", labels
        )

    assert (counted("sent"), counted("retried"), counted("resolved")) == (2, 1, 1)
    assert counted("late") == 1
    assert counted("due", "") >= 2
