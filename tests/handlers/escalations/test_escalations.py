"""Who is being paged and who was: lists, one escalation, and answering it."""

import pytest
from sqlalchemy import select

from storage.tables import JournalRow
from tests.handlers.pages import buttons, card, made, notified, page


def seeded(world, title):
    rows = world.incidentio.store.escalations
    return next(row for row in rows if row.title.startswith(title))


def asked(world, path):
    return [r for r in world.incidentio.requests if r.path.endswith(path)]


def test_the_open_ones_come_first_with_their_state_beside_the_mark(ana):
    ana.types("/io escalations")
    words = ana.last.words
    assert "*🔴 Paging* · path Payments · since" in words
    assert "INC-34 Refunds stuck in pending" in words
    titles = ["Refunds stuck", "Test page, ignore", "Nightly export", "Card charges"]
    places = [words.index(title) for title in titles]
    assert places == sorted(places)
    assert "*⚠️ Expired* · <@U0GUS>" in words


def test_words_find_escalations_and_nothing_found_says_what_to_do(ana):
    ana.types("/io escalations nightly")
    assert "Nightly export is late" in ana.last.words
    assert "Refunds" not in ana.last.words
    ana.types("/io escalations nonsense")
    assert "None." in ana.last.words
    assert buttons(ana.last) == ["Page"]


def test_lists_page(ana, world):
    for number in range(30):
        body = {"idempotency_key": str(number), "title": f"Page {number}"}
        _sent(world, {**body, "user_ids": [_id(world, "ben")]})
    ana.types("/io escalations all")
    assert ana.last.words.count("Page ") == 25
    ana.presses("Next")
    assert "Refunds stuck in pending" in ana.last.words


def _sent(world, body):
    client = world.incidentio.wsgi.test_client()
    headers = {"Authorization": "Bearer sandbox"}
    answer = client.post("/v2/escalations", json=body, headers=headers)
    assert answer.status_code == 201


def _id(world, handle):
    email = f"{handle}@acme.example"
    return world.incidentio.store.user(field="email", value=email)["id"]


def test_everything_about_one_is_shown(ana, world):
    ana.types(f"/io escalation {seeded(world, 'Card charges').id}")
    words = ana.last.words
    assert "*✅ Acknowledged* by" in words
    for part in (
        "Refund those who paid twice before the next payout.",
        "*Priority*\nP2",
        "*Path*\nPayments",
        "alert Card charges: more than one for an order",
        "INC-9 Duplicate card charges for 40 customers",
        "https://alerts.acme.example/double-charge",
        "(resolved): Two charges share one order number.",
        "Began to page",
        "(high urgency)",
    ):
        assert part in words
    assert buttons(ana.last) == []


def test_what_tomorrows_api_says_is_shown_too(ana, world):
    row = seeded(world, "Refunds")
    row.more = {"description": "Since *noon*", "colour": "red"}
    row.status = "pondering"
    ana.types(f"/io escalation show {row.id}")
    assert "▫️ pondering" in ana.last.words
    assert "Since *noon*" in ana.last.words


def test_the_title_finds_an_open_one_and_no_words_ask_which(ana, world):
    ana.types("/io escalation show refunds")
    assert "*🔴 Paging*" in ana.last.words
    ana.types("/io escalation show nothing like it")
    assert "No open escalation matches" in ana.last.words
    ana.types("/io escalation show")
    assert "Which escalation?" in ana.last.words
    ana.chooses("Choose", "Refunds stuck in pending")
    assert "*🔴 Paging*" in ana.last.words


def test_an_id_that_there_is_not_is_said(ana):
    ana.types("/io escalation show 01HQNOTHING000000000000000")
    assert "There is no escalation `01HQNOTHING000000000000000`" in ana.last.text


def test_who_was_paged_acknowledges_on_the_card(ana, bot, clock, person, world):
    page(ana)
    hana = person("hana")
    before = len(hana.sees())
    hana.presses("Acknowledge", message=card(hana))

    (row,) = made(world)
    assert row.status == "acked"
    shown = card(ana)
    assert "*✅ Acknowledged* by <@U0HANA>" in shown.words
    assert buttons(shown) == []
    clock.advance(minutes=5)
    bot.reminders.tick()
    assert len(hana.sees()) == before, "the card says it"


