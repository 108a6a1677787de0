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
}


def open_as_before(person, opened):
    """Open the form, and let it remember what an earlier version did."""
    person.types(f"/io {opened.line}")
    content = person.modal.view.content
    now = json.loads(content["private_metadata"])
    sent_by = {name: value for name, value in now.items() if name.startswith("_")}
    content["private_metadata"] = json.dumps({**opened.memory, **sent_by})


def writes(world):
    return [r for r in world.incidentio.requests if r.method != "GET"]


@pytest.mark.parametrize("form", FORMS)
def test_one_that_nobody_touched_writes_nothing(ana, world, form):
    open_as_before(ana, FORMS[form])
    ana.submits()
    assert writes(world) == []
    assert ana.last.text == "No changes to save."


@pytest.mark.parametrize("form", FORMS)
def test_what_is_typed_in_one_is_written(ana, world, form):
    open_as_before(ana, FORMS[form])
    ana.submits(**FORMS[form].typed)
    assert len(writes(world)) == 1
    assert "was edited by <@U0ANA>" in ana.last.text


@pytest.mark.parametrize("form", FORMS)
def test_what_somebody_else_changed_too_is_shown_in_one(ana, ben, world, form):
    opened = FORMS[form]
    open_as_before(ana, opened)
    ben.types(f"/io {opened.line}")
    ben.submits(**opened.theirs)

    ana.submits(**opened.typed)

    assert len(writes(world)) == 1
    assert "since this form was opened. Save again to replace it." in ana.modal.words
    ana.submits()
    assert len(writes(world)) == 2
