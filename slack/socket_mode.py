"""A Socket Mode connection that is replaced when it falls silent.

Slack's client notices a connection that closes. It notices nothing where the other
side stops answering without closing: after a lost network, a machine that slept, a
proxy that forgot the connection. So its owner calls ``tick`` every few seconds.
"""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Event
from typing import TYPE_CHECKING, Any

import websocket
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk.errors import SlackClientError

from http_base.precedence import PRECEDENCE

if TYPE_CHECKING:
    from slack_bolt import App

PING = 5.0
"""Seconds between pings."""
SILENCE = 15.0
"""Seconds without a message or an answered ping, after which it counts as dead."""
CONNECTING = 10.0
"""Seconds for each step of connecting, and for the rest of a message that began."""

HANGING_UP = 0.1
"""Seconds between attempts to end a connection that is still being made."""

log = logging.getLogger(__name__)


class _Handler(SocketModeHandler):
    def handle(self, client: Any, req: Any) -> None:
        with PRECEDENCE.acknowledging():
            super().handle(client, req)


class SocketConnection:
    """Receives deliveries over one connection at a time, until closed."""

    def __init__(
        self,
        app: App,
        token: str,
        *,
        concurrency: int,
        ping: float = PING,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        websocket.setdefaulttimeout(CONNECTING)
        handler = _Handler(app, token, ping_interval=ping, concurrency=concurrency)
        self._client = handler.client
        self._client.on_message_listeners.append(self._count)
        self._clock = clock
        self._messages = 0
        self._greeted = Event()
        self._sign: tuple[Any, ...] = ()
        self._since = clock()

    def open(self, address: str | None = None) -> None:
        """Connect, to an address that Slack gave already or to a new one.

        Where Slack cannot be reached, ``tick`` tries again.
        """
        self._client.wss_uri = address
        self._connect(self._client.connect)

    def wait_until_greeted(self, seconds: float) -> bool:
        """Wait for Slack's first message: from then on it delivers here too."""
        return self._greeted.wait(seconds)

    def tick(self) -> None:
        """Try again to connect, or end a connection that fell silent.

        Slack's client replaces what has ended.
        """
        session = self._client.current_session
        if session is None:
            self._connect(self._client.connect_to_new_endpoint)
        elif self._silent_for(session) > SILENCE:
            log.warning("Slack's socket was silent for %.0f s: replacing it", SILENCE)
            self._since = self._clock()
            self._cut(session)

    def close(self) -> None:
        """Hang up, and wait until the thread that reads has ended.

        A connection that another thread closes is noticed only after a while.
        """
        client = self._client
        client.default_auto_reconnect_enabled = client.auto_reconnect_enabled = False
        reading = client.current_session_runner
        reading.event.set()
        while reading.is_alive():
            self._cut(client.current_session)
            reading.thread.join(HANGING_UP)
        client.closed = True
        client.message_queue.put(None)  # who waits for a message looks up at once
        client.close()

    def _connect(self, connect: Callable[[], None]) -> None:
        try:
            connect()
        except SlackClientError as error:
            log.warning("no socket of Slack's yet: %s", error)

    def _count(self, *_: object) -> None:
        self._messages += 1
        self._greeted.set()

    def _silent_for(self, session: websocket.WebSocketApp) -> float:
        """Return the seconds since something arrived, or the connection was begun."""
        sign = (session, session.last_pong_tm, self._messages)
        if sign != self._sign:
            self._sign, self._since = sign, self._clock()
        return self._clock() - self._since

    def _cut(self, session: websocket.WebSocketApp | None) -> None:
        """End a connection without a closing handshake, which nobody may answer."""
        stream = session.sock if session else None
        if stream and stream.sock:
            with suppress(OSError):
                stream.sock.shutdown(socket.SHUT_RDWR)
