"""Moving an incident from status to status."""

import pytest

from tests.handlers.asked import writes
from tests.handlers.incidents.incident_state import status_id, status_of


@pytest.mark.settings(announce_changes=True)
def test_words_move_it_at_once_and_the_channel_reads_by_whom(ana, world):
    ana.types("/io status fixing", channel="C0INC39")

    assert status_of(world, 39) == "Fixing"
    theirs, ours = ana.sees("C0INC39")
    assert theirs.text == "Status: Investigating → Fixing"
    assert "is now *Fixing* (was Investigating), by <@U0ANA>." in ours.text
    assert ours.ephemeral_to is None


def test_the_present_status_is_not_set_again(ana, world):
    ana.types("/io status INC-39 investigating")
    assert "is *Investigating* already. Nothing was changed." in ana.last.text
    assert writes(world) == []


def test_the_form_offers_statuses_as_an_incident_goes_through_them(ana):
    ana.types("/io status INC-39")

    assert ana.modal.title == "Status of INC-39"
    assert ana.modal.fields["status"].value["text"]["text"] == "Investigating"
    assert ana.modal.fields["status"].options == [
        "Triage",
        "Investigating",
        "Fixing",
        "Monitoring",
        "Paused",
        "Documenting",
        "Reviewing",
        "Closed",
        "Declined",
        "Canceled",
    ]


def test_the_form_moves_it(ana, world):
    ana.types("/io status INC-39")
    ana.submits(status="Monitoring", message="A fix is out")

    assert ana.modal is None
    assert status_of(world, 39) == "Monitoring"
    (request,) = writes(world)
    assert request.json["message"] == "A fix is out"


def test_without_notifying_it_is_an_edit(ana, world):
    ana.types("/io status INC-39")
    ana.submits(status="Fixing", notify=[])

    (request,) = writes(world)
    assert request.path.endswith("/actions/edit")
    assert request.json == {
        "incident": {"incident_status_id": status_id(world, "Fixing")},
        "notify_incident_channel": False,
    }
    assert ana.sees("C0INC39") == []


def test_a_closing_status_in_the_form_is_asked_again(ana, world):
    ana.types("/io status INC-24")
    ana.submits(status="Closed", message="All done")

    assert writes(world) == []
    assert ana.modal.submit == "Close incident"
    assert "its status becomes *Closed*" in ana.modal.words
    assert ana.modal.fields["message"].value == "All done"

    ana.submits()
    assert ana.modal is None
    assert status_of(world, 24) == "Closed"
    assert "is now *Closed* (was Monitoring), by <@U0ANA>." in ana.last.text


def test_another_closing_status_after_the_question_is_asked_for_itself(ana, world):
    ana.types("/io status INC-24")
    ana.submits(status="Closed")
    ana.submits(status="Canceled")

    assert ana.modal.submit == "Cancel incident"
    assert writes(world) == []


def test_thinking_better_of_closing_needs_no_more_questions(ana, world):
    ana.types("/io status INC-24")
    ana.submits(status="Closed")
    ana.submits(status="Fixing")

    assert ana.modal is None
    assert status_of(world, 24) == "Fixing"


@pytest.mark.parametrize(
    "line", ["status INC-24 closed", "status INC-24 clo", "close INC-24"]
)
def test_what_ends_an_incident_is_shown_first_however_it_is_said(ana, world, line):
    ana.types(f"/io {line}")

    assert "its status becomes *Closed*" in ana.modal.words
    assert status_of(world, 24) == "Monitoring"
    assert ana.modal.submit == "Close incident"
    ana.submits()
    assert status_of(world, 24) == "Closed"


def test_a_closing_status_picked_from_a_list_is_asked_for(ana, world):
    ana.types("/io status INC-24 finished")
    ana.chooses("pick", "Closed")

    assert status_of(world, 24) == "Monitoring"
    assert ana.modal.submit == "Close incident"


def test_a_move_that_incidentio_refuses_is_explained_with_its_words(ana, world):
    ana.types("/io status INC-24 declined")
    ana.submits()

    assert "cannot move from live to declined" in ana.modal.errors["status"]
    assert status_of(world, 24) == "Monitoring"


def test_a_refused_move_is_said_beside_the_field(ana, world):
    ana.types("/io status INC-24")
    ana.submits(status="Triage")
    assert "cannot move from live to triage" in ana.modal.errors["status"]


def test_triage_is_declined_by_the_name_of_the_status(ana, world):
    ana.types("/io status INC-40 declined")
    assert ana.modal.submit == "Decline incident"
    ana.submits()
    assert status_of(world, 40) == "Declined"


def test_a_closed_incident_says_why_it_cannot_be_reopened(ana, world):
    ana.types("/io status INC-2 fixing")
    assert "cannot move from closed to live" in ana.last.text


def test_a_missing_role_of_the_key_is_named(ana, world):
    world.incidentio.key.roles.discard("post_incident_flow_opt_out")
    ana.types("/io status INC-39 closed")
    ana.submits()
    assert "post_incident_flow_opt_out" in ana.modal.words


def test_a_status_deleted_since_the_form_opened_is_said_beside_the_field(ana, world):
    ana.types("/io status INC-39")
    world.incidentio.store.statuses.remove(status_id(world, "Fixing"))
    ana.submits(status="Fixing")
    assert ana.modal.errors == {"status": "That status was deleted. Choose another."}


@pytest.mark.usefixtures("warm")
def test_a_status_deleted_meanwhile_is_said_with_the_list(ana, world):
    world.incidentio.store.statuses.remove(status_id(world, "Fixing"))
    ana.types("/io status INC-39 fixing")

    assert "“Fixing” was deleted. Which status?" in ana.last.text
    ana.chooses("pick", "Monitoring")
    assert status_of(world, 39) == "Monitoring"


def test_without_an_incident_one_is_asked_for(ana, world):
    ana.types("/io status fixing", channel="team-platform")
    ana.chooses("pick", "INC-39 Elevated errors in the API")
    assert status_of(world, 39) == "Fixing"


def test_a_mention_opens_the_form_by_a_button(ana, world):
    ana.mentions("status INC-39")
    ana.presses("Open the form")
    ana.submits(status="Fixing")
    assert status_of(world, 39) == "Fixing"


def test_odd_words_change_nothing(ana, world, subtests):
    for words in ["   ", '"', "'", "\u200b", "<!channel>", "x" * 9000]:
        with subtests.test(words):
            ana.types(f"/io status INC-39 {words}")
            assert writes(world) == []


def test_the_list_shows_categories_and_marks_the_present_one(ana):
    ana.types("/io statuses", channel="C0INC39")

    words = ana.last.words
    assert "post-incident" in words
    line = next(w for w in words.splitlines() if "now" in w)
    assert "Investigating" in line


def test_types_are_listed_with_what_is_special_about_them(ana):
    ana.types("/io types", channel="C0INC39")

    words = ana.last.words
    assert "Security" in words
    assert "always private" in words
    assert "starts in triage" in words
    assert "default · _now_" in words or "Production" in words
