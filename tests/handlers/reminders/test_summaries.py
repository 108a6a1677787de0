"""The weekly summary of a channel, from the command to the message."""

import pytest

pytestmark = pytest.mark.usefixtures("over")

HERE = "C0INC27"
"""The channel of a live public incident with outstanding follow-ups."""


def charts(message):
    return [b["chart"] for b in message.blocks if b["type"] == "data_visualization"]


def summaries(bot):
    return bot.services.rules.list(HERE, kind="summary")


def test_a_summary_is_set_in_a_form_and_sent_on_monday(ana, ben, bot, clock):
    ana.types("/io summary", channel=HERE)
    fields = ana.modal.fields
    assert (fields["at"].value, fields["day"].value["value"]) == ("09:30", "1")
    assert not {"rhythm", "cron", "age"} & fields.keys()
    assert ana.submits(scope="All incidents").errors == {}
    assert (
        "set for this channel a weekly summary of follow-ups of all "
        "incidents, Mondays at 09:30 (Europe/Lisbon). Next: "
    ) in ben.sees(HERE)[-1].text

    clock.advance(days=7)
    bot.reminders.tick()

    posted = ana.sees(HERE)[-1]
    assert posted.text.startswith("Weekly summary.")
    assert len(charts(posted)) == 2


def test_words_set_it_at_once(ana, bot):
    ana.types("/io summary fri at 16:05", channel=HERE)
    (rule,) = summaries(bot)
    assert rule.recurrence == "5 16 * * 5 Europe/Lisbon"
    assert ana.last.text.startswith("<@U0ANA> set for this channel a weekly summary")


@pytest.mark.parametrize(
    ("words", "when"),
    [("sunday", "30 9 * * 0"), ("8:00", "0 8 * * 1"), ("TUE 7.15", "15 7 * * 2")],
)
def test_what_is_not_said_is_usual(ana, bot, words, when):
    ana.types(f"/io summary {words}", channel=HERE)
    assert summaries(bot)[0].recurrence == f"{when} Europe/Lisbon"


def test_a_channel_has_one(ana, ben, bot):
    ana.types("/io summary sun 8:00", channel=HERE)
    ben.types("/io summary 10:00", channel=HERE)
    (rule,) = summaries(bot)
    assert rule.recurrence == "0 10 * * 0 Europe/Lisbon"
    assert "The weekly summary was changed by <@U0BEN>" in ana.sees(HERE)[-1].text

    ben.types("/io summary", channel=HERE)
    assert ben.modal.fields["at"].value == "10:00"
    ben.presses("More")
    ben.submits(name="How we stand", day="Friday")
    (rule,) = summaries(bot)
    assert (rule.name, rule.recurrence) == ("How we stand", "0 10 * * 5 Europe/Lisbon")


def test_two_at_once_set_one(ana, ben, bot):
    ana.types("/io summary", channel=HERE)
    ben.types("/io summary", channel=HERE)
    ana.submits(at="08:00")
    ben.submits(at="09:00")
    assert [rule.recurrence[:4] for rule in summaries(bot)] == ["0 9 "]


def test_other_words_are_not_understood(ana, bot):
    ana.types("/io summary whenever", channel=HERE)
    assert "“whenever” is neither a day nor a time" in ana.last.text
    assert summaries(bot) == []


def test_the_form_says_when_it_is_due(ana, bot):
    ana.types("/io summary", channel=HERE)
    ana.fills(day="Friday")
    assert "Fridays at 09:30" in ana.modal.words


def test_it_is_among_the_reminders_and_edited_in_its_own_form(ana, bot):
    ana.types("/io summary mon 9:30", channel=HERE)
    ana.types("/io reminders", channel=HERE)
    assert "*Weekly summary*\nWeekly summary of follow-ups of INC-27" in ana.last.words
    ana.presses("Edit")
    assert ana.modal.title == "Weekly summary"
    ana.presses("More")
    ana.submits(severities=["Major"])
    assert summaries(bot)[0].options["severity_ids"]
    for press, said in (("Pause", "is paused"), ("Delete", "was deleted")):
        ana.types("/io reminders", channel=HERE)
        ana.presses(press)
        assert f"The weekly summary {said}" in ana.sees(HERE)[-1].text
    assert summaries(bot) == []


def test_now_it_is_shown_to_who_asks_alone(ana, ben, bot, world):
    ana.types("/io summary now", channel=HERE)
    shown = ana.last
    assert shown.ephemeral_to == "U0ANA"
    assert shown.text.startswith("Weekly summary.")
    assert "Week of Opened Closed" in " ".join(shown.words.split())
    assert len(charts(shown)) == 2
    assert summaries(bot) == []
    assert not any(c.method.startswith("files.") for c in world.slack.calls)


def test_now_asks_for_what_the_summary_here_asks_for(ana, bot):
    ana.types("/io summary mon 9:30", channel=HERE)
    (rule,) = summaries(bot)
    bot.services.rules.update(rule.id, name="How we stand")
    ana.types("/io summary now", channel=HERE)
    assert ana.last.text.startswith("How we stand: weekly summary.")


def test_what_cannot_be_read_is_said(ana, world):
    world.incidentio.fail("GET", "/v3/follow_ups", status=503)
    ana.types("/io summary now", channel=HERE)
    assert "The summary was not shown: incident.io" in ana.last.text
    assert ".. " not in ana.last.text
    assert "(ref `" in ana.last.text


