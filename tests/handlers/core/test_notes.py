"""What the journal keeps of each write: who, on what, and old and new values."""

import pytest

from sandbox.company import PEOPLE

ANA = PEOPLE[0].incidentio_id


@pytest.fixture
def entry(bot):
    """The newest entry of the journal."""
    return lambda: bot.services.audit.search(limit=1)[0]


def test_a_change_says_who_where_on_what_and_from_what_to_what(ana, entry):
    ana.types("/io severity INC-39 minor", channel="C0INC39")

    made = entry()
    assert (made.actor, made.account, made.channel) == ("U0ANA", ANA, "C0INC39")
    assert made.operation == "severity"
    assert made.target.startswith("incident INC-39 Elevated errors in the API (01")
    assert made.changes == {"severity": ["Major", "Minor"]}
    assert made.state == "done"


def test_what_failed_is_noted_with_what_was_asked(ana, world, entry):
    world.incidentio.fail("POST", "/v2/incident_updates", status=503)
    ana.types("/io severity INC-39 minor", channel="C0INC39")

    made = entry()
    assert made.state == "unknown"
    assert made.changes == {"severity": ["Major", "Minor"]}
    assert made.request_id


def test_a_declared_incident_is_the_target(ana, entry):
    ana.types("/io declare Coffee is out")
    ana.submits(severity="Minor")

    made = entry()
    assert made.target.startswith("incident INC-41 Coffee is out (")
    assert made.incident_id
    assert made.changes["severity"] == [None, "Minor"]


def test_an_edit_notes_each_field_in_words(ana, entry):
    ana.types("/io incident edit INC-39", channel="C0INC39")
    ana.submits(name="Errors in the API & more")

    changes = entry().changes
    assert changes == {
        "Name": ["“Elevated errors in the API”", "“Errors in the API & more”"]
    }


@pytest.mark.parametrize(
    ("verb", "changes"),
    [
        ("done", {"status": ["outstanding", "completed"]}),
        ("assign {id} ben", {"owner": ["Chi Nguyen", "Ben Okafor"]}),
        ("snooze {id} 1d", {"snoozed until": [None, "2026-03-10T00:00:00+00:00"]}),
        ("delete", {"status": ["outstanding", "deleted"]}),
    ],
)
def test_what_is_done_to_an_item_is_noted(ana, world, entry, verb, changes):
    store = world.incidentio.store
    action = next(a for a in store.actions if a.status == "outstanding")
    action.assignee_id = PEOPLE[2].incidentio_id
    verb = verb if "{id}" in verb else f"{verb} {{id}}"
    ana.types(f"/io action {verb.format(id=action.id)}")

    made = entry()
    assert made.changes == changes
    assert made.target.startswith("action ")
    assert action.id in made.target
    assert made.incident_id == action.incident_id


def test_an_override_notes_who_was_on_call_before(ana, entry):
    ana.types("/io override Payments")
    ana.submits(user="gus")

    made = entry()
    assert made.target.startswith("schedule Payments (")
    ((when, (old, new)),) = made.changes.items()
    assert when.startswith("on call 2026-03-09T10:00:00+00:00 to ")
    assert (old, new) == ("Hana Sato", "Gus Lindqvist")


def test_a_reminder_is_noted_from_set_to_deleted(ana, entry):
    ana.types("/io remind", channel="general")
    ana.presses("More")
    ana.submits(name="Mornings")
    assert entry().target.startswith("reminder Mornings (")

    ana.types("/io reminder pause", channel="general")
    ana.chooses("pick", "Mornings")
    assert entry().changes == {"state": ["active", "paused"]}


def test_no_value_is_longer_than_it_needs_to_be(ana, entry):
    ana.types("/io update INC-39 " + "word " * 500, channel="C0INC39")
    ana.submits()

    _, message = entry().changes["message"]
    assert len(message) <= 500
