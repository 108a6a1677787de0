"""A slot belongs to one worker at a time, and a reminder is planned once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import event

from storage.last_actions import LastActions
from storage.personal_rules import OWNER, PersonalRule, PersonalRules, put
from storage.plans import Plan
from storage.preferences import StoredPreferences
from storage.rule import RuleOptions
from storage.rules import Rules
from storage.slots import Slots
from storage.snoozes import Snoozes
from storage.throttles import next_moment


class Colour(RuleOptions):
    colour: str = "grey"


HOUR = timedelta(hours=1)
LEASE = timedelta(minutes=2)
KINDS = {"channel"}


@pytest.fixture
def rules(database, now):
    return Rules(database, now, lambda _when, after: after + HOUR)


@pytest.fixture
def rule(rules):
    return rules.create(
        channel="C1", created_by="U1", options=Colour(colour="red"), recurrence="hourly"
    )


@pytest.fixture
def slots(database):
    return Slots(database, "one", LEASE, KINDS)


@pytest.fixture
def other(database):
    return Slots(database, "two", LEASE, KINDS)


def plan_next(rule):
    return Plan(rule.next_slot_at + HOUR, send=rule.next_slot_at)


def test_a_reminder_is_stored_with_its_next_time(rules, rule, now):
    assert rule.next_slot_at == now() + HOUR
    assert rules.get(rule.id).options == {"colour": "red"}
    assert [found.id for found in rules.list("C1")] == [rule.id]
    assert rules.list("C2") == []


def test_a_reminder_with_a_known_id_is_not_made_twice(rules):
    asked = {"channel": "C1", "created_by": "U1", "recurrence": "hourly"}
    made = [rules.create(rule_id="view-1", **asked) for _ in range(2)]
    assert made[0].id == made[1].id
    assert len(rules.list()) == 1


def test_replicas_that_make_the_same_reminder_at_once_make_one(rules):
    asked = {"channel": "C1", "created_by": "U1", "recurrence": "hourly"}

    def make(_):
        return rules.create(rule_id="view-1", **asked).id

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(make, range(32))) == {"view-1"}


def test_changing_the_schedule_changes_the_next_time(rules, rule, now):
    now.advance(minutes=30)
    changed = rules.update(rule.id, recurrence="other", options=Colour(colour="blue"))
    assert changed.next_slot_at == now() + HOUR
    assert changed.options == {"colour": "blue"}
    assert rules.update("unknown", name="x") is None


def test_what_was_due_during_a_pause_is_not_made_up_for(rules, rule, now):
    rules.pause(rule.id, "by @ana")
    now.advance(days=1)
    assert rules.due() == []
    resumed = rules.resume(rule.id)
    assert (resumed.state, resumed.paused_because) == ("active", None)
    assert resumed.next_slot_at == now() + HOUR
    assert rules.resume("unknown") is None


def test_a_due_reminder_is_planned_once(rules, rule, now):
    assert rules.due() == []
    now.advance(hours=1)
    assert [due.id for due in rules.due()] == [rule.id]
    assert rules.plan([rule.id], plan_next) == 1
    assert rules.plan([rule.id], plan_next) == 0
    assert rules.due() == []
    assert [slot.slot_at for slot in rules.history(rule.id)] == [now()]


def test_a_claim_costs_no_more_with_many_rules(sqlite, now):
    rules = Rules(sqlite, now, lambda _when, after: after + HOUR)
    slots = Slots(sqlite, "one", LEASE, KINDS)
    taken = []
    for others in (5, 200):
        for _ in range(others):
            rules.create(channel="C1", created_by="U1", recurrence="hourly")
        [due, *_] = rules.list()
        rules.run_now(due.id, "U1")
        with counted(sqlite) as steps:
            assert slots.waiting(now())
            claim = slots.claim(now())
        slots.finish(claim.slot, "sent", now())
        now.advance(minutes=1)
        taken.append(len(steps))
    assert taken[1] == pytest.approx(taken[0], rel=0.2)


@contextmanager
def counted(sqlite):
    """Yield a list that gets an entry for each step of SQLite's virtual machine."""
    steps = []

    def count(connection, *_):
        connection.set_progress_handler(partial(steps.append, 1), 1)

    def ignore(connection, *_):
        connection.set_progress_handler(None, 1)

    event.listen(sqlite.engine, "checkout", count)
    event.listen(sqlite.engine, "checkin", ignore)
    yield steps
    event.remove(sqlite.engine, "checkout", count)
    event.remove(sqlite.engine, "checkin", ignore)


def test_many_workers_plan_a_slot_once(rules, rule, now):
    now.advance(hours=1)
    with ThreadPoolExecutor(8) as pool:
        planned = list(pool.map(lambda _: rules.plan([rule.id], plan_next), range(8)))
    assert sum(planned) == 1
    assert len(rules.history(rule.id)) == 1


