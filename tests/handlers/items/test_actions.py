"""Working through what is being done during an incident."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from handlers.core.arguments.quoted import plain_text
from handlers.core.context import Context
from tests.databases import without
from tests.handlers.asked import writes
from tests.handlers.incidents.incident_state import keep_out
from tests.rendered import unanswered

HERE = "C0INC39"
BEN = "01HUSER00000000000000BEN00"
CHI = "01HUSER00000000000000CHI00"


@pytest.fixture
def of(world):
    """An incident's actions, oldest first."""
    store = world.incidentio.store

    def found(number):
        incident = store.incident(str(number))
        return list(store.actions.after(group=incident.id, newest=False))

    return found


@pytest.fixture
def one(of):
    """An outstanding action of INC-39, owned by Ben."""
    found = next(a for a in of(39) if a.status == "outstanding")
    found.assignee_id = BEN
    return found


def public(person, channel):
    return [m for m in person.sees(channel) if m.ephemeral_to is None]


def test_the_list_is_worked_off_and_the_responders_are_told(ana, bot, one):
    ana.types("/io actions", channel=HERE)
    assert "2 outstanding, 2 finished" in ana.last.words
    assert unanswered(bot.router, {"blocks": ana.last.blocks}) == []
    listed = ana.last
    row = listed.words.index(one.description.replace("&", "&amp;"))
    ana.presses("Done", nth=listed.words[:row].count("Not doing"))

    assert one.status == "completed"
    assert "1 outstanding, 3 finished" in listed.words
    (told,) = public(ana, HERE)
    assert "is done (was outstanding), by <@U0ANA>." in told.text


def test_typed_elsewhere_both_places_are_told(ana, one):
    ana.types(f"/io action done {one.id}", channel="general")
    assert ana.sees("general")[-1].ephemeral_to == "U0ANA"
    (told,) = public(ana, HERE)
    assert "is done (was outstanding), by <@U0ANA>." in told.text


def test_after_an_incident_its_channel_is_left_in_peace(ana, of):
    late = of(30)[0]
    ana.types(f"/io action reopen {late.id}", channel="general")
    assert late.status == "outstanding"
    assert public(ana, "C0INC30") == []


def test_a_new_one_is_announced_publicly_in_its_own_channel(ana, of):
    ana.types("/io action new Restart & watch", channel=HERE)
    ana.submits(assignee="ben")
    made = of(39)[-1]
    assert (made.description, made.assignee_id) == ("Restart & watch", BEN)
    (told,) = public(ana, HERE)
    assert "Restart &amp; watch” was added by <@U0ANA>, owned by <@U0BEN>." in told.text
    assert told.buttons == ["Done", "Not doing", "Assign", "Open in incident.io"]


def test_a_new_one_of_nobody_says_so(ana):
    ana.types("/io action new Restart", channel=HERE)
    ana.submits()
    assert "“Restart” was added by <@U0ANA>, unassigned." in ana.last.text


def test_an_edited_one_keeps_a_title(ana, one, world):
    ana.types(f"/io action edit {one.id}", channel=HERE)
    sent = ana.submits(title="   ")
    assert sent.answer["errors"] == {"title": "This cannot be empty."}
    assert writes(world) == []


def test_done_by_three_at_once_it_was_one_of_them(bot, one, world):
    world.incidentio.fail("PUT", "/v3/actions/*", delay=0.2)
    handles = ("ana", "ben", "chi")
    with ThreadPoolExecutor(3) as pool:
        for handle in handles:
            line = f"/io action done {one.id}"
            pool.submit(world.slack.person(handle).types, line, HERE)
    assert bot.wait_idle()

    assert len([r for r in writes(world) if r.method == "PUT"]) == 1
    (told,) = public(world.slack.person("ana"), HERE)
    assert "is done (was outstanding), by" in told.text
    seen = [m.text for h in handles for m in world.slack.person(h).sees(HERE)]
    assert sum("is done already since" in words for words in seen) == 2


def test_what_is_not_to_be_done_is_said_in_a_sentence(ana, one):
    ana.types(f"/io action drop {one.id}", channel=HERE)
    assert "is marked “not doing” (was outstanding), by" in ana.last.text


def test_one_added_from_the_list_is_in_the_list(ana, of):
    ana.types("/io actions", channel=HERE)
    listed = ana.last
    ana.presses("New")
    ana.submits(title="From the list")
    assert "*From the list*" in listed.words
    (told,) = public(ana, HERE)
    assert "From the list” was added" in told.text


def test_a_message_makes_one(ana, of):
    said = "@ben please restart https://a.example/x <now>"
    message = ana.says(said, channel=HERE)
    ana.shortcut_on(message, "action.from_message")
    ana.submits()
    made = of(39)[-1]
    first = "@Ben Okafor please restart https://a.example/x <now>"
    assert made.description.startswith(f"{first}\n\nhttps://")


