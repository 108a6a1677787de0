"""The Flask application: five addresses, and bare status codes for all others."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import flask
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from werkzeug.exceptions import HTTPException

from web.readiness import Check, Readiness
from web.webhooks import REFUSED, WebhookDelivery, Webhooks

LARGEST = 1024 * 1024
"""The largest body, in bytes; a modal's state can have a few hundred kB."""

NEEDED = {"database"}
"""The dependencies without which a replica must get no traffic.

Without Slack or incident.io no other replica is better off, and the bot can still
explain the failure.
"""

SlackEvents = Callable[[flask.Request], flask.Response]


def build(
    *,
    slack_events: SlackEvents,
    checks: Mapping[str, Check],
    registry: CollectorRegistry,
    webhooks: Webhooks | None,
) -> flask.Flask:
    """Build the application; without ``webhooks`` it refuses every webhook."""
    app = flask.Flask("web", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST
    app.register_error_handler(HTTPException, _say_little)
    _add_deliveries(app, slack_events, webhooks)
    _add_health(app, Readiness(checks), registry)
    return app


def _add_deliveries(
    app: flask.Flask, slack_events: SlackEvents, webhooks: Webhooks | None
) -> None:
    @app.post("/slack/events")
    def slack() -> flask.Response:
        return slack_events(flask.request)

    @app.post("/incidentio/webhooks")
    def webhook() -> flask.Response:
        body = flask.request.get_data()
        if webhooks is None:
            return _text("INCIDENTIO_WEBHOOK_SECRET is not set", REFUSED)
        said = flask.request.headers
        delivery = WebhookDelivery(
            id=said.get("webhook-id", ""),
            timestamp=said.get("webhook-timestamp", ""),
            signed=said.get("webhook-signature", ""),
            body=body,
        )
        return _text("", webhooks.receive(delivery))


def _add_health(
    app: flask.Flask, readiness: Readiness, registry: CollectorRegistry
) -> None:
    @app.get("/healthz")
    def healthz() -> flask.Response:
        return _text("ok\n", 200)

    @app.get("/readyz")
    def readyz() -> flask.Response:
        found = readiness.look()
        failed = {name for name, state in found.items() if not state.ok}
        answer = flask.jsonify(
            {name: state.as_json() for name, state in found.items()}
            | ({"degraded": True} if failed else {})
        )
        answer.status_code = 503 if failed & NEEDED else 200
        answer.cache_control.no_store = True
        return answer

    @app.get("/metrics")
    def metrics() -> flask.Response:
        return flask.Response(
            generate_latest(registry), content_type=CONTENT_TYPE_LATEST
        )


def _say_little(error: HTTPException) -> flask.Response:
    """Answer with the name of the status only; Flask has logged the error."""
    answer = _text(f"{error.name}\n", error.code or 500)
    if allowed := getattr(error, "valid_methods", None):
        answer.allow.update(allowed)
    return answer


def _text(words: str, status: int) -> flask.Response:
    return flask.Response(words, status, content_type="text/plain; charset=utf-8")
