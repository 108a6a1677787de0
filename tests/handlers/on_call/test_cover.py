"""Asking for cover: colleagues are asked, and the first to take it is on call."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta

import pytest

from sandbox.company import PEOPLE
from sandbox.incidentio.http.views import show_user
from sandbox.serve import serve
from storage.covers import Covers
from tests.fixtures import START
from tests.handlers.core.test_replicas import deliver
from tests.handlers.on_call.test_overrides import at, made

pytestmark = pytest.mark.usefixtures("calm")

IDS = {person.handle: person.incidentio_id for person in PEOPLE}


@pytest.fixture
def tick(bot, clock):
    """Let the worker say what is due, and edit what has changed."""

    def tick(runtime=bot, **later):
        clock.advance(**later)
        for _ in range(3):
            runtime.reminders.tick()
            runtime.covers.tick()
            clock.advance(seconds=2)

    return tick


@pytest.fixture
def hana(person):
    """She is on call for Payments until 13:00; her colleagues are Ivo and Jo."""
    return person("hana")


@pytest.fixture
def ivo(person):
    return person("ivo")


@pytest.fixture
def jo(person):
    return person("jo")


@pytest.fixture
def asked(hana, tick):
    """Hana has asked for two hours, and everybody has their message."""
    hana.types("/io cover Payments until 21:00")  # in Tokyo
    tick()


def about(person):
    """The messages about cover that somebody has."""
    said = ("asks for cover", "asked for cover", "Nobody took", "Everybody said no")
    return [
        message
        for message in person.dm
        if not message.ephemeral_to and any(words in message.text for words in said)
    ]


def last(person):
    return about(person)[-1]


def told(person):
    """What somebody is told of who is on call in their place."""
    return [message.text for message in person.dm if "in your place" in message.text]


def test_colleagues_are_asked_and_the_asker_sees_how_it_goes(
    hana, ivo, jo, asked, world
):
    assert hana.last.text.startswith("You asked for cover: Payments, from Mon 9 Mar")
    receipt = next(m for m in hana.sees() if m.text.startswith("Asked"))
    assert receipt.ephemeral_to == "U0HANA"
    assert "Asked <@U0IVO> and <@U0JO> to cover *<" in receipt.text
    for colleague in (ivo, jo):
        (message,) = colleague.dm
        assert message.words.startswith("<@U0HANA> asks for cover: *<")
        assert message.buttons == ["Take it", "Take part of it", "Not me"]
    (state,) = about(hana)
    assert "Asked 2, no answer from <@U0IVO> and <@U0JO>." in state.words
    assert state.buttons == ["Withdraw"]
    assert made(world) == []


def test_who_takes_it_is_on_call_and_the_other_messages_close(
    hana, ivo, jo, asked, world, tick
):
    ivo.presses("Take it", last(ivo))
    assert "You take it." in last(ivo).words
    assert last(ivo).buttons == []
    tick()

    (row,) = made(world)
    assert (row.user_id, row.start_at, row.end_at) == (IDS["ivo"], at(10), at(12))
    (closed,) = jo.dm
    assert "<@U0IVO> takes it." in closed.words
    assert closed.buttons == []
    (state,) = about(hana)
    assert "All of it is covered." in state.words
    assert state.buttons == []
    (words,) = told(hana)
    assert words.startswith("<@U0IVO> is on call for *<")
    assert words.endswith("in your place.")
    assert len(ivo.dm) == len(jo.dm) == 1


def test_who_says_no_is_shown_to_the_asker_and_may_change_their_mind(
    hana, jo, asked, tick, world
):
    jo.presses("Not me", last(jo))
    tick()

    assert "You said no." in last(jo).words
    assert "1 declined (<@U0JO>), no answer from <@U0IVO>" in about(hana)[0].words
    assert len(about(hana)) == 1
    jo.presses("Take it", last(jo))
    assert [row.user_id for row in made(world)] == [IDS["jo"]]


def test_if_everybody_says_no_the_asker_is_told_at_once(hana, ivo, jo, asked):
    jo.presses("Not me", last(jo))
    ivo.presses("Not me", last(ivo))

    message = last(hana)
    assert message.text.startswith("Everybody said no: you are still on call for")
    assert message.buttons == ["Ask again", "Override", "Page"]


def test_a_part_can_be_taken_and_the_rest_stays_asked_for(
    hana, ivo, jo, asked, world, tick
):
    ivo.presses("Take part of it", last(ivo))
    ivo.submits(end_at=at(11))
    tick()

    assert "Still open: from" in last(jo).words
    assert "<@U0IVO> takes from <!date^" in last(jo).words
    assert last(jo).buttons == ["Take the rest", "Take part of it", "Not me"]
    assert "Still open" in about(hana)[0].words
    jo.presses("Take the rest", last(jo))
    tick()

    first, second = made(world)
    assert (first.user_id, first.start_at, first.end_at) == (IDS["ivo"], at(10), at(11))
    assert (second.user_id, second.start_at, second.end_at) == (
        IDS["jo"],
        at(11),
        at(12),
    )
    assert "All of it is covered." in about(hana)[0].words


@pytest.mark.parametrize(
    ("filled", "field", "said"),
    [
        ({"end_at": at(14)}, "start_at", "Open is only from Mon 9 Mar 10:00 UTC"),
        ({"end_at": at(9)}, "end_at", "The end has to be after the start."),
    ],
)
def test_a_part_that_is_not_open_is_refused_beside_its_field(
    ivo, asked, world, filled, field, said
):
    ivo.presses("Take part of it", last(ivo))
    ivo.submits(**filled)

    assert said in ivo.modal.errors[field]
    assert made(world) == []


@pytest.fixture
def at_once(world, bot, start):
    """Deliver the first to one replica and the second to another, at the same moment.

    Returns when both have nothing left to do.
    """
    other = start()

    def at_once(*deliveries):
        with serve(bot.wsgi) as first, serve(other.wsgi) as second:
            where = zip(deliveries, (first.url, second.url), strict=True)
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(lambda one: deliver(world, one[0], [one[1]]), where))
            assert bot.wait_idle()
            assert other.wait_idle()

    return at_once


@pytest.fixture
def pressed(world, monkeypatch):
    """Return what Slack delivers when somebody presses a button of their message."""

    def pressed(handle, label):
        held = []
        person = world.slack.person(handle)
        with monkeypatch.context() as patched:
            patched.setattr(world.slack.courier, "send", held.append)
            person.presses(label, last(person))
        return held[0]

    return pressed


def test_two_who_take_it_at_once_on_two_replicas_get_it_once(
    hana, ivo, jo, asked, world, at_once, tick, pressed
):
    at_once(pressed("ivo", "Take it"), pressed("jo", "Take it"))
    tick()
    tick()

    (row,) = made(world)
    first, second = (ivo, jo) if row.user_id == IDS["ivo"] else (jo, ivo)
    assert "You take it." in last(first).words
    assert f"<@{first.user.id}> takes it." in last(second).words
    refused = [m.text for m in second.sees() if "took it already" in m.text]
    assert refused == [f"<@{first.user.id}> took it already. Nothing was changed."]
    assert len(told(hana)) == 1


def test_one_press_that_reaches_both_replicas_makes_one_override(
    ivo, asked, world, at_once, pressed
):
    press = pressed("ivo", "Take it")
    at_once(press, press)
    assert len(made(world)) == 1


def test_two_workers_ask_everybody_once(hana, ivo, jo, bot, start, clock):
    other = start()
    hana.types("/io cover Payments until 21:00")
    for _ in range(3):
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda one: one.reminders.tick(), (bot, other)))
        clock.advance(seconds=2)

    assert len(hana.dm) == len(ivo.dm) == len(jo.dm) == 1


def test_another_worker_shows_each_answer_at_once(hana, ivo, jo, asked, start):
    other = start()
    jo.presses("Not me", last(jo))
    other.covers.tick()
    assert "1 declined" in about(hana)[0].words
    ivo.presses("Not me", last(ivo))
    other.covers.tick()

    assert "2 declined" in about(hana)[0].words


def test_after_a_crash_before_the_messages_close_they_close(
    hana, ivo, jo, asked, world, crash_after_work, restart, tick
):
    crash_after_work()
    ivo.presses("Take it", last(ivo))
    again = restart()
    tick(again)

    assert len(made(world)) == 1
    assert "<@U0IVO> takes it." in last(jo).words
    assert "All of it is covered." in about(hana)[0].words
    assert len(told(hana)) == 1
    assert not [m for m in ivo.sees() if "already" in m.text]


def test_after_a_crash_between_the_override_and_its_record_it_is_found(
    hana, ivo, jo, asked, world, monkeypatch, crash_after_work, restart, tick
):
    crash_after_work()
    monkeypatch.setattr(Covers, "settle", lambda *_, **__: None)
    ivo.presses("Take it", last(ivo))
    assert len(made(world)) == 1
    again = restart()
    tick(again)

    assert len(made(world)) == 1
    assert "<@U0IVO> takes it." in last(jo).words
    assert len(told(hana)) == 1


def test_after_a_doubt_pressing_again_is_safe(ivo, jo, asked, world, tick):
    world.incidentio.fail("POST", "/v2/schedule_overrides", drop="after", times=1)
    ivo.presses("Take it", last(ivo))
    assert "It is not known whether the shift was taken" in ivo.last.text
    jo.presses("Take it", last(jo))
    assert "<@U0IVO> took it already" in jo.last.text

    ivo.presses("Take it", last(ivo))

    assert len(made(world)) == 1
    assert "You take it." in last(ivo).words


def test_hours_that_somebody_only_began_to_take_are_free_again_later(
    ivo, jo, hana, world, tick
):
    hana.types("/io cover Payments until 21:50")
    tick()
    world.incidentio.fail("POST", "/v2/schedule_overrides", drop="before", times=9)
    ivo.presses("Take it", last(ivo))
    world.incidentio.clear_faults()
    assert made(world) == []

    tick(minutes=11)
    jo.presses("Take it", last(jo))

    assert [row.user_id for row in made(world)] == [IDS["jo"]]


def test_what_incidentio_refuses_stays_open(ivo, jo, asked, world):
    world.incidentio.fail("POST", "/v2/schedule_overrides", status=422, times=1)
    ivo.presses("Take it", last(ivo))
    assert "The shift was not taken" in ivo.last.text

    jo.presses("Take it", last(jo))
    assert [row.user_id for row in made(world)] == [IDS["jo"]]


def test_an_override_that_was_made_elsewhere_is_said(ivo, asked, ana, world):
    ana.types("/io override Payments @gus 2h")
    ivo.presses("Take it", last(ivo))

    assert "Overlaps an override: Gus Lindqvist" in ivo.last.text
    assert len(made(world)) == 1


def test_the_asker_can_withdraw(hana, ivo, jo, asked, world, tick):
    id_ = request_of(hana)
    hana.presses("Withdraw", about(hana)[0])
    assert "You withdrew it." in about(hana)[0].words
    pressed = last(ivo)
    tick()

    assert "<@U0HANA> no longer asks for it." in last(jo).words
    assert last(jo).buttons == []
    ivo.types(f"/io cover take {id_}")
    assert "<@U0HANA> no longer asks for it." in ivo.last.text
    assert pressed.buttons == []
    assert made(world) == []


def request_of(asker):
    """The id of a request, as the button of its message has it."""
    (state,) = [m for m in asker.dm if "asked for cover" in m.text]
    return str(state.blocks).partition("cover withdraw ")[2][:32]


def test_who_does_not_answer_is_reminded_once(hana, ivo, jo, asked, tick):
    jo.presses("Not me", last(jo))
    tick(minutes=31)
    tick(minutes=10)

    assert [m.text.startswith("Reminder: ") for m in about(ivo)] == [False, True]
    assert len(about(jo)) == 1
    ivo.presses("Not me", last(ivo))
    tick()
    assert all("You said no." in message.words for message in about(ivo))


def test_when_the_time_is_over_the_asker_is_told_what_they_can_do(
    hana, ivo, jo, asked, world, tick
):
    jo.presses("Not me", last(jo))
    tick(minutes=61)

    state, message = about(hana)
    assert message.text.startswith("Nobody took Payments from Mon 9 Mar 11:01")
    assert "No answer from <@U0IVO>." in message.text
    assert "<@U0JO> said no." in message.text
    assert message.buttons == ["Ask again", "Override", "Page"]
    assert "The time to answer is over." in state.words
    assert "The time to answer is over." in last(ivo).words
    assert last(ivo).buttons == last(jo).buttons == []


def test_asking_again_asks_for_what_is_left(hana, ivo, jo, asked, world, tick):
    ivo.presses("Take part of it", last(ivo))
    ivo.submits(start_at=at(11, 30))
    tick(minutes=61)
    hana.presses("Ask again", last(hana))
    tick()

    assert "cover: Payments, from Mon 9 Mar 11:01 UTC until Mon 9 Mar 11:30" in (
        last(jo).text
    )
    assert last(jo).buttons == ["Take it", "Take part of it", "Not me"]


def test_a_later_shift_can_be_answered_until_it_begins(ivo, hana, jo, tick):
    ivo.types("/io cover Payments 2026-03-12 9-17")
    tick()
    assert last(jo).text.startswith("<@U0IVO> asks for cover: Payments")
    tick(days=2)
    assert "Take it" in last(hana).buttons
    tick(days=1)

    assert last(ivo).text.startswith("Nobody took Payments")
    assert last(hana).buttons == []


def be_quiet(person):
    """From 22 to 7: it is six in the morning in New York, evening in Tokyo."""
    person.types("/io prefs")
    ticked = "Keep messages that can wait until these hours are over"
    person.submits(quiet=[ticked], quiet_from=time(22), quiet_to=time(7))


def test_what_can_wait_waits_for_the_end_of_quiet_hours(ivo, hana, jo, tick):
    be_quiet(jo)
    ivo.types("/io cover Payments 2026-03-12 9-17")
    tick()
    assert about(jo) == []
    tick(hours=1)

    assert last(jo).buttons[0] == "Take it"


def test_nobody_is_reminded_in_quiet_hours(ivo, hana, jo, tick):
    be_quiet(hana)  # from 13:00 UTC
    ivo.types("/io cover Payments 2026-03-12 9-17")
    tick()
    tick(hours=5)

    assert len(about(hana)) == 1
    assert len(about(jo)) == 2


def test_who_was_in_the_rotation_once_is_not_asked(hana, ivo, person, tick, world):
    schedules = world.incidentio.store.schedules
    payments = next(row for row in schedules if row["name"] == "Payments")
    (current,) = payments["config"]["rotations"]
    eve = world.incidentio.store.users.get(IDS["eve"])
    once = {**current, "users": [*current["users"], show_user(eve)]}
    once["effective_from"] = "2020-01-01T00:00:00Z"
    current["effective_from"] = "2024-01-15T00:00:00Z"
    payments["config"]["rotations"].append(once)
    hana.types("/io cover Payments 2h")
    tick()

    assert len(about(ivo)) == 1
    assert about(person("eve")) == []


def test_what_cannot_wait_is_asked_at_once(hana, jo, tick):
    be_quiet(jo)
    hana.types("/io cover Payments until 21:00")
    tick()

    assert last(jo).buttons[0] == "Take it"


def test_without_a_time_a_form_offers_the_shifts(hana, ivo, tick, world):
    hana.types("/io oncall me")
    hana.presses("Ask for cover")
    assert "Payments: now, until Mon 9 Mar 22:00" in hana.modal.words
    hana.submits()
    tick()
    ivo.presses("Take it", last(ivo))

    (row,) = made(world)
    assert (row.start_at, row.end_at) == (START, at(13))


def test_a_form_can_ask_for_some_hours(hana, ivo, tick, world):
    hana.types("/io cover Payments")
    hana.submits(start_at=at(11), end_at=at(15))
    tick()
    ivo.presses("Take it", last(ivo))

    (row,) = made(world)
    assert (row.start_at, row.end_at) == (at(11), at(13))


def test_the_same_form_five_times_asks_once(hana, ivo, tick):
    hana.types("/io cover")
    hana.submit_at_once(5)
    tick()

    assert len(ivo.dm) == 1


@pytest.mark.parametrize(
    "typed", ["cover me until 21:00", "cover my shift on Payments 2h", "cover 2h"]
)
def test_people_ask_for_it_in_their_words(hana, ivo, tick, typed):
    hana.types(f"/io {typed}")
    tick()
    assert "from Mon 9 Mar 10:00 UTC until Mon 9 Mar 12:00 UTC" in last(ivo).text


@pytest.mark.parametrize(
    "typed", ["can someone cover me", "swap my shift", "someone please cover"]
)
def test_what_only_sounds_like_it_is_offered(hana, typed):
    hana.types(f"/io {typed}")
    assert hana.modal or hana.last.buttons[0].startswith("/io cover")


def test_hours_are_asked_for_once_at_a_time(hana, ivo, asked, tick):
    hana.types("/io cover Payments 1h")
    tick()
    assert "already. Withdraw that first" in next(
        m.text for m in hana.sees() if "already" in m.text
    )
    assert len(ivo.dm) == 1


def test_without_a_shift_in_that_time_the_next_is_named(ivo, world):
    ivo.types("/io cover Payments 2h")
    assert "You are not on call in that time. Your next shift: *<" in ivo.last.text
    ivo.types("/io cover Platform 2h")
    assert "You are not on call there" in ivo.last.text


def test_without_an_account_it_is_said(person):
    outside = person("max")
    outside.types("/io cover 2h")
    assert "no account that is linked" in outside.last.text


def not_asked(hana, ivo, tick):
    """Ask; return the words about who was not asked, once Ivo has got nothing."""
    hana.types("/io cover Payments until 21:00")
    said = hana.last.text
    tick()
    assert about(ivo) == []
    return said.partition("Not asked: ")[2]


def methods(**more):
    phone = {"supports_sms": True, "supports_voice": True}
    usual = {"id": "M1", "method_type": "phone", "address": "+•••42", "is_usable": True}
    return [{**usual, "phone_details": phone, **more}]


@pytest.mark.parametrize("found", [[], methods(is_usable=False)])
def test_whom_no_page_would_reach_is_not_asked(hana, ivo, tick, world, found):
    world.incidentio.store.notification_methods[IDS["ivo"]] = found
    words = not_asked(hana, ivo, tick)
    assert words.startswith("<@U0IVO> (incident.io has no way to page them)")


def test_nor_who_has_no_rule_for_it(hana, ivo, tick, world):
    world.incidentio.store.notification_methods[IDS["ivo"]] = methods()
    world.incidentio.store.unused_methods.add("M1")
    assert "no way to page them" in not_asked(hana, ivo, tick)


def test_who_is_paged_by_phone_is_asked(hana, ivo, tick, world):
    world.incidentio.store.notification_methods[IDS["ivo"]] = methods()
    hana.types("/io cover Payments until 21:00")
    tick()
    assert "asks for cover" in last(ivo).text


def test_nor_who_paused_their_notifications(hana, ivo, tick, world):
    store = world.incidentio.store
    store.pause_notifications(IDS["ivo"], START + timedelta(days=3))
    assert not_asked(hana, ivo, tick).startswith("<@U0IVO> (paused until <!date^")


def test_nor_who_paused_or_muted_the_bot(hana, ivo, jo, tick):
    ivo.types("/io prefs pause 3d")
    jo.types("/io prefs mute")
    hana.types("/io cover Payments until 21:00")

    assert "Nobody can be asked to cover" in hana.last.text
    assert "<@U0IVO> (paused until <!date^" in hana.last.text
    assert "<@U0JO> (muted the bot)" in hana.last.text


def test_nor_who_may_not_override(hana, ivo, tick, bot, world):
    user = world.incidentio.store.users.get(IDS["ivo"])
    user["base_role"] = {**user["base_role"], "slug": "viewer"}
    bot.services.catalog.expire("users")
    words = not_asked(hana, ivo, tick)
    assert words.startswith("<@U0IVO> (may not change who is on call)")


@pytest.mark.settings(command_levels={"override": "administer"})
def test_the_level_of_an_override_holds(hana, ivo, tick):
    assert "may not change who is on call" in not_asked(hana, ivo, tick)


def test_who_may_not_any_more_is_refused(hana, ivo, asked, bot, world):
    user = world.incidentio.store.users.get(IDS["ivo"])
    user["base_role"] = {**user["base_role"], "slug": "viewer"}
    bot.services.catalog.expire("users")
    ivo.presses("Take it", last(ivo))

    assert "The shift was not taken. You need the Responder role" in ivo.last.text
    assert made(world) == []


def test_nor_who_has_left(hana, ivo, tick, world, bot):
    world.incidentio.store.users.get(IDS["ivo"])["is_active"] = False
    bot.services.catalog.expire("users")
    assert "(deactivated" in not_asked(hana, ivo, tick)


def test_who_is_on_call_elsewhere_is_asked_and_told(hana, ivo, tick, ana, world):
    ana.types("/io oncall Platform")
    ana.types("/io override Platform @ivo 4h")
    ana.submits()
    hana.types("/io cover Payments until 21:00")
    tick()

    receipt = next(m.text for m in hana.sees() if m.text.startswith("Asked"))
    assert "<@U0IVO> (on call for *<" in receipt
    assert "|Platform>* then) and <@U0JO> to cover" in receipt
    assert "You are on call for *<" in last(ivo).words
    assert "|Platform>* then, too." in last(ivo).words


def test_only_those_who_were_asked_can_answer(hana, ivo, asked, person, world):
    id_ = request_of(hana)
    outsider = person("gus")
    for line in ("take", "part", "decline"):
        outsider.types(f"/io cover {line} {id_}")
        assert "You were not asked to cover this shift." in outsider.last.text
    for line in ("withdraw", "again"):
        ivo.types(f"/io cover {line} {id_}")
        assert "Only the person who asked for cover can do that." in next(
            m.text for m in reversed(ivo.sees()) if m.ephemeral_to
        )
    assert made(world) == []


def test_a_request_that_was_forgotten_is_said_to_be(ivo):
    ivo.types("/io cover take 0000")
    assert "no longer exists" in ivo.last.text


def test_the_audit_has_who_asked_and_who_took_it(hana, ivo, asked, bot):
    ivo.presses("Take it", last(ivo))

    took, cover = bot.services.audit.search()
    assert (took.operation, took.actor) == ("cover take", "U0IVO")
    assert took.target.startswith("schedule Payments")
    assert list(took.changes.values()) == [["Hana Sato", "Ivo Petrov"]]
    assert (cover.operation, cover.actor) == ("cover", "U0HANA")
    assert list(cover.changes.values()) == [[None, "Ivo Petrov, Jo Smith"]]


def test_a_message_that_was_deleted_is_let_be(hana, ivo, jo, asked, tick, world):
    world.slack.fail("chat.update", error="message_not_found", times=1)
    ivo.presses("Take it", last(ivo))
    tick()
    before = len(world.slack.calls)
    tick()
    assert [c.method for c in world.slack.calls[before:]].count("chat.update") == 0


def test_what_slack_does_not_take_now_is_edited_later(
    hana, ivo, jo, asked, tick, world
):
    ivo.presses("Take it", last(ivo))
    world.slack.fail("chat.update", error="internal_error", times=2)
    tick()
    tick()
    assert "<@U0IVO> takes it." in last(jo).words


CALLS = {
    "users.list_notification_methods": lambda api: api.users.list_notification_methods(
        "U1"
    ),
    "users.list_notification_rules": lambda api: api.users.list_notification_rules(
        "U1"
    ),
}
