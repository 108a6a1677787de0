"""Rules of people's own, and the turns in which they are sent, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from storage.personal_rules import OWNER, PersonalRule, PersonalRules, put
from storage.preferences import StoredPreferences
from storage.throttles import next_moment

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
