"""Reminders, from the form to the message in the channel."""

import pytest

from reminders.items.filters import DigestOptions
from sandbox.slack.workspace.records import BOT_USER

pytestmark = pytest.mark.usefixtures("over")

HERE = "C0INC27"
"""The channel of a live public incident with outstanding follow-ups."""


def test_a_channel_is_reminded_when_it_is_due(ana, bot, clock):
    ana.types("/io remind", channel=HERE)
    assert "Next:" in ana.modal.words
    assert ana.submits(at="11:00").errors == {}
    assert "set a reminder for this channel" in ana.last.text

    clock.advance(hours=1, minutes=1)
    bot.reminders.tick()

    posted = ana.sees(HERE)[-1]
    assert "outstanding" in posted.text
    assert "Manage" in posted.buttons


@pytest.mark.parametrize("phrase", ["remind", "summary", "handover"])
@pytest.mark.parametrize("may", [True, False])
def test_a_channel_is_joined_so_that_a_doubt_can_be_looked_up(ana, world, phrase, may):
    world.slack.add_channel("C0OPEN", "open", has_bot=False)
    world.slack.scopes -= set() if may else {"channels:join"}
    ana.types(f"/io {phrase}", channel="C0OPEN")
    chosen = {"schedule": ["Payments"]} if phrase == "handover" else {}
    assert ana.submits(**chosen).errors == {}
    members = world.slack.channel("C0OPEN").members
    assert (BOT_USER in members) is may
    assert ("Invite me" in ana.sees("C0OPEN")[-1].text) is not may


def test_a_reminder_is_sent_once_for_each_slot(ana, bot, clock):
    ana.types("/io remind", channel=HERE)
    ana.submits(at="11:00")
    clock.advance(hours=1, minutes=1)
    bot.reminders.tick()
    posted = len(ana.sees(HERE))

    bot.reminders.tick()

    assert len(ana.sees(HERE)) == posted


def test_a_cron_expression_that_comes_too_often_is_refused_beside_it(ana, bot):
    ana.types("/io remind", channel=HERE)
    ana.fills(rhythm="By a cron expression")
    for cron, said in (
        ("* * * * *", "this is due at 00:00 and again at 00:01."),
        ("*/15 * * * *", "At most every 30 minutes"),
        ("61 * * * *", "The minute “61” is not understood."),
        ("0 9 * 13 *", "The month “13” is not understood."),
    ):
        sent = ana.submits(cron=cron)
        assert said in sent.answer["errors"]["cron"]

    assert ana.submits(cron="*/30 * * * *").answer == {"response_action": "clear"}
    assert len(bot.services.rules.list(HERE)) == 1


def test_a_rhythm_submitted_before_the_form_followed_shows_its_fields(ana, bot, world):
    ana.types("/io remind", channel=HERE)
    ana.presses("More")
    world.slack.fail("views.update", error="hash_conflict", times=1)
    ana.fills(rhythm="By a cron expression", age="3")

    ana.submits()

    assert bot.services.rules.list(HERE) == []
    assert ana.modal.fields["age"].value == "3"
    ana.submits(cron="0 9 * * 1")
    (rule,) = bot.services.rules.list(HERE)
    assert rule.recurrence == "0 9 * * 1 Europe/Lisbon"
    assert rule.options["min_age_days"] == 3


def test_the_usual_comes_first_and_hidden_fields_keep_their_values(ana, bot):
    ana.types("/io remind", channel=HERE)
    assert [*ana.modal.fields] == ["kinds", "rhythm", "at", "scope"]
    ana.submits()
    (rule,) = bot.services.rules.list(HERE)
    assert rule.recurrence.endswith("Europe/Lisbon")

    ana.types(f"/io reminder edit {rule.id}", channel=HERE)
    ana.presses("More")
    ana.submits(age="3", name="Old ones")
    ana.types(f"/io reminder edit {rule.id}", channel=HERE)
    assert {"age", "name"} <= {*ana.modal.fields}
    assert "labels" not in ana.modal.fields
    ana.submits(at="10:00")
    (rule,) = bot.services.rules.list(HERE)
    assert rule.name == "Old ones"
    assert rule.options["min_age_days"] == 3
    assert rule.recurrence == "0 10 * * 1-5 Europe/Lisbon"


def rule(bot, number=0, incident_id=None, **more):
    asked = {
        "options": DigestOptions(item_kinds=["follow_ups"], incident_id=incident_id),
        "recurrence": "0 9 * * * UTC",
        "created_by": "U0ANA",
    }
    return bot.services.rules.create(
        channel=HERE, name=f"Rule {number:02}", **asked, **more
    )


def test_what_is_done_to_a_reminder_is_said_in_its_channel(ana, ben, bot):
    rule(bot)
    ana.types("/io reminders", channel=HERE)
    for press, said in (
        ("Pause", "The reminder “Rule 00” is paused, by <@U0ANA>."),
        ("Resume", "The reminder “Rule 00” goes on, by <@U0ANA>."),
        ("Delete", "The reminder “Rule 00” was deleted, by <@U0ANA>. It was: "),
    ):
        ana.presses(press, message=ana.sees(HERE)[0])
        heard = ben.sees(HERE)[-1]
        assert heard.text.startswith(said)
        assert heard.ephemeral_to is None


def test_ones_own_are_listed_with_their_channel_and_incident(ana, bot, world):
    incident = world.incidentio.store.incident("27")
    rule(bot, incident_id=incident.id)
    ana.types("/io reminders mine", channel="general")
    assert f"<#{HERE}>: Outstanding follow-ups of INC-27" in ana.last.words
    ana.presses("Pause")
    assert ana.sees(HERE)[-1].text.startswith("The reminder “Rule 00” is paused")


def test_other_words_are_not_taken_for_a_list(ana):
    ana.types("/io reminders blah", channel=HERE)
    assert "“blah” is neither `mine` nor nothing" in ana.last.text
    assert "Usage: `/io reminders" in ana.last.text


def test_many_are_turned(ana, bot):
    for number in range(23):
        rule(bot, number)
    ana.types("/io reminders", channel=HERE)
    assert "23 reminders here" in ana.last.text
    ana.presses("Next")
    assert ana.last.words.count("*Rule ") == 3


def test_why_one_is_paused_is_said_in_words(ana, bot, clock, world):
    made = rule(bot)
    world.slack.fail("chat.postMessage", error="is_archived", times=1)
    clock.advance(hours=24)
    bot.reminders.tick()
    ana.types("/io reminders", channel=HERE)
    assert "Paused: the channel is archived." in ana.last.words
    assert "not sent: the channel is archived" in ana.last.words
    ana.types(f"/io reminder run {made.id}", channel=HERE)
    assert "It stays paused all the same." in ana.last.text
