"""Catching up: what happened since the person last looked, to them alone."""

from datetime import timedelta

import pytest

from incidentio.activity_log import ActivityLog
from tests.handlers.incidents.incident_state import keep_out

HERE = "C0INC39"
WRITTEN = [
    "/io severity minor",
    "/io severity critical",
    "/io status monitoring",
    "/io update: We found it",
    "/io role comms <@U0BEN>",
    "/io rename Errors of the API",
    "/io set summary A bad deploy",
    "/io action new Roll back",
    "/io followup new Alert earlier",
    "/io page <@U0BEN> Come",
    "/io timeline add Deploy of api 4.2",
]


@pytest.fixture
def caught_up(ana):
    """Ana has looked before."""
    ana.types("/io catchup", channel=HERE)
    return ana


def do(person, *lines):
    for line in lines:
        person.types(line, channel=HERE)
        if person.modal:
            assert person.submits().errors == {}


def section(person, name):
    """The lines of one group of what was said last."""
    told = person.last.words.partition(f"*{name}*\n")[2]
    return told.partition("\n\n")[0]


def test_the_first_time_it_is_all_since_it_was_declared(ana, ben):
    do(ben, "/io update: We found it")
    ana.types("/io catchup INC-39")

    assert ana.last.ephemeral_to == "U0ANA"
    assert "*Since it was declared, <!date^" in ana.last.words
    assert "> We found it" in section(ana, "Updates")
    assert "🟧 Major · lead" in ana.last.words
    assert "Show all" not in ana.last.words


def test_later_it_is_what_is_new_grouped_by_kind(caught_up, ben, clock, world):
    clock.advance(minutes=5)
    do(ben, *WRITTEN)
    clock.advance(minutes=5)
    ana = caught_up
    ana.types("/io catch up", channel=HERE)

    assert "*Since you last looked, <!date^" in ana.last.words
    assert "(10 min ago)" in ana.last.words
    state = section(ana, "State")
    assert "*Severity*: 🟧 Major → 🟨 Minor → 🟥 Critical, <!date^" in state
    assert "*Status*: 🔴 Investigating → 🔴 Monitoring, <!date^" in state
    assert "*Name*: Elevated errors in the API → Errors of the API, " in state
    assert "*Summary*: rewritten" in state
    assert "> A bad deploy" in state
    assert section(ana, "Updates").startswith("> We found it\n<!date^")
    assert "*Communications*: nobody → <@U0BEN>, " in section(ana, "Roles")
    assert section(ana, "Actions").startswith("• Roll back: added, <!date^")
    assert section(ana, "Follow-ups").startswith("• Alert earlier: added, ")
    assert section(ana, "Pages").startswith("• Paged <@U0BEN>, ")
    added = section(ana, "Added to the timeline")
    assert added.startswith("• Deploy of api 4.2, ")
    assert "4 changes, 1 update, 1 role, 1 action, " in ana.last.text


def test_who_did_it_through_the_bot_is_named(caught_up, ben, clock):
    """To incident.io, it was the bot's key."""
    clock.advance(minutes=5)
    do(ben, "/io severity minor", "/io page <@U0FAY> Come")
    clock.advance(minutes=5)
    do(caught_up, "/io status monitoring")
    caught_up.types("/io catchup", channel=HERE)

    severity, status = section(caught_up, "State").splitlines()
    assert severity.endswith("by <@U0BEN>")
    assert status.endswith("by <@U0ANA>")
    assert section(caught_up, "Pages").splitlines()[0].endswith("by <@U0BEN>")


def test_where_two_may_have_done_it_the_key_is_named(caught_up, ben, clock):
    clock.advance(minutes=5)
    do(ben, "/io severity minor")
    do(caught_up, "/io status monitoring")
    caught_up.types("/io catchup", channel=HERE)

    assert section(caught_up, "State").count("by incidentio-bot") == 2


def test_what_was_read_is_not_told_again(caught_up, ben, clock):
    clock.advance(minutes=5)
    do(ben, "/io severity minor")
    caught_up.types("/io catchup", channel=HERE)
    assert "Minor" in section(caught_up, "State")

    clock.advance(minutes=5)
    caught_up.types("/io catchup", channel=HERE)

    assert "Nothing new." in caught_up.last.words
    assert "(5 min ago)" in caught_up.last.words
    assert caught_up.last.text.endswith(": nothing new")


