"""What people choose about their own messages, and what they are told of it."""

from __future__ import annotations

from datetime import date, time

import pytest

from reminders.calendar.schedule import following
from reminders.people.preferences import Preferences
from storage.personal_rules import PersonalRule, put

PERSON = "U0ANA"


@pytest.fixture
def chosen(bot):
    return lambda person=PERSON: bot.services.personal.get(person)


@pytest.fixture
def rule(bot, clock):
    """Ana's digest, as she was enrolled for it."""
    enrolled = PersonalRule(PERSON, "30 9 * * 1-5 Europe/Lisbon")
    with bot.database.write() as session:
        put(session, [enrolled], following, clock())
    return lambda: bot.services.rules.get(enrolled.rule_id)


def test_the_form_shows_what_holds_and_when_the_digest_comes(ana):
    ana.types("/io prefs")
    fields = ana.modal.fields
    assert fields["digest_at"].value == "09:30"
    assert "on working days (Europe/Lisbon). Next:" in ana.modal.words
    ana.fills(digest_at=time(14, 5))
    ana.fills(days=["Monday", "Sunday"])
    said = "Your digest comes at 14:05 on Mondays and Sundays (Europe/Lisbon). Next:"
    assert said in ana.modal.words


def test_what_is_chosen_is_kept_and_said(ana, chosen, rule):
    ana.types("/io prefs")
    sent = ana.submits(
        digest_at=time(8, 15),
        quiet=["Keep messages that can wait until these hours are over"],
        quiet_from=time(22),
        quiet_to=time(7),
        before="2 hours before",
        paused_until=date(2026, 3, 16),
    )
    assert sent.errors == {}
    assert chosen() == Preferences(
        digest_at=time(8, 15),
        quiet_from=time(22),
        quiet_to=time(7),
        shift_before=120,
        paused_until=date(2026, 3, 16),
    )
    assert "Messages are paused until Monday, 16 March 2026." in ana.last.text
    assert "Next: <!date^1773648900^" in ana.last.text
    assert "Mon 16 Mar 08:15 UTC" in ana.last.text
    assert (
        "Between 22:00 and 07:00, messages that can wait are kept until 07:00."
        in ana.last.text
    )
    assert ana.last.ephemeral_to == PERSON
    assert rule().recurrence == "15 8 * * 1-5 Europe/Lisbon"
    assert f"{rule().next_slot_at:%d %H:%M}" == "10 08:15"


def test_a_digest_turned_off_pauses_its_rule_and_on_again_it_goes_on(ana, chosen, rule):
    ana.types("/io prefs")
    ana.submits(messages=[])
    assert "You get no digest." in ana.last.text
    assert (rule().state, rule().paused_because) == (
        "paused",
        "they turned their digest off",
    )
    assert not chosen().shift_end
    ana.types("/io prefs")
    ana.submits(messages=["A digest of my follow-ups"])
    assert (rule().state, rule().paused_because) == ("active", None)


def test_muting_pausing_and_what_takes_them_back(ana, chosen):
    ana.types("/io prefs mute")
    assert chosen().muted
    assert "nothing until you say `/io prefs unmute`" in ana.last.text
    ana.types("/io prefs unmute")
    assert not chosen().muted
    for typed, until in (
        ("3d", date(2026, 3, 12)),
        ("+2w", date(2026, 3, 23)),
        ("until mon", date(2026, 3, 16)),
        ("tomorrow", date(2026, 3, 10)),
        ("2026-04-01", date(2026, 4, 1)),
    ):
        ana.types(f"/io prefs pause {typed}")
        assert chosen().paused_until == until, typed
    assert "paused until Wednesday, 1 April 2026." in ana.last.text
    ana.types("/io prefs resume")
    assert chosen().paused_until is None
    ana.types("/io prefs resume")
    assert "No changes to save." in ana.last.text


@pytest.mark.parametrize("word", ["today", "yesterday", "2020-01-01", "soon", "0d"])
def test_a_pause_that_is_no_day_to_come_is_refused(ana, chosen, word):
    ana.types(f"/io prefs pause {word}")
    assert f"“{word}” is not " in ana.last.text
    assert chosen().paused_until is None


def test_a_pause_without_a_day_says_how_it_is_written(ana):
    ana.types("/io prefs pause")
    assert "Usage: `/io prefs pause [until]`" in ana.last.text


def test_what_cannot_be_is_said_beside_its_field(ana, chosen):
    ana.types("/io prefs")
    quiet = ["Keep messages that can wait until these hours are over"]
    for entered, field in (
        ({"paused_until": date(2026, 3, 9)}, "paused_until"),
        ({"paused_until": None, "quiet": quiet, "quiet_to": time(20)}, "quiet_to"),
    ):
        assert field in ana.submits(**entered).answer["errors"]
    assert chosen() == Preferences()


def test_holidays_of_a_country_are_found_by_name(ana, chosen):
    ana.types("/io prefs")
    ana.fills(country="Portugal")
    ana.submits()
    assert chosen().country == "PT"
    ana.types("/io prefs")
    ana.submits(country="As in the organisation")
    assert chosen().country is None


def test_a_zone_of_one_s_own_stays_and_that_of_slack_is_followed(ana, chosen, world):
    ana.types("/io prefs")
    ana.submits(timezone="Asia/Tokyo")
    assert chosen().timezone == "Asia/Tokyo"
    assert "(Asia/Tokyo). Next:" in ana.last.text
    ana.types("/io prefs")
    ana.submits(digest_at=time(10))
    assert chosen().timezone == "Asia/Tokyo"


def test_whoever_has_no_account_in_incidentio_can_choose_too(person, chosen):
    max_ = person("max")
    max_.types("/io prefs mute")
    assert chosen("U0MAX").muted


def test_what_is_stored_and_cannot_be_read_is_as_if_never_chosen(ana, bot, clock):
    stored = {
        "timezone": "Mars/Olympus",
        "country": "ATLANTIS",
        "days": [9],
        "digest_at": "late",
        "muted": True,
        "unheard": 1,
    }
    bot.services.personal._stored.put(PERSON, stored, clock())
    assert bot.services.personal.get(PERSON) == Preferences(muted=True)
    ana.types("/io prefs")
    ana.submits()
    assert "prefs unmute" in ana.last.text


@pytest.mark.settings(owner_digests=False)
def test_where_digests_are_off_that_is_said(ana, rule):
    ana.types("/io prefs")
    ana.submits(digest_at=time(8))
    assert "Digests are off" in ana.last.text
    assert rule().paused_because == "personal digests are switched off"
