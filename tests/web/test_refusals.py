"""Whatever is not signed is refused before it is parsed, and hardly logged."""

import io
import time
from datetime import UTC, datetime

import flask
import pytest
from prometheus_client import CollectorRegistry

from tests.sandbox.slack.test_deliveries import (
    PUBLISHED_BODY,
    PUBLISHED_SIGNATURE,
)
from tests.web.conftest import SECRET, signed
from web.refusals import MOST_SOURCES, Refusals
from web.server import build
from web.signatures import SlackSignature, sign
from web.webhooks import Webhooks

LARGEST = 1024 * 1024
DEEP = b"[" * 200_000
BODIES = {
    "no body": b"",
    "ssl_check": b"ssl_check=1&token=x",
    "challenge": b'{"type": "url_verification", "challenge": "x"}',
    "truncated JSON": b'{"type": "event_callback", "event": {',
    "a list": b"[]",
    "a broken payload": b"payload=%7B%22type%22%3A",
    "deep nesting": b'{"a": ' + DEEP,
    "no UTF-8": b"payload=\xff\xfe",
}
TIMESTAMPS = ["soon", "", "1.5", "-1", "1e9", "9" * 5_000, "९".encode()]


@pytest.fixture
def knock(website, caplog):
    """Post to Slack's address; fail where anything but the signature is looked at."""

    def events(request):
        raise AssertionError("read, though it is not signed")

    site = website(slack_events=events)

    def post(body, headers):
        caplog.clear()
        answer = site.post("/slack/events", data=body, headers=headers)
        (line,) = caplog.records
        assert line.exc_info is None
        assert len(line.getMessage() + line.source + line.path) < 100
        return answer

    return post


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_without_a_signature_is_not_parsed(knock, body):
    assert knock(body, {}).status_code == 401


@pytest.mark.parametrize("timestamp", TIMESTAMPS, ids=lambda t: t[:5])
def test_a_timestamp_that_is_none_is_refused(knock, timestamp):
    headers = {**signed(b""), "X-Slack-Request-Timestamp": timestamp}
    assert knock(b"", headers).status_code == 401


@pytest.mark.parametrize("timestamp", ["soon", "", "1.5", "9" * 5_000])
def test_a_timestamp_that_is_none_is_refused_though_it_is_signed(knock, timestamp):
    assert knock(b"", signed(b"", at=timestamp)).status_code == 401


@pytest.mark.parametrize("signature", ["", "v0=", b"v0=\xe9\xff", "v1=00", "v0=" * 900])
def test_another_signature_is_refused(knock, signature):
    headers = {**signed(b"x"), "X-Slack-Signature": signature}
    assert knock(b"x", headers).status_code == 401


def test_a_signature_with_another_secret_is_refused(knock):
    assert knock(b"x", signed(b"x", secret="other")).status_code == 401


def test_a_signature_of_ten_minutes_ago_is_refused(knock):
    assert knock(b"x", signed(b"x", at=int(time.time()) - 600)).status_code == 401


class Endless(io.RawIOBase):
    """A body that never ends, and counts what is read of it."""

    taken = 0

    def readable(self):
        return True

    def readinto(self, buffer):
        self.taken += len(buffer)
        return len(buffer)


@pytest.mark.parametrize("path", ["/slack/events", "/incidentio/webhooks"])
def test_a_body_without_an_end_is_read_up_to_the_limit(path):
    body = Endless()
    app = build(
        slack_events=lambda _: flask.Response("read"),
        slack_signature=SlackSignature(SECRET),
        checks={},
        registry=CollectorRegistry(),
        webhooks=Webhooks("whsec_c2VjcmV0", lambda *_: None),
    )
    environ = {"wsgi.input_terminated": True, "wsgi.input": body}
    answer = app.test_client().post(path, environ_overrides=environ)
    assert answer.status_code == 401
    assert body.taken <= LARGEST + 1


def test_the_published_example_is_valid():
    made = sign(SECRET.encode(), "1531420618", PUBLISHED_BODY.encode())
    assert made == PUBLISHED_SIGNATURE
    then = datetime.fromtimestamp(1531420618, UTC)
    signature = SlackSignature(SECRET, now=lambda: then)
    assert signature.is_valid(PUBLISHED_BODY.encode(), "1531420618", made)


def test_without_a_secret_nothing_is_valid():
    headers = signed(b"", secret="")
    assert not SlackSignature("").is_valid(b"", *headers.values())


def test_one_source_is_logged_once_a_minute_and_what_was_not_said_is_counted(caplog):
    at = [0.0]
    refusals = Refusals(lambda: at[0])
    for moment in (0.0, 1.0, 59.0, 60.0, 61.0):
        at[0] = moment
        refusals.add("203.0.113.7", "/slack/events")
    refusals.add("203.0.113.8", "/slack/events")
    said = [(r.source, r.since_last) for r in caplog.records]
    assert said == [("203.0.113.7", 0), ("203.0.113.7", 2), ("203.0.113.8", 0)]


def test_the_sources_that_are_remembered_are_bounded():
    refusals = Refusals(lambda: 0.0)
    for number in range(MOST_SOURCES * 2):
        refusals.add(str(number), "/slack/events")
    assert len(refusals._logged) == MOST_SOURCES


def test_webhooks_that_are_not_signed_are_logged_once_too(website, caplog):
    site = website()
    for _ in range(5):
        assert site.post("/incidentio/webhooks", data=b"{}").status_code == 401
    assert [r.path for r in caplog.records] == ["/incidentio/webhooks"]
