"""A program for test_hostile.py: the HTTP surface, under gunicorn, by itself."""

import flask
from prometheus_client import CollectorRegistry, Counter

from telemetry import logs
from web.gunicorn import serve
from web.server import build
from web.signatures import SlackSignature
from web.webhooks import Webhooks

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Surface:
    """Takes every delivery that is signed, and does nothing about it."""

    def __init__(self):
        registry = CollectorRegistry()
        Counter("cups", "Cups of tea", registry=registry).inc(3)
        self.wsgi = build(
            slack_events=lambda _: flask.Response("", 200),
            slack_signature=SlackSignature(SECRET),
            checks={"database": lambda: None, "slack": unreachable},
            registry=registry,
            webhooks=Webhooks(WEBHOOK_SECRET, lambda _, __: None),
        )

    def close(self):
        pass


def unreachable():
    raise ConnectionError("away")


if __name__ == "__main__":
    logs.configure("INFO", "logfmt")
    serve(Surface, host="127.0.0.1", port=0, threads=4)