def test_a_slot_is_claimed_by_one(rules, rule, slots, other, now):
    rules.run_now(rule.id, by="U2")
    claim = slots.claim(now())
    assert (claim.slot.state, claim.slot.claimed_by) == ("claimed", "one")
    assert (claim.slot.requested_by, claim.taken_from) == ("U2", None)
    assert other.claim(now()) is None


def test_many_workers_claim_each_slot_once(database, rules, now):
    for number in range(30):
        made = rules.create(channel=f"C{number}", created_by="U1", recurrence="hourly")
        rules.run_now(made.id, by="U1")

    def claim_all(worker):
        mine = Slots(database, f"worker-{worker}", LEASE, KINDS)
        claims = iter(lambda: mine.claim(now()), None)
        return [claim.slot.id for claim in claims]

    with ThreadPoolExecutor(4) as pool:
        claimed = [slot for mine in pool.map(claim_all, range(4)) for slot in mine]
    # A worker may find the next slot locked by another and stop early.
    claimed += claim_all("last")
    assert len(claimed) == len(set(claimed)) == 30


def test_a_dead_workers_slot_is_taken_over_after_its_lease(
    rules, rule, slots, other, now
):
    rules.run_now(rule.id, by="U1")
    dead = slots.claim(now()).slot
    now.advance(minutes=1)
    assert other.claim(now()) is None
    now.advance(minutes=1)
    claim = other.claim(now())
    assert (claim.slot.id, claim.taken_from) == (dead.id, "one")
    assert not slots.begin_sending(dead, now(), timedelta())
    assert not slots.finish(dead, "sent", now())
    assert other.begin_sending(claim.slot, now(), timedelta())
    assert other.finish(claim.slot, "sent", now(), message_ts="1.2")


def test_a_lapsed_lease_is_not_sent_on_even_if_nobody_came(rules, rule, slots, now):
    rules.run_now(rule.id, by="U1")
    claim = slots.claim(now())
    now.advance(minutes=2)
    assert not slots.begin_sending(claim.slot, now(), timedelta())


def test_a_result_is_recorded_with_the_slot_and_the_reminder(rules, rule, slots, now):
    slot = rules.run_now(rule.id, by="U1")
    claimed = slots.claim(now()).slot
    slots.finish(claimed, "failed", now(), reason="Slack says is_archived")
    assert slots.get(slot.id).reason == "Slack says is_archived"
    known = rules.get(rule.id)
    assert known.last_result == "failed: Slack says is_archived"
    assert known.last_slot_at == slot.slot_at
    assert slots.claim(now()) is None


def test_what_was_sent_is_found_by_what_it_named(rules, rule, slots, now):
    now.advance(hours=1)
    rules.plan([rule.id], plan_next)
    claimed = slots.claim(due_by=now()).slot
    slots.begin_sending(claimed, now(), timedelta(), {"named": ["INC-39", "INC-3"]})
    assert slots.naming("named", "INC-39") == []
    slots.finish(claimed, "sent", now(), message_ts="1.0", posted_in="C1")

    (found,) = slots.naming("named", "INC-39")
    assert found.id == claimed.id
    slots.forget(found, "named", "INC-39")
    assert slots.naming("named", "INC-39") == []
    assert slots.naming("other", "INC-3") == slots.naming("named", "INC_3") == []
    assert [slot.shown for slot in slots.naming("named", "INC-3")] == [
        {"named": ["INC-3"]}
    ]


def test_a_slot_waits_until_it_is_to_be_tried_again(rules, rule, slots, now):
    rules.run_now(rule.id, by="U1")
    claimed = slots.claim(now()).slot
    slots.begin_sending(claimed, now(), timedelta())
    slots.retry(claimed, now() + HOUR, "no answer", now(), maybe_sent=True)
    assert slots.waiting(now()) is None
    now.advance(hours=1)
    assert [r.id for r in slots.waiting(now()).rules] == [rule.id]
    again = slots.claim(now())
    assert again.slot.sending_at is not None
    assert (again.taken_from, again.slot.attempts) == (None, 2)
    slots.retry(again.slot, now(), "Slack says ratelimited", now())
    assert slots.claim(now()).slot.sending_at is None


def test_what_follows_in_a_channel_waits_its_turn(rules, rule, slots, now):
    elsewhere = rules.create(channel="C2", created_by="U1", recurrence="hourly")
    first = rules.run_now(rule.id, by="U1")
    now.advance(seconds=0.1)
    for made in (rule, elsewhere):
        rules.run_now(made.id, by="U1")
    claimed = slots.claim(now()).slot
    assert claimed.id == first.id
    assert slots.begin_sending(claimed, now(), timedelta(seconds=1))
    assert slots.claim(now()).slot.channel == "C2"
    assert slots.claim(now()) is None
    now.advance(seconds=1)
    assert slots.claim(now()).slot.channel == "C1"


def test_deleting_a_reminder_takes_its_waiting_slots(rules, rule, slots, now):
    rules.run_now(rule.id, by="U1")
    claimed = slots.claim(now()).slot
    assert rules.delete(rule.id)
    assert not slots.begin_sending(claimed, now(), timedelta())
    assert slots.get(claimed.id) is None
    assert not rules.delete(rule.id)
    assert rules.run_now(rule.id, by="U1") is None


