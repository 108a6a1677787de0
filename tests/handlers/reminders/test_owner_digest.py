"""A person works off their own follow-ups in the message that told them of them."""

from datetime import date, timedelta

import pytest

from reminders.items.filters import DigestOptions
from tests.handlers.incidents.incident_state import keep_out
from tests.rendered import unanswered

pytestmark = pytest.mark.usefixtures("over")

MENU = "run.more"
ANA, BEN, CHI = (f"01HUSER00000000000000{name}00" for name in ("ANA", "BEN", "CHI"))


@pytest.fixture
def store(world):
    return world.incidentio.store


@pytest.fixture
def bens(store, clock):
    """Three of INC-27's follow-ups, Ben's: past their target, before it, and new."""
    for found in store.follow_ups:
        if found.assignee_id in (BEN, CHI, None):
            found.assignee_id = ANA
    incident = store.incident("27")
    three = list(store.follow_ups.after(group=incident.id, newest=False))[:3]
    for item, (title, days) in zip(
        three, [("Fix it", 8), ("Test it", 6), ("Write it down", 1)], strict=True
    ):
        item.title, item.assignee_id, item.status = title, BEN, "outstanding"
        item.created_at = clock() - timedelta(days=days)
    return three


@pytest.fixture
def told(bot, clock, person):
    """Send somebody's digest and give the message."""

    def send(handle, hour=11):
        slack_id = f"U0{handle.upper()}"
        bot.services.rules.create(
            rule_id=f"owner-{slack_id}",
            kind="owner",
            channel=slack_id,
            created_by=slack_id,
            options=DigestOptions(item_kinds=["follow_ups"]),
            recurrence=f"0 {hour} * * * UTC",
        )
        clock.advance(hours=1)
        bot.reminders.tick()
        sent = person(handle).dm
        return sent[-1] if sent else None

    return send


def menus(message):
    drawn = [b["accessory"] for b in message.blocks if "accessory" in b]
    options = [one["options"] for one in drawn if one["type"] == "overflow"]
    return [[option["text"]["text"] for option in found] for found in options]


def titles(message):
    words = message.words
    return sorted(("Fix it", "Test it", "Write it down"), key=words.index)


def test_what_is_past_its_target_comes_first_with_all_one_needs(ben, bens, told, bot):
    message = told("ben")
    assert message.text.splitlines()[0] == ("You have 3 open follow-ups, 1 overdue.")
    assert "Fix it (INC-27, overdue by 3 days)" in message.text
    assert titles(message) == ["Fix it", "Test it", "Write it down"]
    assert "· overdue by 3 days" in message.words
    assert "· target <!date^" in message.words
    assert "· due <!date^" in message.words
    assert (
        menus(message) == [["Done", "Snooze…", "Hand on…", "Not doing…", "Edit…"]] * 3
    )
    assert message.buttons == ["Manage"]
    assert unanswered(bot.router, {"blocks": message.blocks}) == []


def test_who_has_nothing_to_finish_hears_nothing(told, bens):
    for found in bens:
        found.status = "completed"
    assert told("ben") is None


def test_what_is_done_is_struck_through_in_its_place_and_can_be_undone(ben, bens, told):
    message = told("ben")
    ben.chooses(MENU, "Done", message=message, nth=1)
    assert bens[1].status == "completed"
    assert "~Test it~" in message.words
    assert "Done by you" in message.words
    assert titles(message) == ["Fix it", "Test it", "Write it down"]
    assert "is done" not in message.words
    assert "You have 2 open follow-ups" in message.words
    assert len(ben.dm) == 1

    ben.presses("Undo", message=message)
    assert bens[1].status == "outstanding"
    assert titles(message) == ["Fix it", "Test it", "Write it down"]
    assert "Undo" not in message.buttons
    assert len(ben.dm) == 1


def test_not_doing_asks_why_and_undo_takes_the_reason_back(ben, bens, told):
    message, before = told("ben"), bens[0].description
    ben.chooses(MENU, "Not doing…", message=message)
    ben.submits(reason="The pool is gone")
    assert bens[0].status == "not_doing"
    assert "The pool is gone" in bens[0].description
    assert "~Fix it~" in message.words
    assert "Not doing by you" in message.words
    ben.presses("Undo", message=message)
    assert (bens[0].status, bens[0].description) == ("outstanding", before)
    assert len(ben.dm) == 1


def snoozes(who, message):
    who.chooses(MENU, "Snooze…", message=message)
    who.submits(until=date(2026, 3, 20))


def test_what_is_snoozed_can_be_woken_and_that_is_not_counted(ben, bens, told, bot):
    message = told("ben")
    for _ in range(4):
        snoozes(ben, message)
        assert "Snoozed until" in message.words
        assert "You have 2 open follow-ups." in message.words
        ben.presses("Undo", message=message)
        assert "Snoozed until" not in message.words
        assert "You have 3 open follow-ups, 1 overdue." in message.words
    snoozes(ben, message)
    assert "Snoozed until" in message.words
    assert bot.services.snoozes.get("follow_ups", bens[0].id).count == 1
    assert len(ben.dm) == 1


