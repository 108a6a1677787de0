"""The web application, served for real."""

import time
from types import SimpleNamespace

import flask
import pytest
import requests
from prometheus_client import CollectorRegistry, Counter

from sandbox.serve import serve
from web.server import build
from web.signatures import SlackSignature, sign

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


def signed(body, at=None, secret=SECRET):
    """The headers of a request that Slack signed ``at`` a Unix time, by default now."""
    timestamp = str(int(time.time()) if at is None else at)
    return {
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": sign(secret.encode(), timestamp, body),
    }


@pytest.fixture
def website():
    """Serve an application made with the arguments of ``build``; many if need be."""
    opened = []

    def open_(**given):
        parts = {
            "slack_events": lambda request: flask.Response(request.get_data()),
            "slack_signature": SlackSignature(SECRET),
            "checks": {},
            "registry": CollectorRegistry(),
            "webhooks": None,
        }
        server = serve(build(**{**parts, **given}))
        opened.append(server)

        def ask(method, path, **more):
            return requests.request(method, server.url + path, timeout=10, **more)

        def slack(body):
            """Post what Slack signed; a list is sent in chunks."""
            whole = b"".join(body) if isinstance(body, list) else body
            sent = iter(body) if isinstance(body, list) else body
            return ask("POST", "/slack/events", data=sent, headers=signed(whole))

        return SimpleNamespace(
            slack=slack,
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
