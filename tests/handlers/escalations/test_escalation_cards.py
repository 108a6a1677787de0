"""The card of a page follows what becomes of it."""

import pytest

from storage.errors import DatabaseError
from storage.escalation_cards import EscalationCards
from tests.handlers.pages import buttons, card, made, page


@pytest.fixture
def tick(bot, clock):
    """Let time pass, and let the follower look."""

    def after(**passed):
        clock.advance(**passed)
        bot.cards.tick()

    return after


def asked(world, method, path):
    found = world.incidentio.requests
    return [r for r in found if (r.method, r.path) == (method, path)]


def updates(world):
    return [c for c in world.slack.calls if c.method == "chat.update"]


def test_the_card_follows_from_level_to_level_until_it_expires(ana, world, tick):
    page(ana)
    tick(minutes=5)
    assert "Paged so far: <@U0HANA> and <@U0BEN>" in card(ana).words
    tick(minutes=10)
    words = card(ana).words
    assert "*⚠️ Expired*: nobody acknowledged it" in words
    assert "Expired: nobody acknowledged it" in words
    assert buttons(card(ana)) == []


def test_the_card_says_why_somebody_is_paged(ana, world, tick):
    page(ana)
    made(world)[0].description = "The gateway answers *nothing* at all. " * 40
    tick(minutes=5)
    words = card(ana).words
    assert "The gateway answers *nothing* at all." in words
    assert len(words) < 1500


def test_what_is_done_in_incident_io_stands_on_the_card(ana, world, tick):
    page(ana)
    row = made(world)[0]
    ben = world.incidentio.store.user(field="slack_user_id", value="U0BEN")
    row.status, row.next_at = "acked", None
    event = {"id": "01HQE", "event": "acked", "users": [ben]}
    row.events.append({**event, "occurred_at": "2026-03-09T10:00:30Z"})
    tick(seconds=30)
    row.updated_at = world.incidentio.store.now()
    tick(seconds=10)
    assert "*✅ Acknowledged* by <@U0BEN> <!date" in card(ana).words
    assert buttons(card(ana)) == []


def test_a_card_that_has_not_changed_is_left_alone(ana, world, tick):
    page(ana)
    for _ in range(3):
        tick(seconds=10)
    assert updates(world) == []
    checks = [r for r in world.incidentio.requests if "check_permissions" in r.path]
    assert len(checks) == 1, "only when it was drawn"


def test_many_cards_cost_one_request(ana, ben, world, tick):
    page(ana)
    page(ben, title="Another", path="Management", channel="general")
    before = len(asked(world, "GET", "/v2/escalations"))
    tick(seconds=10)
    assert len(asked(world, "GET", "/v2/escalations")) == before + 1
    assert asked(world, "GET", "/v2/escalations")[-1].query.keys() == {
        "updated_at[gte]",
        "page_size",
    }


def test_nothing_is_asked_while_nothing_is_followed(ana, world, tick):
    tick(seconds=10)
    assert asked(world, "GET", "/v2/escalations") == []
    page(ana)
    tick(minutes=20)
    seen = len(asked(world, "GET", "/v2/escalations"))
    tick(seconds=10)
    assert len(asked(world, "GET", "/v2/escalations")) == seen


def test_a_failing_incident_io_is_asked_again(ana, world, tick):
    page(ana)
    world.incidentio.fail("GET", "/v2/escalations", status=500)
    tick(minutes=5)
    assert "<@U0BEN>" not in card(ana).words
    world.incidentio.clear_faults()
    tick(minutes=4)
    assert "<@U0HANA> and <@U0BEN>" in card(ana).words


def test_a_slack_that_takes_no_edit_is_asked_again(ana, world, tick):
    page(ana)
    world.slack.fail("chat.update", error="internal_error")
    tick(minutes=5)
    assert "<@U0BEN>" not in card(ana).words
    world.slack.faults.clear()
    tick(minutes=9)
    assert "<@U0HANA> and <@U0BEN>" in card(ana).words


def test_a_message_that_was_deleted_is_forgotten(ana, bot, world, tick):
    page(ana)
    world.slack.workspace.delete(card(ana))
    tick(minutes=5)
    seen = len(updates(world))
    tick(minutes=10)
    assert len(updates(world)) == seen


def test_two_workers_edit_a_card_once(ana, world, tick, start):
    page(ana)
    other = start()
    tick(minutes=5)
    other.cards.tick()
    assert len(updates(world)) == 1


@pytest.mark.parametrize("late", [False, True])
def test_who_was_frozen_leaves_no_old_state_on_a_card(
    ana, world, clock, tick, start, freeze, late
):
    page(ana)
    other = start()

    def meanwhile():
        clock.advance(minutes=9)
        other.cards.tick()

    freeze("chat.update", meanwhile, late=late)
    tick(minutes=6)
    assert len(updates(world)) == 1 + late
    tick(seconds=10)
    assert "*⚠️ Expired*" in card(ana).words


def test_where_the_bot_may_not_post_the_card_goes_to_who_paged(ana, world, tick):
    world.slack.fail("chat.postMessage", error="not_in_channel", times=1)
    page(ana)
    assert "was not told: The bot is not in that channel" in ana.last.text
    assert len(made(world)) == 1
    direct = [m for m in ana.dm if "Paged so far" in m.words]
    assert len(direct) == 1
    tick(minutes=5)
    assert "<@U0HANA> and <@U0BEN>" in ana.dm[-1].words


def test_a_database_that_fails_does_not_undo_the_page(ana, world, monkeypatch, caplog):
    def fails(*_, **__):
        raise DatabaseError("locked")

    monkeypatch.setattr(EscalationCards, "add", fails)
    page(ana)
    assert len(made(world)) == 1
    assert "Paged so far: <@U0HANA>" in ana.last.text
    assert "a card will not follow" in caplog.text


def test_a_snoozed_page_comes_again_on_the_card(ana, person, world, tick):
    page(ana)
    hana = person("hana")
    hana.presses("Snooze 30 min", message=card(hana))
    assert "*💤 Snoozed* until" in card(ana).words
    tick(minutes=30)
    assert "*🔴 Paging*" in card(ana).words
    assert "Acknowledge" in buttons(card(ana))
