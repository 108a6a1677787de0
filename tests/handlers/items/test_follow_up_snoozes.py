"""Snoozing follow-ups, and working off a reminder where it stands."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.kit import text
from handlers.items.snooze import day_after, day_problem

pytestmark = pytest.mark.usefixtures("over")

HERE = "C0INC27"
MENU = "run.more"


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


def test_a_snooze_that_makes_no_sense_is_refused(ana, bot, one, subtests):
    for span in ["yesterday", "2020-01-01", "2099-01-01", "soon", "0d"]:
        with subtests.test(span):
            ana.types(f"/io followup snooze {one.id} {span}")
            assert "Usage: `/io followup snooze" in ana.last.text
            assert bot.services.snoozes.get("follow_ups", one.id) is None


@given(st.text(max_size=12), st.dates(date(2024, 1, 1), date(2030, 1, 1)))
def test_any_word_is_a_day_or_none(word, today):
    until = day_after(word, today)
    assert until is None or isinstance(until, date)
    assert until is None or day_problem(until, today) or until > today


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


def shown_as(item):
    return text.inline(item.title)


def test_a_reminder_is_worked_off_where_it_stands(ana, bot, of, reminded):
    live = [f for f in of(27) if f.status == "outstanding"]
    order = [
        shown_as(f)
        for f in sorted(live, key=lambda f: reminded.words.index(shown_as(f)))
    ]
    posted = len(ana.sees(HERE))
    ana.chooses(MENU, "Done", message=reminded, nth=1)
    (done,) = [f for f in live if f.status == "completed"]
    assert f"~{shown_as(done)}~" in reminded.words
    assert "Done by <@U0ANA>" in reminded.words
    assert reminded.ephemeral_to is None

    ana.chooses(MENU, "Snooze…", message=reminded)
    ana.submits(until=date(2026, 3, 12))
    assert "Snoozed until" in reminded.words
    kept = [bot.services.snoozes.get("follow_ups", f.id) for f in live]
    assert len([k for k in kept if k]) == 1

    ana.chooses(MENU, "Assign…", message=reminded)
    ana.submits(assignee="chi")
    assert "<@U0CHI> · " in reminded.words
    assert "Reassigned to <@U0CHI> by <@U0ANA>" in reminded.words
    assert "1 follow-up outstanding" in reminded.words
    shown = sorted(order, key=reminded.words.index)
    assert shown == order

    ana.chooses(MENU, "Undo", message=reminded)
    for _ in live[1:]:
        ana.presses("Undo", message=reminded)
    assert {f.status for f in live} == {"outstanding"}
    assert sorted(order, key=reminded.words.index) == order
    assert "Undo" not in reminded.buttons
    assert len(ana.sees(HERE)) == posted


def test_the_fourth_snooze_is_refused(ana, one):
    for span in ("1d", "2d", "3d"):
        ana.types(f"/io followup snooze {one.id} {span}")
        ana.types(f"/io followup snooze {one.id} {span}")
        assert "Nothing was changed." in ana.last.text
    ana.types(f"/io followup snooze {one.id} 1w")
    assert "was not snoozed: three times is the limit" in ana.last.text
    assert "assign it to somebody else" in ana.last.text


def test_a_form_to_snooze_opens_for_nobody_who_may_not(ana, one, clock):
    for span in ("1d", "2d", "3d"):
        ana.types(f"/io followup snooze {one.id} {span}")
    clock.advance(days=5)
    ana.types(f"/io followup snooze {one.id} pick")
    assert "three times is the limit" in ana.last.text
    assert ana.modal is None or "One moment" not in ana.modal.words


def test_a_snooze_taken_back_is_not_counted(ana, one, bot):
    for _ in range(4):
        ana.types(f"/io followup snooze {one.id} 1d")
        assert "is snoozed until" in ana.last.text
        ana.types(f"/io followup snooze {one.id} off")
    assert bot.services.snoozes.get("follow_ups", one.id) is None


def test_a_new_owner_is_reminded_at_once(ana, one, bot, clock):
    ana.types(f"/io followup snooze {one.id} 1w")
    ana.types(f"/io followup assign {one.id} chi")
    kept = bot.services.snoozes.get("follow_ups", one.id)
    assert (kept.until, kept.count) == (clock(), 1)
