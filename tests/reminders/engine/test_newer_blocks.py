"""A message goes without the charts that Slack refuses: once, whatever happens then."""

from __future__ import annotations

import pytest

from reminders.digests.summary import SUMMARY
from tests.reminders.digests.test_summaries import HERE, WEEKLY, ShownItem, charts

pytestmark = pytest.mark.kinds("channel", "summary")


@pytest.fixture
def rule(scene, incident, incidentio):
    ShownItem(scene, incidentio.store).follow_up(incident, "Raise it", "ben", ago=9)
    scene.engine = scene.worker("one", settings={"owner_digests": False})
    return scene.remind(kind=SUMMARY, recurrence=WEEKLY)


@pytest.fixture
def chartless(slack):
    slack.workspace.unsupported_blocks.add("data_visualization")
    return slack


@pytest.fixture
def errors(slack):
    """How Slack answered each message for the channel that it got."""
    return lambda: [
        call.error for call in slack.calls if call.method == "chat.postMessage"
    ]


def test_where_slack_has_no_charts_the_numbers_are_sent(scene, rule, chartless, errors):
    scene.tick(minutes=30)
    (message,) = chartless.messages(HERE)
    assert charts(message) == []
    assert "1 open" in message.words
    assert scene.states(rule) == ["sent"]
    assert errors() == ["invalid_blocks", None]


def test_the_numbers_are_sent_when_the_channel_takes_one_message_a_second(
    scene, rule, chartless, errors
):
    chartless.limits.burst = 1
    scene.tick(minutes=30)
    assert chartless.messages(HERE) == []
    for _ in range(3):
        scene.tick(seconds=1)
    assert len(chartless.messages(HERE)) == 1
    assert scene.states(rule) == ["sent"]
    assert errors() == ["invalid_blocks", "ratelimited", None]


@pytest.mark.parametrize(
    "trouble", [{"drop": "after"}, {"drop": True}, {"status": 500}]
)
def test_what_becomes_of_the_second_try_is_found_out(
    scene, rule, slack, errors, trouble
):
    slack.fail("chat.postMessage", error="invalid_blocks", times=1)
    slack.fail("chat.postMessage", times=1, **trouble)
    scene.tick(minutes=30)
    other = scene.worker("two", settings={"owner_digests": False})
    for _ in range(5):
        scene.now.advance(minutes=1)
        other.tick()
    assert len(slack.messages(HERE)) == 1
    assert scene.states(rule) == ["sent"]


def test_what_slack_finds_wrong_without_charts_too_is_not_sent(
    scene, rule, slack, errors
):
    slack.fail("chat.postMessage", error="invalid_blocks", times=2)
    for _ in range(3):
        scene.tick(minutes=30)
    assert slack.messages(HERE) == []
    assert scene.states(rule) == ["failed"]
    assert len(errors()) == 2


def test_a_message_without_charts_is_not_sent_again(scene, slack, errors, incident):
    scene.work.follow_up(incident, "Raise it", "ben")
    scene.remind()
    slack.fail("chat.postMessage", error="invalid_blocks", times=1)
    scene.tick(hours=1)
    assert errors().count("invalid_blocks") == 1
    assert slack.messages(HERE) == []
