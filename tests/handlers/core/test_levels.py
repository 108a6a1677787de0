"""A level holds for what is done, in whichever way it is done."""

import pytest

from handlers import ROUTER
from handlers.core.permissions import Level
from tests.handlers.asked import writes


def role_of(world, bot, handle, slug):
    account = world.incidentio.store.user(field="email", value=f"{handle}@acme.example")
    account["role"] = slug
    account["base_role"] = {**account["base_role"], "slug": slug, "name": slug}
    bot.services.catalog.expire("users")


@pytest.fixture
def chi(person):
    """A responder."""
    return person("chi")


def reserved(*phrases):
    return pytest.mark.settings(command_levels=dict.fromkeys(phrases, "administer"))


WITHHELD = [
    ("update INC-39", "severity", "severity"),
    ("update INC-39", "status", "status"),
    ("update INC-39", "next_update", "cadence off"),
    ("severity INC-39", "message", "update"),
    ("status INC-39", "message", "update"),
    ("declare Fire", "severity", "severity"),
    ("declare Fire", "status", "status"),
    ("followup new INC-39 Pump", "assignee", "followup assign"),
    ("action new INC-39 Pump", "assignee", "action assign"),
]


def in_full(person):
    """Look at a form as it opens, and with all of its fields."""
    yield
    if "More" in person.modal.buttons:
        person.presses("More")
        yield


@pytest.mark.parametrize(
    ("line", "field"),
    [
        pytest.param(line, field, marks=reserved(phrase), id=f"{line}: {phrase}")
        for line, field, phrase in WITHHELD
    ],
)
def test_a_field_is_offered_to_those_alone_who_may(chi, ben, line, field):
    chi.types(f"/io {line}")
    for _ in in_full(chi):
        assert field not in chi.modal.fields
        assert "Not in this form: *" in chi.modal.words
        assert "*. You need the Administrator role in incident.io." in chi.modal.words

    ben.types(f"/io {line}")
    assert any(field in ben.modal.fields for _ in in_full(ben))


@reserved("severity")
def test_what_is_left_of_a_form_works(chi, world):
    chi.types("/io update INC-39 Rolled back")
    chi.submits()
    assert "An update on" in chi.last.text

    chi.types("/io declare Fire in the data centre")
    chi.submits()
    names = [incident.name for incident in world.incidentio.store.incidents]
    assert "Fire in the data centre" in names


@reserved("severity")
@pytest.mark.parametrize("line", ["update INC-39", "declare Fire"])
def test_a_submission_that_brings_the_field_is_refused(ben, world, bot, line):
    ben.types(f"/io {line}")
    role_of(world, bot, "ben", "responder")

    ben.submits(severity="Minor")

    assert writes(world) == []
    assert "the Administrator role in incident.io" in ben.modal.words


@reserved("followup done", "action reopen")
def test_the_form_of_an_item_changes_no_status_that_is_reserved(chi, ben, world):
    store = world.incidentio.store
    items = {"followup": store.follow_ups, "action": store.actions}
    for noun, rows in items.items():
        item = next(r for r in rows if r.incident_id == store.incident("39").id)
        chi.types(f"/io {noun} edit {item.id}")
        assert "title" in chi.modal.fields
        assert "status" not in chi.modal.fields
        ben.types(f"/io {noun} edit {item.id}")
        assert "status" in ben.modal.fields


@reserved("followup assign")
def test_to_take_an_item_from_somebody_is_to_assign_it(chi, world):
    store = world.incidentio.store
    item = next(r for r in store.follow_ups if r.incident_id == store.incident("39").id)

    chi.types(f"/io followup unassign {item.id}")

    assert "the Administrator role in incident.io" in chi.last.text
    assert writes(world) == []


@reserved("update")
def test_that_nothing_has_changed_is_an_update_too(chi, world):
    chi.types("/io cadence nochange INC-39")
    assert "the Administrator role in incident.io" in chi.last.text
    assert writes(world) == []


@reserved("declare")
def test_a_shortcut_takes_what_its_command_takes(chi):
    chi.shortcut("declare")
    assert chi.modal is None
    assert "the Administrator role in incident.io" in chi.last.text


@pytest.mark.settings(command_levels={"update": "read"})
def test_a_level_that_is_lowered_lowers_nothing_else(person):
    kim = person("kim")
    kim.types("/io update INC-39")
    assert "message" in kim.modal.fields
    assert {"severity", "status"}.isdisjoint(kim.modal.fields)


@reserved("followup")
def test_a_short_phrase_is_the_command_that_it_stands_for(chi, world):
    store = world.incidentio.store
    item = next(r for r in store.follow_ups if r.incident_id == store.incident("39").id)
    chi.types(f"/io followup show {item.id}")
    assert "the Administrator role in incident.io" in chi.last.text


def declared():
    """Return the flags of everything that is declared, by its name."""
    shelves = (ROUTER.commands, ROUTER.submissions, ROUTER.changes, ROUTER.shortcuts)
    return [(name, one.flags) for shelf in shelves for name, one in shelf.items()]


def test_every_operation_has_the_name_and_the_level_of_a_command():
    known = {c.phrase: c.flags.level for c in ROUTER.commands.values()}
    for name, flags in declared():
        assert flags.does.always, name
        for one in flags.does.filled(flags.does.by_field):
            assert one.level in (known[one.name], Level.NONE), (name, one)