def test_an_acknowledgement_that_is_typed_is_confirmed(ana, person, world):
    page(ana)
    hana = person("hana")
    hana.types(f"/io ack {made(world)[0].id}")
    said = "*Card payments fail* was acknowledged by <@U0HANA>."
    assert hana.last.text == said
    assert not any(said in m.text for m in ana.sees("incidents"))
    assert "*✅ Acknowledged* by <@U0HANA>" in card(ana).words


def test_where_the_card_cannot_be_edited_the_press_is_confirmed(ana, person, world):
    page(ana)
    hana = person("hana")
    world.slack.fail("chat.update", error="internal_error")
    hana.presses("Acknowledge", message=card(hana))
    assert "was acknowledged by <@U0HANA>." in hana.last.text


def test_where_the_key_may_act_the_person_is_recorded(ana, person, world):
    world.incidentio.key.roles.add("act_on_behalf_of_users")
    page(ana)
    hana = person("hana")
    hana.presses("Acknowledge", message=card(hana))
    assert made(world)[0].events[-1]["users"][0]["name"] == "Hana Sato"
    assert "*✅ Acknowledged* by <@U0HANA> <!date" in card(ana).words


def test_who_was_not_paged_is_told_who_can_acknowledge(ana, ben, world):
    page(ana)
    ben.presses("Acknowledge", message=card(ben))
    assert "Only the people who were paged can acknowledge" in ben.last.text
    assert "<@U0HANA>." in ben.last.text
    assert made(world)[0].status == "triggered"
    assert asked(world, "/respond") == []


def test_who_has_no_account_cannot_answer(person, ana, world, settings):
    page(ana)
    outsider = person("max")
    outsider.presses("Acknowledge", message=card(outsider))
    assert "Only the people who were paged can acknowledge" in outsider.last.text
    assert "<@U0HANA>." in outsider.last.text
    assert made(world)[0].status == "triggered"


def test_acknowledging_twice_says_who_was_first(ana, person, world):
    page(ana)
    hana = person("hana")
    id_ = made(world)[0].id
    hana.types(f"/io escalation ack {id_}")
    hana.types(f"/io escalation ack {id_}")
    assert "Acknowledged" in hana.last.text
    assert "Nothing was changed" in hana.last.text
    assert len(asked(world, "/respond")) == 1


@pytest.mark.parametrize(
    ("words", "minutes"), [("", 30), (" 10", 10), (" 45m", 45), (" 2h", 120)]
)
def test_a_page_is_snoozed(ana, person, world, clock, words, minutes):
    page(ana)
    hana = person("hana")
    hana.types(f"/io escalation snooze {made(world)[0].id}{words}")
    (request,) = asked(world, "/respond")
    until = request.json["snooze_details"]["snooze_until"]
    clock.advance(minutes=minutes)
    assert until.startswith(f"{clock():%Y-%m-%dT%H:%M}")
    assert "*💤 Snoozed* until" in card(ana).words
    assert "Acknowledge" in buttons(card(ana))


@pytest.mark.parametrize("words", ["soon", "0", "3000", "25h"])
def test_a_time_to_snooze_that_is_none_is_said(ana, person, world, words):
    page(ana)
    hana = person("hana")
    hana.types(f"/io escalation snooze {made(world)[0].id} {words}")
    assert "is not a time to snooze" in hana.last.text
    assert made(world)[0].status == "triggered"


def test_a_page_is_cancelled_and_the_card_says_by_whom(ana, ben, world):
    page(ana)
    ben.presses("Cancel page", message=card(ben))
    assert made(world)[0].status == "cancelled"
    assert "*🚫 Cancelled* by <@U0BEN>" in card(ana).words
    assert buttons(card(ana)) == []
    ben.types(f"/io escalation cancel {made(world)[0].id}")
    assert "Nothing was changed" in ben.last.text


def test_what_has_ended_cannot_be_cancelled(ana, world):
    ana.types(f"/io escalation cancel {seeded(world, 'Nightly').id}")
    assert "Expired*: nobody acknowledged it. Nothing was changed." in ana.last.text


def test_a_card_of_ones_own_is_drawn_again_by_its_buttons(person, world):
    hana = person("hana")
    hana.types(f"/io escalation {seeded(world, 'Refunds').id}")
    hana.presses("Acknowledge")
    assert "*✅ Acknowledged*" in hana.last.words
    assert "was acknowledged by" not in hana.last.words
    assert buttons(hana.last) == []


def test_incident_io_failing_is_said_and_the_card_stays(ana, person, world):
    page(ana)
    hana = person("hana")
    world.incidentio.fail("POST", "*/actions/respond", status=503)
    hana.presses("Acknowledge", message=card(hana))
    assert "not known whether the escalation was acknowledged" in hana.last.text
    assert "Acknowledge" in buttons(card(hana))


