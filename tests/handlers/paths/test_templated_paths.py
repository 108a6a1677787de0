"""Paths that take their steps from a template, and steps that lead to other paths."""

import copy

from tests.handlers.asked import writes
from tests.handlers.paths.test_escalation_path_json import shown, types
from tests.handlers.paths.test_escalation_paths import (
    MANAGEMENT,
    PAYMENTS,
    row,
    schedule,
)

SUPPORT = "Support"
OFFICE = "Support in office hours"


def test_the_card_says_which_template_and_what_it_is_told(ana, world):
    ana.types("/io path support")
    words = ana.last.words
    template = row(world, SUPPORT)["template_id"]
    assert f"Its steps come from the template `{template}`" in words
    assert f"• schedule: *{OFFICE}*" in words
    assert "Paged now: <@" in words

    ana.types("/io paths")
    assert "*Support*\nFirst: as its template says" in ana.last.words


def test_the_form_changes_its_name_and_nothing_of_its_template(ana, world):
    before = copy.deepcopy(row(world, SUPPORT))
    ana.types("/io path edit support")
    assert "This path is built from a template." in ana.modal.words
    assert [*ana.modal.fields] == ["name"]
    ana.submits(name="Help desk")

    assert row(world, "Help desk") == {**before, "name": "Help desk"}
    assert "Its steps come from the template" in ana.last.words


def test_what_its_template_is_told_is_changed_as_json(ana, world):
    ana.types("/io path json support")
    typed = shown(ana)
    other = schedule(world, "Platform")["id"]
    typed["param_bindings"]["schedule"]["value"]["literal"] = other
    types(ana, typed)

    assert "was edited by <@U0ANA>: Values for its template." in ana.last.text
    value = row(world, SUPPORT)["param_bindings"]["schedule"]["value"]
    assert value == {"literal": other, "label": "Platform"}


def test_a_templated_path_stands_in_the_way_of_its_schedule(ana):
    ana.types(f"/io schedule delete {OFFICE}")
    assert "*Support*" in ana.modal.words


def test_a_path_without_steps_needs_a_template(ana, world):
    ana.types("/io path json support")
    typed = {**shown(ana), "kind": "standalone"}
    sent = types(ana, typed)
    assert "at least one step" in sent.answer["errors"]["json_1"]
    assert writes(world) == []


def test_a_step_that_leads_to_another_path_names_it_and_is_kept(ana, world):
    path = row(world, PAYMENTS)
    other = {"escalation_path_id": row(world, MANAGEMENT)["id"], "tomorrow": [1]}
    node = {"id": "on", "type": "escalation_path", "escalation_path": other}
    path["path"].append(node)
    ana.types("/io path payments")
    assert "*3.* Go on with the path *Management*" in ana.last.words

    ana.types("/io path edit payments")
    assert "step 3 (escalation path)" in ana.modal.words
    ana.submits(**{"minutes:L1": "9"})
    first, _, last = row(world, PAYMENTS)["path"]
    assert first["level"]["time_to_ack_seconds"] == 540
    assert last == node
