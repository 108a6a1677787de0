"""Socket Mode: bare sockets for the protocol, and Bolt with Slack's own client."""

import json
from contextlib import suppress
from queue import Queue
from socket import SHUT_RDWR
from threading import Event, Thread

import pytest
import websocket
from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk.errors import SlackApiError

PATIENCE = 60
"""Seconds: more than a busy machine takes. Nothing waits so long that comes."""


class Listener:
    """A socket that keeps what it gets, and acknowledges it as told."""

    def __init__(self, url):
        self.got, self.ack = Queue(), {}
        self._socket = websocket.create_connection(url, timeout=PATIENCE)
        self.hello = json.loads(self._socket.recv())
        self._thread = Thread(target=self._listen)
        self._thread.start()

    def _listen(self):
        with suppress(websocket.WebSocketException, OSError, ValueError):
            while True:
                self._take(json.loads(self._socket.recv()))

    def _take(self, message):
        self.got.put(message)
        if self.ack is not None and "envelope_id" in message:
            answer = {"envelope_id": message["envelope_id"]}
            answer |= {"payload": self.ack} if self.ack else {}
            self._socket.send(json.dumps(answer))

    def close(self):
        if self._socket.sock:
            with suppress(OSError):
                self._socket.sock.shutdown(SHUT_RDWR)
        self._thread.join(PATIENCE)
        self._socket.shutdown()


@pytest.fixture(autouse=True)
def patient(slack):
    """No acknowledgement is late because the machine is busy."""
    slack.courier.timeout = PATIENCE


@pytest.fixture
def listen(slack, web):
    opened = []

    def start():
        url = web.apps_connections_open(app_token="xapp-sandbox")["url"]
        opened.append(Listener(url))
        return opened[-1]

    yield start
    slack.sockets.close()
    for listener in opened:
        listener.close()


def test_a_connection_takes_the_app_token_and_a_ticket(web, slack):
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        web.apps_connections_open(app_token="xoxb-sandbox")
    with pytest.raises(websocket.WebSocketBadStatusException, match="401"):
        websocket.create_connection(f"ws{slack.url[4:]}/link/?ticket=guess")


def test_slack_says_hello(listen):
    listen()
    hello = listen().hello
    assert hello["type"] == "hello"
    assert hello["num_connections"] == 2
    assert hello["connection_info"] == {"app_id": "A0BOT"}


def test_commands_come_in_envelopes_and_are_answered_in_the_ack(listen, ana):
    listener = listen()
    listener.ack = {"text": "From the socket"}

    delivery = ana.types("/io hello")

    envelope = listener.got.get(timeout=PATIENCE)
    assert envelope["type"] == "slash_commands"
    assert envelope["accepts_response_payload"]
    assert envelope["payload"]["text"] == "hello"
    assert delivery.status == 200
    assert ana.last.text == "From the socket"


def test_envelopes_go_round_the_connections(listen, ana):
    first = listen()
    assert ana.types("/io").taker == "the socket"
    first.got.get(timeout=PATIENCE)
    second = listen()
    takers = {ana.types("/io").taker for _ in range(4)}
    assert takers == {"socket 1 of 2", "socket 2 of 2"}
    assert first.got.qsize() == second.got.qsize() == 2


def test_what_is_not_acknowledged_timed_out(listen, slack, ana):
    listen().ack = None
    slack.courier.timeout = 0.05
    assert ana.types("/io").error == "operation_timeout"


def test_events_carry_their_attempt(listen, slack, ana):
    listener = listen()
    listener.ack = None
    slack.courier.timeout = 0.05

    ana.dms("hello")

    first, second = (
        listener.got.get(timeout=PATIENCE),
        listener.got.get(timeout=PATIENCE),
    )
    assert (first["retry_attempt"], second["retry_attempt"]) == (0, 1)
    assert second["retry_reason"] == "http_timeout"
    assert not first["accepts_response_payload"]


def test_connections_are_refreshed_with_a_warning(listen, slack, ana):
    old = listen()
    slack.sockets.warn()
    assert old.got.get(timeout=PATIENCE)["reason"] == "warning"
    new = listen()

    slack.sockets.refresh_oldest()

    assert old.got.get(timeout=PATIENCE)["reason"] == "refresh_requested"
    assert slack.sockets.wait(1, PATIENCE)
    assert ana.types("/io").status == 200
    assert new.got.qsize() == 1


def test_ten_connections_are_the_most(listen, slack):
    slack.limits.off()
    for _ in range(10):
        listen()
    assert listen().hello["reason"] == "too_many_websockets"


def test_http_is_used_again_when_the_last_socket_is_gone(listen, slack, ana):
    listener = listen()
    listener.close()
    assert slack.sockets.wait(0, PATIENCE)
    assert ana.types("/io").error == "dispatch_failed"


@pytest.mark.prove
def test_a_bare_bolt_app_over_socket_mode(slack, web, ana, form):
    bolt = App(client=web, signing_secret="unused")
    opened = Event()

    @bolt.command("/io")
    def declare(ack, command, client):
        ack()
        client.views_open(trigger_id=command["trigger_id"], view=form())
        opened.set()

    @bolt.view("declare")
    def on_declare(ack):
        ack(response_action="errors", errors={"title": "Taken."})

    handler = SocketModeHandler(bolt, "xapp-sandbox")
    handler.connect()
    try:
        assert slack.sockets.wait(1, PATIENCE)
        ana.types("/io declare")
        assert opened.wait(PATIENCE)
        assert ana.submits(title="x").errors == {"title": "Taken."}
    finally:
        handler.close()