ONLY_PAGED = "Only the people who were paged can {} *Refunds stuck in pending*"


@pytest.mark.parametrize(
    ("verb", "refusal"),
    [
        ("ack", f"{ONLY_PAGED.format('acknowledge')}: <@U0HANA>."),
        ("snooze", f"{ONLY_PAGED.format('snooze')}: <@U0HANA>."),
        ("cancel", "the Responder role in incident.io"),
    ],
)
def test_a_viewer_may_look_but_not_answer(person, world, verb, refusal):
    kim, row = person("kim"), seeded(world, "Refunds")
    kim.types(f"/io escalation {verb} {row.id}")
    assert refusal in kim.last.text
    kim.types("/io escalations")
    assert "Refunds" in kim.last.words
    assert row.status == "triggered"


def test_the_audit_is_told_what_was_done_to_what(ana, bot, world):
    page(ana)
    row = made(world)[0]
    ana.types(f"/io escalation cancel {row.id}")

    with bot.database.read() as session:
        found = session.scalars(select(JournalRow).order_by(JournalRow.accepted_at))
        by_operation = {entry.operation: entry for entry in found}
    paged, cancelled = by_operation["page"], by_operation["escalation cancel"]
    assert paged.target == "escalation Card payments fail"
    assert paged.changes == {"path": [None, "Payments"], "people": [None, "Hana Sato"]}
    assert cancelled.target == f"escalation Card payments fail ({row.id})"
    assert cancelled.changes == {"status": ["triggered", "cancelled"]}


def test_others_are_paged_and_both_cards_say_so(ana, ben, world):
    page(ana)
    ben.presses("Reassign", message=card(ben))
    assert "Paged so far: <@U0HANA>" in ben.modal.words
    assert "You can reassign a page only once" in ben.modal.words
    ben.fills(path="Management")
    assert "*This pages <@U0ANA> and <@U0BEN> now*" in ben.modal.words
    ben.submits(why="Not theirs")

    old, new = made(world)
    assert (old.status, new.status) == ("resolved", "triggered")
    assert new.description == "Not theirs"
    assert notified(new) == ["Ana Ferreira", "Ben Okafor"]
    shown = [m for m in ana.sees("incidents") if "Paged so far" in m.words]
    assert "*☑️ Resolved* by <@U0BEN>" in shown[0].words
    assert buttons(shown[0]) == []
    assert "Paged by: <@U0BEN>" in shown[1].words
    said = "now pages <@U0ANA> and <@U0BEN> (was <@U0HANA>), by <@U0BEN>"
    assert said in ben.last.text


def test_it_works_once(ana, ben, world):
    page(ana)
    ana.types(f"/io escalation reassign {made(world)[0].id}")
    ben.types(f"/io escalation reassign {made(world)[0].id}")
    ana.submits(people=["ana"])
    ben.submits(people=["ben"])
    assert "Resolved" in ben.modal.words
    assert "Nothing was changed" in ben.modal.words
    assert len(made(world)) == 2


def test_a_refusal_of_incident_io_is_quoted(ana, world):
    page(ana)
    ana.types(f"/io escalation reassign {made(world)[0].id}")
    made(world)[0].reassigned_to = "01HQSOMEWHERE"
    ana.submits(people=["ben"])
    assert "“This escalation has already been reassigned”" in ana.modal.words
    assert len(made(world)) == 1


def test_a_path_or_people_but_not_both(ana, world):
    page(ana)
    ana.types(f"/io escalation reassign {made(world)[0].id}")
    ana.fills(path="Management", people=["ben"])
    ana.submits()
    assert "not both" in ana.modal.errors["people"]
    assert len(made(world)) == 1


def test_a_process_that_dies_after_it_does_not_reassign_again(
    ana, world, crash_after_work, restart
):
    page(ana)
    ana.types(f"/io escalation reassign {made(world)[0].id}")
    crash_after_work()
    ana.submits(people=["ben"])
    restart()

    assert len(made(world)) == 2
    assert "now pages <@U0BEN>" in ana.last.text


def test_the_form_says_of_whom_it_is_aimed_at_that_they_could_do_little(ana, world):
    page(ana)
    ana.types(f"/io escalation reassign {made(world)[0].id}")
    ana.fills(people=["kim"])
    assert "may acknowledge and snooze what they are paged for" in ana.modal.words
    assert len(made(world)) == 1
