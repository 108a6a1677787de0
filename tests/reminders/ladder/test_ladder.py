"""A follow-up that is left alone climbs the ladder, and stops when somebody acts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from reminders.ladder.ladder import LadderOptions
from tests.reminders.conftest import INCIDENTIO_IDS

STEPS = [
    {"to": "owner", "days": 0},
    {"to": "lead", "days": 3},
    {"to": "channel", "days": 5},
    {"to": "person", "days": 8, "id": "U0DOV", "name": "Dov Levi"},
]
TARGET = datetime(2026, 3, 30, 9, tzinfo=UTC)
"""A Monday, 20 working days after what is made at the start of a test."""


@pytest.fixture(autouse=True)
def ladders_alone(scene):
    """What people are told besides is another story."""
    scene.engine = scene.worker("one", only=["ladder"])


def ladder(scene, steps=STEPS, channel=None, **options):
    return scene.reminders.create(
        rule_id=f"ladder-{channel}" if channel else "ladder",
        kind="ladder",
        channel=channel,
        created_by="U0ANA",
        options=LadderOptions(steps=steps, **options),
    )


@pytest.fixture
def lead(api):
    role = next(r for r in api.roles.list() if r.role_type == "lead")

    def given(incident, handle="ana"):
        assignee = {"id": INCIDENTIO_IDS[handle]} if handle else None
        return api.incidents.edit(
            incident.id,
            notify_incident_channel=False,
            incident_role_assignments=[
                {"incident_role_id": role.id, "assignee": assignee}
            ],
        )

    return given


@pytest.fixture
def heard(slack):
    """The texts of what somebody, or a channel, was told."""

    def texts(where):
        channel = slack.workspace.dm(where).id if where.startswith("U") else where
        return [message.text for message in slack.messages(channel)]

    return texts


@pytest.fixture
def channel(slack, incident):
    slack.add_channel(incident.slack_channel_id, "inc-1-checkout")
    return incident.slack_channel_id


@pytest.fixture
def day(scene):
    """Let the engine work through a day at ten o'clock, and a little later."""

    def pass_to(number, hour=10):
        scene.now.at = TARGET.replace(hour=hour) + timedelta(days=number)
        for _ in range(3):
            scene.tick(minutes=11)

    return pass_to


def test_each_step_is_taken_once_and_in_its_time(
    scene, incident, outstanding, channel, lead, heard, day
):
    lead(incident)
    ladder(scene)
    for number in range(20):
        day(number)
    (owner,), (led,), (here,) = heard("U0BEN"), heard("U0ANA"), heard(channel)
    (person,) = heard("U0DOV")
    assert owner.startswith(
        "1 follow-up of yours is overdue. If nothing happens on it, the "
        "incident's lead is told in 3 working days."
    )
    assert led.startswith("1 follow-up of incidents that you lead is overdue.")
    assert "overdue by 3 working days" in led
    assert "Ben Okafor was told on 30 March." in led
    assert "that concerns this channel" in here
    assert "Dov Levi is told in 3 working days." in here
    both = "Ben Okafor and the lead Ana Ferreira were told on 30 March and 2 April."
    assert both in here
    assert "No one else is told after this." in person


def test_it_says_nothing_before_ten_nor_on_a_weekend(scene, outstanding, heard, day):
    ladder(scene)
    day(0, hour=9)
    assert heard("U0BEN") == []
    scene.now.at = TARGET - timedelta(days=2, hours=-2)
    scene.tick()
    assert heard("U0BEN") == []
    day(0)
    assert len(heard("U0BEN")) == 1


def test_what_is_done_about_it_begins_the_count_anew(
    scene, api, incident, outstanding, lead, heard, day
):
    lead(incident)
    ladder(scene)
    day(0)
    day(2)
    api.follow_ups.update(outstanding, title="Raise the pool size a lot")
    day(3)
    day(4)
    assert heard("U0ANA") == []
    day(8)
    assert len(heard("U0ANA")) == 1
    assert len(heard("U0BEN")) == 1


def test_a_snooze_puts_it_off_and_being_done_ends_it(
    scene, api, outstanding, heard, day
):
    ladder(scene)
    scene.snoozes.snooze(
        "follow_ups", outstanding.id, until=TARGET + timedelta(days=1), by="U0BEN"
    )
    day(0)
    assert heard("U0BEN") == []
    day(2)
    assert len(heard("U0BEN")) == 1
    api.follow_ups.update(outstanding, status="completed")
    for number in range(3, 20):
        day(number)
    assert heard("U0DOV") == []


