"""A channel sets what it is told of handovers, and of times with nobody on call."""

import pytest

pytestmark = pytest.mark.kinds("handover", "gaps")

HERE = "general"


def kinds(bot):
    found = bot.services.rules.list("C0GENERAL")
    return sorted(rule.kind for rule in found)


@pytest.fixture
def schedules(world):
    return {row["name"]: row["id"] for row in world.incidentio.store.schedules}


def test_a_channel_is_told_of_the_handovers_of_a_schedule(ana, ben, bot, clock):
    ana.types("/io handover payments", channel=HERE)
    ana.submits()
    assert ben.sees(HERE)[-1].text == (
        "This channel gets a message about each handover of *Payments*, as it "
        "happens, and a warning of gaps on Mondays at 09:00 in the schedule's zone. "
        "Set by <@U0ANA>."
    )
    assert kinds(bot) == ["gaps", "handover"]

    clock.advance(hours=2, minutes=55)
    bot.reminders.tick()
    clock.advance(minutes=6)
    bot.reminders.tick()

    told = ben.sees(HERE)[-1]
    assert told.text.startswith("Payments is handed over\n• <@U0IVO> until ")
    assert "after <@U0HANA>" in told.text
    assert "• " in told.words
    assert "live incident" in told.words
    assert "On call" in told.buttons


def test_private_incidents_are_left_out_but_in_their_own_channel(
    ana, bot, world, clock
):
    private = next(
        i
        for i in world.incidentio.store.incidents
        if i.visibility == "private" and i.name
    )
    ana.types("/io handover payments", channel=HERE)
    ana.submits()
    ana.types("/io reminders", channel=HERE)
    ana.presses("Run now")
    bot.reminders.tick()

    told = ana.sees(HERE)[-1]
    assert "Payments: on call now" in told.text
    assert private.name not in told.words
    assert "🔒" not in told.words


def test_setting_it_again_shows_what_is_set_and_changes_it(ana, bot, schedules):
    ana.types("/io handover payments", channel=HERE)
    ana.submits(minutes="30 minutes before", gaps=[])
    assert kinds(bot) == ["handover"]

    ana.types("/io handover platform", channel=HERE)
    assert ana.modal.fields["minutes"].value["value"] == "30"
    chosen = {one["value"] for one in ana.modal.fields["schedule"].value}
    assert chosen == {schedules["Payments"], schedules["Platform"]}
    ana.submits(schedule=["Platform"], gaps=["gaps"], day="Friday")

    assert kinds(bot) == ["gaps", "handover"]
    (rule,) = (r for r in bot.services.rules.list("C0GENERAL") if r.recurrence)
    assert rule.recurrence == "0 9 * * 5 Europe/London"
    assert rule.options == {"schedule_id": schedules["Platform"]}


def test_it_is_listed_paused_and_turned_off(ana, bot):
    ana.types("/io handovers", channel=HERE)
    assert "gets no handover messages. `/io handover` sets them up" in ana.last.text
    ana.types("/io handover payments", channel=HERE)
    ana.submits(minutes="15 minutes before")
    ana.types("/io reminders", channel=HERE)
    assert "Handovers of *Payments*, 15 min before" in ana.last.words
    assert "nobody on call for *Payments*, Mondays at 09:00" in ana.last.words
    assert ana.last.buttons.count("Run now") == 2

    ana.presses("Pause")
    ana.types("/io handovers", channel=HERE)
    assert "(paused)" in ana.last.words
    ana.types("/io handover off pay", channel=HERE)
    assert "no longer gets messages about handovers of *Payments*" in ana.last.text
    assert kinds(bot) == []
    ana.types("/io handover off", channel=HERE)
    assert "gets no handover messages" in ana.last.text


def test_edit_of_a_rule_opens_its_own_form(ana):
    ana.types("/io handover payments", channel=HERE)
    ana.submits()
    ana.types("/io reminders", channel=HERE)
    ana.presses("Edit")
    assert ana.modal.title == "Handovers"


def test_setting_what_is_paused_resumes_it(ana, bot):
    ana.types("/io handover payments", channel=HERE)
    ana.submits(gaps=[])
    (rule,) = bot.services.rules.list("C0GENERAL")
    bot.services.rules.pause(rule.id, "by @ana")
    ana.types("/io handover", channel=HERE)
    ana.submits()
    assert bot.services.rules.get(rule.id).state == "active"


def test_where_the_bot_is_not_it_cannot_be_set(ana, world):
    world.slack.add_channel(
        "C0SECRET", "secret", private=True, has_bot=False, members=["U0ANA"]
    )
    ana.types("/io handover", channel="secret")
    assert "The bot is not in this channel" in ana.last.text


def test_a_viewer_sets_nothing(person, bot):
    kim = person("kim")
    kim.types("/io handover payments", channel=HERE)
    assert "the Responder role in incident.io" in kim.last.text
    kim.types("/io handovers", channel=HERE)
    assert "gets no handover messages" in kim.last.text


def test_a_schedule_that_is_gone_can_still_be_turned_off(ana, bot, world, schedules):
    ana.types("/io handover payments", channel=HERE)
    ana.submits()
    world.incidentio.store.schedules.remove(schedules["Payments"])
    bot.services.catalog.expire("schedules")
    ana.types("/io handovers", channel=HERE)
    assert "a schedule that was deleted" in ana.last.words
    ana.types("/io handover off", channel=HERE)
    assert "for which schedule?" in ana.last.text
    ana.chooses("pick", "All")
    assert kinds(bot) == []