def test_a_message_elsewhere_asks_for_the_incident(ana, of, world):
    world.slack.fail("chat.getPermalink", error="message_not_found")
    message = ana.says("restart it", channel="general")
    ana.shortcut_on(message, "action.from_message")
    ana.submits(incident="INC-39 Elevated errors in the API")
    assert of(39)[-1].description == "restart it"
    assert "restart it” was added" in public(ana, HERE)[-1].text


def test_one_of_spaces_only_is_refused(ana, world):
    ana.types("/io action new", channel=HERE)
    ana.submits(title="   ")
    assert ana.modal.errors
    assert writes(world) == []


def test_without_a_target_it_offers_this_incidents(ana, one):
    ana.types("/io action done", channel=HERE)
    assert "Which action?" in ana.last.text
    ana.chooses("pick", one.description)
    assert one.status == "completed"


def test_words_of_the_text_are_enough(ana, one):
    one.description = "Rotate the <keys> of the ledger"
    ana.types("/io action drop rotate the", channel=HERE)
    assert one.status == "not_doing"


def test_where_there_are_too_many_one_types_to_find_it(ana, of, one, world):
    store = world.incidentio.store
    for n in range(120):
        made = type(one)(
            id=store.new_id(),
            incident_id=one.incident_id,
            creator=one.creator,
            created_at=one.created_at,
            updated_at=one.updated_at,
            description=f"Number {n}",
        )
        store.actions.add(made.id, made)
    ana.types("/io action done", channel=HERE)
    ana.chooses("action", "Number 119")
    assert of(39)[-1].status == "completed"


def test_elsewhere_it_offers_ones_own(ben, one):
    ben.types("/io action done", channel="general")
    ben.chooses("pick", one.description)
    assert one.status == "completed"


def test_the_card_edits_itself(ana, bot, one):
    ana.types(f"/io action {one.id}")
    card = ana.last
    assert unanswered(bot.router, {"blocks": card.blocks}) == []
    ana.presses("Edit")
    ana.submits(title="Better words", status="Done")
    assert (one.description, one.status) == ("Better words", "completed")
    assert "Better words" in card.words
    assert "Reopen" in card.buttons


def test_deleting_one_says_so(ana, one, world):
    ana.types(f"/io action delete {one.id}")
    assert "was deleted, by <@U0ANA>." in ana.last.text
    ana.types(f"/io action show {one.id}")
    assert "it was deleted, or you can't see it" in ana.last.text


def test_a_private_incidents_actions_stay_in_its_channel(person, of, world):
    secret = of(36)[0]
    secret.status = "outstanding"
    secret.assignee_id = None
    insider = person("ana")
    keep_out(world, CHI)
    world.incidentio.store.incident("36").members["01HUSER00000000000000ANA00"] = "x"
    insider.types(f"/io action done {secret.id}", channel="general")
    assert secret.status == "completed"
    (answer,) = insider.sees("general")
    assert answer.ephemeral_to == "U0ANA"
    chi = person("chi")
    chi.types(f"/io action show {secret.id}")
    assert "can't see it" in chi.last.text
    assert secret.description not in chi.last.text


@pytest.mark.parametrize("status", ["triaged_elsewhere", "completed"])
def test_a_status_the_bot_has_not_heard_of_is_shown(ana, one, status):
    one.status = status
    ana.types("/io actions", channel=HERE)
    assert status.replace("_", " ").replace("completed", "done") in ana.last.words


def test_a_link_button_starts_nothing(ana, one):
    ana.types("/io actions", channel=HERE)
    before = len(ana.sees())
    ana.presses("Open in incident.io")
    assert len(ana.sees()) == before


def test_a_database_that_fails_spoils_no_list(ana, bot, one):
    with without(bot.database, "snoozes"):
        ana.types("/io actions", channel=HERE)
    assert "2 outstanding" in ana.last.words


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("<@U0BEN> look", "@Ben Okafor look"),
        ("<@U0NOBODY|zed> look", "@zed look"),
        ("<#C0GENERAL|general> &amp; <!here>", "#general & @here"),
        ("<https://a.example/?a=1&amp;b=2|it>", "it (https://a.example/?a=1&b=2)"),
        ("1 &lt; 2 &gt; 0", "1 < 2 > 0"),
        ("", ""),
    ],
)
def test_a_message_is_read_as_it_looks(bot, sent, read):
    ctx = Context(bot.services, user="U0ANA", channel="C", key="k", ref="r")
    assert plain_text(ctx, {"text": sent}) == read
