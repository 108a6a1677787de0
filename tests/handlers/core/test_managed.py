"""What is managed from elsewhere says so before it is changed, and after."""

import pytest

from tests.handlers.schedules.schedule_state import field

TERRAFORM = {"incident.io/terraform/version": "5.4.0"}
THINGS = {
    "schedule": ("schedules", "Payments"),
    "path": ("escalation_paths", "Payments"),
    "field": ("custom_fields", "Affected service"),
}
JSON = {"schedule": ('"On call"', '"At night"'), "path": ('"high"', '"low"')}
WARNED = "is managed by Terraform. What is changed here will be overwritten from there"


def of(world, noun):
    table, name = THINGS[noun]
    rows = getattr(world.incidentio.store, table)
    return next(r for r in rows if r["name"] == name)


@pytest.fixture
def managed(noun, world):
    row = of(world, noun)
    row["annotations"] = TERRAFORM
    return row


@pytest.mark.parametrize("noun", THINGS)
def test_it_is_shown(ana, noun, managed):
    ana.types(f"/io {noun} show {managed['id']}")
    assert "Managed by*: Terraform" in ana.last.words.replace(":*", "*:")


@pytest.mark.parametrize("noun", THINGS)
def test_editing_it_warns_before_and_after(ana, noun, managed):
    ana.types(f"/io {noun} edit {managed['id']}")
    assert WARNED in ana.modal.words
    ana.submits(**{field(ana, "name"): "Renamed"})
    if noun == "schedule":
        assert WARNED in ana.modal.words
        ana.submits()
    assert "It is managed by Terraform, which will overwrite this." in ana.last.text


@pytest.mark.parametrize("noun", THINGS)
def test_deleting_it_warns_before_and_after(ana, noun, managed):
    ana.types(f"/io {noun} delete {managed['id']}")
    assert WARNED in ana.modal.words
    ana.submits(name=managed["name"])
    assert "It was managed by Terraform: delete it there too." in ana.last.text


@pytest.mark.parametrize("noun", JSON)
def test_editing_its_json_warns_before_and_after(ana, noun, managed):
    ana.types(f"/io {noun} json {managed['id']}")
    assert WARNED in ana.modal.words
    known, changed = JSON[noun]
    boxes = {k: f.value for k, f in ana.modal.fields.items() if f.value}
    ana.submits(**{k: v.replace(known, changed) for k, v in boxes.items()})
    if noun == "schedule":
        assert WARNED in ana.modal.words
        ana.submits()
    assert "It is managed by Terraform, which will overwrite this." in ana.last.text


@pytest.mark.usefixtures("managed")
@pytest.mark.parametrize("noun", ["path"])
def test_a_form_that_follows_goes_on_warning(ana, noun):
    ana.types(f"/io {noun} edit payments")
    ana.fills(change="Add a level")
    assert WARNED in ana.modal.words


@pytest.mark.parametrize("noun", THINGS)
def test_what_only_people_change_warns_of_nothing(ana, world, noun):
    row = of(world, noun)
    row["annotations"] = {}
    row["management_meta"] = {"managed_by": "dashboard", "annotations": {}}
    ana.types(f"/io {noun} edit {row['id']}")
    assert "managed by" not in ana.modal.words


@pytest.fixture
def options(world):
    """A field with options of its own that is managed, and its options."""
    store = world.incidentio.store
    own = next(r for r in store.custom_fields if r["name"] == "Regions")
    own["annotations"] = TERRAFORM
    return own


AFTER = "It is managed by Terraform, which will overwrite this."


def test_editing_an_option_of_a_managed_field_warns(ana, options):
    ana.types("/io option edit regions Europe")
    assert WARNED in ana.modal.words
    ana.submits(value="Europa")
    assert AFTER in ana.last.text


def test_so_does_adding_one(ana, options):
    ana.types("/io option add regions")
    assert WARNED in ana.modal.words
    ana.submits(options="moon")
    assert AFTER in ana.last.text
    ana.types("/io option add regions mars")
    assert AFTER in ana.last.text
    ana.types("/io option add regions mars")
    assert "has *mars* already" in ana.last.text
    assert AFTER not in ana.last.text


def test_so_does_deleting_one(ana, options):
    ana.types("/io option delete regions Europe")
    assert WARNED in ana.modal.words
    ana.submits(name="Europe")
    assert "It was managed by Terraform: delete it there too." in ana.last.text
