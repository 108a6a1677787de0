"""The Flask application: five addresses, and bare status codes for all others.

What Slack has signed is answered before Flask, which would take as long as the rest of
an acknowledgement.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import flask
from gunicorn.http.errors import ParseException
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from http_base.precedence import PRECEDENCE
from web.readiness import Check, Readiness
from web.refusals import Refusals
from web.signatures import SlackSignature
from web.webhooks import REFUSED, WebhookDelivery, Webhooks

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

SLACK = "/slack/events"
LARGEST = 1024 * 1024
"""The largest body, in bytes; a modal's state can have a few hundred kB."""

NEEDED = {"database"}
"""The dependencies without which a replica must get no traffic.

Without Slack or incident.io no other replica is better off, and the bot can still
explain the failure.
"""

SlackEvents = Callable[[Request], Response]
Refuse = Callable[[str], flask.Response]


def build(
    *,
    slack_events: SlackEvents,
    slack_signature: SlackSignature,
    checks: Mapping[str, Check],
    registry: CollectorRegistry,
    webhooks: Webhooks | None,
) -> flask.Flask:
    """Build the application; without ``webhooks`` it refuses every webhook.

    ``slack_events`` is given only requests with a valid signature.
    """
    app = flask.Flask("web", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST
    app.register_error_handler(HTTPException, _say_little)
    refuse = _refusing()
    _add_slack(app, slack_events, slack_signature, refuse)
    _add_webhooks(app, webhooks, refuse)
    _add_health(app, Readiness(checks), registry)
    return app


def _add_slack(
    app: flask.Flask, events: SlackEvents, signature: SlackSignature, refuse: Refuse
) -> None:
    @app.post(SLACK)
    def unsigned() -> flask.Response:
        return refuse("Unauthorized\n")

    app.wsgi_app = _Signed(  # type: ignore[method-assign]
        events, signature, app.wsgi_app
    )


class _Signed:
    """Answers what Slack has signed, and leaves all else to Flask."""

    def __init__(
        self, events: SlackEvents, signature: SlackSignature, others: WSGIApplication
    ) -> None:
        self._events = events
        self._signature = signature
        self._others = others

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        if environ["PATH_INFO"] == SLACK and environ["REQUEST_METHOD"] == "POST":
            request = Request(environ)
            request.max_content_length = LARGEST
            if self._is_valid(request):
                return self._answer(request)(environ, start_response)
        return self._others(environ, start_response)

    def _is_valid(self, request: Request) -> bool:
        body = _body(request)
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signed = request.headers.get("X-Slack-Signature", "")
        return body is not None and self._signature.is_valid(body, timestamp, signed)

    def _answer(self, request: Request) -> Response:
        try:
            return self._events(request)
        except Exception:
            log.exception("a delivery was not answered")
            return _text("Internal Server Error\n", 500)


def _add_webhooks(app: flask.Flask, webhooks: Webhooks | None, refuse: Refuse) -> None:
    @app.post("/incidentio/webhooks")
    def webhook() -> flask.Response:
        if webhooks is None:
            return refuse("INCIDENTIO_WEBHOOK_SECRET is not set\n")
        body = _body(flask.request)
        headers = flask.request.headers
        status = REFUSED
        if body is not None:
            delivery = WebhookDelivery(
                id=headers.get("webhook-id", ""),
                timestamp=headers.get("webhook-timestamp", ""),
                signed=headers.get("webhook-signature", ""),
                body=body,
            )
            status = webhooks.receive(delivery)
        return refuse("Unauthorized\n") if status == REFUSED else _text("", status)


def _body(request: Request) -> bytes | None:
    """Read the body; return None if it has over ``LARGEST`` bytes or is malformed."""
    try:
        return request.get_data()
    except (HTTPException, ParseException):
        return None


def _refusing() -> Refuse:
    """Build a function that answers and logs requests without a valid signature."""
    refusals = Refusals()

    def refuse(words: str) -> flask.Response:
        source, path = flask.request.remote_addr or "", flask.request.path
        refusals.add(source, "not signed", path=path)
        return _text(words, REFUSED)

    return refuse


def _add_health(
    app: flask.Flask, readiness: Readiness, registry: CollectorRegistry
) -> None:
    @app.get("/healthz")
    def healthz() -> flask.Response:
        return _text("ok\n", 200)

    @app.get("/readyz")
    def readyz() -> flask.Response:
        with PRECEDENCE.waiting():
            found = readiness.states()
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
