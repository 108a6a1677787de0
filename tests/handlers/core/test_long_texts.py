"""Texts that are longer than an input of Slack's: kept whole, and that is said."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.handlers.organisation.roles_state import role_of
from tests.handlers.paths.test_escalation_paths import PAYMENTS
from tests.handlers.paths.test_escalation_paths import row as path_of
from tests.handlers.schedules.schedule_state import schedule_of
from tests.handlers.workflows.workflow_state import row as workflow_of

SENTENCE = "What we saw in the logs is 🔥 of another kind.\n\n"
LONG = (SENTENCE * 90)[:3839].rstrip()
ENDLESS = SENTENCE * 1500
NAME = " ".join(["A name that is rather long"] * 9)
SPLIT = "This text is split over several boxes; it is read as one."


def boxes(person, name):
    """The inputs of a field, in their order."""
    fields = person.modal.fields
    return [key for key in fields if key.partition("#")[0] == name]


def shown(person, name):
    return [person.modal.fields[key].value for key in boxes(person, name)]


@dataclass(frozen=True)
class Place:
    """Where a text is kept, and the form that edits it."""

    line: str
    field: str
    key: str
    found: Callable[..., Any]
    long: str = LONG
    times: int = 1
    """How often the form is submitted: the first may only show a preview."""

    def read(self, world):
        row = self.found(world)
        return row[self.key] if isinstance(row, dict) else getattr(row, self.key)

    def write(self, world, text):
        row = self.found(world)
        if isinstance(row, dict):
            row[self.key] = text
        else:
            setattr(row, self.key, text)


def of(table, id_):
    return lambda world: getattr(world.incidentio.store, table).get(id_)


def renamed(world, table):
    """The row whose name was made long."""
    rows = getattr(world.incidentio.store, table)
    return next((r for r in rows if len(r["name"]) > 200), None)


EDIT_FOLLOW_UP = "followup edit 01HM65PCT00000000003Q6PA02"
FOLLOW_UP = of("follow_ups", "01HM65PCT00000000003Q6PA02")
EDIT_ACTION = "action edit 01HM66S6300000000002SD0QGN"
ACTION = of("actions", "01HM66S6300000000002SD0QGN")
FIELD = of("custom_fields", "01HQ01007ZKKKQTVH1VW3WGMXM")
OPTION = of("options", "01HQ031CKNTZ6FV8XSXF116VRF")


def incident(world):
    return world.incidentio.store.incident("39")


def named(table, find):
    return lambda world: renamed(world, table) or find(world)


WORKFLOW = named("workflows", workflow_of)
SCHEDULE = named("schedules", lambda world: schedule_of(world, "Payments"))
PATH = named("escalation_paths", lambda world: path_of(world, PAYMENTS))
ROLE = named("roles", role_of)
PLACES = {
    "follow-up": Place(EDIT_FOLLOW_UP, "description", "description", FOLLOW_UP),
    "follow-up's title": Place(EDIT_FOLLOW_UP, "title", "title", FOLLOW_UP),
    "action": Place(EDIT_ACTION, "title", "description", ACTION),
    "incident": Place("incident edit INC-39", "summary", "summary", incident),
    "incident's name": Place("incident edit INC-39", "name", "name", incident, NAME),
    "role": Place("role edit comms", "instructions", "instructions", ROLE),
    "role's purpose": Place("role edit comms", "description", "description", ROLE),
    "role's short form": Place("role edit {id}", "shortform", "shortform", ROLE, NAME),
    "field": Place("field edit affected service", "description", "description", FIELD),
    "option": Place("option edit regions {id}", "value", "value", OPTION),
    "workflow": Place("workflow edit {id}", "name", "name", WORKFLOW, NAME),
    "folder": Place("workflow edit {id}", "folder", "folder", WORKFLOW, NAME),
    "schedule": Place("schedule edit {id}", "name", "name", SCHEDULE, NAME, times=2),
    "path": Place("path edit {id}", "name", "name", PATH, NAME),
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_one_letter_changed_changes_one_letter(ana, world, place):
    row = place.found(world)
    place.write(world, place.long)
    id_ = row["id"] if isinstance(row, dict) else row.id
    ana.types(f"/io {place.line.format(id=id_)}")
    first, *others = boxes(ana, place.field)
    assert (SPLIT in ana.modal.words) == bool(others)

    ana.fills(**{first: "X" + ana.modal.fields[first].value})
    for _ in range(place.times):
        ana.submits()
    assert place.read(world) == "X" + place.long


def test_a_text_that_outgrew_its_box_meanwhile_is_shown_before_it_is_replaced(
    ana, world
):
    ana.types("/io role edit comms")
    role_of(world)["instructions"] = LONG
    ana.submits(instructions="short")

    assert "Somebody else changed *Instructions*" in ana.modal.words
    assert shown(ana, "instructions") == ["short"]
    assert role_of(world)["instructions"] == LONG
    ana.submits()
    assert role_of(world)["instructions"] == "short"


def test_one_that_no_form_holds_is_left_out_and_the_rest_can_be_edited(ana, world):
    role_of(world)["instructions"] = ENDLESS
    ana.types("/io role edit comms")
    assert boxes(ana, "instructions") == []
    left_out = "*Instructions* is left out of this form: it has 70,500 characters."
    assert f"{left_out} What is there stays as it is." in ana.modal.words

    ana.submits(shortform="press")
    assert role_of(world)["instructions"] == ENDLESS
    assert role_of(world)["shortform"] == "press"


def test_pieces_can_be_rewritten_and_emptied(ana, world):
    role_of(world)["instructions"] = LONG
    ana.types("/io role edit comms")
    first, second = boxes(ana, "instructions")
    assert ana.modal.fields[first].label == "Instructions, 1 of 2"
    rest = ana.modal.fields[second].value

    ana.submits(**{first: ""})
    assert role_of(world)["instructions"] == rest


def test_a_fault_stands_beside_the_first_box(ana, world):
    role_of(world)["description"] = LONG
    ana.types("/io role edit comms")
    first, second = boxes(ana, "description")
    ana.submits(**{first: "", second: ""})
    assert "cannot be empty" in ana.modal.errors[first]


def test_what_is_announced_is_shared_whole(ana, world):
    ana.types(f"/io update INC-39 {LONG}")
    assert SPLIT in ana.modal.words
    ana.submits()

    update = list(world.incidentio.store.updates)[-1]
    assert update.message == LONG


@pytest.mark.parametrize("words", ["long " * 180, "x" * 899], ids=["words", "word"])
def test_a_long_name_is_begun_and_all_of_it_is_the_summary(ana, world, words):
    ana.types(f"/io declare {words}")
    (name,), (summary,) = shown(ana, "name"), shown(ana, "summary")
    assert len(name) <= 200
    assert name.endswith("…")
    assert words.startswith(name.removesuffix("…"))
    assert summary == words.strip()
    assert "All of it is in the summary." in ana.modal.words
    ana.submits(severity="Low")
    declared = list(world.incidentio.store.incidents)[-1]
    assert declared.summary == words.strip()


def test_a_short_name_is_no_summary(ana):
    ana.types("/io declare Coffee is out")
    assert shown(ana, "name") + shown(ana, "summary") == ["Coffee is out", None]


def test_a_long_title_of_a_page_is_begun_and_described_whole(ana, world):
    words = ("long " * 180).strip()
    ana.types(f"/io page <@U0BEN> {words}")
    assert "All of it is in the description." in ana.modal.words
    assert len(shown(ana, "title")[0]) <= 200
    ana.submits()
    paged = list(world.incidentio.store.escalations)[-1]
    assert paged.description == words


def test_a_form_that_follows_keeps_all_boxes(ana):
    ana.types("/io page <@U0BEN> Coffee")
    ana.fills(description="short")
    ana.types(f"/io page <@U0BEN> {'long ' * 750}")
    assert len(boxes(ana, "description")) == 2
    before = shown(ana, "description")
    ana.fills(people=["chi"])
    assert shown(ana, "description") == before
    first, _ = boxes(ana, "description")
    ana.fills(**{first: "new " * 700})
    ana.fills(people=["ben"])
    assert " ".join(shown(ana, "description")) == f"{'new ' * 700}{before[1]}"


@pytest.mark.parametrize("noun", ["followup", "action"])
def test_a_new_item_is_added_whole(ana, world, noun):
    ana.types(f"/io {noun} new INC-39 {LONG}")
    assert len(boxes(ana, "title")) == 2
    ana.submits()
    table = {"followup": "follow_ups", "action": "actions"}[noun]
    made = list(getattr(world.incidentio.store, table))[-1]
    assert LONG in (getattr(made, "title", None), getattr(made, "description", None))


def test_a_message_of_40_000_characters_fits_a_form(ana, world):
    said = ana.writes(SENTENCE * 800, "C0INC39")
    ana.shortcut_on(said, "followup.from_message")
    ana.submits()
    made = list(world.incidentio.store.follow_ups)[-1]
    assert (SENTENCE * 800).strip() in made.description