def test_old_slots_are_forgotten_but_never_open_ones(rules, rule, slots, now):
    done = rules.run_now(rule.id, by="U1")
    slots.finish(slots.claim(now()).slot, "sent", now())
    now.advance(days=1)
    waiting = rules.run_now(rule.id, by="U1")
    assert rules.prune(now() + HOUR) == 1
    assert slots.get(done.id) is None
    assert slots.get(waiting.id) is not None


def test_an_item_sleeps_until_its_time(database, now):
    snoozes = Snoozes(database)
    snoozes.snooze("actions", "01", until=now() + HOUR, by="U1")
    assert snoozes.asleep(now()) == {("actions", "01")}
    assert snoozes.asleep(now() + HOUR) == frozenset()
    assert snoozes.of([("actions", "01"), ("follow_ups", "01")], now()).keys() == {
        ("actions", "01")
    }
    assert snoozes.get("actions", "01").by == "U1"
    assert snoozes.wake("actions", "01", now())
    assert not snoozes.wake("actions", "01", now())
    assert snoozes.asleep(now()) == frozenset()


def test_snoozes_are_counted_and_the_fourth_is_refused(database, now):
    snoozes = Snoozes(database)

    def snooze(hours):
        until = now() + hours * HOUR
        return snoozes.snooze("actions", "01", until=until, by="U1")

    assert snooze(1).count == 1
    assert snooze(1).count == 1
    assert snooze(2).count == 2
    assert snoozes.wake("actions", "01", now())
    assert snoozes.get("actions", "01").count == 1
    assert snooze(2).count == 2
    assert snoozes.end("actions", "01", now())
    assert not snoozes.end("actions", "01", now())
    assert snooze(3).count == 3
    assert snooze(4) is None
    assert snooze(3).count == 3
    assert snoozes.get("actions", "01").until == now() + 3 * HOUR


def test_the_last_action_is_kept_with_who_did_it(database, now):
    actions = LastActions(database)
    actions.record("actions", "01", "completed", by="U1", at=now())
    actions.record("actions", "01", "outstanding", by="U2", at=now())
    (last,) = actions.of([("actions", "01"), ("actions", "02")]).values()
    assert (last.action, last.by) == ("outstanding", "U2")
    assert actions.prune(now() + HOUR) == 1
    assert actions.of([("actions", "01")]) == {}


def test_running_it_again_for_the_same_request_adds_no_second_slot(rules, rule, now):
    first = rules.run_now(rule.id, by="U1", key="press-1")
    now.advance(seconds=90)
    assert rules.run_now(rule.id, by="U1", key="press-1").id == first.id
    assert rules.run_now(rule.id, by="U1", key="press-2").id != first.id
    assert len(rules.history(rule.id)) == 2


def test_a_slot_of_a_kind_that_this_version_does_not_know_is_for_another(
    database, rules, slots, now
):
    later = rules.create(kind="later", channel="C1", created_by="U1")
    rules.run_now(later.id, by="U1")
    assert slots.waiting(now()) is None
    assert slots.claim(now()) is None
    assert Slots(database, "new", LEASE, {"channel", "later"}).claim(now())


DAILY, WEEKLY = "30 9 * * * UTC", "30 9 * * 1 UTC"


def enrol(database, now, *rules):
    with database.write() as session:
        put(session, rules, lambda *_: now() + timedelta(hours=1), now())


def test_many_are_made_once_and_changed_in_place(database, now):
    people = [PersonalRule(f"U{number}", DAILY) for number in range(1200)]
    enrol(database, now, *people)
    enrol(database, now, *people[1:], PersonalRule("U0", WEEKLY, "they left"))
    found = PersonalRules(database).all()
    assert len(found) == 1200
    assert found["U0"] == PersonalRule("U0", WEEKLY, "they left")
    assert found["U1199"] == people[-1]


def test_who_just_chose_is_moved_by_that_alone(database, now):
    enrolments = PersonalRules(database)
    enrol(database, now, PersonalRule("U0", DAILY))
    StoredPreferences(database).put("U0", {}, now())
    enrolments.move(PersonalRule("U0", WEEKLY), now())
    enrolments.move(PersonalRule("U1", WEEKLY), now())
    enrol(database, now, PersonalRule("U0", DAILY))
    assert enrolments.all() == {"U0": PersonalRule("U0", WEEKLY)}


def test_turns_are_given_out_once_whoever_plans(database, now):
    def plan(_):
        with database.write() as session:
            return [next_moment(session, OWNER, now()) for _ in range(5)]

    with ThreadPoolExecutor(4) as pool:
        turns = sorted(at for some in pool.map(plan, range(8)) for at in some)
    quarter = timedelta(milliseconds=250)
    assert turns == [now() + number * quarter for number in range(40)]


def test_other_kinds_have_no_turns(database, now):
    with database.write() as session:
        assert next_moment(session, "channel", now()) is None
