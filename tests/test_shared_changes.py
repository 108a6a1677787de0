"""Two replicas on one PostgreSQL: what one changes or is told, the other knows too."""

from __future__ import annotations

import json
from contextlib import ExitStack, closing
from functools import partial
from types import SimpleNamespace

import pytest
import requests

from reminders.sources.audience import NOBODY
from reminders.sources.snapshots import MOMENTS_AGO
from runtime import wiring
from runtime.settings import Settings
from runtime.shared_changes import SharedChanges
from sandbox.serve import serve
from storage.peers import Peers
from tests.clock import Impatient
from tests.fixtures import User
from tests.incidentio.upstream import eventually

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PRIVATE = "Leaked API token"


@pytest.fixture
def replica(world, clock, postgresql, patience, monkeypatch):
    """Start a replica; ``ana(of)`` is Ana, whose deliveries that one gets."""
    monkeypatch.setattr("incidentio.cache.cached_list.BETWEEN_CHANGES", 0)
    monkeypatch.setattr(wiring, "Peers", partial(Peers, pause=0.01))
    settings = Settings(
        _env_file=None,
        **world.settings,
        database_url=postgresql.engine.url.render_as_string(hide_password=False),
        incidentio_webhook_secret=SECRET,
        incident_cards=False,
    )
    postgresql.now, postgresql.elapsed = clock, clock.elapsed
    passing = Impatient()
    with ExitStack() as running:

        def start():
            bot = wiring.build(
                settings,
                now=clock,
                sleep=passing.sleep,
                monotonic=passing.monotonic,
                budget=60,
                grace=0,
                database=postgresql,
            )
            running.enter_context(closing(bot))
            served = running.enter_context(serve(bot.wsgi))
            bot.services.catalog.warm()
            bot.meet_peers()
            return SimpleNamespace(bot=bot, url=served.url, services=bot.services)

        yield start


@pytest.fixture
def one(replica):
    return replica()


@pytest.fixture
def other(replica):
    return replica()


@pytest.fixture
def person(world):
    """A person whose deliveries go to a replica."""

    def at(handle, replica):
        world.slack.deliver_to(f"{replica.url}/slack/events")
        return User(world.slack.person(handle), replica.bot)

    return at


@pytest.fixture
def notified(one, world):
    """One of the replicas gets incident.io's webhooks."""
    world.incidentio.webhooks.send_to(f"{one.url}/incidentio/webhooks", SECRET)


@pytest.fixture
def change(world):
    """Change something in incident.io, past the bot."""

    def ask(path, **body):
        headers = {"Authorization": "Bearer sandbox"}
        url = world.incidentio_url + path
        assert requests.post(url, json=body, headers=headers, timeout=10).ok

    return ask


def names(listed):
    return [one.name for one in listed]


def first(table):
    return next(iter(table))


def test_what_one_replica_changed_the_other_shows(one, other, person):
    assert "Scribe" not in names(other.services.catalog.roles())
    ana = person("ana", one)
    ana.types("/io role create", channel="general")
    ana.submits(
        name="Scribe", description="Writes", instructions="Write", shortform="s"
    )
    eventually(lambda: "Scribe" in names(other.services.catalog.roles()))


def test_an_incident_declared_at_one_is_listed_by_the_other(one, other, person):
    ben = person("ben", other)
    ben.types("/io incidents", channel="general")
    assert "Taps are dry" not in ben.last.words
    ana = person("ana", one)
    ana.types("/io declare Taps are dry", channel="general")
    ana.submits(severity="Minor")

    def listed():
        ben = person("ben", other)
        ben.types("/io incidents", channel="general")
        return "Taps are dry" in ben.last.words

    eventually(listed)


@pytest.mark.usefixtures("notified")
def test_access_that_was_withdrawn_by_a_webhook_to_one_is_gone_at_both(
    one, other, world, person, change
):
    incident = next(
        row for row in world.incidentio.store.incidents if row.name.startswith(PRIVATE)
    )
    eve = next(u for u in world.incidentio.store.users if u["name"].startswith("Eve"))
    incident.roles[first(world.incidentio.store.roles)["id"]] = eve["id"]

    def sees(replica):
        found = person("eve", replica)
        found.types("/io incidents", channel="general")
        return PRIVATE in found.last.words

    assert sees(one)
    assert sees(other)
    change(
        "/v1/incident_memberships/actions/revoke",
        incident_id=incident.id,
        user_id=eve["id"],
    )
    eventually(lambda: not sees(other))
    assert not sees(one)


