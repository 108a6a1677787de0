"""What the bot said on its own, what it did not, and why, as people read it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reminders.items.filters import DigestOptions
from storage import notices
from storage.notices import Notice

pytestmark = pytest.mark.usefixtures("over")

HERE = "C0INCIDENTS"


@pytest.fixture
def rule(bot):
    return bot.services.rules.create(
        channel=HERE,
        created_by="U0ANA",
        options=DigestOptions(item_kinds=["follow_ups"]),
        recurrence="0 11 * * * UTC",
        name="Loose ends",
    )


def test_what_was_sent_and_what_was_not_is_told_with_its_reason(
    ana, bot, rule, clock, world
):
    clock.advance(hours=1)
    bot.reminders.tick()
    world.slack.fail("chat.postMessage", error="is_archived")
    clock.advance(days=1)
    bot.reminders.tick()

    ana.types("/io reminder history", channel=HERE)

    title, first, second = ana.last.words.splitlines()
    assert title == "*What the bot told this channel on its own*"
    assert "reminder, not sent: the channel is archived" in first
    assert second.endswith("reminder, sent")


def test_the_list_leads_to_it(ana, rule):
    ana.types("/io reminders", channel=HERE)
    ana.presses("History")
    assert "The bot has said nothing here on its own" in ana.last.words


def test_a_person_is_told_what_they_were_told(ana, bot, rule, clock):
    with bot.database.write() as session:
        at = clock() - timedelta(days=1)
        notices.enter_notice(session, rule, Notice("k1", "U0ANA", at), clock())
    bot.reminders.tick()

    ana.types("/io reminder history mine")

    assert "What the bot told you on its own" in ana.last.words
    assert "reminder, not sent: too late" in ana.last.words
    ana.types("/io reminder history yours")
    assert "“yours” is neither `mine` nor nothing" in ana.last.text
