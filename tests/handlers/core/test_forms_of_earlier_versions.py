"""Forms that were opened before the bot was updated keep working after it."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

INCIDENT = "01HM67T4S00000000000XSNJH7"


@dataclass(frozen=True)
class Opened:
    """A form that an earlier version drew, and what it remembered then."""

    line: str
    memory: dict[str, Any]
    typed: dict[str, Any]
    """Typed in it; by somebody else, in the same fields: ``theirs``."""
    theirs: dict[str, Any]
    previewed: bool = False
    said: str = "was edited by <@U0ANA>"
    nothing: str = "No changes to save."
    """What is said when nothing was touched."""


FORMS = {
    "role": Opened(
        "role edit comms",
        {
            "id": "01HQ0304H17ZVGRAW5SW7RDY1G",
            "name": "Communications",
            "shown": {
                "name": "919a9253",
                "description": "662f7273",
                "instructions": "fc6296e2",
                "shortform": "cc2970e0",
            },
        },
        {"shortform": "mine"},
        {"shortform": "theirs"},
    ),
    "field": Opened(
        "field edit affected service",
        {
            "field": "01HQ01007ZKKKQTVH1VW3WGMXM",
            "was": {"name": "309473c4", "description": "051d5902"},
        },
        {"name": "Mine"},
        {"name": "Theirs"},
    ),
    "option": Opened(
        "option edit regions asia pacific",
        {
            "field": "01HQ020KYNMY7AQDANM5CN2S4J",
            "option": "01HQ031CKNTZ6FV8XSXF116VRF",
            "was": {"value": "dcdfce70", "sort_key": "624b60c5"},
        },
        {"value": "Mine"},
        {"value": "Theirs"},
    ),
    "action": Opened(
        "action edit 01HM66S6300000000002SD0QGN",
        {
            "id": "01HM66S6300000000002SD0QGN",
            "shown": {"title": "acf1d840", "status": "ab39a002"},
        },
        {"title": "Mine"},
        {"title": "Theirs"},
    ),
    "follow-up": Opened(
        "followup edit 01HM65PCT00000000003Q6PA02",
        {
            "id": "01HM65PCT00000000003Q6PA02",
            "shown": {
                "title": "f68a6caa",
                "description": "6f4ebc08",
                "follow_up_priority_option": "e53bd18e",
                "labels": "5b4e6bd2",
                "status": "ab39a002",
            },
        },
        {"title": "Mine"},
        {"title": "Theirs"},
    ),
    "incident": Opened(
        "incident edit INC-39",
        {
            "incident": INCIDENT,
            "was": {
                "82a353": "f459503b",
                "761b7a": "97912d2c",
                "e72d8e": "e3b0c442",
                "503a02": "44fca08b",
                "5b5338": "e3b0c442",
                "d43158": "921cf3e2",
                "98f6c6": "e9b42d9e",
                "a1cc07": "517b0a8c",
                "37066b": "e3b0c442",
                "2aad6e": "cdbe4e7e",
                "2e7b80": "5f77064a",
                "1c7a17": "aee40b6e",
                "97f223": "5e0dcfce",
                "76174b": "4e93a374",
                "4acc17": "e3b0c442",
                "5721a0": "e3b0c442",
                "1ff10f": "e3b0c442",
                "e16a32": "e3b0c442",
                "727ef0": "e3b0c442",
                "c75805": "e3b0c442",
            },
        },
        {"name": "Mine"},
        {"name": "Theirs"},
    ),
    "workflow": Opened(
        "workflow edit 01HQ011WCEXME20MN53T48W8PH",
        {
            "workflow": "01HQ011WCEXME20MN53T48W8PH",
            "shown": {
                "name": "e4fff9",
                "state": "968796",
                "folder": "5463f7",
                "shortform": "e3b0c4",
                "runs_on_incidents": "f48f3a",
                "runs_on_incident_modes": "7a145c",
                "for_seconds": "e3b0c4",
                "conditions_apply_over_delay": "4f53cd",
                "continue_on_step_error": "ba8714",
                "private_incident_scope": "786233",
            },
            "parts": {
                "name": "683e8b",
                "state": "db0fb2",
                "once_for": "83cb23",
                "condition_groups": "7140ea",
                "expressions": "540aef",
                "steps": "e7a683",
                "continue_on_step_error": "b5bea4",
                "runs_on_incidents": "f4135b",
                "runs_on_incident_modes": "7a145c",
                "private_incident_scope": "7005a7",
                "include_private_escalations": "fcbcf1",
                "folder": "aa541f",
                "owning_team_ids": "7d63c1",
                "skip_step_upgrades": "b5bea4",
                "management_meta": "74234e",
            },
        },
        {"folder": "Mine"},
        {"folder": "Theirs"},
    ),
    "path": Opened(
        "path edit payments",
        {
            "path": "01HQ01062RR7QC4CZ7CTB447RT",
            "was": {
                "name": "f245",
                "zone": "6810",
                "days": "4f53",
                "opens": "12ae",
                "closes": "12ae",
                "people:L1": "4f53",
                "schedules:L1": "e257",
                "urgency:L1": "b57c",
                "minutes:L1": "d10a",
                "people:L2": "3acc",
                "schedules:L2": "4f53",
                "urgency:L2": "b57c",
                "minutes:L2": "5365",
            },
            "parts": {
                "6ffe58": "f24534",
                "403b8c": "e8d578",
                "71e5bd": "24683f",
                "d72721": "ca9788",
                "9f843d": "3c1249",
                "78000f": "11060f",
            },
            "first": ["616549714a", "bb0ffba8f5"],
            "levels": {"L1": "616549714a", "L2": "bb0ffba8f5"},
            "turn": 1,
        },
        {"minutes:L1": "11"},
        {"minutes:L1": "12"},
    ),
    "schedule": Opened(
        "schedule edit Payments",
        {
            "schedule": "01HQ020JDW5Q8S3XQDAD2X9K9X",
            "parts": {
                "6ffe58": "f24534b9",
                "4299c1": "7e903041",
                "4b1545": "44136fa3",
                "71e5bd": "24683f69",
                "c6b6fb": "c4042c6b",
            },
            "rotation": "01HQ000CFQ71VY0VR9ZMXQ4TZB",
            "was": {
                "name": "632e1c58",
                "timezone": "acb2a328",
                "rotation_name": "5463f72f",
                "users": "a5004df2",
                "every": "8850eced",
                "number": "6b86b273",
                "day": "d618fb15",
                "at": "25aeadb0",
                "days": "e3b0c442",
                "opens": "e3b0c442",
                "closes": "e3b0c442",
            },
        },
        {"rotation_name": "Mine"},
        {"rotation_name": "Theirs"},
        previewed=True,
    ),
    "severity": Opened(
        "severity INC-39",
        {
            "incident": INCIDENT,
            "severity": "01HQ030VF2XNNY4WBHEAN7V3K7",
            "status": "01HQ020WXRJY55E3S9XXXTRFFS",
        },
        {"severity": "Low"},
        {"severity": "Critical"},
        said="is now *Low*",
        nothing="INC-39 is already Major. Choose another, or cancel.",
    ),
    "status": Opened(
        "status INC-39",
        {
            "incident": INCIDENT,
            "severity": "01HQ030VF2XNNY4WBHEAN7V3K7",
            "status": "01HQ020WXRJY55E3S9XXXTRFFS",
        },
        {"status": "Fixing"},
        {"status": "Monitoring"},
        said="is now *Fixing*",
        nothing="INC-39 is already Investigating. Choose another, or cancel.",
    ),
    "update": Opened(
        "update INC-39",
        {
            "incident": INCIDENT,
            "severity": "01HQ030VF2XNNY4WBHEAN7V3K7",
            "status": "01HQ020WXRJY55E3S9XXXTRFFS",
            "next": "1h",
        },
        {"severity": "Low", "message": "Mine"},
        {"severity": "Critical", "message": "Theirs"},
        said="is now *Low*",
        nothing="Write a message, or change the severity or the status.",
    ),
}


AS_JSON = {
    "path json payments": {
        "path": "01HQ01062RR7QC4CZ7CTB447RT",
        "parts": {
            "6ffe58": "f24534",
            "403b8c": "e8d578",
            "71e5bd": "24683f",
            "d72721": "ca9788",
            "9f843d": "3c1249",
            "78000f": "11060f",
        },
    },
    "schedule json Payments": {
        "schedule": "01HQ020JDW5Q8S3XQDAD2X9K9X",
        "parts": {
            "6ffe58": "f24534b9",
            "4299c1": "7e903041",
            "4b1545": "44136fa3",
            "71e5bd": "24683f69",
            "c6b6fb": "c4042c6b",
        },
    },
}


def opens(person, line):
    """Open all of a form: forms of earlier versions had no *More*."""
    person.types(f"/io {line}")
    if "More" in person.modal.buttons:
        person.presses("More")


def open_as_before(person, opened):
    """Open the form, and let it remember what an earlier version did."""
    opens(person, opened.line)
    content = person.modal.view.content
    now = json.loads(content["private_metadata"])
    kept = {name: value for name, value in now.items() if name.startswith("_")}
    content["private_metadata"] = json.dumps({**opened.memory, **kept})


def writes(world):
    sent = [r for r in world.incidentio.requests if r.method != "GET"]
    return [r for r in sent if not r.path.endswith("/preview_entries")]


def submit(person, opened, typed, line=None):
    if line:
        opens(person, line)
    person.submits(**typed)
    if opened.previewed:
        person.submits()


def test_one_that_nobody_touched_writes_nothing(ana, world, subtests):
    for form, opened in FORMS.items():
        with subtests.test(form):
            open_as_before(ana, opened)
            ana.submits()
            assert writes(world) == []
            said = [*ana.modal.errors.values()] if ana.modal else [ana.last.text]
            assert said == [opened.nothing]


@pytest.mark.parametrize("form", FORMS)
def test_what_is_typed_in_one_is_written(ana, world, form):
    open_as_before(ana, FORMS[form])
    submit(ana, FORMS[form], FORMS[form].typed)
    assert len(writes(world)) == 1
    assert FORMS[form].said in ana.last.text


@pytest.mark.parametrize("form", FORMS)
def test_what_somebody_else_changed_too_is_shown_in_one(ana, ben, world, form):
    opened = FORMS[form]
    open_as_before(ana, opened)
    submit(ben, opened, opened.theirs, line=opened.line)

    ana.submits(**opened.typed)

    assert len(writes(world)) == 1
    assert "since this form was opened. Save again to replace it." in ana.modal.words
    ana.submits()
    assert len(writes(world)) == 2


@pytest.mark.parametrize("line", AS_JSON)
def test_as_json_what_somebody_else_changed_is_shown_first(ana, ben, world, line):
    opened = Opened(line, AS_JSON[line], {}, {})
    noun = line.partition(" ")[0]
    edited = FORMS[noun]

    open_as_before(ana, opened)
    box = ana.modal.fields["json_1"].value
    submit(ben, edited, edited.theirs, line=edited.line)
    ana.submits(json_1=box.replace('"name": "', '"name": "My '))

    assert "since this form was opened. Save again to replace it." in ana.modal.words
    ana.submits()
    assert len(writes(world)) == 2


@pytest.mark.parametrize("line", AS_JSON)
def test_as_json_what_nobody_else_changed_is_no_conflict(ana, world, line):
    open_as_before(ana, Opened(line, AS_JSON[line], {}, {}))
    box = ana.modal.fields["json_1"].value
    ana.submits(json_1=box.replace('"name": "', '"name": "My '))

    if ana.modal:
        assert "Somebody else" not in ana.modal.words
        ana.submits()
    assert len(writes(world)) == 1
