"""A worker between the two stand-ins, on both databases, at a time of its own."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from incidentio import Incidentio
from reminders import assembly
from reminders.assembly import Sources
from reminders.calendar.schedule import following
from reminders.items.filters import DigestOptions
from sandbox.company import PEOPLE
from sandbox.incidentio import IncidentioSandbox
from sandbox.serve import serve
from sandbox.slack import SlackSandbox
from slack.client import SlackClient
from slack.newer_blocks import BlockSupport
from storage.rules import Rules
from storage.snoozes import Snoozes
from tests.clock import MONDAY, Clock
from tests.doorway import Doorway

HOURLY = "0 * * * * UTC"
INCIDENTIO_IDS = {person.handle: person.incidentio_id for person in PEOPLE}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.prove)])
def database(request):
    """Stories are told on SQLite; on PostgreSQL too where there is time."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def _stage():
    """Both stand-ins, served once; their clock is that of the test."""
    clock = Clock(MONDAY)
    incidentio = IncidentioSandbox(now=clock, seed=False)
    slack = SlackSandbox(now=clock)
    slack.limits.burst = 1
    door = Doorway(slack.wsgi)
    incidentio_door = Doorway(incidentio.wsgi)
    with serve(incidentio_door) as one, serve(door) as two:
        incidentio_url, slack_url = one.url, f"{two.url}/api/"
        slack.url = two.url
        api = Incidentio(
            "sandbox",
            incidentio_url,
            now=clock,
            deadline=60,
        )
        client = SlackClient("xoxb-sandbox", base_url=slack_url, timeout=30)
        yield SimpleNamespace(**locals())
        api.close()
        client.close()
    slack.close()


@pytest.fixture
def now(_stage):
    """A Monday morning."""
    _stage.clock.at = MONDAY
    return _stage.clock


@pytest.fixture
def incidentio(_stage, now):
    """Nobody is on call there, unless a test says so."""
    _stage.incidentio.reset()
    for row in list(_stage.incidentio.store.schedules):
        _stage.incidentio.store.schedules.remove(row["id"])
    return _stage.incidentio


@pytest.fixture
def slack(_stage, now):
    _stage.slack.reset()
    _stage.slack.limits.on()
    _stage.client.blocks = BlockSupport(now=now)
    yield _stage.slack
    _stage.door.go_on.set()
    assert _stage.slack.violations == []


@pytest.fixture
def door(_stage, slack):
    return _stage.door


@pytest.fixture
def incidentio_door(_stage, incidentio):
    return _stage.incidentio_door


@pytest.fixture
def api(_stage, incidentio):
    return _stage.api


class Work:
    """What there is to be reminded of."""

    def __init__(self, api):
        self._api = api
        self._severities = {s.name: s.id for s in api.severities.list()}
        self._serial = 0

    def incident(self, name="Checkout is slow", *, private=False, severity="Major"):
        self._serial += 1
        return self._api.incidents.create(
            idempotency_key=f"incident-{self._serial}",
            visibility="private" if private else "public",
            name=name,
            severity_id=self._severities[severity],
        )

    def follow_up(self, incident, title, owner=None, **more):
        return self._api.follow_ups.create(
            incident_id=incident.id,
            title=title,
            assignee_id=owner and INCIDENTIO_IDS[owner],
            **more,
        )

    def severity(self, name):
        return self._severities[name]

    def action(self, incident, description, owner=None):
        return self._api.actions.create(
            incident_id=incident.id,
            description=description,
            assignee_id=owner and INCIDENTIO_IDS[owner],
        )


@pytest.fixture
def make_work():
    return Work


class Scene:
    """Everything a story about reminders needs, and short words for it."""

    def __init__(self, database, api, slack_client, now):
        self.now = now
        self.database = database
        database.now, database.elapsed = now, now.elapsed
        self.reminders = Rules(database, now, following)
        self.snoozes = Snoozes(database)
        self.work = Work(api)
        self.observed = []
        self.asking = None
        self._api, self.slack_client = api, slack_client
        self.engine = self.worker("one")

    def worker(self, name, settings=(), *, only=None, **more):
        """Return a worker; of some kinds alone where a story is about no other."""
        sources = Sources(
            self.database,
            self._api,
            self.slack_client,
            self.now,
            asking=self.asking,
        )
        sources = replace(sources, **dict(settings))
        if only:
            more["only_kinds"] = [k for k in assembly.kinds(sources) if k.name in only]
        return assembly.engine(
            sources,
            name,
            **{"observe": lambda event, **_: self.observed.append(event), **more},
        )

    def remind(self, channel="C0INCIDENTS", **more):
        """By default hourly, of follow-ups, in #incidents."""
        options = {"item_kinds": ["follow_ups"]}
        options |= {n: more.pop(n) for n in DigestOptions.model_fields if n in more}
        asked = {"created_by": "U0ANA", "recurrence": HOURLY, **more}
        return self.reminders.create(
            channel=channel, options=DigestOptions(**options), **asked
        )

    def tick(self, **later):
        self.now.advance(**later)
        self.engine.tick()

    def states(self, rule):
        """What became of its slots, newest first."""
        return [slot.state for slot in self.reminders.history(rule.id)]

    def last(self, rule):
        return self.reminders.history(rule.id)[0]


@pytest.fixture
def scene(_stage, database, api, slack, _kinds):
    return Scene(database, api, _stage.client, _stage.clock)


@pytest.fixture
def incident(scene):
    return scene.work.incident()


@pytest.fixture
def outstanding(scene, incident):
    return scene.work.follow_up(incident, "Raise the pool size", "ben")


@pytest.fixture
def rule(scene, outstanding):
    return scene.remind(name="Payments")


@pytest.fixture
def posts(slack):
    """The texts of what the bot posted in a channel."""
    return lambda channel="C0INCIDENTS": [m.text for m in slack.messages(channel)]
