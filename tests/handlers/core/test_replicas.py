"""Two processes on one database act as one."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
import requests

from sandbox.serve import serve
from tests.doorway import Doorway


@pytest.fixture
def two(bot, start):
    """The addresses of two replicas, the second one beside ``bot``."""
    other = start()
    with serve(bot.wsgi) as first, serve(other.wsgi) as second:
        yield first.url, second.url
        assert bot.wait_idle()
        assert other.wait_idle()


def deliver(world, delivery, urls):
    """Send one delivery to several replicas at the same moment."""
    body, headers = world.slack.courier.request(delivery)
    with ThreadPoolExecutor(len(urls)) as pool:
        send = lambda url: requests.post(  # noqa: E731
            f"{url}/slack/events", data=body, headers=headers, timeout=5
        )
        return list(pool.map(send, urls))


def test_a_form_that_reaches_both_is_declared_once(ana, world, two):
    ana.types("/io declare Both replicas")
    before = len(list(world.incidentio.store.incidents))
    delivery = world.slack.interactions.view_submission(ana.user, ana.modal.view)

    answers = deliver(world, delivery, two * 2)

    assert {answer.status_code for answer in answers} == {200}
    assert len(list(world.incidentio.store.incidents)) == before + 1


def test_signatures_are_checked(two):
    body = urlencode({"command": "/io", "text": "incidents"})

    refused = requests.post(f"{two[0]}/slack/events", data=body, timeout=30)

    assert refused.status_code == 401


@pytest.mark.parametrize("budget", [0.01])
def test_a_frozen_replica_makes_nothing_that_another_has_taken_over(
    bot, start, ana, world, clock, budget
):
    other = start()
    ana.types("/io followup new INC-29 Frozen")
    door = Doorway(world.incidentio.wsgi.wsgi_app)
    world.incidentio.wsgi.wsgi_app = door
    door.stop(f"/v2/incidents/{world.incidentio.incident(29)['id']}")
    world.slack.person("ana").submits()
    assert door.reached.wait(30)

    clock.advance(minutes=3)
    other.recovery.tick()
    door.go_on.set()
    assert bot.wait_idle()

    titles = [row.title for row in world.incidentio.store.follow_ups]
    assert titles.count("Frozen") == 1
    said = [message.text for message in ana.sees() if "follow-up" in message.text]
    assert not [words for words in said if "not" in words]
    assert len(said) == 2


def test_what_was_taken_over_while_it_waited_for_a_thread_is_not_begun(
    bot, start, ana, world, clock, monkeypatch
):
    other, waiting = start(), []
    submit = lambda work, *_: waiting.append(work)  # noqa: E731
    monkeypatch.setattr(bot.executors.writes, "submit", submit)
    ana.types("/io severity INC-29 minor")
    assert world.incidentio.incident(29)["severity"]["name"] != "Minor"

    clock.advance(minutes=3)
    other.recovery.tick()
    made = len(world.incidentio.requests)
    waiting[0]()

    assert world.incidentio.incident(29)["severity"]["name"] == "Minor"
    assert len(world.incidentio.requests) == made
