"""Looking at workflows, as people do it."""

import pytest

from tests.handlers.workflows.workflow_state import row as row_of

CRITICAL = "Page everybody for critical incidents"


@pytest.fixture
def rows(world):
    """The workflows of the organisation, by name."""
    return {row["name"]: row for row in world.incidentio.store.workflows}


@pytest.fixture
def kim(person):
    return person("kim")


def test_workflows_are_listed_with_state_trigger_and_folder(kim):
    kim.types("/io workflows")

    words = kim.last.words
    assert f"*{CRITICAL}*\n:large_green_circle: Active · Incident updated" in words
    assert "2 steps · in On call" in words
    assert ":white_circle: Disabled" in words
    assert words.count("asks before it runs") == 1
    assert "`handover`" in words
    assert words.index("in Communication") < words.index("in On call")
    assert kim.last.ephemeral_to == "U0KIM"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("disabled", "Remind to update the status page"),
        ("security", "Invite the security team"),
        ("draft hand", "Hand over to the next shift"),
        ("handover", "Hand over to the next shift"),
        ("on call", CRITICAL),
    ],
)
def test_the_list_is_narrowed_by_words(ana, rows, words, name):
    ana.types(f"/io workflows {words}")
    assert [n for n in rows if n in ana.last.words] == [name]


def test_words_that_no_workflow_has_are_answered(ana):
    ana.types("/io workflows teapot")
    assert "No workflow matches" in ana.last.words


def test_many_workflows_are_turned_over(ana, world, rows):
    table = world.incidentio.store.workflows
    for number in range(30):
        id_ = f"W{number:02}"
        table.add(id_, {**rows[CRITICAL], "id": id_, "name": f"Copy {number:02}"})

    ana.types("/io workflows copy")
    assert "Copy 24" in ana.last.words
    assert "Copy 25" not in ana.last.words
    ana.presses("Next")
    assert "Copy 29" in ana.last.words


def test_a_workflow_is_shown_in_words(kim):
    kim.types("/io workflow page everybody")

    words = kim.last.words
    assert f"*{CRITICAL}* · :large_green_circle: Active" in words
    for fact in (
        "*Trigger:* Incident updated",
        "*Runs:* At once",
        "*Folder:* On call",
        "*Once for each:* Incident",
        "*Private incidents:* Those that an owning team can see",
        "*When a step fails:* The next steps run all the same",
        "*Version:* 7",
        "*Managed by:* the dashboard",
    ):
        assert fact in words
    assert "Incident → Severity is one of “Critical”, “Major” *and*" in words
    assert "*or* Incident → Severity is one of “Critical”" in words
    escalate = "1. *Escalate* for each of “People on call”: “Expression → Urgency”"
    assert escalate in words
    assert "goes to Owning team, keeps those where Team → On call is set" in words
    assert "reads it as User" in words
    assert "*Urgency*: if Incident → Severity is one of “Critical” then" in words
    assert "else “Low urgency”" in words


def test_one_that_asks_first_says_so(kim):
    kim.types("/io workflow show remind to update")
    assert "*Runs:* After somebody confirms it in the channel" in kim.last.words


def test_form_fields_and_the_shortform_are_shown(kim):
    kim.types("/io workflow show handover")
    kim.types("/io workflow show hand over")
    assert "*Who takes over* (User, required): They become" in kim.last.words
    assert "*Shortform:* `handover`" in kim.last.words


def test_who_else_manages_it_is_said(kim):
    kim.types("/io workflow Invite")
    link = "<https://github.com/acme/incident-config|Terraform>"
    assert f"*Managed by:* {link}" in kim.last.words


def test_what_a_card_shortens_is_shown_in_full(kim):
    kim.types(f"/io workflow {CRITICAL}")
    assert "Long parts are shortened here." in kim.last.words

    kim.presses("Show in full")

    assert kim.last.words.count("before you ask: the lead has little time") > 8


def test_a_very_long_workflow_is_shown_page_by_page(kim, rows):
    row = rows[CRITICAL]
    (step,) = row["steps"][1:]
    row["steps"] = [{**step, "label": f"Message {n}"} for n in range(40)]

    kim.types(f"/io workflow {CRITICAL}")
    assert "more" in kim.last.words
    kim.types(f"/io workflow details {CRITICAL}")
    for _ in range(30):
        if "Message 39" in kim.last.words:
            break
        kim.presses("Next")
    assert "40. *Message 39*" in kim.last.words


def test_without_a_name_one_is_picked(kim):
    kim.types("/io workflow")
    kim.chooses("pick", "Invite the security team")
    assert "*Invite the security team*" in kim.last.words


def test_a_workflow_that_is_gone_is_said_so(kim, world, rows):
    kim.types(f"/io workflow {CRITICAL}")
    world.incidentio.store.workflows.remove(rows[CRITICAL]["id"])
    kim.types(f"/io workflow {CRITICAL}")
    assert "That workflow was deleted." in kim.last.words


def test_a_key_without_the_role_is_said_so(kim, world):
    world.incidentio.key.roles -= {"workflows_viewer", "workflows_editor"}
    kim.types("/io workflows")
    assert "The bot's API key may not do this" in kim.last.text


def test_new_states_kinds_and_values_are_shown_as_they_are(kim, rows):
    row = rows["Hand over to the next shift"]
    row |= {
        "state": "paused_by_admin",
        "runs_on_incidents": "everything",
        "private_incident_scope": "mine",
        "management_meta": {"managed_by": "pulumi", "annotations": {}},
        "auto_run_mode": "confirm_before_running",
    }
    row["expressions"] = [
        {
            "reference": "x",
            "label": "<!channel>",
            "root_reference": "incident",
            "returns": {"type": "Text", "array": False},
            "operations": [
                {"operation_type": "translate_all", "returns": {"type": "Text"}}
            ],
        }
    ]
    kim.types("/io workflow Hand over")
    words = kim.last.words
    assert "Paused by admin" in words
    assert "*Runs:* After somebody confirms it" in words
    assert "*Managed by:* pulumi" in words
    assert "*&lt;!channel&gt;*: from `incident`, translate all" in words


@pytest.mark.parametrize(
    ("seconds", "said"), [(129_600, "1 day 12 h"), (90, "1 min 30 s"), (0, "0 s")]
)
def test_a_delay_is_shown_exactly(ana, world, seconds, said):
    row_of(world)["delay"] = {
        "for_seconds": seconds,
        "conditions_apply_over_delay": False,
    }
    ana.types(f"/io workflow show {row_of(world)['id']}")
    assert f"*Delay:* {said}\n" in ana.last.words
