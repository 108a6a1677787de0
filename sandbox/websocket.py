"""A websocket on the connection of a request that asks for one."""

from __future__ import annotations

import socket
from collections import deque
from threading import Lock
from typing import TYPE_CHECKING

from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

PIECE = 65_536


class WebSocket:
    """The server's end. Several threads may send, and one receives.

    A request that asks for no websocket is answered so. All methods but ``mute`` raise
    an ``OSError`` if the connection has ended.
    """

    def __init__(self, environ: WSGIEnvironment) -> None:
        self._stream: socket.socket = environ["werkzeug.socket"]
        self._stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._protocol = ServerProtocol()
        self._muted = False
        self._lock = Lock()
        self._parts: list[bytes] = []
        self._messages: deque[str] = deque()
        self._take(_as_sent(environ))

    def send(self, text: str) -> None:
        with self._lock:
            self._require_open()
            self._protocol.send_text(text.encode())
            self._flush()

    def receive(self) -> str:
        """Return the next message; pings are answered meanwhile."""
        while not self._messages:
            self._require_open()
            self._take(self._stream.recv(PIECE))
        return self._messages.popleft()

    def mute(self) -> None:
        """Send nothing any more, no answers to pings either, without closing."""
        self._muted = True

    def close(self) -> None:
        """Say goodbye, and end the connection."""
        try:
            with self._lock:
                if self._protocol.state is State.OPEN:
                    self._protocol.send_close(CloseCode.NORMAL_CLOSURE)
                    self._flush()
        finally:
            self.cut()

    def cut(self) -> None:
        """End the connection without a word."""
        self._stream.shutdown(socket.SHUT_RDWR)

    def _take(self, piece: bytes) -> None:
        with self._lock:
            if piece:
                self._protocol.receive_data(piece)
            else:
                self._protocol.receive_eof()
            for event in self._protocol.events_received():
                if isinstance(event, Request):
                    self._protocol.send_response(self._protocol.accept(event))
                elif isinstance(event, Frame):
                    self._add(event)
            self._flush()

    def _add(self, frame: Frame) -> None:
        """Add a part of a message; the protocol has seen to all other frames."""
        if frame.opcode in {Opcode.TEXT, Opcode.CONT}:
            self._parts.append(bytes(frame.data))
            if frame.fin:
                self._messages.append(b"".join(self._parts).decode())
                self._parts.clear()

    def _flush(self) -> None:
        for piece in self._protocol.data_to_send():
            if self._muted:
                continue
            if piece:
                self._stream.sendall(piece)
            else:
                self._stream.shutdown(socket.SHUT_WR)

    def _require_open(self) -> None:
        if self._protocol.state is not State.OPEN:
            raise ConnectionAbortedError("the websocket is closed")


def _as_sent(environ: WSGIEnvironment) -> bytes:
    """Return the request as it was sent, for it was read from the connection."""
    lines = [f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} HTTP/1.1"]
    for name, value in environ.items():
        if name.startswith("HTTP_"):
            lines.append(f"{name[5:].replace('_', '-')}: {value}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1")
