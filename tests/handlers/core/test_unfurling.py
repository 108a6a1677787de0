"""Links to incident.io that people post get cards, where all may read them."""

import json

import pytest
import requests

from handlers.core.pipeline.unfurling import MOST

HERE = "incidents"
APP = "https://app.incident.io/acme"


def address(number, rest=""):
    return f"{APP}/incidents/{number}{rest}"


@pytest.fixture
def post(ana, bot):
    """Post words and return the words of the cards, by address."""

    def posted(words, channel=HERE, by=ana, thread_ts=None):
        message = by.says(words, channel, thread_ts)
        assert bot.wait_idle()
        return {url: str(blocks) for url, blocks in message.unfurls.items()}

    return posted


def numbered(world, number):
    return next(i for i in world.incidentio.store.incidents if i.number == number)


@pytest.fixture
def secret(world):
    """A private incident with a channel."""
    rows, channels = world.incidentio.store.incidents, world.slack.workspace.channels
    private = (row for row in rows if row.visibility == "private")
    return next(row for row in private if row.channel_id in channels)


@pytest.mark.parametrize("rest", ["", "/timeline", "-the-name", "?tab=overview", "/"])
def test_a_link_to_an_incident_becomes_its_card(post, world, rest):
    public = (i for i in world.incidentio.store.incidents if i.visibility == "public")
    row = next(i for i in public if i.summary)
    (card,) = post(f"Have a look at {address(row.number, rest)}").values()
    assert row.name in card
    assert row.summary[:40] in card


def test_a_link_by_id_and_one_in_a_thread_too(post, ana, world):
    row = numbered(world, 27)
    first = ana.writes("Well", HERE)
    assert row.name in str(post(address(row.id), thread_ts=first.ts))


def test_a_link_to_a_follow_up_becomes_its_card(post, world):
    follow_up = next(
        f for f in world.incidentio.store.follow_ups if f.status == "outstanding"
    )
    for path in (
        f"follow-ups/{follow_up.id}",
        f"incidents/27/follow-ups/{follow_up.id}",
    ):
        (card,) = post(f"{APP}/{path}").values()
        assert follow_up.title in card
        assert "outstanding" in card


def test_each_link_of_a_message_has_its_card_up_to_some(post):
    words = " ".join(address(number) for number in (27, 27, *range(20, 40)))
    assert len(post(words)) == MOST


@pytest.mark.parametrize(
    "words",
    [
        address(999_999),
        f"{APP}/schedules/27",
        f"{APP}/follow-ups/01ZZZZZZZZZZZZZZZZZZZZZZZZ",
        "https://example.com/incidents/27",
        "https://app.incident.io.example.com/acme/incidents/27",
        "https://[app.incident.io/incidents/27",
        "INC-27",
    ],
)
def test_what_names_nothing_has_no_card(post, caplog, words):
    assert post(words) == {}
    assert not [r for r in caplog.records if r.exc_info]


def test_a_private_incident_has_a_card_in_its_own_channel_alone(post, world, secret):
    member = world.slack.person(secret_member(world, secret))
    for channel in (HERE, "dm"):
        assert post(address(secret.number), channel, member) == {}
    assert secret.name in str(post(address(secret.number), secret.channel_id, member))


def secret_member(world, secret):
    """Return the handle of somebody who sees the private incident's channel."""
    channel = world.slack.workspace.channels[secret.channel_id]
    return next(
        u.handle
        for u in map(world.slack.workspace.user, channel.members)
        if not u.is_bot
    )


def test_nor_has_its_follow_up(post, world, secret):
    store = world.incidentio.store
    follow_up = next(f for f in store.follow_ups if f.incident_id == secret.id)
    assert post(f"{APP}/follow-ups/{follow_up.id}") == {}


def test_guests_and_people_of_other_companies_share_no_cards(post, ben):
    ben.user.guest = "one channel"
    assert post(address(27), by=ben) == {}
    ben.user.guest, ben.user.team = "", "T0OTHER"
    assert post(address(27), by=ben) == {}


@pytest.fixture
def deliver(ana, world, bot):
    """Deliver the event of a posted link again, changed; return the message."""

    def delivered(outer=(), **event):
        sent = ana.enters(address(27), HERE)
        assert bot.wait_idle()
        message = ana.sees(HERE)[-1]
        message.unfurls.clear()
        again = sent.again()
        again.payload = json.loads(json.dumps(sent.payload)) | dict(outer)
        again.payload["event_id"] = f"Ev{message.ts}"
        again.payload["event"] |= event
        body, headers = world.slack.courier.request(again)
        url = world.slack.courier.request_url
        requests.post(url, data=body, headers=headers, timeout=30).raise_for_status()
        assert bot.wait_idle()
        return message

    return delivered


def test_a_second_event_for_a_message_draws_its_cards(deliver):
    assert deliver().unfurls


@pytest.mark.parametrize("shared", [True, None, "no"])
def test_a_channel_that_may_be_shared_with_others_gets_no_cards(deliver, shared):
    assert not deliver({"is_ext_shared_channel": shared}).unfurls


def test_nor_does_a_message_that_is_still_written(deliver):
    assert not deliver(source="composer").unfurls


def test_nobody_is_told_where_a_card_cannot_be_drawn(post, ana, world, caplog):
    before = len(ana.sees())
    world.slack.scopes.discard("links:write")
    assert post(address(27)) == {}
    world.incidentio.fail("GET", "/v2/incidents/*", status=500)
    assert post(address(26)) == {}
    assert len(ana.sees()) == before + 2, "what Ana wrote"


def test_the_audit_and_the_journal_know_nothing_of_links(post, bot):
    post(address(27))
    assert list(bot.services.audit.stream()) == []
