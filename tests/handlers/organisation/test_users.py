"""Who has an account in incident.io, and what a card says of them."""

import json

import pytest

from sandbox.company import PEOPLE
from tests.handlers.core.test_many import many
from tests.handlers.schedules.schedule_state import schedule_of

PRIVATE = 36
LEE = next(p for p in PEOPLE if p.handle == "lee")


@pytest.fixture
def users(world):
    return world.incidentio.store.users


def of(users, handle):
    return next(u for u in users if u["email"] == f"{handle}@acme.example")


def test_people_are_listed_with_their_addresses_and_roles(ana):
    ana.types("/io users")

    said = ana.last.words
    assert "11 people" in said
    assert "<@U0BEN> · ben@acme.example\nAdministrator" in said
    assert "Responder and Communications team" in said
    assert "Lee Brown" not in said


@pytest.mark.parametrize(
    ("words", "expected"),
    [("okafor", "Ben"), ("BEN@", "Ben"), ("administrator", "Ben"), ("comm team", "Jo")],
)
def test_words_look_in_names_addresses_and_roles(ana, words, expected):
    ana.types(f"/io users {words}")
    assert f"1 person with “{words}”: {expected}" in ana.last.text


def test_nobody_found_says_so(ana):
    ana.types("/io users zzz")
    assert "0 people with “zzz”" in ana.last.text
    assert "No matches. Try fewer letters." in ana.last.words


def test_the_list_turns_after_25_and_keeps_its_words(ana, users):
    many(users, 60)
    ana.types("/io users many")
    seen = ana.last.words
    for _ in range(2):
        assert ana.last.words.count("*Many") <= 25
        ana.presses("Next")
        seen += ana.last.words
    assert all(f"Many {n:03}" in seen for n in range(60))


def test_a_card_shows_everything_that_the_api_answers(ana):
    ana.types("/io user <@U0JO>")

    said = ana.last.words
    for words in (
        "Jo Smith",
        "*Email:* jo@acme.example",
        "*Slack:* <@U0JO>",
        "*Account:* active",
        "*Seats:* full access for on-call, full access for response",
        "*Role:* Responder: Declare and respond to incidents.",
        "*Custom role:* Communications team: May publish to status pages.",
    ):
        assert words in said


@pytest.mark.parametrize("words", ["@ben", "ben@acme.example", "Ben Okafor", "show be"])
def test_somebody_is_found_by_handle_email_name_or_its_beginning(ana, words):
    ana.types(f"/io user {words}")
    assert "Ben Okafor: Administrator" in ana.last.text


@pytest.mark.parametrize("words", ["me", "<mailto:ana@acme.example|ana@acme.example>"])
def test_one_finds_oneself(ana, words):
    ana.mentions(f"user {words}", channel="incidents")
    assert "Ana Ferreira: Owner" in ana.last.text


@pytest.mark.parametrize("words", [LEE.email, LEE.incidentio_id, "<@U0LEE>"])
def test_who_is_not_active_is_shown_and_said_to_be(ana, words):
    ana.types(f"/io user show {words}")
    assert "Lee Brown: Responder, not active" in ana.last.text
    assert "*Not active*: an administrator" in ana.last.words
    assert "no seat for on-call" in ana.last.words


@pytest.mark.parametrize("words", ["<@U0MAX>", "max@acme.example"])
def test_who_has_no_account_is_said_so_with_what_to_do(ana, words):
    ana.types(f"/io user {words}")
    assert "An administrator of incident.io can invite them there." in ana.last.text


def test_without_a_person_it_asks_which(ana, users):
    many(users, 130)
    ana.types("/io user")
    assert "Which person?" in ana.last.text
    assert len(ana.suggests("person", "many 12")) == 10
    assert ana.suggests("person", "ben@acme")


def test_schedules_and_roles_in_incidents_in_progress_are_named(ana, world, users):
    row = world.incidentio.store.incident("39")
    lead = next(r for r in world.incidentio.store.roles if r["role_type"] == "lead")
    row.roles[lead["id"]] = of(users, "gus")["id"]

    ana.types("/io user Gus")

    assert "Incident Lead of *<https://" in ana.last.words
    assert "Elevated errors in the API" in ana.last.words
    assert "*Schedules:*\n• " in ana.last.words


def test_who_was_taken_out_of_a_rotation_has_no_part_in_it(ana, world, users):
    schedule = schedule_of(world, "Payments")
    (was, *_) = schedule["config"]["rotations"]
    known = {key: of(users, "kim")[key] for key in ("id", "name", "email", "role")}
    before = {**was, "users": [*was["users"], known]}
    now = {**was, "effective_from": "2026-02-01T00:00:00Z"}
    schedule["config"]["rotations"] = [before, now]
    ana.types("/io user Kim")
    assert "Payments" not in ana.last.words


def test_a_role_in_a_private_incident_is_no_news_for_outsiders(person, world, users):
    row = world.incidentio.store.incident(str(PRIVATE))
    outside = next(p for p in PEOPLE if p.active and p.incidentio_id not in row.members)
    lead = next(r for r in world.incidentio.store.roles if r["role_type"] == "lead")
    row.roles[lead["id"]] = of(users, "gus")["id"]
    who = person(outside.handle)
    who.types("/io user Gus")
    assert "Gus" in who.last.text
    assert row.name not in json.dumps(who.last.blocks, ensure_ascii=False)


def test_schedules_that_cannot_be_read_do_not_hide_the_person(ana, world):
    world.incidentio.fail("GET", "/v2/schedules", status=403)
    ana.types("/io user Ben")
    assert "*Schedules:* incident.io did not say." in ana.last.words


def test_an_account_without_slack_is_found_by_the_email_that_slack_knows(
    ana, world, users
):
    del of(users, "gus")["slack_user_id"]
    ana.types("/io user <@U0GUS>")
    assert "Gus Lindqvist: Responder" in ana.last.text
    assert "not linked" in ana.last.words

    ana.types("/io override Payments")
    ana.fills(user="gus")
    assert "change nothing else here" in ana.modal.words
    ana.submits()
    made = list(world.incidentio.store.overrides)[-1]
    assert made.user_id == of(users, "gus")["id"]
    assert any("You are on call" in m.text for m in world.slack.person("gus").dm)


def test_who_leads_from_the_start_is_found_by_email_too(ana, world, users):
    del of(users, "gus")["slack_user_id"]
    ana.types("/io declare Fire")
    ana.submits(lead="gus", severity="Low")
    assert (
        of(users, "gus")["id"] in world.incidentio.store.incident("41").roles.values()
    )
