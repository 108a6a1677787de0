import pytest
from slack_bolt import App
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_sdk import WebClient

from sandbox.serve import serve
from sandbox.slack import Shortcut, SlackSandbox
from tests.clock import MONDAY, Clock
from tests.sandbox.slack.asking import text


@pytest.fixture(scope="session")
def stage():
    """One server for all tests; each finds it as new."""
    clock = Clock()
    sandbox = SlackSandbox(
        now=clock,
        shortcuts=[
            Shortcut("declare", "Declare an incident"),
            Shortcut("follow", "Create a follow-up", on_messages=True),
        ],
    )
    with serve(sandbox.wsgi) as server:
        sandbox.url = server.url
        yield sandbox, clock
        sandbox.close()


@pytest.fixture
def clock(stage):
    return stage[1]


@pytest.fixture
def slack(stage):
    sandbox, clock = stage
    clock.at = MONDAY
    sandbox.reset()
    yield sandbox
    sandbox.courier.takers = {}


@pytest.fixture
def web(slack):
    """Slack's own client, talking to the stand-in."""
    return WebClient("xoxb-sandbox", base_url=f"{slack.url}/api/")


@pytest.fixture
def ana(slack):
    return slack.person("ana")


@pytest.fixture
def ben(slack):
    return slack.person("ben")


@pytest.fixture
def app(slack, web):
    """A bare Bolt app that takes signed HTTP."""
    bolt = App(client=web, signing_secret="sandbox", process_before_response=True)
    handler = SlackRequestHandler(bolt)
    from flask import Flask, request

    http = Flask("bolt")
    http.post("/slack/events")(lambda: handler.handle(request))
    with serve(http) as server:
        slack.deliver_to(f"{server.url}/slack/events")
        yield bolt


@pytest.fixture
def declares(app, form):
    """The same app, which opens the form at a command."""

    @app.command("/io")
    def declare(ack, command, client):
        ack()
        client.views_open(trigger_id=command["trigger_id"], view=form())

    return app


@pytest.fixture
def form():
    """A modal with a required title and an optional severity."""

    def build(**changes):
        title = {"type": "plain_text_input", "action_id": "title"}
        options = [
            {"text": text(name), "value": name.lower()} for name in ("Minor", "Major")
        ]
        severity = {
            "type": "static_select",
            "action_id": "severity",
            "options": options,
            "initial_option": options[0],
        }
        blocks = [
            {"type": "input", "block_id": "title", "label": text("Title")}
            | {"element": title},
            {"type": "input", "block_id": "severity", "label": text("Severity")}
            | {"element": severity, "optional": True},
        ]
        return {
            "type": "modal",
            "callback_id": "declare",
            "title": text("Declare"),
            "submit": text("Declare"),
            "blocks": blocks,
        } | changes

    return build
