"""Each entry is posted in the audit's channel once, whatever happens on the way."""

import pytest

CHANNEL = "C0PLATFORM"
EVERY = 4


@pytest.fixture
def settings(settings):
    return settings.model_copy(update={"audit_channel": CHANNEL})


@pytest.fixture
def posts(world):
    def posts(place=CHANNEL):
        return list(world.slack.person("ana").sees(place))

    return posts


@pytest.fixture
def tick(bot, clock):
    def tick(seconds=EVERY, of=bot):
        clock.advance(seconds=seconds)
        of.audit.tick()

    return tick


def test_several_are_posted_in_one_message(ana, person, tick, posts):
    before = len(posts())
    ana.types("/io severity 39 minor")
    person("kim").types("/io severity 39 major")
    tick()
    tick()

    (message,) = posts()[before:]
    assert "*ana* `severity` on incident INC-39" in message.text
    assert ": done (ref `" in message.text
    assert "*kim* `severity`: refused (ref `" in message.text
    assert "<@" not in message.text


def test_a_private_incident_is_veiled_even_for_its_own_people(person, tick, posts):
    person("eve").types("/io severity 36 minor", channel="C0INC36")
    tick()

    said = posts()[-1].text
    assert "`severity` on a private incident: done" in said
    assert not any(word in said for word in ("36", "Leaked", "Minor", "ref"))


def test_lookups_and_forms_that_only_opened_are_not_posted(ana, tick, posts):
    before = len(posts())
    ana.types("/io incidents")
    ana.types("/io declare Something")
    tick()

    assert posts()[before:] == []


def test_what_was_not_posted_when_the_process_died_is_posted_after(
    ana, start, posts, tick
):
    before = len(posts())
    ana.types("/io severity 39 minor")
    again = start()
    tick(of=again)
    tick()

    assert len(posts()[before:]) == 1


@pytest.mark.parametrize("sent", [True, False])
def test_who_died_while_posting_is_followed_without_doubling(
    ana, bot, clock, posts, tick, monkeypatch, sent
):
    before = len(posts())
    ana.types("/io severity 39 minor")
    dying = "posted" if sent else "claim"
    original = getattr(bot.audit._outbox, dying)

    def die(*asked):
        if not sent:
            original(*asked)
        raise SystemExit

    monkeypatch.setattr(bot.audit._outbox, dying, die)
    with pytest.raises(SystemExit):
        tick()
    assert len(posts()[before:]) == sent
    monkeypatch.undo()
    tick()
    tick(seconds=180)
    tick()

    assert len(posts()[before:]) == 1


@pytest.mark.parametrize("late", [False, True])
def test_who_was_frozen_while_posting_does_not_double(
    ana, bot, start, tick, posts, freeze, late
):
    before, other = len(posts()), start()

    def meanwhile():
        tick(seconds=180, of=other)

    ana.types("/io severity 39 minor")
    freeze("chat.postMessage", meanwhile, late=late)
    tick()
    tick()

    assert len(posts()[before:]) == 1


def test_slacks_retry_after_is_kept(ana, world, tick, posts):
    before = len(posts())
    ana.types("/io severity 39 minor")
    world.slack.fail("chat.postMessage", retry_after=30, times=1)
    tick()
    tick(seconds=29)
    assert posts()[before:] == []
    tick(seconds=2)

    assert len(posts()[before:]) == 1


def test_an_unknown_channel_is_logged_once_in_a_while(ana, world, tick, posts, caplog):
    before = len(posts())
    ana.types("/io severity 39 minor")
    world.slack.fail("chat.postMessage", error="channel_not_found", times=1)
    for _ in range(20):
        tick()

    said = [r.message for r in caplog.records if "audit is not posted" in r.message]
    assert len(said) == 1
    assert "Invite the bot" in said[0]
    tick(seconds=600)
    assert len(posts()[before:]) == 1


def test_an_answer_that_was_lost_is_looked_for_before_it_is_sent_again(
    ana, world, tick, posts
):
    before = len(posts())
    ana.types("/io severity 39 minor")
    world.slack.fail("chat.postMessage", error="internal_error", times=1)
    tick()
    tick(seconds=181)

    assert len(posts()[before:]) == 1


def test_what_may_be_posted_keeps_nothing_else_waiting(ana, world, tick, posts):
    before = len(posts())
    ana.types("/io severity 39 minor")
    world.slack.fail("chat.postMessage", status=503, after=True, times=1)
    tick()
    ana.types("/io severity 39 major")
    tick()

    assert len(posts()[before:]) == 2
    tick(seconds=181)
    assert len(posts()[before:]) == 2


def test_without_a_channel_nothing_is_posted(ana, bot, tick, posts, monkeypatch):
    before = len(posts())
    monkeypatch.setattr(bot.audit, "_channel", "")
    ana.types("/io severity 39 minor")
    tick()

    assert posts()[before:] == []
