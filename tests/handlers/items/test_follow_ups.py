"""Working through follow-ups where they are listed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.core.pages import at_page, paginate
from handlers.items.decline import with_reason, without_reason
from handlers.items.listing import ON_A_PAGE
from tests.handlers.asked import writes
from tests.handlers.incidents.incident_state import keep_out
from tests.rendered import unanswered

HERE = "C0INC27"
"""The channel of a live public incident."""
ANA, BEN, CHI = (f"01HUSER00000000000000{name}00" for name in ("ANA", "BEN", "CHI"))


def test_the_outstanding_come_first_by_owner_with_buttons(ana, bot, of):
    first, second, third = of(27)
    first.assignee_id, first.title = None, "Nobody's"
    second.assignee_id, second.title = BEN, "Ben's"
    third.status, third.title = "completed", "Finished"
    ana.types("/io followups", channel=HERE)

    words = ana.last.words
    assert "2 outstanding, 1 finished" in words
    assert words.index("Ben's") < words.index("Nobody's") < words.index("~Finished~")
    assert ana.last.buttons == [
        "New",
        *["Details", "Done", "Not doing", "Assign", "Open in incident.io"] * 2,
        "Undo",
    ]
    assert unanswered(bot.router, {"blocks": ana.last.blocks}) == []
    assert ana.last.ephemeral_to == "U0ANA"


def test_of_one_owner_the_pressing_come_first(ana, of, store):
    ranked = sorted(store.priorities, key=lambda p: p["rank"])
    low, high, none = of(27)
    for item, title in ((low, "low"), (high, "high"), (none, "none")):
        item.assignee_id, item.title = BEN, title
    low.priority_id, high.priority_id = ranked[-1]["id"], ranked[0]["id"]
    none.priority_id = None
    ana.types("/io followups INC-27")

    words = ana.last.words
    assert words.index("*high*") < words.index("*low*") < words.index("*none*")


def test_the_list_of_a_test_incident_has_its_follow_ups(ana):
    ana.types("/io followups INC-28")
    assert "2 outstanding, 1 finished" in ana.last.words


def test_an_incident_without_any_says_how_to_add_one(ana):
    ana.types("/io followups INC-40")
    assert "None yet. `/io followup new` adds one." in ana.last.words
    ana.presses("New")
    assert ana.modal.title == "New follow-up"


def test_elsewhere_it_asks_which_incident_is_meant(ana):
    ana.types("/io followups", channel="general")
    ana.chooses("pick", "INC-39 Elevated errors in the API")
    assert "*Follow-ups* of" in ana.last.words
    assert "INC-39" in ana.last.words


def test_done_edits_the_list_and_undo_takes_it_back(ana, one, world):
    ana.types("/io followups", channel=HERE)
    before = len(ana.sees(HERE))
    row = ana.last.words.index(one.title)
    nth = ana.last.words[:row].count("Not doing")
    ana.presses("Done", nth=nth)

    assert one.status == "completed"
    assert "is done (was outstanding), by <@U0ANA>." in ana.last.words
    assert "2 outstanding, 1 finished" in ana.last.words
    ana.presses("Undo")
    assert one.status == "outstanding"
    assert "is outstanding (was done), by <@U0ANA>." in ana.last.words
    assert len(ana.sees(HERE)) == before


def test_not_doing_is_said_in_the_list(ana, one):
    ana.types(f"/io followup drop {one.id} Replaced by the new pool")
    assert one.status == "not_doing"
    assert "by <@U0ANA>: Replaced by the new pool" in ana.last.text
    ana.types("/io followups", channel=HERE)
    assert "· not doing just now ·" in ana.last.words


def test_why_it_is_not_done_stands_in_its_description_until_it_is_reopened(ana, one):
    one.description = "Came up in the review."
    ana.types(f"/io followup drop {one.id}")
    assert one.status == "outstanding"
    assert ana.submits(reason="   ").errors != {}
    ana.submits(reason="Too *late*\nnow")
    assert one.description == (
        "Came up in the review.\n\nNot doing (9 Mar 2026, Ana Ferreira): Too *late* now"
    )
    ana.types(f"/io followup drop {one.id} Again")
    assert "is marked “not doing” already" in ana.last.text
    ana.types(f"/io followup reopen {one.id}")
    assert one.description == "Came up in the review."


@given(st.text(), st.text(max_size=50))
def test_a_reason_can_be_taken_away_again(description, reason):
    why = " ".join(reason.split())
    line = f"Not doing (9 Mar 2026, Ana): {why}"
    before = without_reason(description)
    assert (without_reason(with_reason(description, line)) or "") == (before or "")


def test_what_is_done_already_is_said_and_not_done_again(ana, one, world):
    ana.types(f"/io followup done {one.id}")
    ana.types(f"/io followup done {one.id}")
    assert "is done already since" in ana.last.text
    assert "Nothing was changed." in ana.last.text
    assert len(writes(world)) == 1


def test_what_was_deleted_elsewhere_is_said(ana, one, store, world):
    ana.types("/io followups", channel=HERE)
    for item in [f for f in store.follow_ups if f.incident_id == one.incident_id]:
        store.follow_ups.remove(item.id)
    ana.presses("Done")
    assert "it was deleted, or you can't see it" in ana.last.text
    assert writes(world) == []


def test_everything_else_is_sent_back_as_it_was(ana, of, store):
    rich = next(f for f in store.follow_ups if f.labels and f.priority_id and f.team_id)
    rich.status, rich.category_id = "outstanding", next(iter(store.categories))["id"]
    before = (rich.title, rich.description, rich.priority_id, list(rich.labels))
    owned = (rich.assignee_id, rich.team_id, rich.category_id)
    ana.types(f"/io followup done {rich.id}")
    assert rich.status == "completed"
    assert (rich.title, rich.description, rich.priority_id, rich.labels) == before
    assert (rich.assignee_id, rich.team_id, rich.category_id) == owned


def test_two_people_who_press_done_see_it_done(ana, ben, one, world):
    ana.types("/io followups", channel=HERE)
    ben.types("/io followups", channel=HERE)
    for person in (ana, ben):
        row = person.last.words.find(one.title)
        nth = person.last.words[:row].count("Not doing")
        person.presses("Done", message=person.last, nth=nth)
    assert "is done already" in ben.last.words
    assert len(writes(world)) == 1


@pytest.fixture
def many(store):
    """All follow-ups are of one incident."""
    for item in list(store.follow_ups):
        store.follow_ups.remove(item.id)
        item.incident_id = store.incident("27").id
        store.follow_ups.add(item.id, item)


def test_many_are_a_table_with_a_menu(ana, many):
    ana.types("/io followups", channel=HERE)
    (table,) = [b for b in ana.last.blocks if b["type"] == "data_table"]
    assert [cell["text"] for cell in table["rows"][0]][:2] == ["What", "Owner"]
    (menu,) = [
        element
        for block in ana.last.blocks
        for element in block.get("elements", ())
        if element["type"] == "static_select"
    ]
    ana.chooses("Open a follow-up", menu["options"][0]["text"]["text"])
    ana.presses("Done")
    assert "is done (was outstanding)" in ana.last.words


def test_many_are_turned_and_stay_on_the_page_they_are_on(ana, many, world):
    world.slack.workspace.unsupported_blocks.add("data_table")
    ana.types("/io followups", channel=HERE)
    assert "Previous" not in ana.last.buttons
    ana.presses("Next")
    assert {"Previous", "Next"} <= set(ana.last.buttons)
    ana.presses("Done")
    assert "is done (was outstanding)" in ana.last.words
    assert {"Previous", "Next"} <= set(ana.last.buttons)
    ana.types("/io followups page:999", channel=HERE)
    assert "Next" not in ana.last.buttons
    assert "Undo" in ana.last.buttons


def test_a_private_incidents_follow_ups_do_not_exist_for_others(person, of, world):
    secret = of(36)[0]
    secret.status, secret.assignee_id = "outstanding", ANA
    keep_out(world, CHI)
    chi = person("chi")
    chi.types("/io followups INC-36")
    assert "There is no incident INC-36" in chi.last.text

    for verb in ("show", "done", "drop", "assign", "snooze", "edit", "delete"):
        chi.types(f"/io followup {verb} {secret.id}")
        hidden = chi.last.text
        missing = secret.id[:-4] + "ZZZZ"
        chi.types(f"/io followup {verb} {missing}")
        assert chi.last.text == hidden.replace(secret.id, missing)
    assert writes(world) == []


def test_its_owner_may_see_one_of_a_private_incident(person, of, world):
    secret = of(36)[0]
    secret.status, secret.assignee_id = "outstanding", CHI
    keep_out(world, CHI)
    chi = person("chi")
    chi.types(f"/io followup done {secret.id}", channel="general")
    assert secret.status == "completed"
    assert chi.last.ephemeral_to == "U0CHI"
    assert len(chi.sees("general")) == 1


@given(st.lists(st.integers(), max_size=60), st.integers(1, 9999))
def test_a_page_is_never_empty_unless_there_is_nothing(found, page):
    part = paginate(found, page, ON_A_PAGE)
    shown, number = part.shown, part.number
    assert bool(shown) == bool(found)
    assert len(shown) <= ON_A_PAGE
    assert at_page("x", number) in ("x", f"x page:{number}")


def test_a_reference_names_the_incident_whose_follow_up_is_meant(ana, of):
    titles = {item.title for item in of(27)}
    ana.types("/io followup done INC-27", channel="general")
    assert "Which follow-up of INC-27?" in ana.last.words
    assert any(title in ana.last.words for title in titles)
    one = next(f for f in of(27) if f.status == "outstanding")
    ana.types(f"/io followup done INC-27 {one.title}", channel="general")
    assert one.status == "completed"


def test_a_reference_of_an_incident_without_follow_ups_says_so(ana, of):
    ana.types("/io followup done INC-40", channel="general")
    assert of(40) == []
    assert "has no follow-ups." in ana.last.words
