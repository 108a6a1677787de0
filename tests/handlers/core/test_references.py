"""Mentions in what people write reach incident.io, and people, as names."""

import re

import pytest

from blocks.kit import text

IN_INC39 = "C0INC39"
LINES = {
    "/io update INC-39 ask {} today": "message",
    "/io action new INC-39 ask {} today": "title",
    "/io followup new INC-39 ask {} today": "title",
    "/io page ask {} today": "title",
    "/io declare ask {} today": "name",
}
MENTIONED = {
    "<@U0BEN|ben>": "@ben",
    "<@U0BEN>": "@Ben Okafor",
    "<@U0NOBODY>": "@someone",
    "<#C0GENERAL|general>": "#general",
    "<#C0GENERAL>": "#general",
    "<#C0NOWHERE>": "a private channel",
    "<!subteam^S0ONCALL|@oncall>": "@oncall",
    "<!subteam^S0ONCALL>": "@oncall",
    "<!here>": "@here",
    "<mailto:x@acme.example|x@acme.example>": "x@acme.example",
}


def value_of(person, name):
    (element,) = person.modal.state[name].values()
    return element["value"]


def test_a_mention_in_a_line_is_a_name_in_the_form(ana, subtests):
    for line, field in LINES.items():
        with subtests.test(line):
            ana.types(line.format("<@U0BEN|ben>"))
            assert value_of(ana, field) == "ask @ben today"
            ana.closes()


@pytest.mark.usefixtures("warm")
def test_whatever_slack_encodes_is_written_out(ana, world):
    world.slack.usergroups["S0ONCALL"] = ("oncall", ["U0BEN"])
    for sent, written in MENTIONED.items():
        ana.types(f"/io update INC-39 ask {sent} today")
        assert value_of(ana, "message") == f"ask {written} today"
        ana.closes()


def test_the_name_of_a_private_channel_is_not_found_out_by_its_id(ana, world):
    world.slack.channel("general").private = True
    ana.types("/io update INC-39 see <#C0GENERAL>")
    assert value_of(ana, "message") == "see a private channel"


@pytest.mark.parametrize("noun", ["action", "followup"])
@pytest.mark.parametrize(
    ("words", "title", "owner"),
    [
        ("restart the database <@U0BEN|ben>", "restart the database", "U0BEN"),
        ("<@U0BEN> restart the database", "restart the database", "U0BEN"),
        ("ask <@U0BEN|ben>", "ask @ben", "U0BEN"),
        ("<@U0BEN|ben> and <@U0CHI|chi> meet", "@ben and @chi meet", None),
        ("restart it", "restart it", None),
    ],
)
def test_whom_a_line_mentions_is_the_owner(ana, noun, words, title, owner):
    ana.types(f"/io {noun} new INC-39 {words}")
    assert value_of(ana, "title") == title
    (chosen,) = ana.modal.state["assignee"].values()
    assert chosen.get("selected_user") == owner


def test_a_mention_in_a_form_is_a_name_in_incident_io(ana, world):
    ana.types("/io followup new INC-39")
    ana.submits(title="Ask <@U0BEN>", description="in <#C0GENERAL|general> <!here>")
    (made,) = [f for f in world.incidentio.store.follow_ups if "Ask" in f.title]
    assert (made.title, made.description) == ("Ask @Ben Okafor", "in #general <!here>")


def test_the_reason_of_a_decline_names_whom_it_mentions(ana, world):
    item = next(f for f in world.incidentio.store.follow_ups)
    ana.types(f"/io followup drop {item.id} <@U0BEN|ben> did it")
    assert item.description.endswith(": @ben did it")


def test_a_form_shows_no_ids_and_changes_nothing_that_is_left(ana, world):
    item = next(f for f in world.incidentio.store.follow_ups)
    item.description = "Ask <@U0BEN>"
    ana.types(f"/io followup edit {item.id}")
    assert value_of(ana, "description") == "Ask @Ben Okafor"
    ana.submits(title="Another title")
    assert (item.title, item.description) == ("Another title", "Ask <@U0BEN>")


def test_json_stays_to_the_letter(ana, world):
    ana.types("/io path json Payments")
    value = next(v for k, v in ana.modal.state.items() if k.startswith("json_"))
    (element,) = value.values()
    written = element["value"].replace('"Payments"', '"Pay <@U0BEN>"')
    ana.submits(json_1=written)
    names = [path["name"] for path in world.incidentio.store.escalation_paths]
    assert "Pay <@U0BEN>" in names


ID = re.compile(r"&lt;[@#!]|<[@#!](?!channel)|\b[UCS]0[A-Z0-9]{2,}\b")
TEXTS = ("name", "title", "summary", "description", "message")


SHOWN = [
    "incident",
    "incidents",
    "updates",
    "actions",
    "followups",
    "mine",
    "escalations",
    "schedules",
    "schedule show Payments",
    "paths",
    "path show Payments",
    "workflows",
    "roles",
    "fields",
]


def test_no_id_is_shown_of_what_incident_io_holds(ana, world, subtests):
    store = world.incidentio.store
    tables = ("incidents", "updates", "actions", "follow_ups", "escalations")
    rows = ("schedules", "escalation_paths", "workflows", "roles", "custom_fields")
    held = "<@U0BEN> and <@U0CHI|chi> in <#C0GENERAL> with <!subteam^S0ONCALL>"
    for row in (one for table in tables for one in getattr(store, table)):
        for name in TEXTS:
            if isinstance(getattr(row, name, None), str):
                setattr(row, name, held)
    for row in (one for table in rows for one in getattr(store, table)):
        row.update({name: held for name in TEXTS if isinstance(row.get(name), str)})
    for line in SHOWN:
        with subtests.test(line):
            ana.types(f"/io {line}", channel=IN_INC39)

            said = [ana.last.text, *ana.last.words.splitlines()]
            shown = [re.sub(r"<@U0[A-Z]+>|<#C0\w+>", "", one) for one in said]
            assert "@someone and @chi" in " ".join(shown)
            assert not [one for one in shown if ID.search(text.unformatted(one))]
