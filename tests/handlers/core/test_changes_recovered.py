"""Changes of an incident whose process died are made once, and said once."""

import pytest

from runtime import wiring
from storage.journal import Journal
from tests.handlers.incidents.incident_state import (
    severity_of,
    shown,
    updates_of,
    writes,
)


@pytest.fixture
def forgetful(bot, monkeypatch, settings, clock):
    """Let the process die after the work and before it is entered; start it again."""
    monkeypatch.setattr(Journal, "finish", lambda *_, **__: False)

    def restart():
        monkeypatch.undo()
        clock.advance(minutes=3)
        again = wiring.build(settings, now=clock, sleep=lambda _: None)
        again.recovery.tick()
        again.close()

    return restart


def test_a_severity_is_changed_once(ana, forgetful, world):
    before = len(updates_of(world))
    ana.types("/io severity INC-39 critical", channel="C0INC39")
    forgetful()

    assert severity_of(world) == "Critical"
    assert len(updates_of(world)) == before + 1
    assert "is now *Critical*, by <@U0ANA>." in ana.sees("C0INC39")[-1].text


def test_an_update_is_shared_once(ana, forgetful, world):
    before = len(updates_of(world))
    ana.types("/io update INC-39")
    ana.submits(message="Once", status="Fixing")
    forgetful()

    assert len(updates_of(world)) == before + 1


def test_an_edit_is_made_once(ana, forgetful, world):
    ana.types("/io incident edit INC-39")
    ana.submits(name="After the crash")
    forgetful()

    assert shown(world)["name"] == "After the crash"
    assert len(writes(world)) == 1
    assert "is as the form says" in ana.last.text
