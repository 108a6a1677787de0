"""Serves a WSGI application on a loopback port, in a thread of this process."""

from __future__ import annotations

import logging
import socket
from contextlib import suppress
from http import HTTPStatus
from io import BytesIO
from threading import Lock, Thread
from typing import IO, TYPE_CHECKING, Self
from urllib.parse import urlsplit

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

LARGEST = 16 * 1024 * 1024
"""The largest body, in bytes; more than either service takes."""
PIECE = 64 * 1024

log = logging.getLogger("sandbox")


def is_from_here(host_url: str, origin: str | None) -> bool:
    """Return whether a request names this machine, and no page of another site.

    A page elsewhere could have a name that points here, or send its form here.
    """
    named = urlsplit(host_url).hostname in LOOPBACK
    return named and origin in (None, host_url.rstrip("/"))


class _Handler(WSGIRequestHandler):
    """Answers in one piece, and writes no access log.

    werkzeug closes a connection after each request; here, as with the real services, it
    serves as many as its client likes.
    """

    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Threads

    def setup(self) -> None:
        super().setup()
        self.server.opened(self.connection)

    def handle_expect_100(self) -> bool:
        going_on = super().handle_expect_100()
        self.wfile.flush()
        return going_on

    def make_environ(self) -> WSGIEnvironment:
        """Return an environment whose body ends, though the connection goes on.

        Raises:
            ValueError, OSError, EOFError: the body is malformed, or too long.
        """
        environ = super().make_environ()
        stream = environ["wsgi.input"]
        if environ.get("wsgi.input_terminated", False):
            body = b"".join(_pieces(stream))
        else:
            body = _exactly(stream, int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        return environ

    def run_wsgi(self) -> None:
        try:
            environ = self.make_environ()
        except (ValueError, OSError, EOFError):
            self.close_connection = True
            self._send(Response("The body is malformed or too long.", 400))
            return
        try:
            answer = Response.from_app(self.server.app, environ, buffered=True)
        except ConnectionError:
            self.close_connection = True
            return
        except Exception:
            log.exception("no answer to %s %s", self.command, self.path)
            answer = Response("The stand-in failed: its log says how.", 500)
        self._send(answer)

    def _send(self, answer: Response) -> None:
        body = answer.get_data()
        if answer.status_code not in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}:
            answer.headers.setdefault("Content-Length", str(len(body)))
        code, _, reason = answer.status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def finish(self) -> None:
        try:
            super().finish()
        except OSError:
            log.debug("the client had gone before it was answered")
        finally:
            self.server.closed(self.connection)

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002
        level = logging.ERROR if type == "error" else logging.DEBUG
        log.log(level, message.rstrip(), *args)


def _exactly(stream: IO[bytes], length: int) -> bytes:
    if not 0 <= length <= LARGEST:
        raise ValueError(length)
    body = stream.read(length)
    if len(body) < length:
        raise EOFError
    return body


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    size = 0
    while piece := stream.read(PIECE):
        size += len(piece)
        if size > LARGEST:
            raise ValueError(size)
        yield piece


class _Threads(ThreadedWSGIServer):
    """A threading server that knows its open connections."""

    def __init__(self, host: str, port: int, app: WSGIApplication) -> None:
        self._connections: set[socket.socket] = set()
        self._guard = Lock()
        super().__init__(host, port, app, _Handler)

    def opened(self, connection: socket.socket) -> None:
        with self._guard:
            self._connections.add(connection)

    def closed(self, connection: socket.socket) -> None:
        with self._guard:
            self._connections.discard(connection)

    def wake_up(self) -> None:
        """End the wait for connections at once; not every system can do that."""
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)

    def hang_up(self) -> None:
        """Close the open connections: websockets, and delayed answers."""
        with self._guard:
            for connection in self._connections:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    log.debug("the client hung up first")


class Server:
    """A running server; ``close`` (or leaving ``with``) stops it."""

    def __init__(self, wsgi_app: WSGIApplication, host: str, port: int) -> None:
        self._threads = _Threads(host, port, wsgi_app)
        self.port = int(self._threads.port)
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{self.port}"
        self._thread = Thread(
            target=self._threads.serve_forever,
            kwargs={"poll_interval": 0.5},
            name=f"sandbox:{self.port}",
            daemon=True,
        )
        self._thread.start()

    def close(self) -> None:
        self._threads.wake_up()
        self._threads.shutdown()
        self._thread.join()
        self._threads.hang_up()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def serve(
    wsgi_app: WSGIApplication, port: int = 0, *, host: str = "127.0.0.1"
) -> Server:
    """Serve on ``port`` (0: any free one) until closed. Loopback only."""
    if host not in LOOPBACK:
        message = f"The sandbox is for this machine only: {host} is not loopback."
        raise ValueError(message)
    return Server(wsgi_app, host, port)
