"""Slots that an earlier version entered are neither entered nor sent once more."""

from datetime import timedelta

import pytest

from reminders.sources.audience import NOBODY
from storage.slot import CLAIMED, SENT
from storage.tables import SentOnceRow, SlotRow
from tests.clock import MONDAY

RULE, SLOT = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
TEN = MONDAY + timedelta(hours=1)
KEY = f"{RULE}@2026-03-02T10:00:00+00:00"
HERE = "C0INCIDENTS"


@pytest.fixture
def rule(scene):
    incident = scene.work.incident()
    scene.work.follow_up(incident, "Tune the alert", "ben")
    return scene.remind(rule_id=RULE)


def enter(scene, **values):
    usual = {"id": SLOT, "rule_id": RULE, "channel": HERE, "slot_at": TEN, "key": KEY}
    with scene.database.write() as session:
        session.add(SlotRow(**{**usual, "attempts": 1, **values}))


def test_a_time_that_was_entered_is_not_entered_again(scene, rule, posts):
    enter(scene, state=SENT, message_ts="1.1", posted_in=HERE, finished_at=TEN)
    scene.tick(hours=1)
    assert [slot.id for slot in scene.reminders.history(RULE)] == [SLOT]
    assert posts() == []


def test_a_message_in_doubt_is_found_by_its_metadata(scene, rule, slack, posts):
    """Its worker was stopped for the upgrade after it had posted the message."""
    scene.now.advance(hours=1)
    scene.slack_client.chat_postMessage(
        channel=HERE,
        text="1 outstanding follow-up",
        metadata={
            "event_type": "incidentio_bot_reminder",
            "event_payload": {"slot": SLOT},
        },
    )
    enter(
        scene,
        state=CLAIMED,
        claimed_by="worker-of-before",
        lease_until=TEN + timedelta(minutes=2),
        next_attempt_at=TEN,
        sending_at=TEN,
    )
    scene.tick(minutes=3)
    assert scene.states(rule) == [SENT]
    assert len(posts()) == 1


def test_what_is_said_once_ever_was_said(scene):
    """The format of keys that are sent once, and of a notice's own."""
    with scene.database.write() as session:
        session.add(
            SentOnceRow(key="ladder:ladder:01ITEM:lead", slot_id="gone", at=MONDAY)
        )
    snapshot = scene.engine.snapshots.read({"taken steps"}, NOBODY)
    (told,) = snapshot.read["taken steps"]["ladder", "01ITEM"]
    assert (told.to, told.how) == ("lead", "said")
