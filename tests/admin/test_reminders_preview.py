"""What the reminders would send, as the operator reads it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from admin import reminders_preview
from reminders.items.filters import DigestOptions
from storage import notices
from storage.notices import Notice


@pytest.fixture
def preview(bot, settings, clock, capsys):
    def preview(*options):
        capsys.readouterr()
        code = reminders_preview.run(settings, options, now=clock)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return preview


@pytest.fixture
def rule(bot):
    return bot.services.rules.create(
        channel="C0INCIDENTS",
        created_by="U0ANA",
        options=DigestOptions(item_kinds=["follow_ups"]),
        recurrence="30 9 * * 1-5 Europe/Lisbon",
        name="Loose ends",
    )


def test_it_says_what_leaves_until_then_and_sends_nothing(preview, rule, world):
    code, printed, _ = preview("--at", "2026-03-10T12:00")
    assert code == 0
    assert "Tue 2026-03-10 09:30  to C0INCIDENTS  (channel " in printed
    assert "“Loose ends”" in printed
    assert "Loose ends: " in printed
    assert "chat.postMessage" not in {call.method for call in world.slack.calls}


def test_nothing_is_due_yet(preview, rule):
    _, printed, _ = preview("--at", "2026-03-09T10:30")
    assert "C0INCIDENTS" not in printed


def test_it_changes_nothing(preview, rule, bot):
    preview("--at", "2026-03-10T12:00")
    known = bot.services.rules
    assert known.get(rule.id).next_slot_at == rule.next_slot_at
    assert known.history(rule.id) == []


def test_what_cannot_be_read_is_said(preview, rule, world):
    world.incidentio.fail("GET", "/v3/follow_ups", status=422)
    code, printed, _ = preview("--at", "2026-03-10T12:00")
    assert code == 1
    assert "“Loose ends”: cannot be foreseen: incident.io: " in printed


@pytest.mark.parametrize("options", [["--at", "soon"], ["--to"]])
def test_options_that_are_none_are_explained(preview, options):
    code, _, complaint = preview(*options)
    assert code == 2
    assert "reminders preview" in complaint


def test_keys_that_were_entered_are_known(bot, rule, clock):
    notice = Notice("k1", "C0INCIDENTS", clock() + timedelta(days=1))
    with bot.database.write() as session:
        notices.enter_notice(session, rule, notice, clock())
    known = bot.services.rules
    assert known.without_slot(["k1", "k2"]) == {"k2"}
    assert known.open_slots(clock()) == []
    assert [s.key for s in known.open_slots(clock() + timedelta(days=1))] == ["k1"]
