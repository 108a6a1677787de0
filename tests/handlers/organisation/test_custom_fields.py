"""Custom fields and their options, as administrators keep them."""

import copy

import pytest

from sandbox.company import PEOPLE
from tests.handlers.asked import writes

SELECT = "Affected service"


def field(world, name=SELECT):
    return next(f for f in world.incidentio.store.custom_fields if f["name"] == name)


def options(world, name=SELECT):
    id_ = field(world, name)["id"]
    return [
        o["value"]
        for o in world.incidentio.store.options.after(group=id_, newest=False)
    ]


def test_they_are_listed_and_shown_whole(ana):
    ana.types("/io fields")
    assert "*Affected service* · one of several options" in ana.last.words

    ana.types("/io field affected service")
    words = ana.last.words
    assert "*Options:* API, Billing &amp; invoices, Checkout" in words
    assert "Used in live incidents:" in words
    assert "What is broken." in words


def test_private_incidents_of_others_are_not_there(person, world):
    chi = person("chi")
    chi.types("/io field affected service")
    assert "INC-39" in chi.last.words
    assert "private" not in chi.last.words
    assert "Leaked API token" not in chi.last.words


def test_a_select_is_created_with_its_options_in_their_order(ana, world, bot):
    ana.types("/io field create")
    ana.submits(
        name="Data centre",
        field_type="single_select",
        description="Where",
        options="Lisbon\n\n Porto \nLisbon",
    )

    made = field(world, "Data centre")
    assert (made["field_type"], made["description"]) == ("single_select", "Where")
    assert options(world, "Data centre") == ["Lisbon", "Porto"]
    assert "*Data centre* was created, with 2 options, by <@U0ANA>." in ana.last.text
    entry = bot.services.audit.search(limit=1)[0]
    assert entry.target == f"custom field Data centre ({made['id']})"
    assert entry.account == PEOPLE[0].incidentio_id

    ana.types("/io incident edit INC-39")
    ana.presses("More")
    assert "Data centre" in ana.modal.words


def test_what_does_not_fit_is_said_beside_its_field(ana, world):
    ana.types("/io field create")
    sent = ana.submits(name="Note", field_type="text", options="One")
    assert sent.errors == {"options": "Only selects take options. Leave this empty."}
    sent = ana.submits(name=SELECT, field_type="text", options=None)
    assert sent.errors == {"name": "A custom field with this name already exists."}


def test_what_was_made_before_a_failure_is_said(ana, world):
    world.incidentio.fail("POST", "/v1/custom_field_options", status=500)
    ana.types("/io field create")
    ana.submits(name="Data centre", options="Lisbon", field_type="multi_select")

    assert "The custom field was created, but a later step" in ana.modal.words
    world.incidentio.clear_faults()
    ana.submits()
    assert options(world, "Data centre") == ["Lisbon"]
    assert sum(f["name"] == "Data centre" for f in world.incidentio.store.custom_fields)


def test_an_edit_changes_what_was_changed_and_nothing_else(ana, world):
    row = field(world)
    row |= {
        "filter_by": {"catalog_attribute_id": "A", "custom_field_id": "F"},
        "from_tomorrow": {"deep": [1, {"unknown": True}]},
    }
    before = copy.deepcopy(row)

    ana.types("/io field edit affected service")
    ana.submits(name="Broken service")

    after = field(world, "Broken service")
    assert after == {**before, "name": "Broken service"} | {
        "updated_at": after["updated_at"]
    }
    said = ana.last.text
    assert "*Broken service* was edited by <@U0ANA>." in said
    assert "• Name: “Affected service” → “Broken service”" in said


def test_what_somebody_else_changed_meanwhile_is_shown_first(ana, ben, world):
    ana.types("/io field edit affected service")
    ben.types("/io field edit affected service")
    ben.submits(name="By Ben")

    ana.submits(name="By Ana")
    assert field(world, "By Ben")
    assert "Somebody else changed *Name* to “By Ben” since" in ana.modal.words
    assert ana.modal.fields["name"].value == "By Ana"

    ana.submits()
    assert field(world, "By Ana")


def test_what_was_not_touched_stays_as_somebody_else_set_it(ana, ben, world):
    ana.types("/io field edit affected service")
    ben.types("/io field edit affected service")
    ben.submits(description="Ben's words")

    ana.submits(name="Ana's name")

    after = field(world, "Ana's name")
    assert after["description"] == "Ben's words"
    said = "Somebody else changed *Description* since the form was opened"
    assert f"{said}. That change is kept." in ana.last.text


def test_a_delete_names_the_fields_that_it_filters(ana, world):
    by = {"catalog_attribute_id": "A", "custom_field_id": field(world)["id"]}
    field(world, "Regions")["filter_by"] = by
    ana.types("/io field delete affected service")
    assert "It filters *Regions*" in ana.modal.words


