"""Answering what is asked about an incident, where it is asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sandbox.company import PEOPLE
from tests.handlers.asked import writes
from tests.handlers.incidents.incident_state import keep_out, status_id, updates_of

pytestmark = pytest.mark.kinds("cadence", "nudge")

ANA = PEOPLE[0].incidentio_id
HERE = "C0INC39"
LAST = "the last update was"


@pytest.fixture
def asked(only, bot, world, clock, ana, person):
    """Ask about INC-39 in its channel, and of its lead; give their messages."""
    only(39)
    ana.types("/io update INC-39")
    ana.submits(message="Looking")
    store = world.incidentio.store
    lead = next(r["id"] for r in store.roles if r["role_type"] == "lead")
    accounts = {u["id"]: u["slack_user_id"] for u in store.users}
    slack_id = accounts[store.incident("39").roles[lead]]
    handle = slack_id.removeprefix("U0").lower()
    clock.advance(minutes=61)
    bot.reminders.tick()
    clock.advance(minutes=10)
    bot.reminders.tick()
    leader = person(handle)
    world.incidentio.requests.clear()
    return leader, _question(leader.sees("dm")), _question(leader.sees(HERE))


def _question(messages):
    return next(m for m in messages if "No change" in m.buttons and "INC-39" in m.text)


def shown(who, message, channel):
    return next(m for m in who.sees(channel) if m.ts == message.ts)


def test_no_change_is_one_click_and_redraws_the_question(asked, world):
    lead, _, here = asked
    before = len(lead.sees(HERE))
    lead.presses("No change", message=here)

    (request,) = writes(world)
    assert request.json["message"] == "No change since the last update."
    assert request.json["idempotency_key"]
    now = shown(lead, here, HERE)
    assert f"no change was sent by <@{lead.id}>" in now.text
    assert "updated just now" in now.text
    assert now.buttons == []
    assert len(lead.sees(HERE)) == before + 1  # what incident.io itself says


def test_pressed_by_direct_message_the_channel_reads_by_whom(asked):
    lead, dm, _ = asked
    lead.presses("No change", message=dm)

    assert "no change was sent" in shown(lead, dm, "dm").text
    assert "no change was sent by <@" in lead.sees(HERE)[-1].text


def test_pressed_twice_it_is_sent_once(asked, ben, world):
    lead, dm, here = asked
    lead.presses("No change", message=dm)
    ben.presses("No change", message=here)

    assert len(writes(world)) == 1
    assert "Nothing was sent" in shown(ben, here, HERE).text


def test_later_asks_again_in_half_an_hour(asked, bot, clock):
    lead, dm, _ = asked
    asked_before = sum(LAST in m.text for m in lead.sees("dm"))
    lead.presses("Ask in 30 min", message=dm)
    assert "the next update is due" in shown(lead, dm, "dm").text

    clock.advance(minutes=29)
    bot.reminders.tick()
    found = [m for m in lead.sees("dm") if LAST in m.text and "INC-39" in m.text]
    assert len(found) == 0
    clock.advance(minutes=2)
    bot.reminders.tick()
    clock.advance(seconds=2)
    bot.reminders.tick()
    assert sum(LAST in m.text for m in lead.sees("dm")) <= asked_before + 1
    assert any(LAST in m.text and "INC-39" in m.text for m in lead.sees("dm"))


def test_turned_off_it_can_be_turned_on_again(asked, bot):
    lead, dm, _ = asked
    lead.presses("Turn off here", message=dm)
    assert "updates are not asked for here" in shown(lead, dm, "dm").text

    lead.types("/io cadence", channel=HERE)
    assert "turned them off" in lead.last.text
    lead.presses("Turn on")
    assert "update reminders are on again" in lead.last.text
    assert bot.services.update_choices.all() == {}


def test_what_applies_is_shown(ana):
    ana.types("/io cadence", channel=HERE)
    assert "Major: updates are due every 1 h." in ana.last.text
    assert "The last update was" in ana.last.text


def test_post_update_opens_the_form_and_redraws_the_question(asked, world):
    lead, dm, _ = asked
    lead.presses("Post update", message=dm)
    lead.submits(message="Rolling back")

    assert updates_of(world, 39)[0].message == "Rolling back"
    now = shown(lead, dm, "dm")
    assert "An update on" in now.text
    assert now.buttons == []


def test_the_form_says_when_the_next_is_due(ana, bot, clock):
    ana.types("/io update INC-39")
    assert ana.modal.fields["next_update"].value["value"] == "1h"
    ana.submits(message="Rolling back", next_update="In 15 minutes")

    assert "The next update is due" in ana.last.text
    (choice,) = bot.services.update_choices.all().values()
    assert choice.due_at == clock() + timedelta(minutes=15)


def test_what_was_not_touched_is_not_stored(ana, bot):
    ana.types("/io update INC-39")
    ana.submits(message="Rolling back")
    assert bot.services.update_choices.all() == {}


def test_the_next_update_can_be_set_alone(ana, bot, world, clock):
    ana.types("/io update INC-39")
    ana.submits(next_update="Tomorrow at 09:00")

    assert writes(world) == []
    (choice,) = bot.services.update_choices.all().values()
    assert choice.due_at.isoformat() == "2026-03-10T09:00:00+00:00"


def test_no_reminder_holds_until_it_is_chosen_otherwise(ana, bot):
    ana.types("/io update INC-39")
    ana.submits(message="Quiet", next_update="No reminder")
    assert "There is no reminder for the next update." in ana.last.text

    ana.types("/io update INC-39")
    assert ana.modal.fields["next_update"].value["value"] == "never"
    ana.submits(message="Loud", next_update="In 30 minutes")
    (choice,) = bot.services.update_choices.all().values()
    assert choice.due_at


@pytest.mark.settings(update_cadence="Major=45m")
def test_a_cadence_of_ones_own_is_offered(ana):
    ana.types("/io update INC-39")
    assert ana.modal.fields["next_update"].value["text"]["text"] == "In 45 min"


def test_an_ended_incident_gets_no_no_change(ana, world):
    world.incidentio.store.incident("39").status_id = status_id(world, "Closed")
    ana.types("/io cadence nochange INC-39")
    assert writes(world) == []
    assert "is *Closed*" in ana.last.text


@pytest.fixture
def nudged(bot, world, clock, ana):
    """Ask in its channel about the lead that a new incident has not."""
    ana.types("/io declare Fire")
    ana.submits(severity="Low")
    row = world.incidentio.store.incident("41")
    row.roles.clear()
    clock.advance(minutes=11)
    bot.reminders.tick()
    world.incidentio.requests.clear()
    asked = [m for m in ana.sees(row.channel_id) if "has no lead" in m.text]
    return row.channel_id, asked[0]


def test_a_nudge_is_snoozed_where_it_stands(ana, nudged, bot, clock):
    channel, asked = nudged
    ana.chooses("Snooze", "1 hour", message=asked)

    now = shown(ana, asked, channel)
    assert "no reminders about a missing lead until" in now.text
    assert "snoozed" in now.text
    assert now.buttons == []
    clock.advance(minutes=61)
    for _ in range(3):  # one message a second, in no order: others are due too
        clock.advance(seconds=1)
        bot.reminders.tick()
    assert any("has no lead" in m.text for m in ana.sees(channel))


def test_a_lead_is_assigned_where_it_is_asked_for(ana, nudged, world):
    channel, asked = nudged
    ana.presses("Assign lead", message=asked)
    lead = next(f for f in ana.modal.fields.values() if "Lead" in f.label)
    ana.submits(**{lead.block_id: "ben"})

    now = shown(ana, asked, channel)
    assert "it is no longer missing" in now.text
    assert world.incidentio.store.incident("41").roles


def test_a_nudge_that_was_turned_off_is_shown_and_turned_on_again(ana, nudged, bot):
    channel, asked = nudged
    ana.presses("Turn off here", message=asked)
    assert "turned off here" in shown(ana, asked, channel).text

    ana.types("/io cadence", channel=channel)
    assert "Reminders about a missing lead are off." in ana.last.text
    ana.presses("Ask about a missing lead")
    assert "are on again" in ana.last.text


def test_a_private_incident_is_nobody_elses(ana, world):
    keep_out(world, ANA)
    ana.types("/io cadence off INC-36")
    assert "can't see it" in ana.last.text
