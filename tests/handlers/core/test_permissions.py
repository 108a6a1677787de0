"""Who may do what: asked when a thing is opened and again when it is submitted."""

import re

import pytest

from handlers.core.operations import SCHEDULE
from tests.handlers.asked import writes


def entries(bot):
    found = bot.services.audit.search()
    return [(e.operation, e.actor, e.state) for e in found]


def role_of(world, handle, slug):
    account = world.incidentio.store.user(field="email", value=f"{handle}@acme.example")
    account["role"] = slug
    account["base_role"] = {**account["base_role"], "slug": slug, "name": slug}


@pytest.fixture
def kim(person):
    """A viewer."""
    return person("kim")


@pytest.fixture
def max_(person):
    """Has no account in incident.io."""
    return person("max")


def test_a_viewer_reads(kim):
    kim.types("/io incidents")
    assert "Elevated errors" in kim.last.words


@pytest.mark.parametrize(
    "line", ["severity INC-39 minor", "severity INC-39", "declare Fire", "remind"]
)
def test_a_viewer_changes_nothing_and_is_told_who_can(kim, world, line):
    kim.types(f"/io {line}")

    assert kim.modal is None
    assert writes(world) == []
    said = kim.last.text
    assert "not" in said.partition(". You need")[0]
    assert (
        "You need the Responder role in incident.io to do this. Ask <@U0JO>, <@U0ANA>"
        in said
    )


def test_a_refusal_is_in_the_journal_whatever_was_refused(kim, bot):
    kim.types("/io severity INC-39 minor")
    kim.types("/io severity INC-39")

    assert sorted(entries(bot)) == [("severity", "U0KIM", "refused")] * 2


def test_somebody_without_an_account_reads_and_is_told_why_no_more(max_):
    max_.types("/io incidents")
    assert "Elevated errors" in max_.last.words

    max_.types("/io declare Fire")
    said = "You need the Responder role in incident.io, and have no account there."
    assert said in max_.last.text


def test_a_button_is_no_way_in(ana, kim, world):
    ana.types("/io severity INC-39")
    ana.submits(severity="Minor")
    kim.types("/io incident INC-39", channel="C0INC39")
    kim.presses("Change severity")

    assert kim.modal is None
    assert "the Responder role in incident.io" in kim.last.text


def test_a_form_is_refused_at_its_end_too_and_keeps_what_was_typed(
    ana, world, bot, warm
):
    ana.types("/io declare Fire in the data centre")
    role_of(world, "ana", "viewer")
    bot.services.catalog.expire("users")

    ana.submits(summary="It burns", severity="Low")

    assert writes(world) == []
    assert "the Responder role in incident.io" in ana.modal.words
    assert ana.modal.fields["summary"].value == "It burns"


def test_a_live_field_is_refused_too(ana, world, bot):
    ana.types("/io override Payments")
    before = ana.modal.words
    role_of(world, "ana", "viewer")
    bot.services.catalog.expire("users")

    ana.fills(start_at=1773050400)

    assert "the Responder role in incident.io" in ana.modal.words
    assert "Responder" not in before


@pytest.mark.settings(role_levels={"none": "none", "viewer": "none"})
def test_who_may_not_even_read_is_shown_nothing_and_offered_nothing(
    max_, ana, bot, world
):
    max_.types("/io incidents")
    assert "You need the Responder role in incident.io" in max_.last.text

    ana.types("/io remind")
    ana.presses("More")
    assert ana.suggests("timezone", "lisbon")
    role_of(world, "ana", "viewer")
    bot.services.catalog.expire("users")
    assert ana.suggests("timezone", "lisbon") == []


def test_a_menu_of_a_reminder_is_no_way_in(ana, kim, bot, world):
    ana.types("/io remind", channel="general")
    ana.submits()
    ana.types("/io reminders", channel="general")
    ana.presses("Run now")
    bot.reminders.tick()
    posted = next(m for m in kim.sees("general") if "Manage" in m.buttons)
    world.incidentio.requests.clear()

    kim.chooses("run.more", "Done", message=posted)

    assert writes(world) == []
    assert "the Responder role in incident.io" in kim.last.text


@pytest.mark.settings(allowed_to_respond=("U0KIM",))
def test_a_user_is_allowed_by_id(kim, world):
    kim.types("/io severity INC-39 minor", channel="C0INC39")
    assert "is now *Minor*" in kim.last.text