def test_a_step_without_a_recipient_gives_way_to_the_next(
    scene, incident, channel, heard, day
):
    scene.work.follow_up(incident, "Write it down")
    ladder(scene)
    day(0)
    (here,) = heard(channel)
    assert "unassigned" in here
    for number in range(1, 12):
        day(number)
    assert len(heard(channel)) == 1


def test_who_is_gone_gives_way_too(
    scene, slack, incident, outstanding, lead, heard, day
):
    lead(incident)
    rule = ladder(scene)
    slack.fail("chat.postMessage", error="account_inactive", times=1)
    day(0)
    day(1)
    (led,) = heard("U0ANA")
    assert scene.reminders.get(rule.id).state == "active"
    assert heard("U0BEN") == []
    assert led.startswith("1 follow-up of incidents that you lead")


def test_many_are_told_in_one_message(scene, incident, outstanding, slack, heard, day):
    for number in range(30):
        scene.work.follow_up(incident, f"Number {number}", "ben")
    ladder(scene)
    day(0)
    (said,) = heard("U0BEN")
    assert said.startswith("31 follow-ups of yours are overdue.")


def test_a_private_incident_stays_with_its_own(scene, slack, lead, heard, day):
    secret = scene.work.incident("Layoffs", private=True)
    lead(secret)
    scene.work.follow_up(secret, "Tell nobody", "ben")
    slack.add_channel(secret.slack_channel_id, "inc-1-layoffs", private=True)
    steps = [*STEPS[:2], {"to": "channel", "days": 5, "id": "C0INCIDENTS"}, STEPS[3]]
    rule = ladder(scene, steps)
    for number in range(20):
        day(number)
    assert "Tell nobody" in heard("U0BEN")[0]
    assert "Tell nobody" in heard("U0ANA")[0]
    for who, reads in {"U0BEN": False, "U0ANA": True}.items():
        (told,) = slack.messages(slack.workspace.dm(who).id)
        assert ("Layoffs" in str(told.blocks)) is reads
    assert heard("C0INCIDENTS") == heard("U0DOV") == []
    history = [(s.channel, s.state) for s in scene.reminders.history(rule.id)]
    assert history.count(("C0INCIDENTS", "skipped")) == 1
    assert history.count(("U0DOV", "skipped")) == 1
    assert "private" in scene.last(rule).reason


def test_what_became_private_or_was_done_meanwhile_is_not_told(
    scene, api, outstanding, heard, day, slack
):
    rule = ladder(scene)
    slack.fail("chat.postMessage", error="ratelimited", times=1)
    scene.now.at = TARGET.replace(hour=10)
    scene.tick(minutes=1)
    assert scene.last(rule).state == "due"
    api.follow_ups.update(outstanding, title="Raised already")
    scene.tick(minutes=11)
    assert heard("U0BEN") == []
    assert scene.last(rule).state == "skipped"
    day(1)
    assert len(heard("U0BEN")) == 1


def test_the_ladder_of_a_channel_goes_before_the_common_one(
    scene, incident, outstanding, channel, heard, day
):
    ladder(scene)
    ladder(scene, [{"to": "channel", "days": 0}], channel=channel)
    other = scene.work.incident("Search is slow")
    scene.work.follow_up(other, "Look again", "ben")
    day(0)
    (own,) = heard("U0BEN")
    assert "Look again" in own
    assert "Raise the pool size" not in own
    assert "Raise the pool size" in heard(channel)[0]


def test_a_message_is_drawn_again_with_what_is_left(
    scene, api, slack, incident, outstanding, day
):
    more = scene.work.follow_up(incident, "Write it down", "ben")
    rule = ladder(scene)
    day(0)
    slot = scene.last(rule)
    api.follow_ups.update(more, status="completed")
    drawn = scene.engine.show(slot.id, slot.posted_in)
    assert drawn.text.startswith("1 follow-up of yours is overdue.")
    api.follow_ups.update(outstanding, status="completed")
    drawn = scene.engine.show(slot.id, slot.posted_in)
    assert drawn.text == "Somebody has dealt with all of this."


def test_off_it_says_nothing(scene, outstanding, heard, day):
    rule = ladder(scene)
    scene.reminders.pause(rule.id, "Paused by <@U0ANA>")
    day(0)
    assert heard("U0BEN") == []
