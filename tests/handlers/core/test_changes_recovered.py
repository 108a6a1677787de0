"""Changes of an incident whose process died are made once, and said once."""

from tests.handlers.asked import writes
from tests.handlers.incidents.incident_state import severity_of, shown, updates_of


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
    assert "is as the form says" in ana.last.text
