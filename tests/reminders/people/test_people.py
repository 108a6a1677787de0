"""What is sent to a person: when they want it, and only where they are."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from blocks.kit.messages import Message
from reminders.engine.kinds import Kind
from reminders.people.away import AWAY
from reminders.people.personal import Personal
from reminders.people.preferences import Preferences
from reminders.sources.audience import NOBODY
from storage.personal_rules import OWNER
from tests.reminders.conftest import INCIDENTIO_IDS

BEN = "U0BEN"
AT_TEN = "0 10 * * * UTC"


class Digests(Kind):
    """Stands in for the digest: says that there is one."""

    name = OWNER

    def __init__(self, **manners):
        vars(self).update(manners)

    def sources(self, _):
        return ()

    def compose(self, _):
        return Message("Your digest", [])


@pytest.fixture
def database(sqlite):
    return sqlite


@pytest.fixture
def hire(scene):
    """Let a worker know digests, with these manners."""

    def start(**manners):
        scene.engine = scene.worker("one", more_kinds=[Digests(**manners)])
        return scene.remind(channel=BEN, recurrence=AT_TEN, kind=OWNER, created_by=None)

    return start


@pytest.fixture
def choose(scene):
    personal = Personal(scene.database)

    def put(person=BEN, **chosen):
        personal.put(person, Preferences(**chosen), "Europe/London", scene.now())

    return put


def told(slack):
    return [message.text for message in slack.messages("D0BEN")]


@pytest.fixture
def sent(slack):
    slack.workspace.dm(BEN)
    return lambda: told(slack)


def test_who_wants_to_be_told_is_told(scene, hire, sent):
    rule = hire()
    scene.tick(hours=1)
    assert sent() == ["Your digest"]
    assert scene.states(rule) == ["sent"]


@pytest.mark.parametrize(
    ("chosen", "reason"),
    [
        ({"muted": True}, "they turned all messages off"),
        (
            {"paused_until": date(2026, 3, 4)},
            "the person paused their messages until 4 March 00:00",
        ),
        (
            {"quiet_from": time(9), "quiet_to": time(17)},
            "quiet hours until 17:00",
        ),
    ],
)
def test_who_does_not_is_not_and_it_is_recorded_why(
    scene, hire, choose, sent, chosen, reason
):
    rule = hire()
    choose(**chosen)
    scene.tick(hours=1)
    assert sent() == []
    assert (scene.last(rule).state, scene.last(rule).reason) == ("skipped", reason)


def test_what_can_wait_does_until_quiet_hours_are_over(scene, hire, choose, sent):
    rule = hire()
    choose(quiet_from=time(22), quiet_to=time(11, 30))
    scene.tick(hours=1)
    assert scene.last(rule).state == "due"
    assert scene.last(rule).reason == "quiet hours until 11:30"
    scene.tick(minutes=89)
    assert sent() == []
    scene.tick(minutes=1)
    assert sent() == ["Your digest"]
    assert scene.states(rule) == ["sent"]


def test_so_does_it_until_slack_may_disturb(scene, hire, slack, sent):
    hire()
    start = scene.now()
    slack.dnd[BEN] = start, start + timedelta(hours=2)
    scene.tick(hours=1)
    assert sent() == []
    scene.tick(hours=1)
    assert sent() == ["Your digest"]


def test_what_is_urgent_waits_for_neither(scene, hire, choose, slack, sent):
    hire(urgent=True)
    choose(quiet_from=time(0), quiet_to=time(23))
    slack.dnd[BEN] = scene.now(), scene.now() + timedelta(hours=9)
    scene.tick(hours=1)
    assert sent() == ["Your digest"]


def test_what_somebody_asked_for_comes_at_once(scene, hire, choose, sent):
    rule = hire()
    choose(muted=True)
    scene.reminders.run_now(rule.id, BEN)
    scene.tick()
    assert sent() == ["Your digest"]


@pytest.mark.parametrize("error", ["missing_scope", "ratelimited"])
def test_where_slack_does_not_say_who_may_be_disturbed_it_is_sent(
    scene, hire, slack, sent, caplog, error
):
    hire()
    slack.fail("dnd.teamInfo", error=error)
    scene.tick(hours=1)
    assert sent() == ["Your digest"]
    scene.tick(days=1)
    said = [r for r in caplog.records if "must not be disturbed" in r.message]
    assert [r.levelname for r in said if r.levelname == "WARNING"] == ["WARNING"]


def test_on_days_off_only_what_does_not_mind_is_sent(scene, hire, choose, sent):
    rule = hire(working_days=True)
    choose(country="PT")
    scene.now.at = datetime(2026, 4, 3, 10, tzinfo=UTC)
    scene.tick()
    assert sent() == []
    assert scene.last(rule).reason == "not one of their working days"
    choose(country="US")
    scene.tick(days=3)
    assert sent() == ["Your digest"]


def test_a_pause_in_incidentio_holds_back_and_is_told_as_away(
    scene, hire, incidentio, sent
):
    rule = hire()
    until = scene.now() + timedelta(hours=3)
    incidentio.store.pause_notifications(INCIDENTIO_IDS["ben"], until)
    scene.tick(hours=1)
    assert sent() == []
    assert "paused their notifications in incident.io" in scene.last(rule).reason
    away = scene.engine.snapshots.read([AWAY.name], NOBODY).get(AWAY)
    assert away[BEN].until == away[INCIDENTIO_IDS["ben"]].until == until
    scene.tick(hours=2)
    assert sent() == ["Your digest"]


def test_without_the_role_nobody_is_taken_to_have_paused(scene, hire, incidentio, sent):
    hire()
    incidentio.key.roles -= {"on_call_viewer", "on_call_editor"}
    scene.tick(hours=1)
    assert sent() == ["Your digest"]


def test_who_left_slack_is_told_nothing(scene, hire, slack, sent):
    rule = hire()
    slack.deactivate("ben")
    scene.tick(hours=1)
    assert scene.last(rule).reason == "the person has left Slack"


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ((1, 2, 3, 4, 5), "on working days"),
        (range(7), "every day"),
        ((1, 2, 3, 4, 5, 6), "Monday to Saturday"),
        ((5, 6, 0), "Friday to Sunday"),
        ((1, 2), "on Mondays and Tuesdays"),
        ((1, 3, 5), "on Mondays, Wednesdays and Fridays"),
    ],
)
def test_days_are_said_as_people_say_them(days, said):
    assert Preferences(days=tuple(days)).on_days == said