def test_the_fourth_snooze_is_explained_and_changes_nothing(ben, bens, told, bot):
    for days in (1, 2, 3):
        ben.types(f"/io followup snooze {bens[0].id} {days}d", channel="general")
    bot.services.snoozes.end("follow_ups", bens[0].id, bot.services.now())
    message = told("ben")
    ben.chooses(MENU, "Snooze…", message=message)
    assert "three times is the limit" in ben.last.text
    assert ben.last.ephemeral_to == "U0BEN"
    assert "Snoozed" not in message.words


def hands_on(who, to, message, label="Hand on…", nth=0):
    who.chooses(MENU, label, message=message, nth=nth)
    who.submits(assignee=to)


def test_who_it_is_given_to_is_told_of_it_and_it_can_be_taken_back(
    ben, bens, told, person
):
    message = told("ben")
    hands_on(ben, "chi", message)
    assert bens[0].assignee_id == CHI
    assert "~Fix it~" in message.words
    assert "Reassigned to <@U0CHI> by you" in message.words
    assert "Fix it" in told("chi", hour=12).words
    ben.presses("Undo", message=message)
    assert bens[0].assignee_id == BEN
    assert "Reassigned" not in message.words
    assert len(ben.dm) == 1


def test_pressed_twice_it_is_done_once(ben, bens, told, world):
    message = told("ben")
    stale = message.blocks
    ben.chooses(MENU, "Done", message=message)
    message.blocks = stale
    ben.chooses(MENU, "Done", message=message)
    assert "is done already" in message.words
    assert "~Fix it~" in message.words
    puts = [r for r in world.incidentio.requests if r.method == "PUT"]
    assert len(puts) == 1
    assert len(ben.dm) == 1


def test_what_others_did_meanwhile_is_shown_as_it_is_now(ben, bens, told, store):
    message = told("ben")
    ben.types(f"/io followup done {bens[2].id}", channel="general")
    bens[1].status = "not_doing"
    bens[1].updated_at = store.now()
    ben.chooses(MENU, "Done", message=message)
    assert message.words.count("Done by you") == 2
    assert "Not doing" in message.words
    assert "Not doing by" not in message.words
    assert message.text.endswith("All of these are dealt with.")


def test_what_was_deleted_meanwhile_is_not_there_any_more(ben, bens, told, store, bot):
    message = told("ben")
    store.follow_ups.remove(bens[1].id)
    bot.services.outstanding.forget("follow_ups", bens[1].id)
    ben.chooses(MENU, "Done", message=message)
    assert "Deleted" in message.words


def test_nothing_of_a_private_incident_stays_when_it_is_not_theirs(
    ben, bens, told, store, world
):
    incident = store.incident("36")
    keep_out(world, BEN)
    bens[0].incident_id = incident.id
    message = told("ben")
    assert "Fix it" in message.words
    assert "a private incident" in message.words
    assert incident.name not in message.words

    hands_on(ben, "chi", message)
    assert bens[0].assignee_id == CHI
    assert "Fix it" not in message.words
    assert "A follow-up" in message.words
    assert "Undo" not in message.buttons


def test_a_person_without_an_account_is_refused_beside_the_field(ben, bens, told):
    hands_on(ben, "max", told("ben"))
    assert bens[0].assignee_id == BEN
    assert "has no account in incident.io" in ben.modal.errors["assignee"]


def test_many_are_counted_and_shown_on_request(ben, bens, told, store):
    for found in store.follow_ups:
        found.assignee_id, found.status = BEN, "outstanding"
    message = told("ben")
    assert len(menus(message)) == 8
    assert "and 109 more" in message.text
    ben.presses("Show all", message=message)
    shown = ben.last
    assert shown.ephemeral_to == "U0BEN"
    assert "117 items outstanding" in shown.words
    assert len(menus(shown)) == 20
    ben.chooses(MENU, "Done", message=shown)
    assert "116 items outstanding" in shown.words
    assert message.text.startswith("You have 116 open follow-ups")
    ben.presses("Next", message=shown)
    assert len(menus(shown)) == 20


@pytest.fixture
def anas(store, bens):
    """Ana leads INC-27, of which one follow-up is nobody's for long."""
    lead = next(role for role in store.roles if role["role_type"] == "lead")
    store.incident("27").roles[lead["id"]] = ANA
    for found in store.follow_ups:
        if found.assignee_id == ANA:
            found.status = "completed"
    bens[0].assignee_id = None
    return bens[0]


def test_who_leads_gives_what_is_nobodys_to_somebody(ana, anas, told):
    message = told("ana")
    assert "in incidents you lead need an owner." in message.text
    hands_on(ana, "chi", message, "Assign…", nth=1)
    assert anas.assignee_id == CHI
    assert "Assigned to <@U0CHI> by you" in message.words
    ana.presses("Undo", message=message)
    assert anas.assignee_id is None
    assert "Assigned" not in message.words
    assert len(ana.dm) == 1


def test_a_form_that_was_long_open_edits_the_message_all_the_same(
    ben, bens, told, clock, world
):
    message = told("ben")
    ben.chooses(MENU, "Not doing…", message=message)
    clock.advance(minutes=31)
    ben.submits(reason="Too late")
    assert "Not doing by you" in message.words
    assert len(ben.dm) == 1
    assert world.slack.violations == ["a response_url was used after 30 minutes"]
    world.slack.violations.clear()
