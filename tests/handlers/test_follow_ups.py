"""Working through follow-ups where they are listed."""

import pytest

from handlers.item_verbs import day_after

HERE = "C0INC27"
"""The channel of a live public incident."""
BEN = "01HUSER00000000000000BEN00"


@pytest.fixture
def store(world):
    return world.incidentio.store


@pytest.fixture
def follow_ups(store):
    """INC-27's, oldest first."""
    incident = store.incident("27")
    return list(store.follow_ups.after(group=incident.id, newest=False))


@pytest.fixture
def one(follow_ups):
    found = next(f for f in follow_ups if f.status == "outstanding")
    found.assignee_id = BEN
    return found


def writes(world):
    return [r for r in world.incidentio.requests if r.method != "GET"]


def test_a_list_has_the_outstanding_with_buttons(ana, one):
    ana.types("/io followups", channel=HERE)
    print(ana.last.words, ana.last.buttons)
    for button in ("Done", "Not doing", "Assign", "Open", "New"):
        assert button in ana.last.buttons


def test_done_edits_the_list_in_place(ana, one, world):
    ana.types("/io followups", channel=HERE)
    seen = len(ana.sees(HERE))
    ana.presses("Done")
    print(ana.last.words, ana.last.buttons)
    assert len(ana.sees(HERE)) == seen
    assert "is done (was outstanding), by <@U0ANA>" in ana.last.text


def test_assign(ana, one, world):
    ana.types(f"/io followup assign {one.id} @ana")
    print(ana.last.text)
    ana.types("/io followups", channel=HERE)
    ana.presses("Assign")
    print(ana.modal.words)
    ana.submits(assignee="ben")
    print(ana.last.words)
    ana.types(f"/io followup show {one.id}")
    print(ana.last.words, ana.last.buttons)
    ana.presses("Edit")
    ana.submits(title="New title", labels="a, b", status="Not doing")
    print(ana.last.words)
    ana.types("/io followup new a b c", channel=HERE)
    ana.submits(assignee="ben", follow_up_priority_option="High")
    print([m.words for m in ana.sees(HERE)][-1])
    ana.presses("Done")
    print([m.words for m in ana.sees(HERE)][-1])
    ana.types("/io mine")
    print(ana.last.words)
