"""Deliveries that are signed but not Slack's are answered plainly."""

import json
import logging
from urllib.parse import urlencode

import pytest
import requests

from tests.web.conftest import signed

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def payload(**given):
    return FORM, urlencode({"payload": json.dumps(given)}).encode()


def event(**given):
    return JSON, json.dumps({"type": "event_callback", **given}).encode()


ANA = {"id": "U0ANA", "team_id": "T0ACME"}
SHAPES = {
    "nothing": (FORM, b""),
    "truncated JSON": (JSON, b'{"type": "event_callback", "event": {'),
    "a list": (JSON, b"[]"),
    "a number": (JSON, b"7"),
    "a broken payload": (FORM, b"payload=%7B%22type%22%3A"),
    "a payload that is a list": (FORM, b"payload=[]"),
    "deep nesting": (JSON, b'{"a": ' + b"[" * 200_000),
    "no UTF-8": (JSON, b'{"type": "\xff'),
    "an unknown type": payload(type="surprise", user=ANA),
    "a command without a person": (FORM, b"command=%2Fio&trigger_id=1&channel_id=C"),
    "a button without a person": payload(type="block_actions", trigger_id="1"),
    "a button of a text": payload(type="block_actions", user="U0ANA", trigger_id="1"),
    "a press of nothing": payload(
        type="block_actions", user=ANA, trigger_id="1", actions=[]
    ),
    "a form without a view": payload(type="view_submission", user=ANA),
    "a view that is a list": payload(type="view_submission", user=ANA, view=[1]),
    "options without a menu": payload(type="block_suggestion", user=ANA),
    "a shortcut without a name": payload(type="shortcut", user=ANA, trigger_id="1"),
    "an event that is a number": event(event=3, event_id="Ev1"),
    "an event without an id": event(event={"type": "app_mention", "user": "U0ANA"}),
    "a mention by nobody": event(event={"type": "app_mention"}, event_id="Ev1"),
    "authorizations that are a text": event(
        event={"type": "x"}, event_id="Ev1", authorizations="T0ACME"
    ),
}


@pytest.fixture
def post(world, bot):
    secret = world.slack.courier.signing_secret

    def send(kind, body):
        headers = {**signed(body, secret=secret), "Content-Type": kind}
        url = world.slack.courier.request_url
        return requests.post(url, data=body, headers=headers, timeout=30)

    return send


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_what_slack_does_not_send_is_refused_without_a_trace(post, shape, caplog):
    caplog.set_level(logging.WARNING)
    answer = post(*shape)
    assert (answer.status_code, answer.text) == (400, "Bad Request\n")
    (line,) = caplog.records
    assert line.exc_info is None
    assert len(line.getMessage()) < 100


def test_slacks_check_of_the_address_is_answered(post):
    challenge = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
    answer = post(JSON, challenge)
    assert (answer.status_code, answer.json()) == (200, {"challenge": "abc"})
