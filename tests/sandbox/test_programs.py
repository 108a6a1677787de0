"""Another program than the bot, between the stand-ins: with three settings."""

import json
import signal
import socket
import subprocess
import sys
from contextlib import closing
from threading import Event

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox import __main__ as program
from sandbox.slack.manifest import NoManifest, read

PATIENCE = 60
"""Seconds: more than a busy machine takes."""
MANIFEST = {
    "display_information": {"name": "Standup"},
    "features": {
        "bot_user": {"display_name": "standup"},
        "slash_commands": [
            {"command": "/standup", "description": "x"},
            {"command": "/skip", "description": "y", "should_escape": False},
        ],
        "shortcuts": [
            {"name": "Answer", "type": "global", "callback_id": "answer"},
            {"name": "Quote", "type": "message", "callback_id": "quote"},
        ],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "commands", "channels:history"]}},
    "settings": {"event_subscriptions": {"bot_events": ["message.channels"]}},
}


@pytest.fixture
def manifest(tmp_path):
    file = tmp_path / "manifest.json"
    file.write_text(json.dumps(MANIFEST))
    return file


@pytest.fixture
def world(manifest):
    with closing(program.open_world(0, manifest, None)) as world:
        world.slack.courier.timeout = PATIENCE
        yield world


@pytest.fixture
def app(world):
    """An app that uses Bolt as its documentation says, with three settings."""
    settings = world.settings
    client = WebClient(settings["slack_bot_token"], settings["slack_api_url"])
    app = App(client=client)
    handler = SocketModeHandler(app, settings["slack_app_token"], web_client=client)
    greeted = Event()
    handler.client.message_listeners.append(lambda *_: greeted.set())
    handler.client.on_message_listeners.append(lambda *_: greeted.set())
    handler.connect()
    assert greeted.wait(PATIENCE)
    yield app
    socket_ = handler.client
    socket_.auto_reconnect_enabled, socket_.closed = False, True
    socket_.message_queue.put(None)  # else its threads wait for three seconds more
    world.slack.sockets.cut()
    handler.close()


def test_its_commands_messages_and_shortcuts_reach_an_app(world, app):
    ana, heard = world.slack.person("ana"), Event()

    @app.command("/skip")
    def skip(ack):
        ack("Skipped.")

    @app.message("hello")
    def greet(say, message):
        say(f"Hello <@{message['user']}>")
        heard.set()

    @app.shortcut("answer")
    def answer(ack, client, shortcut):
        ack()
        title = {"type": "plain_text", "text": "Answer"}
        block = {"type": "section", "text": {"type": "mrkdwn", "text": "Well?"}}
        view = {"type": "modal", "title": title, "blocks": [block]}
        client.views_open(trigger_id=shortcut["trigger_id"], view=view)
        heard.set()

    ana.types("/skip", "general")
    assert ana.last.text == "Skipped."
    ana.says("hello all", "general")
    assert heard.wait(PATIENCE)
    heard.clear()
    assert ana.last.text == "Hello <@U0ANA>"
    ana.shortcut("answer")
    assert heard.wait(PATIENCE)
    assert ana.modal.title == "Answer"


def test_it_has_its_own_name_and_scopes_and_no_others(world, app):
    assert app.client.auth_test()["user"] == "standup"
    with pytest.raises(SlackApiError, match="missing_scope"):
        app.client.users_list()
    world.reset()
    with pytest.raises(SlackApiError, match="missing_scope"):
        app.client.users_list()
    with pytest.raises(LookupError, match="/io is not a valid command"):
        world.slack.person("ana").types("/io")


def test_a_manifest_says_what_is_installed(manifest):
    found = read(manifest)

    assert (found.name, found.commands) == ("standup", ["/standup", "/skip"])
    assert [s.on_messages for s in found.shortcuts] == [False, True]
    assert found.events == {"message.channels"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read: No such file"),
        ("name: Standup", "is not JSON. Slack shows a manifest as JSON, too."),
        ("[]", "is no manifest of a Slack app."),
        ("{}", "is no manifest of a Slack app."),
    ],
)
def test_a_file_that_is_none_is_said_to_be(tmp_path, content, words, capsys):
    file = tmp_path / "manifest.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(NoManifest):
        read(file)

    assert program.main(["serve", "--manifest", str(file)]) == 2

    assert capsys.readouterr().err.startswith(f"{file} {words}")


def test_it_is_served_until_it_is_stopped(manifest):
    command = [sys.executable, "-m", "sandbox", "serve", "--port", "0"]
    with subprocess.Popen(
        [*command, "--manifest", str(manifest)], stdout=subprocess.PIPE, text=True
    ) as serving:
        try:
            said = [line.strip() for line in _until_open(serving.stdout)]
            settings = dict(line.split("=", 1) for line in said if "=" in line)
            client = WebClient(settings["SLACK_BOT_TOKEN"], settings["SLACK_API_URL"])
            assert client.auth_test()["user"] == "standup"
        finally:
            serving.send_signal(signal.SIGTERM)

    assert serving.returncode == 0


def _until_open(lines):
    for line in lines:
        yield line
        if line.startswith("Open "):
            return


def test_a_port_in_use_is_said(capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert program.main(["serve", "--port", str(port)]) == 2

    assert "Choose another with --port." in capsys.readouterr().err
