"""An incident's channel has one card, pinned, which follows what becomes of it."""

from datetime import timedelta

import pytest

from storage.errors import DatabaseError
from storage.incident_cards import IncidentCards
from storage.slots import Slots

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
HERE = "C0INC39"
PRIVATE = "C0INC36"

pytestmark = [
    pytest.mark.settings(incident_cards=True),
    pytest.mark.kinds("incident_card", "outcomes"),
]


@pytest.fixture
def tick(bot, clock):
    """Let time pass, and let the bot look."""

    def after(seconds=3, *, worker=bot):
        clock.advance(seconds=seconds)
        worker.reminders.tick()
        worker.services.incident_cards.tick()

    return after


@pytest.fixture
def few(only):
    """Two incidents are in progress, and one of them is private."""
    only(36, 39)


@pytest.fixture
def posted(few, tick):
    """The cards are posted and pinned."""
    for _ in range(3):
        tick()


@pytest.fixture
def told(world, bot, _front):
    """The bot is told of changes by webhooks."""
    url = _front.url.replace("/slack/events", "/incidentio/webhooks")
    world.incidentio.webhooks.send_to(url, SECRET)


def calls(world, method):
    return [c for c in world.slack.calls if c.method == method]


def cards(world, channel=HERE):
    found = world.slack.messages(channel)
    return [m for m in found if "header" in {b["type"] for b in m.blocks}]


def set_severity(world, number, name):
    store = world.incidentio.store
    row = store.incident(str(number))
    row.severity_id = next(s["id"] for s in store.severities if s["name"] == name)
    row.updated_at = store.now()


def set_status(world, number, category):
    store = world.incidentio.store
    row = store.incident(str(number))
    row.status_id = next(s["id"] for s in store.statuses if s["category"] == category)
    row.updated_at = store.now()


@pytest.mark.usefixtures("posted")
def test_each_channel_has_one_card_pinned(world, tick):
    for channel in (HERE, PRIVATE):
        (card,) = cards(world, channel)
        assert card.pinned_by
        assert "Change severity" in card.buttons
    words = cards(world)[0].words
    assert "Elevated errors in the API" in words
    assert " ago" not in words, "it is read later"
    assert "Last activity" not in words
    named = [
        channel.id
        for channel in world.slack.workspace.channels.values()
        if any("Leaked API token" in m.words for m in channel.messages)
    ]
    assert named == [PRIVATE]
    for _ in range(5):
        tick(30)
    assert [len(cards(world, channel)) for channel in (HERE, PRIVATE)] == [1, 1]
    assert len(calls(world, "pins.add")) == 2
    assert calls(world, "chat.update") == []


@pytest.mark.usefixtures("posted")
def test_what_the_bot_changes_is_one_edit_soon(ana, world, tick):
    ana.types("/io severity critical", channel=HERE)
    ana.types("/io rename Nothing works", channel=HERE)
    ana.types("/io lead @ben", channel=HERE)
    tick()
    (card,) = cards(world)
    assert "🟥 Critical" in card.words
    assert "Nothing works" in card.words
    assert "<@U0BEN>" in card.words
    assert len(calls(world, "chat.update")) == 1
    for _ in range(3):
        tick(30)
    assert len(calls(world, "chat.update")) == 1


@pytest.mark.usefixtures("posted")
def test_changes_elsewhere_are_found_by_asking(world, tick):
    row = world.incidentio.store.incident("39")
    row.updated_at = row.last_activity_at = world.incidentio.store.now()
    tick(20)
    assert calls(world, "chat.update") == [], "nobody would see a difference"
    set_severity(world, 39, "Critical")
    tick(20)
    assert "🟥 Critical" in cards(world)[0].words
    asked = [r for r in world.incidentio.requests if "updated_at" in str(r.query)]
    before = len(asked)
    tick(3)
    tick(20)
    asked = [r for r in world.incidentio.requests if "updated_at" in str(r.query)]
    assert len(asked) == before + 1


@pytest.mark.settings(incidentio_webhook_secret=SECRET)
@pytest.mark.usefixtures("posted", "told")
def test_webhooks_are_followed_at_once_and_a_burst_is_one_edit(world, tick):
    row = world.incidentio.store.incident("39")
    for level in ("Low", "Major", "Critical"):
        set_severity(world, 39, level)
        data = {"id": row.id, "name": row.name}
        world.incidentio.webhooks.send("public_incident.incident_updated_v2", data)
    tick()
    assert "🟥 Critical" in cards(world)[0].words
    assert len(calls(world, "chat.update")) == 1


