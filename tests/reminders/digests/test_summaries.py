"""Once a week a channel is told how it singleton: in numbers, and in charts of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reminders.digests.summary import SUMMARY
from reminders.sources.audience import NOBODY
from reminders.sources.snapshot import HISTORY

pytestmark = pytest.mark.kinds("summary")

WEEKLY = "30 9 * * 1 Europe/Lisbon"
HERE = "C0INCIDENTS"


@pytest.fixture
def database(sqlite):
    """What is said here does not depend on the kind of database."""
    return sqlite


class ShownItem:
    """What happened in the weeks before this Monday morning."""

    def __init__(self, scene, store):
        self._scene, self._store = scene, store

    def follow_up(self, incident, title, owner=None, *, ago, closed=None, **more):
        """Opened so many days ago, and closed so many."""
        made = self._scene.work.follow_up(incident, title, owner, **more)
        row = self._store.follow_ups.get(made.id)
        now = self._scene.now()
        row.created_at = row.updated_at = now - timedelta(days=ago)
        if closed is not None:
            row.status = "completed"
            row.completed_at = row.updated_at = now - timedelta(days=closed)
        return made


@pytest.fixture
def past(scene, incidentio):
    return ShownItem(scene, incidentio.store)


@pytest.fixture
def rule(scene):
    return scene.remind(kind=SUMMARY, recurrence=WEEKLY)


@pytest.fixture
def sent(scene, rule, slack):
    """Send it, half an hour from now, and give the message."""

    def send(channel=HERE):
        scene.tick(minutes=30)
        return slack.messages(channel)[-1]

    return send


@pytest.fixture
def weeks(past, incident):
    """Two weeks, in which two were closed and three opened, then two and one."""
    past.follow_up(incident, "Raise the pool size", "ben", ago=40)
    past.follow_up(incident, "Closed long ago", "ben", ago=90, closed=80)
    past.follow_up(incident, "Closed before", "eve", ago=12, closed=9)
    past.follow_up(incident, "Closed late", "eve", ago=12, closed=3)
    past.follow_up(incident, "Closed quickly", ago=4, closed=3)
    past.follow_up(incident, "Write it down", ago=11)


def test_the_week_is_told_against_the_one_before(weeks, sent):
    message = sent()
    assert message.text.startswith(
        "Weekly summary.\n"
        "2 follow-ups open, 1 overdue, 1 unassigned.\n"
        "Last week: 1 opened (3 the week before), 2 closed (1).\n"
        "Oldest: Raise the pool size (INC-1); Write it down (INC-1).\n"
        "By owner: Ben Okafor: 1 open, 1 overdue."
    )
    assert " 9 Feb       0       0       1" in message.words
    assert "16 Feb       3       1       3" in message.words
    assert "23 Feb       1       2       2" in message.words


def test_the_charts_stand_among_the_numbers(weeks, sent):
    message = sent()
    assert charts(message) == [2, 3]
    area = "Open at the end of the week, area chart. Open: 5 Jan 0, 12 Jan 0, 19 Jan 1,"
    assert area in message.words
    assert "9 Feb 1, 16 Feb 3, 23 Feb 2." in message.words
    assert "Opened and closed in the week, bar chart. Opened: 5 Jan 0" in message.words


def charts(message):
    """Where among the blocks the charts are."""
    types = [block["type"] for block in message.blocks]
    return [nth for nth, kind in enumerate(types) if kind == "data_visualization"]


def test_what_is_oldest_and_nobodys_can_be_assigned(weeks, sent):
    message = sent()
    assert message.buttons == [*["Assign", "Open in incident.io"] * 2, "Assign"]
    assert "*Unassigned*: 1 follow-up" in message.words


def test_an_empty_summary_is_not_sent(scene, rule, posts):
    scene.tick(minutes=30)
    assert posts() == []
    assert scene.states(rule) == ["empty"]


def test_a_week_in_which_the_last_was_closed_is_told(past, incident, sent):
    past.follow_up(incident, "Closed", ago=4, closed=3)
    assert "0 follow-ups open, 0 overdue" in sent().text


def test_owners_are_named_without_being_called(scene, past, incident, sent):
    past.follow_up(incident, "Raise the pool size", "ben", ago=40)
    message = sent()
    assert "<@" not in message.text
    assert "<@" not in message.words


def test_private_incidents_are_counted_in_their_own_channel_alone(
    scene, past, slack, sent
):
    secret = scene.work.incident("Layoffs", private=True)
    channel = secret.slack_channel_id
    slack.add_channel(channel, "inc-1-layoffs", private=True)
    past.follow_up(secret, "Tell nobody", "eve", ago=4)
    past.follow_up(secret, "Told nobody", ago=5, closed=3)
    past.follow_up(scene.work.incident(), "Tell all", "ben", ago=4)
    scene.remind(kind=SUMMARY, recurrence=WEEKLY, channel=channel)
    elsewhere = sent()
    for leak in ("nobody", "Layoffs", "Eve"):
        assert leak not in elsewhere.words + elsewhere.text
    assert "Last week: 1 opened (0 the week before), 0 closed" in elsewhere.text
    assert "Last week: 3 opened" in slack.messages(channel)[-1].text


def test_what_was_closed_in_an_incident_that_is_gone_is_left_out(
    past, incident, incidentio, scene, sent
):
    past.follow_up(incident, "Open", "ben", ago=4)
    gone = scene.work.incident()
    past.follow_up(gone, "Closed", ago=4, closed=3)
    incidentio.store.incidents.remove(gone.id)
    assert "1 opened (0 the week before), 0 closed" in sent().text


def test_filters_hold_for_what_is_closed_too(scene, past, slack, weeks):
    minor = scene.work.incident(severity="Minor")
    past.follow_up(minor, "Small", ago=4, closed=3)
    scene.remind(
        kind=SUMMARY,
        recurrence=WEEKLY,
        severity_ids=[scene.work.severity("Minor")],
        name="Small things",
    )
    scene.tick(minutes=30)
    (message,) = slack.messages(HERE)
    assert message.text.startswith(
        "Small things: weekly summary.\n"
        "0 follow-ups open, 0 overdue, 0 unassigned.\n"
        "Last week: 1 opened (0 the week before), 1 closed (0)."
    )


def test_the_many_are_counted_and_the_most_are_named(past, incident, sent, api):
    for number in range(12):
        past.follow_up(incident, f"Do {number}", ago=4)
    message = sent()
    assert "*Unassigned*: 12 follow-ups" in message.words
    assert "and 4 more" in message.words
    assert len(message.blocks) < 50


def test_it_is_drawn_again_as_it_was_sent_but_for_what_is_open(
    scene, rule, weeks, sent, api
):
    message = sent()
    slot = scene.last(rule)
    (one,) = [f for f in api.follow_ups.list() if f.title == "Write it down"]
    api.follow_ups.update(one, status="completed")
    scene.now.advance(days=40)
    drawn = scene.engine.show(slot.id, HERE)
    assert "1 follow-up open, 1 overdue, 0 unassigned." in drawn.text
    assert "Last week: 1 opened" in drawn.text
    shown = [block.to_dict() for block in drawn.blocks]
    assert [block["chart"] for block in shown[2:4]] == [
        block["chart"] for block in message.blocks[2:4]
    ]
    assert shown[4]["text"] == message.blocks[4]["text"]


def singly(incidentio):
    """How many incidents were read one by one."""
    paths = [r.path for r in incidentio.requests if r.method == "GET"]
    assert "/v3/follow_ups" in paths
    return sum(path.startswith("/v2/incidents/") for path in paths)


def test_history_costs_no_more_requests(scene, rule, weeks, incidentio):
    scene.remind()
    incidentio.requests.clear()
    scene.tick(hours=1)
    assert singly(incidentio) == 1


def test_a_deleted_follow_up_drops_out_of_history(scene, past, incident, api, slack):
    past.follow_up(incident, "Open", "ben", ago=4)
    made = past.follow_up(incident, "Closed", ago=4, closed=3)
    rule = scene.remind(kind=SUMMARY, recurrence=WEEKLY)
    scene.tick(minutes=30)
    api.follow_ups.delete(made.id)
    scene.engine.snapshots.forget("follow_ups", made.id)
    scene.now.advance(minutes=1)
    scene.reminders.run_now(rule.id, by="U0ANA")
    scene.tick()
    first, second = slack.messages(HERE)
    assert "2 opened (0 the week before), 1 closed" in first.text
    assert "1 opened (0 the week before), 0 closed" in second.text


def test_what_is_opened_again_is_not_closed(scene, past, incident, api, slack):
    made = past.follow_up(incident, "Closed", ago=4, closed=3)
    rule = scene.remind(kind=SUMMARY, recurrence=WEEKLY)
    scene.tick(minutes=30)
    api.follow_ups.update(api.follow_ups.show(made.id), status="outstanding")
    scene.now.advance(minutes=1)
    scene.reminders.run_now(rule.id, by="U0ANA")
    scene.tick()
    assert "1 follow-up open, 0 overdue, 1 unassigned" in slack.messages(HERE)[-1].text
    assert "1 opened (0 the week before), 0 closed" in slack.messages(HERE)[-1].text


def test_what_nobody_is_going_to_do_is_closed(scene, past, incident, incidentio, sent):
    dropped = past.follow_up(incident, "Dropped", ago=9, closed=3)
    row = incidentio.store.follow_ups.get(dropped.id)
    row.status, row.completed_at = "not_doing", None
    assert "0 opened (1 the week before), 1 closed" in sent().text


def test_what_was_closed_is_known_without_its_title(scene, past, incident):
    past.follow_up(incident, "Nobody needs to know", ago=9, closed=3)
    snapshot = scene.engine.snapshots.read(["follow_ups", HISTORY.name], NOBODY)
    (item,) = snapshot.get(HISTORY)["follow_ups"]
    assert item.title == ""
    assert scene.engine.snapshots.read(["follow_ups"], NOBODY).get(HISTORY) == {}


def test_many_old_incidents_are_read_in_pages(scene, past, rule, incidentio):
    for number in range(25):
        past.follow_up(scene.work.incident(f"Old {number}"), "Do", ago=9, closed=3)
    incidentio.requests.clear()
    scene.tick(minutes=30)
    assert singly(incidentio) == 0
    incidentio.requests.clear()
    scene.now.advance(minutes=1)
    scene.reminders.run_now(rule.id, by="U0ANA")
    scene.tick()
    assert singly(incidentio) == 0
