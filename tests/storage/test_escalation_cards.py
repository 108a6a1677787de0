"""Cards are remembered, claimed by one worker at a time, and forgotten."""

from datetime import timedelta

import pytest

from storage.escalation_cards import KEPT, LEASE, WATCHED, EscalationCards


@pytest.fixture
def cards(database):
    return EscalationCards(database)


@pytest.fixture
def card(cards, now):
    remember(cards, now)
    return cards.of("E1")[0]


def remember(cards, now, message_ts="1.1", **more):
    facts = {
        "channel": "C1",
        "person": None,
        "created_by": "U1",
        "fingerprint": "a",
        **more,
    }
    cards.add("E1", message_ts=message_ts, now=now(), **facts)


def test_a_card_is_watched_until_its_escalation_has_ended(cards, card, now):
    assert [c.id for c in cards.watched(now())] == [card.id]
    cards.record_drawn(card, cards.claim(card), "b", now=now(), until=now())
    assert cards.watched(now()) == []
    assert cards.of("E1")[0].fingerprint == "b"


def test_the_same_message_is_remembered_once(cards, card, now):
    remember(cards, now)
    assert len(cards.of("E1")) == 1


def test_nobody_is_watched_for_ever(cards, card, now):
    assert cards.watched(now() + WATCHED) == []


def test_one_worker_draws_a_card(cards, card, now):
    lease = cards.claim(card)
    assert cards.claim(card) is None
    assert cards.record_drawn(card, lease, "b", now=now(), until=None)
    assert cards.claim(card) is None, "it was drawn since it was read"


def test_a_worker_that_died_lets_the_card_go(cards, card, now):
    lease = cards.claim(card)
    now.at += LEASE
    again = cards.claim(card)
    assert again.until == now() + LEASE
    assert not cards.record_drawn(card, lease, "b", now=now(), until=None)
    cards.release(card, lease)
    assert cards.claim(card) is None, "its lease is another's"
    assert cards.record_drawn(card, again, "b", now=now(), until=None)


def test_a_card_that_was_released_can_be_drawn_again(cards, card, now):
    cards.release(card, cards.claim(card))
    assert cards.claim(card)


def test_a_card_of_which_nobody_knows_what_it_shows_is_drawn_anew(cards, card):
    cards.claim(card)
    cards.redraw(card)
    (blank,) = cards.of("E1")
    assert (blank.fingerprint, bool(cards.claim(blank))) == ("", True)


def test_who_did_something_stands_on_every_card_also_on_later_ones(cards, card, now):
    remember(cards, now, message_ts="1.2")
    cards.record_action("E1", "acked", {"by": "U2"})
    cards.record_action("E1", "resolved", {"by": "U3"})
    remember(cards, now, message_ts="1.3")
    actions = {"acked": {"by": "U2"}, "resolved": {"by": "U3"}}
    assert [c.actions for c in cards.of("E1")] == [actions] * 3


def test_what_was_not_followed_for_long_is_forgotten(cards, card, now):
    cards.record_drawn(card, cards.claim(card), "b", now=now(), until=now())
    assert cards.prune(now() + KEPT) == 0
    assert cards.prune(now() + KEPT + timedelta(seconds=1)) == 1
    assert cards.of("E1") == []


def test_a_message_that_is_gone_is_forgotten_at_once(cards, card):
    cards.delete(card)
    assert cards.of("E1") == []
