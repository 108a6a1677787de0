"""Socket Mode, with Slack's own client and with Bolt."""

from queue import Queue
from threading import Event

import pytest
import websocket
from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.socket_mode.websocket_client import SocketModeClient


class Listener:
    """A client that keeps what it gets, and acknowledges it as told."""

    def __init__(self, web):
        self.got, self.said, self.ack = Queue(), Queue(), {}
        self.client = SocketModeClient("xapp-sandbox", web_client=web, ping_interval=60)
        self.client.message_listeners.append(self._hear)
        self.client.socket_mode_request_listeners.append(self._take)
        self.client.connect()

    def _hear(self, _client, message, _raw):
        self.said.put(message)

    def _take(self, client, request):
        self.got.put(request)
        if self.ack is not None:
            response = SocketModeResponse(request.envelope_id, self.ack or None)
            client.send_socket_mode_response(response)


@pytest.fixture
def listen(slack):
    web = WebClient("xoxb-sandbox", base_url=f"{slack.url}/api/")
    opened = []
    slack.limits.off()

    def start():
        opened.append(Listener(web))
        assert opened[-1].said.get(timeout=5)["type"] == "hello"
        return opened[-1]

    yield start
    for listener in opened:
        listener.client.close()


def test_a_connection_takes_the_app_token(web, slack):
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        web.apps_connections_open(app_token="xoxb-sandbox")
    with pytest.raises(websocket.WebSocketBadStatusException, match="401"):
        websocket.create_connection(f"ws{slack.url[4:]}/link/?ticket=guess")


def test_commands_come_in_envelopes_and_are_answered_in_the_ack(listen, slack, ana):
    listener = listen()
    listener.ack = {"text": "From the socket"}

    delivery = ana.types("/io hello")

    request = listener.got.get(timeout=5)
    assert request.type == "slash_commands"
    assert request.accepts_response_payload
    assert request.payload["text"] == "hello"
    assert delivery.status == 200
    assert ana.last.text == "From the socket"


def test_envelopes_go_round_the_connections(listen, ana):
    first, second = listen(), listen()
    for _ in range(4):
        ana.types("/io")
    assert first.got.qsize() == second.got.qsize() == 2


def test_what_is_not_acknowledged_timed_out(listen, slack, ana):
    listen().ack = None
    slack.courier.timeout = 0.05
    assert ana.types("/io").error == "operation_timeout"


def test_events_carry_their_attempt(listen, slack, ana, clock):
    listener = listen()
    listener.ack = None
    slack.courier.timeout = 0.05

    ana.dms("hello")

    first, second = listener.got.get(timeout=5), listener.got.get(timeout=5)
    assert (first.retry_attempt, second.retry_attempt) == (0, 1)
    assert second.retry_reason == "http_timeout"


def test_a_warning_moves_the_client_to_a_new_connection(listen, slack, ana):
    listener = listen()
    slack.sockets.warn()

    assert listener.said.get(timeout=5)["type"] == "hello"
    assert ana.types("/io").status == 200


def test_http_is_used_again_when_the_last_socket_is_gone(listen, slack, ana):
    listener = listen()
    listener.client.auto_reconnect_enabled = False
    gone = Event()
    listener.client.on_close_listeners.append(lambda *_: gone.set())
    slack.sockets.close()
    assert gone.wait(5)
    slack.workspace.wait(-1, 0)
    assert ana.types("/io").error == "dispatch_failed"


def test_a_bare_bolt_app_over_socket_mode(slack, web, ana, form):
    bolt = App(client=web, signing_secret="unused")

    @bolt.command("/io")
    def declare(ack, command, client):
        ack()
        client.views_open(trigger_id=command["trigger_id"], view=form())

    @bolt.view("declare")
    def on_declare(ack, view):
        ack(response_action="errors", errors={"title": "Taken."})

    handler = SocketModeHandler(bolt, "xapp-sandbox", ping_interval=60)
    connected = Event()
    handler.client.on_open_listeners.append(lambda *_: connected.set())
    handler.connect()
    try:
        assert connected.wait(5)
        assert slack.sockets.wait(1, 5)
        opened = slack.workspace.version
        ana.types("/io declare")
        slack.workspace.wait(opened, 5)
        assert ana.submits(title="x").errors == {"title": "Taken."}
    finally:
        handler.close()
