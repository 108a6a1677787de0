from datetime import UTC, datetime

import pytest
import requests

from sandbox.incidentio import IncidentioSandbox
from sandbox.serve import serve
from tests.clock import Clock
from tests.contract.answers import Answers

MONDAY = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def stand_in():
    """One server for all tests, since starting it takes longer than most of them."""
    sandbox = IncidentioSandbox(now=Clock(MONDAY))
    answers = Answers(sandbox.wsgi)
    with serve(answers) as server:
        yield sandbox, answers, server.url


@pytest.fixture
def clock(stand_in):
    clock = stand_in[0].store.now
    clock.at = MONDAY
    return clock


@pytest.fixture
def incidentio(stand_in, clock):
    sandbox = stand_in[0]
    sandbox.reset()
    return sandbox


@pytest.fixture
def org(incidentio):
    return incidentio.store


@pytest.fixture
def incidentio_url(stand_in, incidentio):
    """Every answer is held to the schema when the test is over."""
    _, answers, url = stand_in
    answers.faults.clear()
    yield url
    incidentio.clear_faults()
    assert answers.faults == []


@pytest.fixture
def sdk(incidentio_url):
    """The vendor's own client."""
    from httpx import Timeout
    from incident_io import AuthenticatedClient

    client = AuthenticatedClient(incidentio_url, "sandbox", timeout=Timeout(10))
    with client:
        yield client


@pytest.fixture
def call(incidentio_url):
    """``call("GET", "/v2/incidents", page_size=2)``; ``json=`` is the body."""
    with requests.Session() as session:
        session.headers["Authorization"] = "Bearer sandbox"

        def send(method, path, json=None, headers=None, **params):
            url = incidentio_url + path
            return session.request(
                method, url, json=json, params=params, headers=headers, timeout=10
            )

        yield send
