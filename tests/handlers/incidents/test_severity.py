"""Changing how bad an incident is."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.handlers.asked import writes
from tests.handlers.incidents.incident_state import severity_id, severity_of

UPDATES = "/v2/incident_updates"


def said_in(person, channel):
    return [message.text for message in person.sees(channel)]


LINES = [
    "severity critical",
    "status monitoring",
    "update: We found it",
    "lead @ben",
    "role comms @ben",
    "rename Slow checkout",
]


@pytest.mark.parametrize("channel", ["C0INC39", "incidents"])
def test_what_incident_io_says_in_the_channel_is_not_said_again(
    ana, ben, channel, subtests
):
    named = "" if channel == "C0INC39" else "INC-39 "
    for line in LINES:
        with subtests.test(line):
            before = len(ben.sees("C0INC39"))
            first, *rest = line.split(" ", 1)
            ana.types(f"/io {first} {named}{' '.join(rest)}", channel=channel)
            heard = [message.user for message in ben.sees("C0INC39")[before:]]
            assert heard == ["U0INCIDENTIO"]
            assert ana.last.ephemeral_to == "U0ANA"
            assert "by <@U0ANA>" in ana.last.text


@pytest.mark.parametrize("channel", ["C0INC39", "incidents"])
def test_a_form_in_its_own_channel_is_answered_by_incident_io_alone(ana, channel):
    ana.types("/io update INC-39 We found it", channel=channel)
    before = len(ana.sees())
    assert ana.submits().errors == {}
    heard = [(m.user, m.channel) for m in ana.sees()[before:]]
    own = [] if channel == "C0INC39" else [("U0BOT", "C0INCIDENTS")]
    assert heard == [("U0INCIDENTIO", "C0INC39"), *own]


def test_what_incident_io_does_not_say_is_said_after_a_form(ana):
    ana.types("/io update INC-39 We found it", channel="C0INC39")
    ana.fills(next_update="In 15 minutes")
    ana.submits()
    assert "The next update is due" in ana.last.text
    assert ana.last.ephemeral_to == "U0ANA"


@pytest.mark.settings(announce_changes=True)
def test_words_change_it_at_once_and_the_channel_reads_by_whom(ana, world):
    ana.types("/io severity INC-39 critical", channel="incidents")

    assert severity_of(world, 39) == "Critical"
    assert "is now *Critical* (was Major), by <@U0ANA>." in ana.last.text
    assert ana.last.ephemeral_to == "U0ANA"
    theirs, ours = said_in(ana, "C0INC39")
    assert theirs == "Severity: Major → Critical"
    assert "is now *Critical* (was Major), by <@U0ANA>." in ours


@pytest.mark.settings(announce_changes=True)
def test_in_its_own_channel_no_reference_is_needed_and_the_answer_is_public(ana, world):
    ana.types("/io severity minor", channel="C0INC39")

    assert severity_of(world, 39) == "Minor"
    _theirs, ours = ana.sees("C0INC39")
    assert ours.ephemeral_to is None
    assert "is now *Minor* (was Major), by <@U0ANA>." in ours.text


@pytest.mark.settings(announce_changes=True)
def test_two_changes_at_once_each_say_what_was_right_before(bot, world):
    world.incidentio.fail("POST", UPDATES, delay=0.2)
    with ThreadPoolExecutor(2) as pool:
        for handle, level in (("ana", "critical"), ("ben", "minor")):
            line = f"/io severity INC-39 {level}"
            pool.submit(world.slack.person(handle).types, line, "incidents")
    assert bot.wait_idle()

    said = said_in(world.slack.person("ana"), "C0INC39")
    first, second = (words for words in said if "by <@" in words)
    assert "(was Major)" in first
    assert "(was Critical)" in second or "(was Minor)" in second


def test_the_beginning_of_a_name_is_enough(ana, world):
    ana.types("/io severity 39 crit")
    assert severity_of(world, 39) == "Critical"


def test_a_name_may_have_several_words(ana, bot, world):
    severity = world.incidentio.store.severities.resolve(severity_id(world, "Critical"))
    severity["name"] = "Sev 1 & worse"
    bot.services.catalog.expire("severities")

    ana.types("/io severity INC-39 sev 1 & worse")

    assert "is now *Sev 1 &amp; worse* (was Major)" in ana.last.text


def test_the_present_severity_is_not_set_again(ana, world):
    ana.types("/io severity INC-39 major")

    assert "is *Major* already. Nothing was changed." in ana.last.text
    assert writes(world) == []


def test_without_a_level_a_form_opens_with_the_present_one(ana, world):
    ana.types("/io severity INC-39")

    assert ana.modal.title == "Severity of INC-39"
    assert ana.modal.fields["severity"].value["text"]["text"] == "Major"
    assert ana.modal.fields["severity"].options == ["Low", "Minor", "Major", "Critical"]


@pytest.mark.settings(announce_changes=True)
def test_the_form_changes_it_and_shares_the_message_in_one_call(ana, world):
    ana.types("/io severity INC-39")
    sent = ana.submits(severity="Critical", message="It is *all* of Europe & more")

    assert sent.errors == {}
    assert ana.modal is None
    (request,) = writes(world)
    assert request.path == UPDATES
    assert request.json["message"] == "It is *all* of Europe & more"
    assert request.json["to_severity_id"] == severity_id(world, "Critical")
    assert "to_incident_status_id" not in request.json
    theirs, ours = said_in(ana, "C0INC39")
    assert "It is *all* of Europe" in theirs
    assert "is now *Critical* (was Major), by <@U0ANA>." in ours


def test_who_does_not_notify_changes_it_in_silence(ana, world):
    ana.types("/io severity INC-39", channel="C0INC39")
    ana.submits(severity="Low", notify=[])

    (request,) = writes(world)
    assert request.json["notify_incident_channel"] is False
    assert severity_of(world, 39) == "Low"
    (answer,) = ana.sees("C0INC39")
    assert answer.ephemeral_to == "U0ANA"
    assert "is now *Low* (was Major)" in answer.text


def test_a_message_cannot_be_shared_in_silence(ana, world):
    ana.types("/io severity INC-39")
    ana.submits(severity="Low", message="Calm", notify=[])

    assert "tick it, or write none" in ana.modal.errors["notify"]
    assert writes(world) == []


def test_the_form_submitted_unchanged_says_so(ana, world):
    ana.types("/io severity INC-39")
    ana.submits()

    assert ana.modal.errors["severity"].startswith("INC-39 is already Major")
    assert writes(world) == []


def test_an_incident_in_triage_has_none_yet(ana, world):
    ana.types("/io severity INC-40")
    assert ana.modal.fields["severity"].value is None
    ana.submits(severity="Minor")
    assert "is now *Minor* (was not set), by <@U0ANA>." in ana.last.text


def test_what_somebody_else_set_meanwhile_is_shown_before_it_is_replaced(ana, world):
    ana.types("/io severity INC-39")
    world.incidentio.store.incident("39").severity_id = severity_id(world, "Critical")

    ana.submits(severity="Low", message="Only the demo is affected")
    said = "Somebody else changed *Severity* to “Critical” since this form was opened."
    assert f"{said} Save again to replace it." in ana.modal.words
    assert severity_of(world, 39) == "Critical"
    assert ana.modal.fields["message"].value == "Only the demo is affected"

    ana.submits()
    assert severity_of(world, 39) == "Low"
    assert "is now *Low* (was Critical)" in ana.last.text


@pytest.mark.settings(announce_changes=True)
def test_a_private_incident_is_spoken_of_only_in_its_own_channel(ana, world):
    row = world.incidentio.store.incident("36")
    row.members["01HUSER00000000000000ANA00"] = "responder"

    ana.types("/io severity INC-36 low", channel="incidents")

    for message in world.slack.messages("incidents"):
        assert message.ephemeral_to == "U0ANA"
    assert "INC-36" in world.slack.messages("C0INC36")[-1].text


@pytest.mark.settings(role_levels={"none": "respond"})
def test_somebody_without_an_account_can_change_it(person, world):
    max_ = person("max")
    max_.types("/io severity INC-39 minor", channel="C0INC39")
    assert "is now *Minor* (was Major), by <@U0MAX>." in max_.last.text


def test_a_closed_incident_can_still_be_regraded(ana, world):
    ana.types("/io severity INC-2 major")
    assert severity_of(world, 2) == "Major"


def test_the_list_marks_the_present_one_in_the_incidents_channel(ana, world):
    ana.types("/io severities", channel="C0INC39")

    assert "Many customers cannot use an important feature." in ana.last.words
    line = next(w for w in ana.last.words.splitlines() if "now" in w)
    assert "Major" in line
    ana.presses("Change severity of INC-39")
    assert ana.modal.title == "Severity of INC-39"


def test_the_list_elsewhere_marks_none(ana, world):
    ana.types("/io severities", channel="incidents")
    assert ana.last.text == "Severities: Low, Minor, Major, Critical"
    assert "_now_" not in ana.last.words