@pytest.mark.usefixtures("posted")
def test_a_new_incident_has_its_card_at_once(ana, world, tick):
    ana.types("/io declare Fresh trouble", channel="general")
    ana.submits(severity="Low")
    tick(2)
    tick(2)
    incident = world.incidentio.store.incident("41")
    (card,) = cards(world, incident.channel_id)
    assert "Fresh trouble" in card.words
    assert card.pinned_by


@pytest.mark.usefixtures("posted")
def test_at_the_end_the_buttons_go_and_come_back_when_it_is_reopened(world, tick):
    for category in ("closed", "live", "declined", "canceled", "merged"):
        set_status(world, 39, category)
        tick(20)
        (card,) = cards(world)
        assert bool(card.buttons) == (category == "live")
        assert "Elevated errors" in card.words


def test_rehearsals_have_one_and_tutorials_have_none(world, tick):
    modes = {39: "standard", 34: "test", 37: "tutorial", 26: "retrospective"}
    for number, mode in modes.items():
        world.incidentio.store.incident(str(number)).mode = mode
    tick()
    there = [n for n in modes if cards(world, f"C0INC{n}")]
    assert there == [39, 34]


def test_what_ends_before_its_card_is_posted_gets_none(few, bot, world, clock):
    world.slack.fail("chat.postMessage", error="internal_error")
    bot.reminders.tick()
    world.slack.clear_faults()
    set_status(world, 39, "closed")
    for _ in range(4):
        clock.advance(minutes=4)
        bot.reminders.tick()
    assert cards(world) == []
    slots = bot.services.rules.history("incident_card")
    assert {s.channel: s.state for s in slots} == {HERE: "skipped", PRIVATE: "sent"}


@pytest.mark.usefixtures("posted")
def test_it_is_not_posted_again_when_its_slot_is_forgotten(world, bot, tick, clock):
    bot.services.rules.prune(clock() + timedelta(days=1))
    assert bot.services.rules.history("incident_card") == []
    for _ in range(3):
        tick(30)
    assert len(cards(world)) == 1


def test_without_the_scope_it_stands_unpinned_until_it_is_asked_for(
    few, ana, world, tick
):
    world.slack.scopes.discard("pins:write")
    for _ in range(5):
        tick(20)
    (card,) = cards(world)
    assert card.pinned_by is None
    assert len(calls(world, "pins.add")) == 2, "once for each card"
    set_severity(world, 39, "Critical")
    tick(20)
    assert "🟥 Critical" in cards(world)[0].words

    world.slack.scopes.add("pins:write")
    ana.types("/io card", channel=HERE)
    tick()
    assert cards(world)[0].pinned_by


def test_the_bot_joins_the_channel_where_it_may(few, world, tick):
    world.slack.channel(HERE).members.discard("U0BOT")
    for _ in range(3):
        tick()
    (card,) = cards(world)
    assert card.pinned_by
    assert len(calls(world, "conversations.join")) == 1


def test_where_it_may_not_join_the_card_stands_unpinned(few, world, tick):
    world.slack.scopes.discard("channels:join")
    world.slack.channel(HERE).members.discard("U0BOT")
    for _ in range(4):
        tick()
    (card,) = cards(world)
    assert card.pinned_by is None
    assert len(calls(world, "conversations.join")) == 1


def test_a_private_channel_has_it_once_the_bot_is_invited(few, world, person, tick):
    world.slack.channel(PRIVATE).members.discard("U0BOT")
    for _ in range(3):
        tick(60)
    assert cards(world, PRIVATE) == []
    eve = person("eve")
    eve.joins(PRIVATE)
    tick(60)
    assert cards(world, PRIVATE) == [], "nobody let the bot in"
    eve.invites_app(PRIVATE)
    tick()
    tick()
    (card,) = cards(world, PRIVATE)
    assert card.pinned_by
    assert len(cards(world)) == 1


def test_invited_later_it_pins_what_stands(few, world, ana, tick):
    world.slack.scopes.discard("channels:join")
    world.slack.channel(HERE).members.discard("U0BOT")
    for _ in range(3):
        tick()
    assert not cards(world)[0].pinned_by
    ana.invites_app(HERE)
    tick()
    assert cards(world)[0].pinned_by


@pytest.mark.parametrize("fault", [{"drop": True}, {"drop": "after"}, {"status": 503}])
def test_it_is_pinned_after_a_doubt(few, world, tick, fault):
    world.slack.fail("pins.add", times=1, **fault)
    for _ in range(4):
        tick(30)
    assert [card.pinned_by for card in cards(world)] == ["U0BOT"]
    assert len(calls(world, "pins.add")) == 3


def test_who_unpins_it_is_left_alone(posted, world, tick):
    (card,) = cards(world)
    card.pinned_by = None
    set_severity(world, 39, "Critical")
    tick(20)
    assert card.pinned_by is None