@pytest.mark.settings(allowed_to_respond=("C0INC39",))
def test_whoever_asks_in_a_channel_is_allowed_there_alone(kim):
    kim.types("/io severity INC-39 minor", channel="C0GENERAL")
    assert "the Responder role in incident.io" in kim.last.text

    kim.types("/io severity INC-39 minor", channel="C0INC39")
    assert "is now *Minor*" in kim.last.text


@pytest.mark.settings(allowed_to_respond=("S0HELP",))
def test_a_user_group_is_allowed_and_asked_of_once(kim, max_, world):
    world.slack.usergroups["S0HELP"] = ("help", ["U0KIM"])

    kim.types("/io severity INC-39 minor", channel="C0INC39")
    kim.types("/io severity INC-39 major", channel="C0INC39")
    assert "is now *Major*" in kim.last.text
    asked = [c for c in world.slack.calls if c.method == "usergroups.users.list"]
    assert len(asked) == 1

    max_.types("/io severity INC-39 minor")
    assert "the Responder role in incident.io" in max_.last.text
    assert "<!subteam^S0HELP>" in max_.last.text


@pytest.mark.settings(allowed_to_respond=("S0GONE",))
def test_a_group_that_is_not_there_allows_nobody(kim):
    kim.types("/io severity INC-39 minor")
    assert "the Responder role in incident.io" in kim.last.text


@pytest.mark.settings(allowed_to_administer=("everyone",))
def test_everyone_is_everybody(max_):
    max_.types("/io severity INC-39 minor", channel="C0INC39")
    assert "is now *Minor*" in max_.last.text


@pytest.mark.settings(permissions_from_incidentio=False, allowed_to_respond=("U0BEN",))
def test_the_settings_can_replace_the_roles(ana, ben):
    ana.types("/io incidents")
    assert "permission to *read*" in ana.last.text
    assert "Ask <@U0BEN>." in ana.last.text

    ben.types("/io severity INC-39 minor", channel="C0INC39")
    assert "is now *Minor*" in ben.last.text


@pytest.mark.settings(permissions_from_incidentio=False)
def test_where_nobody_may_the_operator_can_help(ana):
    ana.types("/io incidents")
    assert "Ask the bot's operator." in ana.last.text


@pytest.mark.settings(role_levels={"communications-team": "administer"})
def test_a_custom_role_counts_and_the_highest_wins(person, bot):
    jo = person("jo")
    jo.types("/io severity INC-39 minor", channel="C0INC39")
    assert "is now *Minor*" in jo.last.text
    policy = bot.services.policy
    policy.check("U0JO", "C0GENERAL", [SCHEDULE])


@pytest.mark.settings(command_levels={"severity": "administer"})
def test_an_operation_can_take_another_level(person, ben):
    chi = person("chi")
    chi.types("/io severity INC-39 minor", channel="C0INC39")
    assert "the Administrator role in incident.io" in chi.last.text

    ben.types("/io severity INC-39 minor", channel="C0INC39")
    assert "is now *Minor*" in ben.last.text


def test_while_nobody_can_say_it_is_refused_and_said_why(kim, world):
    world.incidentio.fail("GET", "/v2/users", status=503)

    kim.types("/io severity INC-39 minor")

    assert writes(world) == []
    assert "The severity was not changed." in kim.last.text
    assert "Try again in a minute." in kim.last.text


def test_in_a_private_channel_only_its_own_people_are_named(kim, world):
    incident = world.incidentio.store.incident("36")
    members = {
        world.incidentio.store.users.get(id_)["slack_user_id"]
        for id_ in incident.members
    }
    world.slack.workspace.channel(incident.channel_id).members.add("U0KIM")
    kim.types("/io severity minor", channel=incident.channel_id)
    said = kim.last.text
    assert "Ask <@" in said
    named = set(re.findall(r"<@(\w+)>", said))
    assert named
    assert named <= members


def test_while_slack_says_nothing_of_single_people_its_list_tells_who_is_a_guest(
    bot, ana, person, world
):
    person("gus").user.guest = "several channels"
    bot.services.accounts.directory.refresh()
    world.slack.fail("users.info", retry_after=30)

    ana.types("/io severity INC-39 minor", channel="C0INC39")
    person("gus").types("/io severity INC-39 critical", channel="C0INC39")

    assert world.incidentio.incident(39)["severity"]["name"] == "Minor"
    assert "Guests in Slack may not do this." in person("gus").last.text


def test_whom_slack_does_not_know_any_more_its_list_does_not_know_either(
    bot, ana, world
):
    bot.services.accounts.directory.refresh()
    world.slack.fail("users.info", error="user_not_found")

    ana.types("/io severity INC-39 minor", channel="C0INC39")

    assert writes(world) == []
