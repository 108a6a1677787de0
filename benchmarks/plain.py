"""A plain Bolt app in its default configuration, for the same commands."""

from __future__ import annotations

import os
from typing import Any

import requests
from flask import Flask
from flask import request as flask_request
from slack_bolt import Ack, App, Respond
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

FORM = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Declare"},
    "submit": {"type": "plain_text", "text": "Declare"},
}


def app() -> App:
    """Build an app that acknowledges, asks incident.io and answers, as in tutorials."""
    environment = os.environ
    url = environment["INCIDENTIO_API_URL"]
    key = {"Authorization": f"Bearer {environment['INCIDENTIO_API_KEY']}"}
    token = environment["SLACK_BOT_TOKEN"]
    plain = App(
        client=WebClient(token, base_url=environment["SLACK_API_URL"]),
        signing_secret=environment["SLACK_SIGNING_SECRET"],
    )

    @plain.command("/io")
    def on_command(
        ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond
    ) -> None:
        ack()
        if body["text"].startswith("declare"):
            found = requests.get(f"{url}/v1/severities", headers=key, timeout=30)
            names = [s["name"] for s in found.json()["severities"]]
            client.views_open(trigger_id=body["trigger_id"], view=_form(names))
        else:
            found = requests.get(f"{url}/v2/incidents", headers=key, timeout=30)
            respond(", ".join(i["name"] for i in found.json()["incidents"]))

    return plain


def _form(names: list[str]) -> dict[str, Any]:
    options = [
        {"text": {"type": "plain_text", "text": name}, "value": name} for name in names
    ]
    element = {"type": "static_select", "action_id": "severity", "options": options}
    label = {"type": "plain_text", "text": "Severity"}
    return {**FORM, "blocks": [{"type": "input", "label": label, "element": element}]}


def wsgi() -> Flask:
    """Build a WSGI application of it with Bolt's Flask adapter, as the bot does."""
    handler = SlackRequestHandler(app())
    web = Flask("plain")

    @web.post("/slack/events")
    def events() -> Any:
        return handler.handle(flask_request)

    @web.get("/healthz")
    def health() -> str:
        return "ok"

    return web


if __name__ == "__main__":
    SocketModeHandler(app(), os.environ["SLACK_APP_TOKEN"]).start()
