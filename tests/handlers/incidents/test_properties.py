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


@pytest.mark.settings(announce_changes=True)
def test_the_channel_reads_who_leads_now_and_who_did(ana, world):
    before = holder_of(world, LEAD)
    ana.types(f"/io lead {MENTION}", channel="C0INC39")

    was = next(p.slack_id for p in PEOPLE if p.name == before)
    assert ana.last.text.endswith(
        f": Incident Lead is now <@{BEN.slack_id}> (was <@{was}>), by <@U0ANA>."
    )
    assert ana.last.ephemeral_to is None


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


COMMS = "Communications"


@pytest.fixture
def on_call(bot):
    """The names of who is on call now, by the name of the schedule."""
    return {
        schedule.name: [shift.user.name for shift in schedule.current_shifts]
        for schedule in bot.services.api.schedules.list()
    }


@pytest.mark.parametrize(
    "line", ["lead oncall Payments", "role lead on call Payments", "lead on-call paym"]
)
def test_a_role_is_given_to_who_is_on_call(ana, world, on_call, line):
    ana.types(f"/io {line}", channel="C0INC39")

    assert [holder_of(world, LEAD)] == on_call["Payments"]


def test_of_several_on_call_one_is_chosen(ana, world, on_call):
    ana.types("/io lead oncall", channel="C0INC39")
    assert "Several people are on call" in ana.last.text
    name = on_call["Payments"][0]
    option = next(o for o in options_of(ana.last) if o.startswith(name))
    assert "Payments" in option

    ana.chooses("pick", option)
    assert holder_of(world, LEAD) == name


def options_of(message):
    (menu,) = (
        element
        for block in message.blocks
        for element in block.get("elements", [])
        if "options" in element
    )
    return [option["text"]["text"] for option in menu["options"]]


def test_a_schedule_that_is_not_known_is_said(ana, world):
    ana.types("/io lead oncall Nowhere", channel="C0INC39")

    assert "No schedule matches “Nowhere”" in ana.last.text
    assert writes(world) == []


def test_whoever_is_given_a_role_is_sent_its_instructions(ana, ben, world):
    ana.types(f"/io role comms {MENTION}", channel="C0INC39")

    (told,) = ben.dm
    assert f"<@U0ANA> made you *{COMMS}* of" in told.words
    assert instructions(world, COMMS) in told.words
    ben.presses("Show incident", told)
    assert "INC-39" in ben.dm[-1].words


def instructions(world, name):
    role = next(r for r in world.incidentio.store.roles if r["name"] == name)
    return role["instructions"].splitlines()[0]


def test_so_is_whoever_is_given_one_in_the_form(ana, ben, world):
    ana.types("/io incident edit INC-39")
    ana.presses("More")
    ana.submits(**{role_id(world, COMMS): BEN.slack_id})

    assert [m.words for m in ben.dm if COMMS in m.words]


def test_whoever_takes_a_role_reads_its_instructions_in_the_answer(ana, world):
    ana.types("/io role comms me", channel="C0INC39")

    assert f"> {instructions(world, COMMS)}" in ana.last.text
    assert ana.dm == []
    role = next(r for r in world.incidentio.store.roles if r["name"] == LEAD)
    role["instructions"] = ""
    ana.types("/io lead me", channel="C0INC39")
    assert "Incident Lead is now" in ana.last.text
    assert "\n>" not in ana.last.text


def test_a_role_that_nobody_holds_is_claimed_with_one_press(ana, world):
    ana.types("/io incident roles", channel="C0INC39")
    assert f"*{COMMS}*: nobody" in ana.last.words
    before = len(ana.sees("C0INC39"))

    ana.presses("Claim")

    assert holder_of(world, COMMS) == "Ana Ferreira"
    drawn = ana.sees("C0INC39")[before - 1]
    assert f"*{COMMS}*: <@U0ANA>" in drawn.words


def test_whoever_holds_a_role_hands_it_over_in_a_form_of_one_field(ana, ben, world):
    ana.types("/io role comms me", channel="C0INC39")
    ana.types("/io incident roles", channel="C0INC39")

    ana.presses("Hand over")
    assert [*ana.modal.fields] == [role_id(world, COMMS), "notify"]
    ana.submits(**{role_id(world, COMMS): BEN.slack_id})

    assert holder_of(world, COMMS) == BEN.name
    ben.presses("Hand over", ben.dm[-1])
    assert ben.modal is not None
