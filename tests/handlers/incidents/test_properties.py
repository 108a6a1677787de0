"""One property of an incident: in one line, or in a form of one field."""

import pytest

from sandbox.company import PEOPLE
from tests.handlers.asked import writes
from tests.handlers.incidents.incident_state import holder_of, role_id, shown

BEN = next(p for p in PEOPLE if p.handle == "ben")
MENTION = f"<@{BEN.slack_id}|ben>"
LEAD = "Incident Lead"


@pytest.mark.parametrize(
    ("line", "channel"),
    [
        (f"lead {MENTION}", "C0INC39"),
        (f"lead INC-39 {MENTION}", "general"),
        (f"role lead {MENTION}", "C0INC39"),
        (f"role INC-39 lead {MENTION}", "general"),
        (f"incident role INC-39 lead {MENTION}", "general"),
    ],
)
def test_a_role_is_given_in_one_line(ana, world, line, channel):
    ana.types(f"/io {line}", channel=channel)

    assert holder_of(world, LEAD) == BEN.name
    assert len(writes(world)) == 1


def test_the_channel_reads_who_leads_now_and_who_did(ana, world):
    before = holder_of(world, LEAD)
    ana.types(f"/io lead {MENTION}", channel="C0INC39")

    assert f"<@{BEN.slack_id}>" in ana.last.text
    assert ana.last.ephemeral_to is None
    assert before != BEN.name


def test_whoever_leads_already_is_told(ana, world):
    ana.types("/io lead me", channel="C0INC39")
    ana.types("/io lead me", channel="C0INC39")

    assert "Incident Lead is <@U0ANA> already" in ana.last.text
    assert len(writes(world)) == 1


def test_without_a_name_the_form_has_one_field(ana, world):
    ana.types("/io lead INC-39")

    assert [*ana.modal.fields] == [role_id(world, LEAD), "notify"]
    ana.submits(**{role_id(world, LEAD): BEN.slack_id})
    assert holder_of(world, LEAD) == BEN.name


@pytest.mark.parametrize(
    ("line", "property_", "value"),
    [
        ("rename The API is down", "name", "The API is down"),
        ("rename INC-39 The API  is down", "name", "The API  is down"),
        ("set summary One  node\nis full", "summary", "One  node\nis full"),
    ],
)
def test_words_are_written_as_they_were_typed(ana, world, line, property_, value):
    ana.types(f"/io {line}", channel="C0INC39")

    assert shown(world)[property_] == value
    assert [request.json["incident"] for request in writes(world)] == [
        {property_: value}
    ]


def test_a_name_that_is_too_long_is_refused_at_once(ana, world):
    ana.types(f"/io rename INC-39 {'x' * 256}")

    assert "at most 255 characters" in ana.last.text
    assert writes(world) == []


def test_somebody_without_an_account_cannot_lead(ana, world):
    stranger = next(p for p in PEOPLE if p.slack_id and not p.incidentio_id)
    ana.types(f"/io lead INC-39 <@{stranger.slack_id}>")

    assert "no account in incident.io" in ana.last.text
    assert writes(world) == []
