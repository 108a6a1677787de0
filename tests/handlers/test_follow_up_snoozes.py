"""Snoozing follow-ups, and working off a reminder where it stands."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.item_verbs import day_after, unfit

HERE = "C0INC27"
BEN = "01HUSER00000000000000BEN00"


@pytest.fixture
def of(world):
    store = world.incidentio.store

    def found(number):
        incident = store.incident(str(number))
        return list(store.follow_ups.after(group=incident.id, newest=False))

    return found


@pytest.fixture
def one(of):
    found = next(f for f in of(27) if f.status == "outstanding")
    found.assignee_id = BEN
    return found


def test_a_snooze_lasts_until_the_day_begins_for_the_person(ana, bot, one):
    ana.types(f"/io followup snooze {one.id} 1d")
    assert "is snoozed until" in ana.last.text
    kept = bot.services.snoozes.get("follow_ups", one.id)
    assert kept.until == datetime(2026, 3, 10, tzinfo=UTC)
    ana.types("/io followups", channel=HERE)
    assert "· snoozed until" in ana.last.words
    ana.types(f"/io followup show {one.id}")
    ana.presses("Wake")
    assert "is no longer snoozed" in ana.last.words
    assert bot.services.snoozes.get("follow_ups", one.id) is None


def test_a_date_to_snooze_until_is_picked_in_a_form(ana, bot, one):
    ana.types(f"/io followup snooze {one.id} pick")
    assert ana.modal.fields["until"].value == "2026-03-10"
    ana.submits(until=date(2026, 3, 9))
    assert ana.modal.errors["until"] == "Choose a day after today."
    ana.submits(until=date(2026, 3, 20))
    kept = bot.services.snoozes.get("follow_ups", one.id)
    assert kept.until == datetime(2026, 3, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    "span", ["yesterday", "2020-01-01", "2099-01-01", "soon", "0d"]
)
def test_a_snooze_that_makes_no_sense_is_refused(ana, bot, one, span):
    ana.types(f"/io followup snooze {one.id} {span}")
    assert "Usage: `/io followup snooze" in ana.last.text
    assert bot.services.snoozes.get("follow_ups", one.id) is None


@given(st.text(max_size=12), st.dates(date(2024, 1, 1), date(2030, 1, 1)))
def test_any_word_is_a_day_or_none(word, today):
    until = day_after(word, today)
    assert until is None or isinstance(until, date)
    assert until is None or unfit(until, today) or until > today


@pytest.mark.parametrize(
    ("word", "day"),
    [("1d", 10), ("1w", 16), ("mon", 16), ("tue", 10), ("2026-03-11", 11)],
)
def test_words_for_days(word, day):
    assert day_after(word, date(2026, 3, 9)) == date(2026, 3, day)


@pytest.fixture
def reminded(ana, bot, clock):
    """A reminder that was posted in INC-27's channel."""
    ana.types("/io remind", channel=HERE)
    ana.submits(at="11:00")
    clock.advance(hours=1, minutes=1)
    bot.reminders.tick()
    return ana.sees(HERE)[-1]


def test_a_reminder_is_worked_off_where_it_stands(ana, bot, of, reminded):
    live = [f for f in of(27) if f.status == "outstanding"]
    posted = len(ana.sees(HERE))
    ana.presses("Done", message=reminded)
    assert sum(f.status == "completed" for f in live) == 1
    assert "is done (was outstanding), by <@U0ANA>." in reminded.words
    assert reminded.ephemeral_to is None

    ana.chooses("Snooze", "3 days", message=reminded)
    assert "is snoozed until" in reminded.words
    left = [f for f in live if f.status == "outstanding"]
    kept = [bot.services.snoozes.get("follow_ups", f.id) for f in left]
    assert len([k for k in kept if k]) == 1

    ana.presses("Assign", message=reminded)
    ana.submits(assignee="chi")
    assert "is now owned by <@U0CHI>" in reminded.words
    assert len(ana.sees(HERE)) == posted
