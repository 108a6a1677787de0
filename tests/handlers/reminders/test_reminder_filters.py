"""Reminders limited to what matters: in words, in the form, and said again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.core.problems import UsageError
from handlers.reminders import filter_values, times
from handlers.reminders import words as remind_words
from reminders.items.filters import DigestOptions

HERE = "C0INC27"


def limits(rule):
    """What it is about, but for the kinds of items and the incident."""
    scope = ("item_kinds", "incident_id")
    return {name: v for name, v in rule.options.items() if name not in scope}


def follow_ups(**options):
    return DigestOptions(item_kinds=["follow_ups"], **options)


def shown(person):
    return {name: field.value for name, field in person.modal.fields.items()}


def the_rule(bot):
    (rule,) = bot.services.rules.list(HERE)
    return rule


def ids(table, *names):
    return [row["id"] for row in table if row["name"] in names]


@pytest.fixture
def org(world):
    return world.incidentio.store


def test_words_fill_in_the_form_and_are_set_as_shown(ana, bot, org):
    ana.types(
        "/io remind overdue team:Payments label:security older:14d priority:High "
        "severity:Major type:Production owner:@ana at 09:45 mon",
        channel=HERE,
    )
    assert "Mondays at 09:45 (Europe/Lisbon). Next:" in ana.modal.words
    assert ana.submits().errors == {}
    rule = the_rule(bot)
    assert limits(rule) == {
        "severity_ids": ids(org.severities, "Major"),
        "priority_ids": ids(org.priorities, "High"),
        "owner_ids": ["U0ANA"],
        "min_age_days": 14,
        "team_ids": ids(org.teams, "Payments"),
        "type_ids": ids(org.types, "Production"),
        "labels": ["security"],
        "overdue": True,
    }
    assert rule.recurrence == "45 9 * * 1 Europe/Lisbon"
    said = ana.sees(HERE)[-1].text
    assert (
        "Major, type Production, High, team Payments, labelled security, older than "
        "14 days, owned by <@U0ANA>, overdue, Mondays at 09:45"
    ) in said


def test_one_word_is_enough(ana, bot):
    ana.types("/io remind overdue", channel=HERE)
    ana.submits()
    rule = the_rule(bot)
    assert rule.options["item_kinds"] == ["follow_ups"]
    assert limits(rule) == {"overdue": True}


def test_a_typo_gets_the_nearest_name_and_says_so(ana, bot, org):
    ana.types("/io remind teem:Paymnts label:securty", channel=HERE)
    words = ana.modal.words
    assert "No team is called “Paymnts”: *Payments* is chosen below." in words
    assert "Nothing is labelled “securty”: *security* is chosen below." in words
    ana.submits()
    assert limits(the_rule(bot)) == {
        "team_ids": ids(org.teams, "Payments"),
        "labels": ["security"],
    }


def test_several_of_one_kind_are_taken_and_names_may_have_spaces(ana, bot, org):
    ana.types(
        '/io remind severity:major,critical type:Customer report name:"Old ones" '
        "owner:nobody actions follow-ups mon thu at 8",
        channel=HERE,
    )
    ana.submits()
    rule = the_rule(bot)
    assert rule.name == "Old ones"
    severities = rule.options.pop("severity_ids")
    assert sorted(severities) == sorted(ids(org.severities, "Major", "Critical"))
    assert limits(rule) == {
        "type_ids": ids(org.types, "Customer report"),
        "owner_ids": ["nobody"],
    }
    assert rule.options["item_kinds"] == ["follow_ups", "actions"]
    assert rule.recurrence == "0 8 * * 1,4 Europe/Lisbon"


def test_what_is_not_understood_is_said(ana, subtests):
    for words, said in [
        ("overdeu", "Did you mean `overdue`?"),
        ("team:Zebra", "There is no team “Zebra”. There are Platform and Payments."),
        ("team:", "Write which team after `team:`"),
        ("label:", "Write which label after `label:`"),
        ("owner:,", "Write which owner after `owner:`"),
        ("older:soon", "Write an age as `older:14d` or `older:2w`."),
        ("at noon", "Write a time of day as `at 09:30`."),
        ("at 25:00", "Write a time of day as `at 09:30`."),
        ("colour:red", "“colour:red” is no filter of a reminder."),
        ("severity:<!channel>", "There is no severity “&lt;!channel&gt;”."),
    ]:
        with subtests.test(words):
            ana.types(f"/io remind {words}", channel=HERE)
            assert said in ana.last.text


@pytest.mark.parametrize("who", ["ana", "@ana", "me", "Ana", "<@U0ANA|ana>"])
def test_an_owner_is_named_as_elsewhere(ana, bot, who):
    ana.types(f"/io remind owner:{who}", channel=HERE)
    ana.submits()
    assert limits(the_rule(bot)) == {"owner_ids": ["U0ANA"]}


def test_filters_that_no_action_fits_are_refused_beside_the_kinds(ana, bot):
    ana.types("/io remind actions overdue", channel=HERE)
    assert "Actions have no priority" in ana.submits().answer["errors"]["kinds"]
    assert (
        ana.submits(kinds=["Outstanding follow-ups", "Outstanding actions"]).errors
        == {}
    )
    assert the_rule(bot).options["item_kinds"] == ["follow_ups", "actions"]


def test_what_was_guessed_stays_said_while_the_form_follows(ana):
    ana.types("/io remind team:Paymnts", channel=HERE)
    ana.fills(rhythm="By a cron expression")
    assert "No team is called “Paymnts”" in ana.modal.words


def test_labels_are_suggested_from_what_is_outstanding(ana):
    ana.types("/io remind", channel=HERE)
    ana.presses("More")

    def suggested(query):
        return [option["value"] for option in ana.suggests("labels", query)]

    assert suggested("SEC") == ["security", "SEC"]
    assert suggested("security") == ["security"]
    assert suggested("brand new") == ["brand new"]


def test_editing_shows_what_is_set_and_keeps_what_no_form_knows(ana, bot, org):
    rule = bot.services.rules.create(
        channel=HERE,
        created_by="U0ANA",
        recurrence="0 9 * * * UTC",
        options=follow_ups(labels=["x & y"], overdue=True, of_tomorrow=[1]),
    )
    ana.types(f"/io reminder edit {rule.id}", channel=HERE)
    ana.presses("More")
    ana.submits(overdue=[], age="3")
    assert the_rule(bot).options == {
        "item_kinds": ["follow_ups"],
        "min_age_days": 3,
        "labels": ["x & y"],
        "of_tomorrow": [1],
    }
    assert "labelled x &amp; y" in ana.sees(HERE)[-1].text


def test_a_filter_whose_thing_was_deleted_says_so(ana, bot, org):
    bot.services.rules.create(
        channel=HERE,
        created_by="U0ANA",
        recurrence="0 9 * * * UTC",
        options=follow_ups(
            severity_ids=["01GONE"],
            team_ids=["01GONE", "02GONE", ids(org.teams, "Payments")[0]],
        ),
    )
    ana.types("/io reminders", channel=HERE)
    assert (
        "Limited to a severity that was deleted and 2 teams that were deleted"
    ) in ana.last.words
    assert "team Payments or 2 teams that were deleted" in ana.last.words
    ana.presses("Edit")
    assert "This was limited to a severity that was deleted" in ana.modal.words


def test_a_key_that_may_not_know_teams_does_not_call_them_deleted(ana, bot, world):
    world.incidentio.key.roles.discard("catalog_viewer")
    bot.services.rules.create(
        channel=HERE,
        created_by="U0ANA",
        recurrence="0 9 * * * UTC",
        options=follow_ups(team_ids=["01TEAM"]),
    )
    ana.types("/io reminders", channel=HERE)
    assert "team that the API key may not name" in ana.last.words
    assert "deleted" not in ana.last.words
    ana.types("/io remind", channel=HERE)
    assert "teams" not in ana.modal.fields


def test_only_what_is_past_its_target_is_posted(ana, bot, clock, org):
    ana.types("/io remind overdue all at 11:00", channel=HERE)
    ana.submits()
    clock.advance(hours=1, minutes=1)
    bot.reminders.tick()
    posted = ana.sees(HERE)[-1]
    assert "overdue by" in posted.words
    assert "target " not in posted.words.replace("its target", "")


@given(st.text(max_size=40))
def test_any_time_is_read_or_refused(words):
    try:
        assert times.of_day(words).hour < 24
    except UsageError:
        return


@given(st.text(max_size=80))
def test_any_words_are_filters_or_refused(words):
    """Only cut here: what the names mean is the organisation's."""
    try:
        found = remind_words.entries(words)
    except UsageError:
        return
    assert all(key in filter_values.TAKES for key, _ in found)


def test_a_label_that_no_menu_holds_is_refused_in_words(ana):
    ana.types(f"/io remind label:{'x' * 76}")
    assert "A label here has at most 75 characters" in ana.last.text
    ana.types(f"/io remind label:{'x' * 75}")
    assert ana.modal


def test_filters_that_the_form_cannot_show_stay_when_it_is_saved(ana, bot, world):
    for team in list(world.incidentio.store.teams):
        world.incidentio.store.teams.remove(team["id"])
    people = [f"U{n:03}" for n in range(101)]
    rule = bot.services.rules.create(
        channel=HERE,
        created_by="U0ANA",
        recurrence="0 9 * * * UTC",
        options=follow_ups(team_ids=["01GONE"], owner_ids=[*people, "nobody"]),
    )
    ana.types(f"/io reminder edit {rule.id}", channel=HERE)
    assert "*Only owned by* is left out of this form" in ana.modal.words
    ana.fills(rhythm="Once a week")
    ana.presses("More")
    ana.submits(name="Mine", unowned=[])
    options = bot.services.rules.get(rule.id).options
    assert options["team_ids"] == ["01GONE"]
    assert options["owner_ids"] == people
