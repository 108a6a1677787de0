"""Signatures are held to the example that Svix publishes, and to its rules."""

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest

from tests.clock import Clock
from web.webhooks import WebhookDelivery, Webhooks, sign, signing_key

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SENT = datetime.fromtimestamp(1614265330, UTC)
PUBLISHED = WebhookDelivery(
    id="msg_p5jXN8AQM9LWM0D4loKWxJek",
    timestamp="1614265330",
    signed="v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    body=b'{"test": 2432232314}',
)
KIND = "public_incident.incident_created_v2"
EVENT = {"event_type": KIND, KIND: {"id": "01", "name": "Payments are down"}}


class Inbox:
    def __init__(self):
        self.clock = Clock(SENT)
        self.events = []
        self.trouble = None
        self.webhooks = Webhooks(SECRET, self.take, now=self.clock)

    def take(self, kind, payload):
        if self.trouble:
            raise self.trouble
        self.events.append((kind, payload))

    def receive(self, **given):
        return self.webhooks.receive(delivery(**given))


def delivery(event=EVENT, *, id_="msg_1", at=SENT, secret=SECRET, signed=None):
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    timestamp = str(int(at.timestamp()))
    made = sign(signing_key(secret), id_, timestamp, body)
    return WebhookDelivery(id_, timestamp, made if signed is None else signed, body)


@pytest.fixture
def inbox():
    return Inbox()


def test_the_published_example_is_authentic():
    key = signing_key(SECRET)
    made = sign(key, PUBLISHED.id, PUBLISHED.timestamp, PUBLISHED.body)
    assert made == PUBLISHED.signed


def test_an_event_is_handed_on_with_its_type(inbox):
    assert inbox.receive() == 200
    assert inbox.events == [(KIND, EVENT[KIND])]


def test_an_event_that_only_names_its_type_is_handed_on_too(inbox):
    assert inbox.receive(event={"event_type": KIND}) == 200
    assert inbox.events == [(KIND, {})]


def test_one_good_signature_among_several_is_enough(inbox):
    good = delivery().signed
    assert inbox.receive(signed=f"v1a,AAAA v1,AAAA {good}") == 200


@pytest.mark.parametrize("signed", ["", "v1,", "v1,AAAA", "v2,g0hM", "é", "v1"])
def test_a_wrong_signature_is_refused(inbox, signed):
    assert inbox.receive(signed=signed) == 401
    assert inbox.events == []


def test_a_signature_with_another_secret_is_refused(inbox):
    assert inbox.receive(secret="whsec_c2VjcmV0") == 401


def test_a_changed_body_is_refused(inbox):
    real = delivery()
    forged = WebhookDelivery(real.id, real.timestamp, real.signed, real.body + b" ")
    assert inbox.webhooks.receive(forged) == 401


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_delivery_from_another_time_is_refused(inbox, minutes):
    inbox.clock.at = SENT + timedelta(minutes=minutes)
    assert inbox.receive() == 401


@pytest.mark.parametrize("minutes", [-4, 4])
def test_clocks_may_differ_by_a_few_minutes(inbox, minutes):
    inbox.clock.at = SENT + timedelta(minutes=minutes)
    assert inbox.receive() == 200


@pytest.mark.parametrize("timestamp", ["", "soon", "-1", "1e9", "९", "9" * 400])
def test_a_timestamp_that_is_none_is_refused(inbox, timestamp):
    key, body = signing_key(SECRET), b"{}"
    signed = sign(key, "msg_1", timestamp, body)
    assert (
        inbox.webhooks.receive(WebhookDelivery("msg_1", timestamp, signed, body)) == 401
    )


def test_a_delivery_without_an_id_is_refused(inbox):
    assert inbox.receive(id_="") == 401


def test_a_repeated_delivery_is_acknowledged_and_not_acted_on(inbox):
    assert [inbox.receive() for _ in range(3)] == [200, 200, 200]
    assert len(inbox.events) == 1


def test_what_could_not_be_acted_on_is_acted_on_when_it_is_repeated(inbox):
    inbox.trouble = OSError("gone")
    with pytest.raises(OSError, match="gone"):
        inbox.receive()
    inbox.trouble = None
    assert inbox.receive() == 200
    assert len(inbox.events) == 1


@pytest.mark.parametrize(
    "event", [b"", b"no JSON", b"\xff", b"[]", b"1", b"{}", {"event_type": 3}]
)
def test_what_is_no_event_is_refused_though_signed(inbox, event):
    assert inbox.receive(event=event) == 400


def test_the_log_names_the_event_and_nothing_of_what_it_says(inbox, caplog):
    caplog.set_level(logging.INFO)
    inbox.receive()
    (line,) = caplog.records
    assert (line.kind, line.webhook) == (KIND, "msg_1")
    assert "Payments" not in str(vars(line))


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_!!", "whsec_a"])
def test_a_secret_that_is_none_is_named(secret):
    with pytest.raises(ValueError, match="webhook secret"):
        signing_key(secret)


def test_webhooks_come_in_over_http(website, inbox):
    real = delivery()
    headers = {
        "Webhook-Id": real.id,
        "Webhook-Timestamp": real.timestamp,
        "Webhook-Signature": real.signed,
    }
    site = website(webhooks=inbox.webhooks)
    answer = site.post("/incidentio/webhooks", data=real.body, headers=headers)
    assert (answer.status_code, inbox.events) == (200, [(KIND, EVENT[KIND])])
    assert site.post("/incidentio/webhooks", data=real.body).status_code == 401


def test_without_a_secret_every_webhook_is_refused(website):
    assert website().post("/incidentio/webhooks", data=b"{}").status_code == 401
