"""Looking at incidents: everything that is set, and nothing that is not one's own."""

import re

import pytest

from blocks.kit.incidents import severity_name
from incidentio import Severity
from sandbox.company import PEOPLE
from tests.handlers.incidents.incident_state import named

PRIVATE = 36
"""A live private incident of the sandbox."""


@pytest.fixture
def insiders(world):
    """The handles of the private incident's people, and of one who is not."""
    members = set(world.incidentio.store.incident(str(PRIVATE)).members)
    known = {p.incidentio_id: p.handle for p in PEOPLE if p.active}
    inside = [handle for id_, handle in known.items() if id_ in members]
    outside = [h for id_, h in known.items() if id_ and id_ not in members]
    return inside[0], outside[0]


@pytest.mark.parametrize(
    "line", ["incident 27", "incident INC-27", "incident show #27"]
)
def test_a_card_shows_everything_that_is_set(ana, world, line):
    ana.types(f"/io {line}")

    shown = ana.last.words
    incident = world.incidentio.incident(27)
    for said in (
        incident["name"],
        incident["incident_status"]["name"],
        incident["severity"]["name"],
        incident["incident_type"]["name"],
    ):
        assert said in shown
    for entry in incident["custom_field_entries"]:
        if entry["values"]:
            assert entry["custom_field"]["name"] in shown
    for value in incident["incident_timestamp_values"]:
        if value.get("value"):
            assert value["incident_timestamp"]["name"] in shown


def test_what_is_usual_is_not_said_and_what_is_not_is(ana, person, insiders, world):
    ana.types("/io incident 27")
    assert "public" not in ana.last.words
    assert "standard" not in ana.last.words

    world.incidentio.store.incident(str(PRIVATE)).mode = "test"
    insider = person(insiders[0])
    insider.types(f"/io incident {PRIVATE}")
    assert "private · test" in insider.last.words


@pytest.mark.parametrize(
    ("name", "rank", "mark"),
    [("Major", 0, "🟧"), ("SEV1", 0, "🟥"), ("Ouch", 1, "🟨"), ("Ouch", 9, "🟥")],
)
def test_a_severity_has_a_mark_by_its_name_or_its_rank(name, rank, mark):
    severity = Severity(id="1", name=name, rank=rank, description="")
    assert severity_name(severity) == f"{mark} {name}"


def test_a_card_says_when_anything_last_happened(ana, world, clock):
    ana.types("/io incident 39")
    assert "*Last activity*" in ana.last.words

    clock.advance(hours=2)
    ana.types("/io action new INC-39 Look at the logs")
    ana.submits()
    ana.types("/io incident 39")
    assert "(just now)" in ana.last.words.partition("*Last activity*")[2]


def test_a_card_says_when_the_debrief_is(ana, world):
    ana.types("/io incident 29")
    assert "*Debrief*\n<!date^" in ana.last.words
    ana.types("/io incident 39")
    assert "Debrief" not in ana.last.words


def test_in_its_channel_an_incident_needs_no_name(ana):
    ana.types("/io incident", channel="C0INC27")

    assert "INC-27" in ana.last.text


def test_a_channel_that_was_opened_a_moment_ago_is_known(ana, world):
    ana.types("/io declare Brand new")
    ana.submits(severity="Low")

    ana.types("/io incident", channel="C0INC41")

    assert "INC-41" in ana.last.text


def test_words_of_a_name_find_it(ana):
    ana.types("/io incident refunds stuck")

    assert "INC-34" in ana.last.text


def test_words_that_fit_several_are_asked_about(ana):
    ana.types("/io incident api")

    assert "Which incident?" in ana.last.text


@pytest.mark.parametrize(
    "line", ["incident INC-9999", "incident 0", "incident 01HXXXXXXXXXXXXXXXXXXXXXXX"]
)
def test_an_unknown_incident_says_how_to_find_one(ana, line):
    ana.types(f"/io {line}")

    assert "There is no incident" in ana.last.text
    assert "/io incidents" in ana.last.text


def test_an_outsider_cannot_tell_a_private_incident_from_none(person, insiders):
    outsider = person(insiders[1])

    outsider.types(f"/io incident {PRIVATE}")
    private = outsider.last.text
    outsider.types("/io incident 9999")

    assert private.replace(str(PRIVATE), "9999") == outsider.last.text


def test_its_own_people_see_a_private_incident(person, insiders):
    insider = person(insiders[0])

    insider.types(f"/io incident {PRIVATE}")

    assert f"INC-{PRIVATE}" in insider.last.text
    assert "private" in insider.last.words
    assert insider.last.ephemeral


@pytest.mark.parametrize("which", ["", "live", "all", "leaked"])
def test_lists_leave_out_what_is_not_ones_own(person, insiders, which):
    outsider = person(insiders[1])

    outsider.types(f"/io incidents {which}")

    assert f"INC-{PRIVATE}" not in outsider.last.words


