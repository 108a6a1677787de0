"""Whoever loses access to a private incident sees nothing of it from then on."""

import pytest
import requests

from handlers.core.context import Context

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PRIVATE = "Leaked API token"
hooks = pytest.mark.settings(incidentio_webhook_secret=SECRET)


@pytest.fixture
def incident(world):
    rows = world.incidentio.store.incidents
    return next(row for row in rows if row.name.startswith(PRIVATE))


@pytest.fixture
def eve(incident, world, person):
    found = person("eve")
    account = next(
        u for u in world.incidentio.store.users if u["name"].startswith("Eve")
    )
    found.account = account["id"]
    assert found.account in incident.members
    return found


@pytest.fixture
def told(world, bot, _front):
    """The bot is told of changes by webhooks."""
    url = _front.url.replace("/slack/events", "/incidentio/webhooks")
    world.incidentio.webhooks.send_to(url, SECRET)
    return world.incidentio.webhooks


def change(world, incident, user, *, revoke):
    path = "/v1/incident_memberships" + ("/actions/revoke" if revoke else "")
    answer = requests.post(
        world.incidentio_url + path,
        json={"incident_id": incident.id, "user_id": user},
        headers={"Authorization": "Bearer sandbox"},
        timeout=10,
    )
    assert answer.ok


@pytest.fixture
def reads(eve, bot):
    """Whether Eve finds it in lists, in menus and by its number."""

    def look():
        eve.types("/io incidents", channel="general")
        listed = PRIVATE in eve.last.words
        ctx = Context(bot.services, eve.user.id, "C0GENERAL", key="x", ref="x")
        found = bot.router.sources["incident"](ctx, "leaked")
        offered = any(PRIVATE in option.label for option in found)
        eve.types("/io incident 36", channel="general")
        shown = PRIVATE in eve.last.words
        assert listed == offered == shown
        return shown

    return look


@hooks
def test_with_webhooks_at_once(eve, incident, world, told, reads):
    assert reads()
    change(world, incident, eve.account, revoke=True)
    assert not reads()
    assert told.sent == [("private_incident.membership_revoked_v1", 200)]

    change(world, incident, eve.account, revoke=False)
    assert reads()


@hooks
def test_a_role_that_is_left_over_gives_no_access(eve, incident, world, told, reads):
    role = next(iter(world.incidentio.store.roles))["id"]
    incident.roles[role] = eve.account
    assert reads()
    change(world, incident, eve.account, revoke=True)
    assert not reads()


@hooks
def test_a_form_that_was_open_in_its_channel_does_nothing(eve, incident, world, told):
    eve.types("/io update", channel=incident.channel_id)
    change(world, incident, eve.account, revoke=True)
    eve.submits(message="What is still not known")
    assert "was not shared" in eve.modal.words
    assert not any(
        r.path == "/v2/incident_updates" and r.method == "POST"
        for r in world.incidentio.requests
    )


def test_without_webhooks_within_a_minute(eve, incident, world, clock, reads):
    assert reads()
    incident.roles = {k: v for k, v in incident.roles.items() if v != eve.account}
    change(world, incident, eve.account, revoke=True)
    clock.advance(seconds=61)
    assert not reads()


@hooks
def test_what_becomes_private_is_hidden_at_once(ana, world, told):
    ana.types("/io incidents", channel="general")
    assert "INC-39" in ana.last.words
    world.incidentio.make_private(39)
    ana.types("/io incidents", channel="general")
    assert "INC-39" not in ana.last.words


def test_without_webhooks_it_is_hidden_within_a_minute(ana, world, clock):
    ana.types("/io incidents", channel="general")
    world.incidentio.make_private(39)
    clock.advance(seconds=61)
    ana.types("/io incidents", channel="general")
    assert "INC-39" not in ana.last.words