def test_a_failure_keeps_what_was_typed(ana, world):
    world.incidentio.fail("PUT", "/v2/custom_fields/*", status=503)
    ana.types("/io field edit affected service")
    ana.submits(description="A long explanation")

    assert ana.modal.fields["description"].value == "A long explanation"
    assert "It is not known whether the custom field was changed" in ana.modal.words


def test_a_delete_says_what_is_lost(ana, world):
    ana.types("/io field delete affected service")
    words = ana.modal.words
    assert "This deletes the custom field *Affected service*." in words
    assert "and has 7 options. Its values are lost in every incident" in words
    assert "INC-39" in words

    assert ana.submits(name="Service").errors == {
        "name": "That is not its name. It is called “Affected service”."
    }
    assert writes(world) == []
    ana.submits(name=" affected  SERVICE ")
    assert SELECT not in {f["name"] for f in world.incidentio.store.custom_fields}
    assert "*Affected service* was deleted, by <@U0ANA>." in ana.last.text


def test_the_same_delete_twice_is_one(ana, world):
    ana.types("/io field delete affected service")
    ana.fills(name="Affected service")
    ana.submit_at_once(3)

    assert sum(r.method == "DELETE" for r in writes(world)) == 1


@pytest.mark.parametrize("line", ["field create", "field edit regions", "option add"])
def test_a_responder_changes_none(person, line):
    chi = person("chi")
    chi.types(f"/io {line}")
    assert chi.modal is None
    assert "the Administrator role in incident.io" in chi.last.text


def test_options_are_added_at_once_or_in_a_form(ana, world):
    ana.types("/io option add regions Antarctica & islands")
    assert options(world, "Regions")[-1] == "Antarctica & islands"
    assert "*Antarctica &amp; islands* was added to *Regions*" in ana.last.text

    ana.types("/io option add regions europe")
    assert "has *europe* already" in ana.last.text

    ana.types("/io option add regions")
    ana.submits(options="Moon\nMars\nEurope")
    assert options(world, "Regions")[-2:] == ["Moon", "Mars"]


def test_an_option_keeps_its_place_when_it_is_renamed(ana, world):
    ana.types("/io option edit regions asia pacific")
    ana.submits(value="Asia and Pacific")

    rows = world.incidentio.store.options
    row = next(o for o in rows if o["value"] == "Asia and Pacific")
    assert row["sort_key"] == 30
    assert "• Option: “Asia Pacific” → “Asia and Pacific”" in ana.last.text


def test_an_option_that_was_changed_meanwhile_is_shown_first(ana, ben, world):
    ana.types("/io option edit regions asia pacific")
    ben.types("/io option edit regions asia pacific")
    ben.submits(value="APAC")

    ana.submits(value="Asia")
    assert "Somebody else changed *Option* to “APAC” since" in ana.modal.words
    ana.submits()
    assert "Asia" in options(world, "Regions")


def test_what_was_not_touched_of_an_option_stays_as_it_was_set(ana, world):
    rows = world.incidentio.store.options
    row = next(o for o in rows if o["value"] == "Asia Pacific")
    ana.types("/io option edit regions asia pacific")
    row |= {"sort_key": 777, "tomorrow": {"a": 1}}

    ana.submits(value="APAC")

    after = next(o for o in rows if o["value"] == "APAC")
    assert after == {**row, "value": "APAC"}


def test_without_an_option_one_is_asked_for(ana, world):
    ana.types("/io option delete regions")
    ana.chooses("pick", "Europe")
    assert "This deletes the option *Europe* of *Regions*." in ana.modal.words

    assert ana.submits(name="Regions").errors.keys() == {"name"}
    ana.submits(name="europe")
    assert "Europe" not in options(world, "Regions")


def test_fields_without_options_of_their_own_say_so(ana, world):
    ana.types("/io options customer impact")
    assert "*Customer impact* takes text, so it has no options." in ana.last.text

    field(world)["catalog_type_id"] = "01CATALOG"
    ana.types("/io option add affected service Cache")
    assert "entries of the catalog" in ana.last.text


def test_many_options_are_paged_and_searched(ana, world):
    store, id_ = world.incidentio.store, field(world)["id"]
    for n in range(120):
        row = {"id": f"01OPT{n:021}", "custom_field_id": id_, "sort_key": 100 + n}
        store.options.add(row["id"], {**row, "value": f"Service {n:03}"})

    ana.types("/io options affected service")
    assert "127 options" in ana.last.words
    ana.presses("Next")
    assert "Service 020" in ana.last.words

    ana.types("/io option edit affected service")
    (found,) = ana.suggests("field_option", "119")
    ana.chooses("field_option", found["value"])
    assert ana.modal.fields["value"].value == "Service 119"
