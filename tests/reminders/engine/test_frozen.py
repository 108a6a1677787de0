"""A worker that was frozen for longer than its lease sends nothing a second time."""

from __future__ import annotations

from contextlib import closing
from contextvars import Context
from types import SimpleNamespace

import pytest

from tests.reminders.mortal import Fate, MortalSlack

pytestmark = pytest.mark.kinds("channel")

BEFORE_THE_LAST_LOOK, AFTER_IT = 0, 1


@pytest.fixture
def rule(scene, outstanding):
    rule = scene.remind(name="Payments")
    scene.now.advance(hours=1)
    return rule


@pytest.fixture
def frozen(scene, _stage):
    """Tick a worker that is frozen where it posts, and do ``meanwhile`` until it wakes.

    It is the worker's own client of Slack that stops, so that others go on.
    """
    with closing(MortalSlack("xoxb-sandbox", base_url=_stage.slack_url)) as client:

        def tick(where, meanwhile):
            client.only = "chat.postMessage"
            client.fate = Fate(lambda _: Context().run(meanwhile))
            client.fate.set(where)
            sleeper.tick()

        sleeper = scene.worker("sleeper", {"slack": client})
        yield SimpleNamespace(tick=tick, again=sleeper.tick)


def test_whoever_wakes_after_its_lease_does_not_post(scene, rule, frozen, slack, posts):
    frozen.tick(BEFORE_THE_LAST_LOOK, lambda: scene.tick(minutes=3))
    assert len(posts()) == 1
    assert scene.states(rule) == ["sent"]
    assert scene.observed.count("sent") == 1


def test_whoever_wakes_alone_after_its_lease_posts_later(scene, rule, frozen, posts):
    frozen.tick(BEFORE_THE_LAST_LOOK, lambda: scene.now.advance(minutes=3))
    assert (posts(), scene.states(rule)) == ([], ["due"])
    scene.tick(minutes=3)
    assert len(posts()) == 1


def test_a_second_message_is_taken_back_and_not_counted(
    scene, rule, frozen, slack, posts
):
    frozen.tick(AFTER_IT, lambda: scene.tick(minutes=3))
    (kept,) = slack.messages("C0INCIDENTS")
    assert scene.last(rule).message_ts == kept.ts
    assert scene.observed.count("sent") == 1
    assert scene.observed.count("taken_back") == 1


def test_a_message_that_another_found_stays(scene, rule, frozen, slack, posts):
    """It was posted before the other looked, though its sender had not heard so."""
    frozen.tick(AFTER_IT + 1, lambda: scene.tick(minutes=3))
    assert len(posts()) == 1
    assert scene.observed.count("sent") == 1
    assert "taken_back" not in scene.observed


def test_a_message_is_not_taken_back_while_another_may_still_find_it(
    scene, rule, frozen, slack, posts
):
    def another_dies_before_it_posts():
        slack.fail("chat.postMessage", drop=True, times=1)
        scene.tick(minutes=3)

    frozen.tick(AFTER_IT, another_dies_before_it_posts)
    assert len(posts()) == 1
    assert scene.states(rule) == ["due"]
    scene.tick(minutes=3)
    frozen.again()
    assert len(posts()) == 1
    assert scene.states(rule) == ["sent"]
    assert "taken_back" not in scene.observed


def test_what_cannot_be_taken_back_at_once_is_taken_back_later(
    scene, rule, frozen, slack, posts
):
    slack.fail("chat.delete", status=503, times=1)
    frozen.tick(AFTER_IT, lambda: scene.tick(minutes=3))
    assert len(posts()) == 2
    frozen.again()
    assert len(posts()) == 1
    frozen.again()
    assert scene.observed.count("taken_back") == 1


def test_every_attempt_carries_the_same_id_of_its_message(scene, rule, slack):
    slack.fail("chat.postMessage", status=503, times=1)
    scene.tick()
    for _ in range(3):
        scene.tick(minutes=1)
    sent = [
        c.args["client_msg_id"] for c in slack.calls if c.method.endswith("tMessage")
    ]
    assert len(sent) == 2
    assert len(set(sent)) == 1
