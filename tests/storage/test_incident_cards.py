"""Cards of incidents are stored once they are posted, and edited by one worker."""

from datetime import timedelta

import pytest

from storage.incident_cards import LEASE, RULE, TO_PIN, IncidentCards, key
from storage.notices import Notice
from storage.plans import Plan
from storage.rules import Rules
from storage.slots import Slots


@pytest.fixture
def cards(database):
    return IncidentCards(database)


@pytest.fixture
def rules(database, now):
    made = Rules(database, now, lambda _, after: after)
    made.create(rule_id=RULE, kind=RULE)
    return made


def enter(rules, now, incident="I1"):
    once = key(incident)
    new = Notice(once, "C1", now(), {"incident": incident}, once_keys=(once,))
    plan = Plan(now() + timedelta(seconds=20), notices=[new])
    return rules.plan([RULE], lambda _: plan)


def send(database, now, ts="1.1"):
    slots = Slots(database, "one", LEASE, {RULE})
    slot = slots.claim(now()).slot
    shown = {"fingerprint": "a"}
    slots.begin_sending(slot, now(), timedelta(0), shown)
    slots.finish(slot, "sent", now(), message_ts=ts, posted_in="C1")


@pytest.fixture
def card(cards, rules, database, now):
    enter(rules, now)
    send(database, now)
    cards.adopt(now())
    return cards.of({"I1"})[0]


def test_a_card_is_entered_once_ever(rules, database, now):
    assert enter(rules, now) == 1
    send(database, now)
    rules.prune(now() + timedelta(days=1))
    now.at += timedelta(minutes=1)
    assert enter(rules, now) == 0, "though its slot was forgotten"


def test_what_was_posted_is_stored_by_whoever_comes_first(cards, card, now):
    assert (card.fingerprint, card.pin, card.changed_at) == ("a", TO_PIN, now())
    lease = cards.claim(card)
    cards.record_drawn(card, lease, "b", now())
    assert cards.adopt(now()) == 0
    assert cards.of({"I1"})[0].fingerprint == "b"


def test_one_worker_edits_a_card(cards, card, now):
    lease = cards.claim(card)
    assert cards.claim(card) is None
    assert cards.record_drawn(card, lease, "b", now())
    assert cards.claim(card) is None, "it was edited since it was read"


def test_a_worker_that_died_lets_the_card_go(cards, card, now):
    lease = cards.claim(card)
    now.at += LEASE
    assert cards.claim(card) is not None
    assert not cards.record_drawn(card, lease, "b", now())


def test_a_change_that_comes_while_it_is_drawn_is_not_lost(cards, card, now):
    now.at += timedelta(seconds=1)
    assert cards.note_changed("I1", now())
    cards.settle(card)
    (again,) = cards.changed()
    cards.settle(again)
    assert cards.changed() == []


def test_a_card_that_is_gone_is_not_touched_any_more(cards, card, now):
    cards.record_gone(card, now())
    assert not cards.note_changed("I1", now())
    assert not cards.any()
    assert cards.to_pin(now()) == cards.of({"I1"}) == []
    assert cards.adopt(now()) == 0


def test_a_new_card_is_entered_once_for_each_wish(cards, card, rules, database, now):
    cards.record_gone(card, now())
    first = cards.post_again("I1", "C1", "press-1", now())
    assert cards.post_again("I1", "C1", "press-1", now()) == first
    assert cards.post_again("I1", "C1", "press-2", now()) == first, "it waits still"
    send(database, now, ts="2.2")
    cards.adopt(now())
    assert [c.message_ts for c in cards.of({"I1"})] == ["2.2"]
    cards.post_again("I1", "C1", "press-1", now())
    assert rules.open_slots(now()) == []
