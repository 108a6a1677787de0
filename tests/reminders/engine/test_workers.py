"""Workers are killed at awkward moments; each slot is still sent exactly once."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.reminders.worker import PATIENCE, Worker

pytestmark = pytest.mark.prove


@pytest.fixture
def hire(_stage, url):
    """Start a worker of that name; those still alive go home at the end."""
    hired = []

    def start(name):
        worker = Worker(name, url, _stage.incidentio_url, _stage.slack_url)
        hired.append(worker)
        return worker

    yield start
    for worker in hired:
        worker.close()


@pytest.fixture
def rule(scene):
    scene.work.follow_up(scene.work.incident(), "Raise the pool size", "ben")
    rule = scene.remind()
    scene.now.advance(hours=1)
    return rule


def sent(slack):
    """How often each slot was posted."""
    return Counter(
        message.metadata["event_payload"]["slot"]
        for channel in slack.workspace.channels.values()
        for message in channel.messages
        if message.metadata
    )


def kill_at(door, worker, moment, path, **how):
    door.stop(path, **how)
    worker.begin(moment)
    assert door.reached.wait(PATIENCE)
    worker.kill()
    door.go_on.set()


def test_a_worker_killed_before_slack_did_anything(scene, rule, hire, slack, door):
    kill_at(door, hire("doomed"), scene.now(), "chat.postMessage", lost=True)
    scene.tick(minutes=1)
    assert sent(slack) == {}
    scene.tick(minutes=1)
    assert sent(slack) == {}, "Slack may show it late"
    scene.tick(minutes=1)
    assert list(sent(slack).values()) == [1]
    assert scene.states(rule) == ["sent"]
    assert scene.last(rule).attempts == 3
    assert "taken_over" in scene.observed


def test_a_worker_killed_before_slack_could_answer(scene, rule, hire, slack, door):
    kill_at(door, hire("doomed"), scene.now(), "chat.postMessage", after=True)
    scene.tick(minutes=2)
    assert list(sent(slack).values()) == [1]
    assert scene.states(rule) == ["sent"]
    assert "resolved" in scene.observed


def test_a_worker_killed_while_it_reads_incidentio(
    scene, rule, hire, slack, incidentio_door
):
    kill_at(incidentio_door, hire("doomed"), scene.now(), "/v3/follow_ups")
    scene.tick()
    assert list(sent(slack).values()) == [1]
    assert scene.states(rule) == ["sent"]


def test_a_worker_killed_while_it_looks_for_what_another_sent(
    scene, rule, hire, slack, door
):
    kill_at(door, hire("first"), scene.now(), "chat.postMessage", after=True)
    scene.now.advance(minutes=2)
    kill_at(door, hire("second"), scene.now(), "conversations.history")
    scene.tick(minutes=2)
    assert list(sent(slack).values()) == [1]
    assert scene.last(rule).attempts == 3


def test_three_workers_of_which_two_die_send_each_slot_exactly_once(
    scene, hire, slack, door
):
    scene.work.follow_up(scene.work.incident(), "Raise the pool size", "ben")
    rules = []
    for number in range(24):
        slack.add_channel(f"C{number}", f"team-{number}")
        rules.append(scene.remind(channel=f"C{number}"))
    workers = [hire(f"worker-{number}") for number in range(3)]
    moment = scene.now.advance(hours=1)
    for worker in workers:
        worker.begin(moment)
    for worker, after in ((workers[0], False), (workers[1], True)):
        door.stop("chat.postMessage", after=after)
        assert door.reached.wait(PATIENCE)
        worker.kill()
        door.go_on.set()
    assert workers[2].wait()
    scene.now.advance(minutes=2)
    workers[2].begin(scene.now())
    assert workers[2].wait()
    assert list(sent(slack).values()) == [1] * 24
    assert [scene.states(rule) for rule in rules] == [["sent"]] * 24


def test_two_workers_that_live_share_the_work(scene, hire, slack):
    scene.work.follow_up(scene.work.incident(), "Raise the pool size", "ben")
    for number in range(12):
        slack.add_channel(f"C{number}", f"team-{number}")
        scene.remind(channel=f"C{number}")
    workers = [hire("one"), hire("two")]
    for _ in range(3):
        moment = scene.now.advance(hours=1)
        for worker in workers:
            worker.begin(moment)
        assert all(worker.wait() for worker in workers)
    assert list(sent(slack).values()) == [1] * 36