def test_show_all_tells_everything_and_the_next_time_only_what_is_new(
    caught_up, ben, clock
):
    do(ben, "/io update: We found it")
    caught_up.types("/io catchup", channel=HERE)
    caught_up.types("/io catchup", channel=HERE)
    caught_up.presses("Show all")

    assert "Since it was declared" in caught_up.last.words
    assert "> We found it" in section(caught_up, "Updates")
    caught_up.types("/io catchup", channel=HERE)
    assert "Nothing new." in caught_up.last.words


def test_everybody_has_their_own_last_look(caught_up, ben, clock):
    ben.types("/io catchup", channel=HERE)
    assert "Since it was declared" in ben.last.words


def test_after_ninety_days_a_look_is_forgotten(caught_up, ben, bot, clock):
    clock.advance(days=91)
    ben.types("/io catchup", channel=HERE)
    caught_up.types("/io catchup", channel=HERE)

    assert "Since it was declared" in caught_up.last.words


def test_the_newest_state_of_an_item_is_told_once(caught_up, ben):
    do(ben, "/io action new Roll back")
    do(ben, "/io action assign Roll back ana", "/io action done Roll back")
    caught_up.types("/io catchup", channel=HERE)

    assert section(caught_up, "Actions").count("Roll back") == 1
    assert "Roll back: done, " in section(caught_up, "Actions")


def test_an_item_that_is_gone_has_its_title_all_the_same(caught_up, ben, world):
    do(ben, "/io action new Roll back", "/io action delete Roll back")
    caught_up.types("/io catchup", channel=HERE)
    assert "Nothing new." in caught_up.last.words


def test_a_long_list_is_cut_with_a_link(caught_up, ben):
    do(ben, *(f"/io update: Step {number}" for number in range(8)))
    caught_up.types("/io catchup", channel=HERE)

    updates = section(caught_up, "Updates")
    assert updates.startswith("> Step 7\n")
    assert "Step 2" not in updates
    assert "/incidents/39|and 3 more>" in updates


def test_the_card_has_a_button_for_it(ana, ben):
    ana.types("/io incident INC-39")
    ana.presses("Catch me up")

    assert "Since it was declared" in ana.last.words


def test_it_leads_to_the_timeline(caught_up):
    caught_up.presses("Timeline")
    assert "Timeline of" in caught_up.last.words


@pytest.mark.parametrize(
    "typed", ["what happened", "what did i miss", "catch me up", "catch up"]
)
def test_people_ask_for_it_in_many_ways(ana, typed):
    ana.types(f"/io {typed}", channel=HERE)
    assert "Since it was declared" in ana.last.words
    ana.types(f"/io {typed} on INC-34", channel=HERE)
    assert "INC-34" in ana.last.words


def test_what_it_does_not_understand_it_says(ana):
    ana.types("/io catchup INC-39 everything")
    assert "I didn't understand “everything”" in ana.last.text


def test_a_private_incident_is_for_its_own_people(person, world, bot):
    store = world.incidentio.store
    keep_out(world, store.user(field="slack_user_id", value="U0CHI")["id"])
    outsider = person("chi")
    outsider.types("/io catchup INC-36")

    assert "There is no incident INC-36" in outsider.last.text
    private = world.incidentio.incident(36)["id"]
    assert bot.services.last_looks.get("U0CHI", private) is None


@pytest.mark.parametrize(
    ("visibility", "said"),
    [
        ("private", "A private incident was merged into this one"),
        ("public", "INC-36 Leaked was merged into this one"),
    ],
)
def test_a_merged_incident_is_named_unless_it_is_private(
    caught_up, world, clock, visibility, said
):
    clock.advance(minutes=5)
    entry(world, clock, "incident_merged", source_incident=merged(visibility))
    caught_up.types("/io catchup", channel=HERE)
    assert said in section(caught_up, "Also")


def test_what_has_no_group_is_told_by_its_title(caught_up, world, clock):
    clock.advance(minutes=5)
    entry(world, clock, "something_of_tomorrow")
    caught_up.types("/io catchup", channel=HERE)
    assert section(caught_up, "Also").startswith("• A title, <!date^")


def merged(visibility):
    return {
        "id": "01OTHER",
        "external_id": 36,
        "reference": "INC-36",
        "name": "Leaked",
        "visibility": visibility,
        "status_category": "merged",
    }


def entry(world, clock, kind, **detail):
    """Let something happen in incident.io itself."""
    at = (clock() - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    row = {
        "id": "01ENTRY",
        "incident_id": world.incidentio.incident(39)["id"],
        "type": kind,
        "title": "A title",
        "occurred_at": at,
        "created_at": at,
        "content": {kind: detail},
    }
    world.incidentio.store.activity.add(row["id"], row)


CALLS = {
    "activity_log.list": lambda api: list(ActivityLog(api).list(incident_id="I1")),
}
