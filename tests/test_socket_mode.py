"""The bot's connection over Socket Mode: cut, silent or unreachable, it is replaced."""

from __future__ import annotations

import json
from threading import Event, Semaphore

import pytest

from http_base.precedence import PRECEDENCE
from slack.socket_mode import SILENCE, SocketConnection

PATIENCE = 60
"""Seconds: more than a busy machine takes."""


class Seconds:
    """A clock that stands still until it is moved."""

    def __init__(self):
        self.at = 0.0

    def __call__(self):
        return self.at


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def running(start):
    """A bot that is reached over nothing but its socket."""
    return start()


class Greeted:
    """Waits until the bot has been greeted by Slack over one more connection."""

    def __init__(self):
        self._hellos = Semaphore(0)

    def hear(self, _, message):
        if json.loads(message)["type"] == "hello":
            self._hellos.release()

    def __call__(self):
        return self._hellos.acquire(timeout=PATIENCE)


@pytest.fixture
def greeted():
    return Greeted()


@pytest.fixture
def connection(running, world, seconds, greeted):
    made = SocketConnection(
        running.bolt, world.slack.app_token, concurrency=4, clock=seconds
    )
    made._client.on_message_listeners.append(greeted.hear)
    yield made
    made.close()


@pytest.fixture
def unheard(world):
    """Mention the bot; Slack hears no acknowledgement, and will send it again."""

    def mention(person, words):
        world.slack.courier.timeout = 0
        person.mentions(words, channel="incidents")
        world.slack.courier.timeout = PATIENCE

    return mention


@pytest.mark.prove
def test_one_that_falls_silent_is_replaced_and_nothing_is_lost_or_doubled(
    connection, running, world, seconds, greeted, unheard, clock
):
    ana = world.slack.person("ana")
    connection.open()
    assert greeted()
    unheard(ana, "severity 39 minor")
    assert running.wait_idle()
    world.slack.sockets.fall_silent()
    unheard(ana, "severity 39 critical")
    connection.tick()

    seconds.at += SILENCE - 1
    connection.tick()
    seconds.at += 2
    connection.tick()

    assert greeted()
    for minutes in (0, 1):
        clock.advance(minutes=minutes)
        world.slack.tick()
    assert running.wait_idle()
    said = [m.text for m in ana.sees("incidents") if " is now " in m.text]
    assert ["*Minor* (was Major)" in said[0], "*Critical*" in said[1]] == [True, True]
    assert len(said) == 2


def test_deliveries_go_before_work(connection, running, world, greeted, monkeypatch):
    under_way, dispatch = [], running.bolt.dispatch

    def counted(request):
        under_way.append(PRECEDENCE.under_way)
        return dispatch(request)

    monkeypatch.setattr(running.bolt, "dispatch", counted)
    connection.open()
    assert greeted()
    world.slack.person("ana").types("/io help")
    assert running.wait_idle()
    assert under_way == [1]


def test_one_that_answers_pings_is_kept(connection, world, seconds, greeted):
    connection.open()
    assert greeted()
    for _ in range(3):
        connection.tick()
        seconds.at += SILENCE - 1
        session, answered = connection._client.current_session, Event()
        session.on_pong = lambda *_, answered=answered: answered.set()
        session.sock.ping()
        assert answered.wait(PATIENCE)
    connection.tick()

    assert world.slack.sockets.connected == 1


@pytest.mark.prove
@pytest.mark.parametrize("refused", [0, 2])
def test_one_that_is_cut_is_replaced(connection, world, greeted, refused):
    connection.open()
    assert greeted()

    if refused:
        world.slack.fail("apps.connections.open", drop=True, times=refused)
    world.slack.sockets.cut()

    assert greeted()


def test_where_slack_cannot_be_reached_it_is_tried_again(
    connection, world, greeted, running
):
    world.slack.fail("apps.connections.open", drop=True, times=1)
    connection.open()
    assert world.slack.sockets.connected == 0

    connection.tick()

    assert greeted()
