"""The bot as people use it: between the two stand-ins, over HTTP."""

from __future__ import annotations

import gc
import os
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest

from reminders import assembly
from runtime import wiring
from runtime.settings import Settings
from sandbox.serve import serve
from sandbox.world import World
from tests.clock import Clock, Impatient
from tests.databases import *  # noqa: F403
from tests.rendered import surfaces, unanswered

hypothesis.settings.register_profile(
    "steady", derandomize=True, deadline=None, database=None, max_examples=10
)
hypothesis.settings.register_profile(
    "prove", hypothesis.settings.get_profile("steady"), max_examples=200
)
hypothesis.settings.register_profile("search", deadline=None, max_examples=2000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
"""The same examples each time; ``HYPOTHESIS_PROFILE=search`` looks for new ones."""

ENOUGH = 60
"""Seconds."""

START = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
"""A Monday morning."""


def pytest_collection_finish():
    """What was imported stays: looking for garbage in it again and again is dear.

    So is looking through all that lives, for the little that tests leave behind.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


@pytest.fixture(scope="session")
def _session_clock():
    return Clock(START)


@pytest.fixture
def clock(_session_clock):
    _session_clock.at = START
    return _session_clock


@pytest.fixture(scope="session")
def _world(_session_clock):
    world = World(now=_session_clock)
    world.slack.limits.off()
    yield world
    world.close()


@pytest.fixture
def world(_world, clock):
    _world.reset()
    _world.slack.courier.timeout = ENOUGH
    return _world


@pytest.fixture(scope="session")
def _settings():
    """Settings by what they were asked for with: they are frozen."""
    return {}


@pytest.fixture
def settings(request, world, sqlite, _settings):
    """As usual, but for what ``@pytest.mark.settings(name=value)`` says."""
    asked = {**world.settings, "database_url": str(sqlite.engine.url)}
    asked["incident_cards"] = False  # they stand in every incident's channel
    for mark in request.node.iter_markers("settings"):
        asked |= mark.kwargs
    key = repr(asked)
    if key not in _settings:
        _settings[key] = Settings(_env_file=None, **asked)
    return _settings[key]


class Front:
    """The address where Slack finds whichever bot is running."""

    def __init__(self):
        self.app = None
        self.url = ""

    def __call__(self, environ, start_response):
        return self.app(environ, start_response)


@pytest.fixture(scope="session")
def _front():
    front = Front()
    with serve(front) as server:
        front.url = f"{server.url}/slack/events"
        yield front


@pytest.fixture
def patience(monkeypatch):
    """Nothing takes too long because the machine is busy; ``patience(0)``: it does."""

    def wait(seconds):
        for name in ("delivery.PATIENCE", "delivery.LONG_PATIENCE"):
            monkeypatch.setattr(f"handlers.core.pipeline.{name}", seconds)

    wait(ENOUGH)
    monkeypatch.setattr("handlers.core.pipeline.dispatch.SUGGESTIONS", ENOUGH)
    return wait


@pytest.fixture
def budget():
    """How long a submission may take before its form says that it takes its time."""
    return ENOUGH


@pytest.fixture
def _kinds(request):
    """All kinds of reminders, or those alone that ``@pytest.mark.kinds(name)`` names.

    At each look, most others read lists of a whole organisation.
    """
    with pytest.MonkeyPatch.context() as patch:
        if mark := request.node.get_closest_marker("kinds"):
            every = assembly.kinds
            patch.setattr(
                assembly,
                "kinds",
                lambda sources: [k for k in every(sources) if k.name in mark.args],
            )
        yield


@pytest.fixture
def start(clock, settings, sqlite, patience, budget, _kinds):
    """Start a process of the bot; those started end with the test."""
    passing = Impatient()
    sqlite.now, sqlite.elapsed = clock, clock.elapsed
    with ExitStack() as started:

        def one_more():
            made = wiring.build(
                settings,
                now=clock,
                sleep=passing.sleep,
                monotonic=passing.monotonic,
                budget=budget,
                grace=0,
                database=sqlite,
            )
            return started.enter_context(closing(made))

        yield one_more


@pytest.fixture
def bot(world, start, _front):
    """One running bot, reached over HTTP; ``bot.wait_idle()`` lets it finish."""
    running = start()
    _front.app = running.wsgi
    world.slack.deliver_to(_front.url)
    yield running
    running.wait_idle()
    running.close()
    assert world.slack.violations == []
    for surface in surfaces(world.slack.calls):
        assert unanswered(running.router, surface) == []


@pytest.fixture
def kept(settings):
    """Whether words are anywhere in the files of the database."""
    path = Path(settings.database_url.removeprefix("sqlite:///"))

    def kept(words):
        files = [*path.parent.glob(f"{path.name}*")]
        return any(words.encode() in file.read_bytes() for file in files)

    return kept


@pytest.fixture
def warm(bot):
    """The bot knows the organisation already, as it does soon after its start."""
    bot.services.catalog.warm()


class User:
    """A person at their desk: acts, and sees what came of it once the bot is done."""

    def __init__(self, person, bot):
        self._person = person
        self._bot = bot

    def __getattr__(self, name):
        found = getattr(self._person, name)
        if not callable(found):
            return found

        def act(*args, **kwargs):
            result = found(*args, **kwargs)
            assert self._bot.wait_idle()
            return result

        return act


@pytest.fixture
def person(world, bot):
    return lambda handle: User(world.slack.person(handle), bot)


@pytest.fixture
def ana(person):
    return person("ana")


@pytest.fixture
def ben(person):
    return person("ben")


@pytest.fixture
def traces():
    """Let spans be traced, and give those that have ended."""
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import (
        InMemorySpanExporter,
    )

    from telemetry.tracing import trace_to

    exporter = InMemorySpanExporter()
    end = trace_to(SimpleSpanProcessor(exporter), "0.1.0+abc")
    yield exporter.get_finished_spans
    end()
