from __future__ import annotations

import pytest

from incidentio import Incidentio
from tests.contract.incidentio import CONTRACT
from tests.incidentio.upstream import Clock, Upstream, serve


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def upstream():
    with serve(Upstream()) as script:
        yield script


@pytest.fixture
def make_api(upstream, clock):
    """Build clients of the upstream, on the test's own clock, closed at the end."""
    made = []

    def make(base_url=upstream.url, **settings):
        times = {"now": clock.now, "monotonic": clock.monotonic, "sleep": clock.sleep}
        api = Incidentio("key", base_url, **{**times, **settings})
        made.append(api)
        return api

    yield make
    for api in made:
        api.close()


@pytest.fixture
def api(make_api):
    return make_api()


@pytest.fixture
def contract():
    return CONTRACT