def test_now_it_is_drawn_again_after_a_button(ana, world):
    ana.types("/io summary now", channel="general")
    before = ana.last.text
    ana.presses("Assign")
    ana.submits(assignee="gus")
    shown = ana.sees("general")[-1]
    assert shown.ephemeral_to == "U0ANA"
    assert "Gus" in shown.words
    assert before != shown.text


@pytest.fixture
def posted(ana, bot, clock):
    """A summary with its charts, in a channel."""
    ana.types("/io summary mon 9:30", channel="incidents")
    clock.advance(days=7)
    bot.reminders.tick()
    return ana.sees("incidents")[-1]


def test_the_charts_stay_when_somebody_assigns(ana, posted):
    before = charts(posted)
    ana.presses("Assign", posted)
    ana.submits(assignee="gus")
    assert posted.edited
    assert charts(posted) == before
    assert "Gus" in posted.words


@pytest.fixture
def chartless(world):
    """Slack, in a workspace that does not have charts yet."""
    world.slack.workspace.unsupported_blocks.add("data_visualization")
    return world.slack


def test_where_slack_has_no_charts_the_numbers_are_shown_to_who_asks(ana, chartless):
    ana.types("/io summary now", channel=HERE)
    shown = ana.sees(HERE)[-1]
    assert shown.ephemeral_to == "U0ANA"
    assert charts(shown) == []
    assert "Week of Opened Closed" in " ".join(shown.words.split())


def test_where_slack_has_no_charts_a_summary_is_redrawn_without(ana, posted, chartless):
    ana.presses("Assign", posted)
    ana.submits(assignee="gus")
    assert posted.edited
    assert charts(posted) == []
    assert "Gus" in posted.words


def test_it_is_redrawn_without_charts_when_the_response_url_has_run_out(
    ana, posted, chartless, clock
):
    ana.presses("Assign", posted)
    clock.advance(minutes=31)
    ana.submits(assignee="gus")
    assert posted.edited
    assert charts(posted) == []
    assert "Gus" in posted.words
    assert chartless.violations == ["a response_url was used after 30 minutes"]
    chartless.violations.clear()


PAYMENTS = "C0PAYMENTS"


@pytest.fixture
def of_payments(world, bot):
    """Three follow-ups: of Payments, of an incident of theirs, and of nobody."""
    store = world.incidentio.store
    for item in store.follow_ups:
        item.status, item.team_id = "completed", None
    team = next(team["id"] for team in store.teams if team["name"] == "Payments")
    public = [i for i in bot.services.api.incidents.list() if not i.is_private]
    theirs = next(i.id for i in public if team in i.team_ids)
    others = next(i.id for i in public if team not in i.team_ids)
    for item, title, incident, owner in zip(
        list(store.follow_ups)[:3],
        ("Renew the contract", "Call the bank", "Paint the wall"),
        (others, theirs, others),
        (team, None, None),
        strict=True,
    ):
        item.status, item.title, item.assignee_id = "outstanding", title, None
        item.incident_id, item.team_id = incident, owner
    return team


def test_in_a_teams_channel_it_is_of_that_team(ana, of_payments):
    ana.types("/io summary now", channel=PAYMENTS)
    shown = ana.last
    assert shown.text.startswith("Payments: weekly summary.")
    assert "2 follow-ups open" in shown.words
    assert "Renew the contract" in shown.words
    assert "Call the bank" in shown.words
    assert "Paint the wall" not in shown.words
    assert "Payments: follow-ups of the team, and of its incidents." in shown.words

    ana.presses("Show everyone's")
    assert ana.last.text.startswith("Weekly summary.")
    assert "3 follow-ups open" in ana.last.words
    assert "Follow-ups of everyone." in ana.last.words
    assert ana.last.ephemeral_to == "U0ANA"
    ana.presses("Only Payments")
    assert "2 follow-ups open" in ana.last.words


def test_a_team_can_be_asked_for_anywhere(ana, of_payments):
    ana.types("/io summary now paym", channel="general")
    assert ana.last.text.startswith("Payments: weekly summary.")
    ana.types("/io summary now nothing", channel="general")
    assert "No team matches “nothing”. Choose " in ana.last.text
    ana.types("/io summary now", channel="general")
    assert ana.last.text.startswith("Weekly summary.")


def test_set_in_a_teams_channel_it_is_of_that_team_and_says_so(
    ana, bot, clock, of_payments
):
    ana.types("/io summary mon 9:30", channel=PAYMENTS)
    assert "of all incidents, team Payments, " in ana.last.text
    assert "`/io summary now all` shows everyone's." in ana.last.text
    clock.advance(days=7)
    bot.reminders.tick()
    posted = ana.sees(PAYMENTS)[-1]
    assert posted.text.startswith("Payments: weekly summary.")
    assert "Paint the wall" not in posted.words


def test_the_form_in_a_teams_channel_proposes_the_team(ana, bot, of_payments):
    ana.types("/io summary", channel=PAYMENTS)
    ana.submits()
    (rule,) = bot.services.rules.list(PAYMENTS, kind="summary")
    assert (rule.name, rule.options["team_ids"]) == ("Payments", [of_payments])
