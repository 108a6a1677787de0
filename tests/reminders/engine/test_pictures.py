"""A message goes with its picture if it can, and without it if it must: but once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reminders.digests.summary import SUMMARY
from reminders.engine.pictures import MOST
from tests.reminders.digests.test_summaries import HERE, WEEKLY, Past


@pytest.fixture
def url(sqlite_url):
    """What is shown here does not depend on the kind of database."""
    return sqlite_url


@pytest.fixture
def rule(scene, incident, incidentio):
    Past(scene, incidentio.store).follow_up(incident, "Raise it", "ben", ago=9)
    return scene.remind(kind=SUMMARY, recurrence=WEEKLY)


@pytest.fixture
def pictures(slack):
    """How many pictures each message of the channel has."""
    return lambda: [
        sum(block["type"] == "image" for block in message.blocks)
        for message in slack.messages(HERE)
    ]


@pytest.fixture(autouse=True)
def without_digests(scene):
    """What owners are told besides is another story."""
    scene.engine = scene.worker("one", settings={"owner_digests": False})


def count(slack, method):
    return sum(call.method == method for call in slack.calls)


@pytest.mark.parametrize(
    "method", ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"]
)
@pytest.mark.parametrize("trouble", [{"error": "internal_error"}, {"drop": True}])
def test_without_the_upload_the_numbers_are_sent(
    scene, rule, slack, pictures, method, trouble
):
    slack.fail(method, **trouble)
    scene.tick(minutes=30)
    assert pictures() == [0]
    assert "1 open" in slack.messages(HERE)[0].words
    assert scene.states(rule) == ["sent"]
    assert "file" not in scene.last(rule).shown


def test_without_the_scope_too(scene, rule, slack, pictures):
    slack.scopes.discard("files:write")
    scene.tick(minutes=30)
    assert pictures() == [0]


def test_a_picture_slack_is_not_done_with_is_waited_for(scene, rule, slack, pictures):
    slack.workspace.files.delay = timedelta(seconds=3)
    scene.tick(minutes=30)
    assert pictures() == []
    for _ in range(4):
        scene.tick(seconds=1)
    assert pictures() == [1]
    assert scene.states(rule) == ["sent"]
    assert count(slack, "upload") == 1


def test_it_is_not_waited_for_long(scene, rule, slack, pictures):
    slack.workspace.files.delay = timedelta(hours=1)
    for _ in range(40):
        scene.tick(seconds=60)
    assert pictures() == [0]
    assert count(slack, "upload") == 1
    assert count(slack, "chat.postMessage") == MOST + 1
    assert "file" not in scene.last(rule).shown


def test_a_slot_that_is_taken_over_is_not_posted_twice(scene, rule, slack, pictures):
    slack.fail("chat.postMessage", drop="after", times=1)
    scene.tick(minutes=30)
    other = scene.worker("two")
    for _ in range(5):
        scene.now.forward(minutes=1)
        other.tick()
    assert pictures() == [1]
    assert scene.states(rule) == ["sent"]
    assert count(slack, "upload") == 1
    assert scene.last(rule).shown["file"]


def test_who_takes_over_goes_on_with_the_same_file(scene, rule, slack, pictures):
    slack.fail("chat.postMessage", status=503, drop=True, times=1)
    scene.tick(minutes=30)
    for _ in range(5):
        scene.tick(minutes=1)
    assert pictures() == [1]
    assert count(slack, "upload") == 1


def test_a_chart_that_cannot_be_drawn_keeps_no_summary_back(
    scene, rule, pictures, monkeypatch
):
    """There may be no font, no room, no library that loads here."""
    monkeypatch.setattr("matplotlib.figure.Figure.savefig", broken)
    scene.tick(minutes=30)
    assert pictures() == [0]
    assert scene.states(rule) == ["sent"]


def broken(*_, **__):
    raise OSError("no space left")