def test_suggestions_leave_it_out_too(person, insiders, world):
    outsider = person(insiders[1])
    outsider.types("/io")

    assert f"INC-{PRIVATE}" not in outsider.last.words
    outsider.types("/io incident leaked api token", channel="incidents")
    assert f"INC-{PRIVATE}" not in outsider.last.words


@pytest.mark.parametrize(
    ("which", "heading"),
    [("", "Live incidents"), ("closed", "Closed incidents"), ("all", "Incidents")],
)
def test_lists_by_state(ana, which, heading):
    ana.types(f"/io incidents {which}")

    assert heading in ana.last.words


LIVE = {"triage", "live", "paused"}


def listed(user):
    """The numbers that are listed, each once: a menu names them again."""
    return [*dict.fromkeys(re.findall(r"INC-(\d+)", user.last.words))]


def facts(world, incident):
    """Return what the filters below ask for, of an incident of the store."""
    shown = world.incidentio.incident(incident.number)
    leads = [
        assigned["assignee"].get("slack_user_id")
        for assigned in shown["incident_role_assignments"]
        if assigned["role"]["role_type"] == "lead" and assigned.get("assignee")
    ]
    category = shown["incident_status"]["category"]
    severity = shown.get("severity", {}).get("name")
    return {severity, shown["visibility"], category, *leads}


def test_words_filter_the_list_and_the_heading_repeats_them(ana, world, subtests):
    for which, heading, wanted in [
        ("major", "Live incidents: Major", {"Major"}),
        ("open Major", "Live incidents: Major", {"Major"}),
        ("public triage", "Incidents in triage: public", {"triage"}),
        ("triage", "Incidents in triage", {"triage"}),
        ("<@U0ANA|ana>", "Live incidents: led by Ana Ferreira", {"U0ANA"}),
        ("lead", "Incidents with “lead”", {"lead"}),
        ("major lead me", "Live incidents: Major, led by Ana", {"Major", "U0ANA"}),
    ]:
        with subtests.test(which):
            ana.types(f"/io incidents {which}")

            store = world.incidentio.store
            live = [i for i in store.incidents if store.category(i) in LIVE]
            open_ = [i for i in live if i.visibility == "public"]
            assert heading in ana.last.words
            assert {*listed(ana)} == {
                str(i.number) for i in open_ if facts(world, i) >= wanted
            }


def test_mine_are_those_that_one_takes_part_in(ana, world):
    ana.types("/io my incidents")

    store = world.incidentio.store
    me = store.user(field="slack_user_id", value="U0ANA")["id"]
    assert "Live incidents: yours" in ana.last.words
    assert listed(ana)
    assert all(me in store.incident(number).members for number in listed(ana))


def test_since_a_day_is_since_its_last_midnight(ana):
    ana.types("/io incidents all since mon major")

    assert "Incidents: declared since Mon 9 Mar 00:00, Major" in ana.last.words


def test_live_incidents_come_by_severity(ana, world):
    ana.types("/io incidents")

    store = world.incidentio.store
    ranks = [store.rank(store.incident(n).severity_id) or 0 for n in listed(ana)]
    assert ranks == sorted(ranks, reverse=True)


def test_a_list_counts_what_is_in_it(ana, world):
    ana.types("/io incidents")

    store = world.incidentio.store
    live = [i for i in store.incidents if store.category(i) in LIVE]
    open_ = [i for i in live if i.visibility == "public"]
    major = [i for i in open_ if "Major" in facts(world, i)]
    assert f"*{len(open_)} in all*" in ana.last.words
    assert f"{len(major)} 🟧 Major" in ana.last.words


def test_a_list_is_a_table_with_a_menu(ana):
    ana.types("/io incidents")

    (table,) = [b for b in ana.last.blocks if b["type"] == "data_table"]
    header = [cell["text"] for cell in table["rows"][0]]
    assert header[:3] == ["Incident", "Severity", "Status"]
    (menu,) = [b for b in ana.last.blocks if b["type"] == "actions"]
    first = menu["elements"][0]["options"][0]
    ana.chooses("Show an incident", first["text"]["text"])
    assert ana.last.text.startswith(first["value"].removeprefix("incident "))


def test_a_long_table_goes_on(ana, world, monkeypatch):
    monkeypatch.setattr("blocks.kit.tables.MOST_ROWS", 16)
    monkeypatch.setattr("handlers.incidents.show.STEP", 2)
    ana.types("/io incidents all")

    first = listed(ana)
    assert len(first) == 16
    ana.presses("Next")
    assert not {*first} & {*listed(ana)}
    ana.presses("Previous")
    assert listed(ana) == first


def test_where_slack_has_no_tables_each_has_its_button(ana, world):
    world.slack.workspace.unsupported_blocks.add("data_table")
    ana.types("/io incidents")

    types = [block["type"] for block in ana.last.blocks]
    assert "data_table" not in types
    assert ana.last.buttons.count("Show") == len(listed(ana))
    ana.presses("Next")
    assert "Previous" in ana.last.buttons
    assert "data_table" not in [block["type"] for block in ana.last.blocks]


