"""Everything that loses data is deleted in one way, whatever it is."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.handlers.workflows.workflow_state import CRITICAL


@dataclass(frozen=True)
class Thing:
    """Something to delete: the words that name it, its name and where it is kept."""

    command: str
    words: str
    name: str
    rows: Callable[[Any], list[dict[str, Any]]]
    card: str = ""
    label: str = "name"

    def row(self, world):
        rows = self.rows(world.incidentio.store)
        return next((row for row in rows if row[self.label] == self.name), None)


def options(store):
    regions = next(f for f in store.custom_fields if f["name"] == "Regions")
    return store.options.after(group=regions["id"], newest=False)


THINGS = {
    "role": Thing(
        "role delete", "comms", "Communications", lambda s: s.roles, "role show comms"
    ),
    "custom field": Thing(
        "field delete",
        "affected service",
        "Affected service",
        lambda s: s.custom_fields,
        "field show affected service",
    ),
    "option": Thing(
        "option delete",
        "regions asia pacific",
        "Asia Pacific",
        options,
        "options regions",
        "value",
    ),
    "workflow": Thing(
        "workflow delete",
        CRITICAL,
        CRITICAL,
        lambda s: s.workflows,
        f"workflow show {CRITICAL}",
    ),
    "schedule": Thing(
        "schedule delete",
        "payments",
        "Payments",
        lambda s: s.schedules,
        "schedule show payments",
    ),
    "escalation path": Thing(
        "path delete",
        "payments",
        "Payments",
        lambda s: s.escalation_paths,
        "path show payments",
    ),
}


@pytest.fixture(params=THINGS)
def noun(request):
    return request.param


@pytest.fixture
def thing(noun):
    return THINGS[noun]


def opened(person, thing):
    person.types(f"/io {thing.command} {thing.words}")
    return person.modal


def deletions(world):
    return [r for r in world.incidentio.requests if r.method == "DELETE"]


def test_the_name_is_asked_for_and_spaces_and_case_do_not_matter(
    ana, world, thing, noun
):
    words = opened(ana, thing).words
    assert f"This deletes the {noun} *" in words
    assert f"Type “{thing.name}” to delete it." in words

    refused = ana.submits(name="something else")
    said = f"That is not its name. It is called “{thing.name}”."
    assert refused.errors == {"name": said}
    assert deletions(world) == []

    ana.submits(name=f"  {thing.name.upper().replace(' ', '   ')} ")
    assert thing.row(world) is None
    assert "was deleted, by <@U0ANA>." in ana.last.text


def test_one_that_was_renamed_is_shown_again(ana, world, thing):
    opened(ana, thing)
    thing.row(world)[thing.label] = "Other"

    ana.submits(name=thing.name)

    assert deletions(world) == []
    assert "Nothing was deleted: what is lost with it has changed" in ana.modal.words
    assert ana.submits(name=thing.name).errors.keys() == {"name"}
    ana.submits(name="other")
    assert len(deletions(world)) == 1


def test_one_that_is_gone_is_said_to_be(ana, ben, world, thing, noun):
    opened(ana, thing)
    opened(ben, thing)
    ben.submits(name=thing.name)

    ana.submits(name=thing.name)

    assert len(deletions(world)) == 1
    assert f"That {noun} was already deleted." in ana.modal.words


def test_an_attempt_after_a_crash_says_that_it_is_deleted(
    ana, bot, crash_after_work, restart, world, thing, noun
):
    crash_after_work()
    opened(ana, thing)
    ana.submits(name=thing.name)
    restart()

    assert len(deletions(world)) == 1
    assert ana.last.text == f"The {noun} *{thing.name}* is deleted."
    (entry,) = bot.services.audit.search()
    assert entry.target.startswith(f"{noun} {thing.name} (")
    assert entry.changes == {"name": [thing.name, None]}


def test_a_form_that_an_earlier_version_opened_is_drawn_anew(ana, world, thing):
    content = opened(ana, thing).view.content
    memory = json.loads(content["private_metadata"])
    del memory["shown"]
    content["private_metadata"] = json.dumps(memory)
    content["blocks"] = [b for b in content["blocks"] if b.get("block_id") != "name"]

    ana.submits()

    assert deletions(world) == []
    ana.submits(name=thing.name)
    assert thing.row(world) is None


def test_the_button_that_deletes_is_red_and_last(ana, thing):
    ana.types(f"/io {thing.card}")
    rows = [b["elements"] for b in ana.last.blocks if b["type"] == "actions"]
    lines = [e for e in rows[-1] if e["value"].startswith(thing.command)]
    assert [e.get("style") for e in rows[-1]][-1] == "danger"
    assert lines == [rows[-1][-1]]