@pytest.mark.parametrize("drop", [True, "after"])
def test_it_is_posted_once_after_a_doubt(few, world, tick, drop):
    world.slack.fail("chat.postMessage", drop=drop, times=2)
    for _ in range(8):
        tick(60)
    assert len(cards(world)) == 1
    assert len(cards(world, PRIVATE)) == 1


def test_it_is_followed_after_a_crash_between_posting_and_recording(
    few, world, start, tick, monkeypatch
):
    def die(*_, **__):
        raise DatabaseError("dead")

    monkeypatch.setattr(Slots, "finish", die)
    tick()
    monkeypatch.undo()
    other = start()
    for _ in range(5):
        tick(60, worker=other)
    assert len(cards(world)) == 1
    set_severity(world, 39, "Critical")
    tick(20, worker=other)
    assert "🟥 Critical" in cards(world)[0].words
    assert cards(world)[0].pinned_by


def test_replicas_post_pin_and_edit_once(few, world, start, bot, tick, clock):
    other = start()
    for _ in range(3):
        tick()
        tick(0, worker=other)
    set_severity(world, 39, "Critical")
    clock.advance(seconds=20)
    for worker in (bot, other):
        worker.services.incident_cards.tick()
    assert len(cards(world)) == 1
    assert len(calls(world, "pins.add")) == 2
    assert len(calls(world, "chat.update")) == 1


@pytest.mark.usefixtures("posted")
def test_an_edit_that_slack_does_not_take_is_tried_again(world, tick):
    world.slack.fail("chat.update", error="internal_error", times=2)
    set_severity(world, 39, "Critical")
    for _ in range(4):
        tick(20)
    assert "🟥 Critical" in cards(world)[0].words


@pytest.mark.usefixtures("posted")
def test_slack_is_given_the_time_that_it_asks_for(world, tick):
    world.slack.fail("chat.update", retry_after=60, times=1)
    set_severity(world, 39, "Critical")
    tick(20)
    tick(20)
    assert len(calls(world, "chat.update")) == 1
    tick(60)
    assert "🟥 Critical" in cards(world)[0].words


@pytest.mark.usefixtures("posted")
def test_an_edit_in_doubt_is_made_again(world, tick):
    world.slack.fail("chat.update", drop="after", times=1)
    set_severity(world, 39, "Critical")
    tick(20)
    set_severity(world, 39, "Minor")
    tick(20)
    assert "🟨 Minor" in cards(world)[0].words


@pytest.mark.usefixtures("posted")
def test_a_card_that_somebody_deleted_stays_deleted_until_it_is_asked_for(
    ana, world, tick
):
    world.slack.workspace.delete(cards(world)[0])
    set_severity(world, 39, "Critical")
    for _ in range(4):
        tick(20)
    assert cards(world) == []
    assert len(calls(world, "chat.update")) == 1

    ana.types("/io card", channel=HERE)
    assert "is posted in <#C0INC39> in a moment" in ana.last.text
    ana.types("/io card", channel=HERE)
    tick()
    tick()
    (card,) = cards(world)
    assert "🟥 Critical" in card.words
    assert card.pinned_by
    set_severity(world, 39, "Minor")
    tick(20)
    assert "🟨 Minor" in cards(world)[0].words


@pytest.mark.usefixtures("posted")
def test_a_deletion_that_was_not_noticed_yet_is_when_it_is_asked_for(ana, world, tick):
    world.slack.workspace.delete(cards(world)[0])
    ana.types("/io card", channel=HERE)
    tick()
    assert len(cards(world)) == 1


@pytest.mark.usefixtures("posted")
def test_asked_for_where_it_stands_it_is_linked_and_pinned(ana, world, tick):
    (card,) = cards(world)
    ana.types("/io card", channel=HERE)
    assert "|The card> of *<" in ana.last.text
    assert "is in <#C0INC39>." in ana.last.text
    tick()
    assert cards(world) == [card]


def test_what_has_ended_gets_no_card(ana):
    ana.types("/io card INC-2", channel="general")
    assert "has ended, so its channel gets no new card" in ana.last.text


@pytest.mark.usefixtures("posted")
def test_what_becomes_private_stays_readable_in_its_channel_only(world, tick, bot):
    world.incidentio.make_private(39)
    tick(20)
    bot.veil.tick()
    (card,) = cards(world)
    assert "🔒" in card.words


def test_cards_of_long_ago_are_forgotten(posted, world, bot, sqlite, clock):
    clock.advance(days=366)
    bot.services.incident_cards.tick()
    assert not IncidentCards(sqlite).any()
