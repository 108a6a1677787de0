"""Socket Mode: up to ten connections, each envelope to one of them."""

from __future__ import annotations

import json
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from threading import Condition, Event
from typing import TYPE_CHECKING, Any

from sandbox.slack.workspace.records import APP, Json
from sandbox.websocket import WebSocket

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MAX_CONNECTIONS = 10
DEBUG_INFO = {
    "host": "applink-sandbox",
    "build_number": 1,
    "approximate_connection_time": 18060,
}


@dataclass(eq=False)
class PendingAck:
    """An envelope that is not acknowledged yet."""

    done: Event = field(default_factory=Event)
    payload: Any = None
    lost: bool = False


@dataclass(eq=False)
class Connection:
    ws: WebSocket
    waiting: dict[str, PendingAck] = field(default_factory=dict)

    def send(self, message: Json) -> None:
        self.ws.send(json.dumps(message))

    def listen(self) -> None:
        """Take acknowledgements until the other side goes away."""
        with suppress(OSError):
            while True:
                self._take(json.loads(self.ws.receive()))
        for waiting in list(self.waiting.values()):
            waiting.lost = True
            waiting.done.set()

    def _take(self, message: Any) -> None:
        waiting = self.waiting.pop(str(message.get("envelope_id")), None)
        if waiting:
            waiting.payload = message.get("payload")
            waiting.done.set()

    def close(self) -> None:
        with suppress(OSError):
            self.ws.close()

    def cut(self) -> None:
        """End it without a word."""
        with suppress(OSError):
            self.ws.cut()


@dataclass
class SocketHub:
    _connections: list[Connection] = field(default_factory=list)
    _tickets: set[str] = field(default_factory=set)
    _next: Any = field(default_factory=count)
    _lock: Condition = field(default_factory=Condition)

    @property
    def connected(self) -> int:
        return len(self._connections)

    def wait(self, connections: int, timeout: float) -> bool:
        """Wait until exactly so many are connected; return False after the timeout."""
        with self._lock:
            return self._lock.wait_for(lambda: self.connected == connections, timeout)

    def ticket(self) -> str:
        ticket = secrets.token_hex(8)
        self._tickets.add(ticket)
        return ticket

    def serve(self, environ: WSGIEnvironment, ticket: str) -> None:
        """Serve a connection until it ends; a ticket is valid once."""
        if ticket not in self._tickets:
            raise PermissionError(ticket)
        self._tickets.discard(ticket)
        connection = Connection(WebSocket(environ))
        if self.connected >= MAX_CONNECTIONS:
            self._end(connection, "too_many_websockets")
            return
        self._hello(connection)
        try:
            connection.listen()
        finally:
            self._forget(connection)

    def _forget(self, connection: Connection) -> None:
        """Send nothing more over a connection, whether or not it is closed yet."""
        with self._lock:
            if connection in self._connections:
                self._connections.remove(connection)
                self._lock.notify_all()

    def _hello(self, connection: Connection) -> None:
        with self._lock:
            self._connections.append(connection)
            number = len(self._connections)
            self._lock.notify_all()
        connection.send(
            {
                "type": "hello",
                "num_connections": number,
                "debug_info": DEBUG_INFO,
                "connection_info": {"app_id": APP},
            }
        )

    def pick(self) -> tuple[Connection, str]:
        """Return whose turn it is, and its name. Raises: ConnectionError."""
        with self._lock:
            if not self._connections:
                raise ConnectionError("no socket is connected")
            several = len(self._connections)
            index = next(self._next) % several
            name = f"socket {index + 1} of {several}" if several > 1 else "the socket"
            return self._connections[index], name

    def send(
        self,
        connection: Connection,
        type_: str,
        payload: Json,
        timeout: float,
        retry: tuple[int, str] | None = None,
    ) -> Any:
        """Send an envelope, and return the payload of its acknowledgement.

        Raises: TimeoutError, or ConnectionError when the socket goes away.
        """
        envelope_id, waiting = secrets.token_hex(16), PendingAck()
        envelope = {
            "envelope_id": envelope_id,
            "payload": payload,
            "type": type_,
            "accepts_response_payload": type_ != "events_api",
        }
        if type_ == "events_api":
            number, reason = retry or (0, "")
            envelope |= {"retry_attempt": number, "retry_reason": reason}
        connection.waiting[envelope_id] = waiting
        try:
            connection.send(envelope)
        except OSError as error:
            raise ConnectionError("the socket was closed") from error
        if not waiting.done.wait(timeout):
            raise TimeoutError(envelope_id)
        if waiting.lost:
            raise ConnectionError(envelope_id)
        return waiting.payload

    def warn(self) -> None:
        """Announce that the connections will be refreshed in ten seconds."""
        for connection in list(self._connections):
            with suppress(OSError):
                connection.send(_disconnect("warning"))

    def fall_silent(self) -> None:
        """Let the connections stop answering without closing: no message, no pong."""
        for connection in list(self._connections):
            connection.ws.mute()

    def cut(self) -> None:
        """End the connections without a word, as a broken network does."""
        for connection in list(self._connections):
            connection.cut()

    def refresh(self) -> None:
        """Close every connection, as Slack does every few hours."""
        for connection in list(self._connections):
            self._end(connection, "refresh_requested")

    def refresh_oldest(self) -> None:
        self._end(self._connections[0], "refresh_requested")

    def _end(self, connection: Connection, reason: str) -> None:
        with suppress(OSError):
            connection.send(_disconnect(reason))
        connection.close()

    def close(self) -> None:
        for connection in list(self._connections):
            self._forget(connection)
            connection.close()


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": DEBUG_INFO}