@pytest.mark.usefixtures("notified")
def test_a_webhook_to_one_lets_both_read_incidents_and_schedules_again(
    one, other, world
):
    before = other.services.api.schedule_changes, other.services.api.changes
    store = world.incidentio.store
    first(store.schedules)["name"] = "Night watch"
    world.incidentio.webhooks.send("schedule.updated_v1", {"id": "01"})
    eventually(lambda: "Night watch" in names(other.services.catalog.schedules()))
    eventually(lambda: other.services.api.schedule_changes > before[0])

    shown = other.services.catalog.live_incidents(list)[0]
    row = next(row for row in store.incidents if row.id == shown.id)
    row.name = "Renamed elsewhere"
    kind = "public_incident.incident_updated_v2"
    world.incidentio.webhooks.send(kind, {"id": row.id})
    live = other.services.catalog.live_incidents
    eventually(lambda: "Renamed elsewhere" in names(live(list)))


def test_what_one_finds_changed_when_it_renews_a_list_the_other_reads_too(
    one, other, world, clock
):
    first(world.incidentio.store.severities)["name"] = "Catastrophe"
    clock.advance(seconds=30)
    other.services.catalog.reread("severities")  # it is not due there for a while
    first(world.incidentio.store.severities)["name"] = "Cataclysm"
    clock.advance(seconds=30)
    one.services.catalog.severities()
    eventually(lambda: "Cataclysm" in names(other.services.catalog.severities()))


def test_what_was_read_before_one_stored_something_the_other_reads_again(one, other):
    def read():
        return other.services.outstanding.read(["actions"], NOBODY, within=MOMENTS_AGO)

    before = read()
    assert read() is before
    one.services.outstanding.touch()
    eventually(lambda: read() is not before)

    gone = before.items["actions"][0]
    one.services.outstanding.forget("actions", gone.id)
    eventually(lambda: gone.id not in {item.id for item in read().items["actions"]})


@pytest.fixture
def scarce(world):
    world.incidentio.limit.per_minute = 120


def has_little_left(replica):
    """Whether work in the background would have to wait there."""
    limiter = replica.services.api._rate_limiter
    return limiter._shared.wait(limiter._monotonic(), 0, background=True) > 0


def test_a_limit_that_one_has_nearly_used_up_the_other_keeps_to(scarce, one, other):
    assert not has_little_left(other)
    while not has_little_left(one):
        one.services.api.severities.list()
    eventually(lambda: has_little_left(other))


HINTS = {
    "a list": ["list", "expired", "roles"],
    "a change": ["change", "/v2/incidents"],
    "what is outstanding": ["snapshot"],
    "an item": ["snapshot", "follow_ups", "01A"],
    "an access": ["access", "01A", "01B", True],
    "a limit": ["limit", "", 60, 0, 12.5],
    "a limit without a reset": ["limit", "POST /v2/escalations", 60, 60, None],
    "everything": ["everything"],
}


@pytest.fixture
def hear(bot):
    return SharedChanges(bot.services).hear


@pytest.mark.parametrize("hint", HINTS.values(), ids=HINTS)
def test_a_hint_is_understood(hear, hint):
    assert hear(hint)


@pytest.mark.parametrize(
    "hint",
    [
        ["list", "burnt", "roles"],
        ["list", "expired", "unicorns"],
        ["list", "expired"],
        ["list", 1, []],
        ["change", None],
        ["snapshot", "follow_ups"],
        ["snapshot", 1, 2],
        ["access", "01A", "01B", "yes"],
        ["limit", "", 0, 0, None],
        ["limit", "", 60, 61, 1],
        ["limit", "", 60, 1, 1e9],
        ["limit", "", 60, 1, float("nan")],
        ["limit", "", 60, 1, "soon"],
        ["limit", "", "60", 1, 1],
        [None],
        [["list"]],
        [{}],
        ["unheard of", "x"],
    ],
    ids=json.dumps,
)
def test_what_is_no_hint_does_nothing(hear, bot, hint):
    before = bot.services.api.changes
    assert not hear(hint)
    assert bot.services.api.changes == before


def test_after_something_was_missed_all_is_read_again(bot, world, monkeypatch):
    monkeypatch.setattr("incidentio.cache.cached_list.BETWEEN_CHANGES", 0)
    bot.services.catalog.warm()
    first(world.incidentio.store.roles)["name"] = "Scribe"
    row = next(
        r for r in world.incidentio.store.incidents if r.name.startswith(PRIVATE)
    )
    incident = bot.services.api.incidents.show(row.id)
    bot.services.memberships.includes(incident, "nobody")
    changes = bot.services.api.schedule_changes
    world.incidentio.requests.clear()

    SharedChanges(bot.services).outdate()
    assert not bot.services.catalog.known("live_incidents")
    eventually(lambda: "Scribe" in names(bot.services.catalog.roles()))
    bot.services.memberships.includes(incident, "nobody")
    asked = [request.path for request in world.incidentio.requests]
    assert any("participants" in path for path in asked)
    assert bot.services.api.schedule_changes > changes
