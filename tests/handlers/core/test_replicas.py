"""Two processes on one database act as one."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from queue import Queue
from threading import Event
from urllib.parse import urlencode

import pytest
import requests
from sqlalchemy.exc import OperationalError

from handlers.core.pipeline.submissions import UNDER_WAY
from sandbox.serve import serve
from storage.errors import DatabaseError
from storage.journal import Journal
from tests.doorway import Doorway
from tests.handlers.schedules.schedule_state import fills


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


@pytest.fixture
def twice(bot, world, two, monkeypatch):
    """Deliver a form to both replicas, the second while the first is at work.

    ``meanwhile`` is done as the second looks for the first time; returns both answers.
    """
    begun, find = Queue(), Journal.find
    submit = lambda work, *_: begun.put(work)  # noqa: E731
    monkeypatch.setattr(bot.executors.writes, "submit", submit)

    def twice(delivery, meanwhile):
        body, headers = world.slack.courier.request(delivery)
        send = lambda url: requests.post(  # noqa: E731
            f"{url}/slack/events", data=body, headers=headers, timeout=30
        )
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(send, two[0])
            work = begun.get(timeout=30)

            def look(journal, key):
                monkeypatch.setattr(Journal, "find", find)
                Context().run(meanwhile, work)
                return find(journal, key)

            monkeypatch.setattr(Journal, "find", look)
            second = pool.submit(send, two[1])
            return first.result().json(), second.result().json()

    return twice


def submission(world, person):
    """Return a form as it is submitted, which reaches no replica yet."""
    return world.slack.interactions.view_submission(person.user, person.modal.view)


def words_of(answer):
    return [b["text"]["text"] for b in answer["view"]["blocks"] if b.get("text")]


def run(work):
    work()


def test_a_refusal_of_one_replica_is_said_by_the_other_too(ana, world, twice):
    ana.types("/io followup new INC-29 Refused")
    world.incidentio.fail("POST", "/v3/follow_ups", status=403)

    first, second = twice(submission(world, ana), run)

    assert "The follow-up was not added" in words_of(first)[0]
    assert words_of(second) == words_of(first)
    (title,) = [
        block["element"]["initial_value"]
        for block in second["view"]["blocks"]
        if block.get("block_id") == "title"
    ]
    assert title == "Refused"
    assert [r.path for r in world.incidentio.requests if r.method == "POST"] == [
        "/v3/follow_ups"
    ]


def test_a_doubt_of_one_replica_is_said_by_the_other_too(ana, world, twice):
    ana.types("/io followup new INC-29 Doubted")
    world.incidentio.fail("POST", "/v3/follow_ups", drop="after")
    world.incidentio.fail("GET", "/v3/follow_ups", status=503)

    first, second = twice(submission(world, ana), run)

    assert "It is not known whether" in words_of(first)[0]
    assert second == first


def test_a_question_of_one_replica_is_asked_by_the_other_too(ana, world, twice):
    ana.types("/io schedule create")
    fills(ana, name="Nights", rotation_name="Owls", users=["jo", "ana"])

    first, second = twice(submission(world, ana), run)

    assert first["view"]["submit"]["text"] == "Create"
    assert second == first


def test_what_one_replica_has_done_closes_the_form_at_the_other_too(ana, world, twice):
    ana.types("/io followup new INC-29 Done")

    answers = twice(submission(world, ana), run)

    assert answers == ({"response_action": "clear"},) * 2


def test_the_form_stays_if_nobody_can_look_for_what_came_of_it(ana, world, twice):
    ana.types("/io followup new INC-29 Unseen")

    def meanwhile(work):
        work()
        raise DatabaseError from OperationalError("", None, Exception("gone"))

    first, second = twice(submission(world, ana), meanwhile)

    assert first == {"response_action": "clear"}
    assert words_of(second)[0] == UNDER_WAY


@pytest.mark.parametrize("budget", [0.01])
def test_the_form_stays_as_long_as_the_other_replica_is_at_work(
    bot, two, ana, world, budget
):
    ana.types("/io followup new INC-29 Slow")
    door = Doorway(world.incidentio.wsgi.wsgi_app)
    world.incidentio.wsgi.wsgi_app = door
    door.stop(f"/v2/incidents/{world.incidentio.incident(29)['id']}")
    delivery = submission(world, ana)
    deliver(world, delivery, two[:1])
    assert door.reached.wait(30)

    (second,) = deliver(world, delivery, two[1:])
    door.go_on.set()
    assert bot.wait_idle()

    assert words_of(second.json())[0] == UNDER_WAY
    assert second.json()["view"]["submit"]
    (again,) = deliver(world, delivery, two[1:])
    assert again.json() == {"response_action": "clear"}
    titles = [row.title for row in world.incidentio.store.follow_ups]
    assert titles.count("Slow") == 1


@pytest.mark.parametrize("budget", [0.3])
def test_nobody_waits_for_a_look_at_the_other_replica_that_takes_too_long(
    bot, two, ana, world, monkeypatch
):
    ana.types("/io followup new INC-29 Slow")
    go_on, find = Event(), Journal.find
    monkeypatch.setattr(bot.executors.writes, "submit", lambda *_: None)
    delivery = submission(world, ana)
    deliver(world, delivery, two[:1])

    def look(journal, key):
        assert go_on.wait(30)
        return find(journal, key)

    monkeypatch.setattr(Journal, "find", look)
    (second,) = deliver(world, delivery, two[1:])
    go_on.set()

    assert words_of(second.json())[0] == UNDER_WAY


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
