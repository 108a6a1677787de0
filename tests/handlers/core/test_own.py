"""What is somebody's own they may deal with, whatever their level; and guests."""

import pytest

from tests.handlers.asked import writes
from tests.handlers.pages import buttons, card, made

VERBS = {"Acknowledge": "ack", "Snooze": "snooze"}
WITHOUT = pytest.mark.settings(role_levels={"viewer": "none"})


@pytest.fixture
def kim(person):
    """A viewer."""
    return person("kim")


@pytest.fixture
def theirs(world):
    """An action and a follow-up of INC-39 that Kim owns."""
    store = world.incidentio.store
    account = store.user(field="email", value="kim@acme.example")
    found = {}
    for noun, rows in (("action", store.actions), ("followup", store.follow_ups)):
        item = next(r for r in rows if r.incident_id == store.incident("39").id)
        item.assignee_id = account["id"]
        item.status = "outstanding"
        found[noun] = item
    return found


def page_kim(ana):
    ana.types("/io page <@U0KIM> Card payments fail", channel="incidents")
    words = ana.modal.words
    ana.submits()
    return words


@pytest.mark.parametrize("viewer", [pytest.param("none", marks=WITHOUT), "read"])
@pytest.mark.parametrize(
    ("button", "status"), [("Acknowledge", "acked"), ("Snooze", "snoozed")]
)
def test_whoever_was_paged_answers(ana, kim, world, button, status, viewer):
    page_kim(ana)
    assert button in " ".join(buttons(card(kim)))
    verb = VERBS[button]
    kim.types(f"/io escalation {verb} {made(world)[0].id}")
    assert made(world)[0].status == status


def test_whom_a_page_names_is_said_to_be_able_to_do_little_before_it_is_sent(ana):
    assert "<@U0KIM>: may acknowledge and snooze" in page_kim(ana)


@WITHOUT
def test_others_who_may_not_read_are_told_nothing_of_it(ana, kim, world, person):
    ana.types("/io page <@U0HANA> Card payments fail", channel="incidents")
    ana.submits()
    kim.types(f"/io escalation ack {made(world)[0].id}")
    assert "Only the people who were paged can do this." in kim.last.text
    assert "Card payments" not in kim.last.text
    assert made(world)[0].status == "triggered"


@WITHOUT
@pytest.mark.parametrize("noun", ["action", "followup"])
def test_an_owner_deals_with_an_item_whatever_their_level(kim, world, theirs, noun):
    item = theirs[noun]
    kim.types(f"/io {noun} done {item.id}")
    assert item.status == "completed"
    kim.types(f"/io {noun} reopen {item.id}")
    assert item.status == "outstanding"
    kim.types(f"/io {noun} snooze {item.id} 1d")
    assert "is snoozed until" in kim.last.text
    kim.types(f"/io {noun} assign {item.id}")
    kim.submits(assignee="gus")
    assert (
        item.assignee_id
        != world.incidentio.store.user(field="email", value="kim@acme.example")["id"]
    )

    kim.types(f"/io {noun} done {item.id}")
    assert item.status == "outstanding"
    assert "the Responder role in incident.io" in kim.last.text


def test_what_an_owner_may_not_is_more_than_that(kim, theirs):
    kim.types(f"/io followup delete {theirs['followup'].id}")
    assert "the Responder role in incident.io" in kim.last.text
    kim.types(f"/io followup edit {theirs['followup'].id}")
    assert kim.modal is None


def configured(reads, **settings):
    return pytest.param(reads, marks=pytest.mark.settings(**settings))


@pytest.mark.parametrize("kind", ["one channel", "several channels"])
@pytest.mark.parametrize(
    "reads",
    [
        False,
        configured(False, allowed_to_read=("everyone",)),
        configured(False, allowed_to_read=("C0INCIDENTS",)),
        configured(True, allowed_to_read=("U0GUS",)),
        configured(True, role_levels={"guest": "read"}),
    ],
)
def test_guests_have_a_level_of_their_own(person, world, kind, reads):
    gus = person("gus")
    gus.user.guest = kind
    gus.types("/io incidents", channel="incidents")
    assert ("Elevated errors" in gus.last.words) == reads
    assert ("Guests in Slack may not do this." in gus.last.text) != reads


def test_a_guest_is_not_named_as_one_who_can(kim, ana, world):
    for handle in ("ana", "jo"):
        world.slack.person(handle).user.guest = "several channels"
    world.slack.person("ben").user.active = False

    kim.types("/io severity INC-39 minor")

    said = kim.last.text
    assert "Ask <@" in said
    assert not any(id_ in said for id_ in ("U0ANA", "U0JO", "U0BEN"))


def test_while_slack_does_not_say_whether_somebody_is_a_guest_they_wait(ana, world):
    world.slack.fail("users.info", error="internal_error")
    ana.types("/io severity INC-39 minor", channel="C0INC39")
    assert writes(world) == []