def test_a_list_with_nothing_in_it_says_what_one_could_do(ana):
    ana.types("/io incidents zzzz")

    assert "None." in ana.last.words
    assert "Declare" in ana.last.buttons


def test_a_list_is_shown_to_one_alone(ana, ben):
    ana.types("/io incidents", channel="incidents")

    assert ben.sees("incidents") == []


def test_a_card_has_the_next_steps(ana):
    ana.types("/io incident 27")

    assert {"Post update", "Change severity", "Actions"} <= set(ana.last.buttons)


def test_a_card_leads_with_the_state_and_folds_the_rest(ana, world):
    ana.types("/io incident 39")

    types = [block["type"] for block in ana.last.blocks]
    assert types[:2] == ["header", "section"]
    assert types[-1] == "container"
    state = ana.last.blocks[1]["text"]["text"]
    incident = world.incidentio.incident(39)
    assert state.startswith(f"*🔴 {incident['incident_status']['name']}* · *🟧 Major*")
    folded = ana.last.blocks[-1]
    assert folded["default_collapsed"]
    assert "*Last activity*" in str(folded)
    assert "*Last activity*" not in str(ana.last.blocks[:-1])


def test_where_slack_cannot_fold_the_details_are_a_form(ana, world):
    world.slack.workspace.unsupported_blocks.add("container")
    ana.types("/io incident 39")

    assert "*Last activity*" not in ana.last.words
    ana.presses("Details")
    assert ana.modal.title == "INC-39 details"
    assert "*Last activity*" in ana.modal.words
    ana.closes()
    ana.types("/io incident details INC-39")
    assert "*Last activity*" in ana.modal.words
    ana.closes()


def test_a_card_says_what_is_next(ana, world):
    incident = world.incidentio.store.incident("39")
    incident.summary = None
    ana.types("/io incident 39")
    assert "*Next:* " in ana.last.words
    assert "write a summary" in ana.last.words


def test_a_closed_incident_offers_what_is_left_to_do(ana, world):
    store = world.incidentio.store
    closed = next(
        i
        for i in store.incidents
        if store.category(i) == "closed" and i.visibility == "public"
    )
    ana.types(f"/io incident {closed.number}")

    assert set(ana.last.buttons) == {"Follow-ups", "Reopen", "Catch me up"}


def test_timestamps_are_listed_in_their_order(ana):
    ana.types("/io timestamps", channel="general")

    said = ana.last.words
    assert ana.last.text.startswith("Timestamps: Reported at, Impact started at")
    assert said.index("*Reported at* · rank 1") < said.index("*Fixed at* · rank 5")
    assert "not set" not in said


def test_in_an_incidents_channel_its_values_stand_beside_them(ana):
    ana.types("/io timestamps", channel="C0INC39")

    lines = ana.last.words.splitlines()
    reported = next(line for line in lines if "*Reported at*" in line)
    assert "<!date^" in reported
    assert any("*Merged at*" in line and "not set" in line for line in lines)


@pytest.mark.parametrize("words", ["Fixed at", "fix", "show fixed"])
def test_a_timestamp_is_shown_with_its_rank_and_id(ana, world, words):
    ana.types(f"/io timestamp {words}", channel="general")

    said = ana.last.words
    assert "*Fixed at*\n*Rank:* 5" in said
    assert named(world.incidentio.store.timestamps, "Fixed at") in said


def test_in_an_incidents_channel_it_has_that_incidents_value(ana):
    ana.types("/io timestamp Reported at", channel="C0INC39")
    assert "|INC-39>:* <!date^" in ana.last.words
    assert ana.last.text.startswith("Timestamp Reported at, Mon 9 Mar ")

    ana.types("/io timestamp Merged at", channel="C0INC39")
    assert "|INC-39>:* not set" in ana.last.words
    ana.presses("Edit INC-39")
    assert ana.modal.title == "Edit INC-39"


def test_without_one_it_asks_which(ana):
    ana.types("/io timestamp", channel="general")
    ana.chooses("Choose", "Closed at")
    assert "*Closed at*" in ana.last.words


def test_one_that_was_deleted_meanwhile_is_said_to_be(ana, world):
    ana.types("/io timestamps", channel="general")
    table = world.incidentio.store.timestamps
    table.remove(named(table, "Fixed at"))
    ana.types("/io timestamp Fixed at", channel="general")
    assert "That timestamp was deleted." in ana.last.text


def test_cards_in_channels_can_be_switched_off(ana, bot, world):
    bot.reminders.tick()
    bot.services.incident_cards.tick()
    assert not world.slack.messages("C0INC39")
    ana.types("/io card", channel="C0INC39")
    assert "the bot's operator switched them off" in ana.last.text
