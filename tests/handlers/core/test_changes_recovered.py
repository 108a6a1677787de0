"""Changes of an incident whose process died are made once, and said once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from blocks.kit import text
from reminders.live.asking import stored
from tests.fixtures import START
from tests.handlers.asked import writes
from tests.handlers.incidents.incident_state import severity_of, shown, updates_of
from tests.handlers.pages import made, page


def test_a_severity_is_changed_once(ana, crash_after_work, restart, world):
    crash_after_work()
    before = len(updates_of(world))
    ana.types("/io severity INC-39 critical", channel="C0INC39")
    restart()

    assert severity_of(world) == "Critical"
    assert len(updates_of(world)) == before + 1
    assert "is now *Critical*, by <@U0ANA>." in ana.sees("C0INC39")[-1].text


def test_an_update_is_shared_once(ana, crash_after_work, restart, world):
    crash_after_work()
    before = len(updates_of(world))
    ana.types("/io update INC-39")
    ana.submits(message="Once", status="Fixing")
    restart()

    assert len(updates_of(world)) == before + 1


def test_an_edit_is_made_once(ana, crash_after_work, restart, world):
    crash_after_work()
    ana.types("/io incident edit INC-39")
    ana.submits(name="After the crash")
    restart()

    assert shown(world)["name"] == "After the crash"
    assert len(writes(world)) == 1
    assert "is already as the form says" in ana.last.text


@pytest.fixture
def one(world):
    """An outstanding follow-up of INC-27."""
    store = world.incidentio.store
    of = store.follow_ups.after(group=store.incident("27").id, newest=False)
    return next(f for f in of if f.status == "outstanding")


HALF = timedelta(minutes=30)
LATE = datetime(2026, 3, 9, 23, 58, tzinfo=UTC)
"""Two minutes before midnight in Ana's zone; a crash is recovered from after it."""


def test_how_long_counts_from_when_it_was_asked_for(
    ana, crash_before_work, restart, world
):
    incident = world.incidentio.store.incident("39").id
    crash_before_work()
    ana.types("/io cadence later INC-39 30m")
    ana.types("/io nudge snooze no_lead INC-39 30m")
    services = restart().services
    assert services.update_choices.get(incident).due_at == START + HALF
    assert services.snoozes.get(stored("no_lead"), incident).until == START + HALF


def test_the_next_update_counts_from_when_it_was_shared(ana, crash_after_work, restart):
    ana.types("/io update INC-39")
    crash_after_work()
    ana.submits(message="Looking", next_update="30m")
    services = restart().services
    (choice,) = services.update_choices.all().values()
    assert choice.due_at == START + HALF


@pytest.mark.parametrize("crash", ["crash_before_work", "crash_after_work"])
def test_a_page_is_snoozed_from_when_it_was_asked_for(
    ana, person, world, restart, request, crash
):
    page(ana)
    request.getfixturevalue(crash)()
    hana = person("hana")
    hana.types(f"/io escalation snooze {made(world)[0].id} 10")
    restart()
    (asked,) = (r for r in world.incidentio.requests if r.path.endswith("/respond"))
    assert asked.json["snooze_details"]["snooze_until"].startswith("2026-03-09T10:10")
    assert text.when(START + timedelta(minutes=10)) in hana.last.text


def test_a_day_to_snooze_until_is_counted_from_the_day_of_asking(
    ana, clock, one, crash_before_work, restart
):
    clock.at = LATE
    crash_before_work()
    ana.types(f"/io followup snooze {one.id} 3d")
    kept = restart().services.snoozes.get("follow_ups", one.id)
    assert kept.until == datetime(2026, 3, 12, tzinfo=UTC)


def test_a_pause_is_counted_from_the_day_of_asking(
    ana, clock, crash_before_work, restart
):
    clock.at = LATE
    crash_before_work()
    ana.types("/io prefs pause 3d")
    kept = restart().services.personal.get("U0ANA")
    assert kept.paused_until == date(2026, 3, 12)


def test_the_day_of_declining_is_the_day_of_asking(
    ana, clock, one, crash_before_work, restart
):
    clock.at = LATE
    crash_before_work()
    ana.types(f"/io followup drop {one.id} no time")
    restart()
    assert "Not doing (9 Mar 2026, Ana Ferreira): no time" in one.description
