"""The web application, served for real."""

from types import SimpleNamespace

import flask
import pytest
import requests
from prometheus_client import CollectorRegistry, Counter

from sandbox.serve import serve
from web.server import build


@pytest.fixture
def website():
    """Serve an application made with the arguments of ``build``; many if need be."""
    opened = []

    def open_(**given):
        parts = {
            "slack_events": lambda request: flask.Response(request.get_data()),
            "checks": {},
            "registry": CollectorRegistry(),
            "webhooks": None,
        }
        server = serve(build(**{**parts, **given}))
        opened.append(server)

        def ask(method, path, **more):
            return requests.request(method, server.url + path, timeout=10, **more)

        return SimpleNamespace(
            url=server.url,
            get=lambda path, **more: ask("GET", path, **more),
            post=lambda path, **more: ask("POST", path, **more),
        )

    yield open_
    for each in opened:
        each.close()


@pytest.fixture
def registry():
    found = CollectorRegistry()
    Counter("cups", "Cups of tea", registry=found).inc(3)
    return found
