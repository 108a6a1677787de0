"""Serves a WSGI application on a loopback port, in a thread of this process."""

from __future__ import annotations

import logging
import re
import socket
import sys
from contextlib import suppress
from email.utils import formatdate
from io import BytesIO
from threading import Lock, Thread
from typing import IO, TYPE_CHECKING, Self, cast
from urllib.parse import unquote, urlsplit

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

    Headers = list[tuple[str, str]]
    Answer = tuple[str, Headers, bytes]

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
LARGEST = 16 * 1024 * 1024
"""The largest body, in bytes; more than either service takes."""
CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?\r\n")
LONGEST = 65_536
"""Bytes of a line of the header."""
BODILESS = ("1", "204", "304")
"""How statuses begin that have no body."""

log = logging.getLogger("sandbox")


def is_from_here(host: str, origin: str | None) -> bool:
    """Return whether a request names this machine, and no page of another site.

    ``host`` may have a port.

    A page elsewhere could have a name that points here, or send its form here.
    """
    here = f"http://{host}"
    return urlsplit(here).hostname in LOOPBACK and origin in (None, here)


class _Malformed(Exception):
    """Raised for what no server would take for a request."""


class _Handler(WSGIRequestHandler):
    """Reads requests to their end, answers in one piece, and writes no access log.

    werkzeug closes a connection after each request; here, as with the real services, it
    serves as many as its client likes. The standard library's reader takes a header for
    a mail's, which costs more than many an answer.
    """

    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Threads

    def setup(self) -> None:
        super().setup()
        self.server.opened(self.connection)

    def handle_one_request(self) -> None:
        self.close_connection = True
        try:
            environ = self._read()
        except _Malformed as fault:
            self._send("400 Bad Request", [], str(fault).encode())
            return
        if environ is not None:
            self._serve(environ)

    def _serve(self, environ: WSGIEnvironment) -> None:
        """Answer; the connection goes on unless its client, or the answer, ends it."""
        last = environ.get("HTTP_CONNECTION", "").lower() == "close"
        try:
            answer = self._answer(environ)
        except ConnectionError:
            return
        except Exception:
            log.exception("no answer to %s", environ["REQUEST_URI"])
            said = b"The stand-in failed: its log says how."
            answer = "500 Internal Server Error", [], said
        self._send(*answer)
        self.close_connection = last or environ["SERVER_PROTOCOL"] != "HTTP/1.1"

    def _answer(self, environ: WSGIEnvironment) -> Answer:
        """Return the status, the headers and all of the body."""
        said: list[bytes] = []
        begun: list[tuple[str, Headers]] = []

        def start_response(
            status: str, headers: Headers, *_: object
        ) -> Callable[[bytes], object]:
            begun.append((status, headers))
            return said.append

        pieces = self.server.app(environ, start_response)
        try:
            said += pieces
        finally:
            if hasattr(pieces, "close"):
                pieces.close()
        return *begun[-1], b"".join(said)

    def _read(self) -> WSGIEnvironment | None:
        """Return the next request, or None: there is none any more.

        Raises:
            _Malformed: it is no request of HTTP/1.1.
        """
        line = self._line()
        if not line:
            return None
        parts = line.split(" ")
        if len(parts) != 3 or parts[2] not in {"HTTP/1.1", "HTTP/1.0"}:
            raise _Malformed("This is no line of a request.")
        environ = self._environ(*parts)
        while line := self._line():
            _add(line, environ)
        if environ.get("HTTP_EXPECT", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.wfile.flush()
        environ["wsgi.input"] = BytesIO(self._body(environ))
        return environ

    def _line(self) -> str:
        line = self.rfile.readline(LONGEST + 1)
        if len(line) > LONGEST:
            raise _Malformed("A line of the header is too long.")
        return line.decode("latin-1").rstrip("\r\n")

    def _environ(self, method: str, target: str, version: str) -> WSGIEnvironment:
        path, _, query = target.partition("?")
        return {
            "REQUEST_METHOD": method,
            "REQUEST_URI": target,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(path, "latin-1"),
            "QUERY_STRING": query,
            "SERVER_PROTOCOL": version,
            "SERVER_NAME": self.server.server_name,
            "SERVER_PORT": str(self.server.server_port),
            "REMOTE_ADDR": self.client_address[0],
            "REMOTE_PORT": self.client_address[1],
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "werkzeug.socket": self.connection,
        }

    def _body(self, environ: WSGIEnvironment) -> bytes:
        """Return the whole body: it ends, though the connection goes on."""
        if environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked":
            environ["wsgi.input_terminated"] = True
            return _dechunked(cast("IO[bytes]", self.rfile))
        length = environ.get("CONTENT_LENGTH", "0")
        if not re.fullmatch("[0-9]{1,9}", length) or int(length) > LARGEST:
            raise _Malformed("The length of the body is no number, or too large.")
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            raise _Malformed("The body is shorter than was said.")
        return body

    def _send(self, status: str, headers: Headers, body: bytes) -> None:
        names = {name.lower() for name, _ in headers}
        if "content-length" not in names and not status.startswith(BODILESS):
            headers.append(("Content-Length", str(len(body))))
        headers.append(("Date", formatdate(usegmt=True)))
        head = "".join(f"{name}: {value}\r\n" for name, value in headers)
        self.wfile.write(f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + body)
        self.wfile.flush()

    def finish(self) -> None:
        try:
            super().finish()
        except OSError:
            log.debug("the client had gone before it was answered")
        finally:
            self.rfile.close()
            self.server.closed(self.connection)

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002
        level = logging.ERROR if type == "error" else logging.DEBUG
        log.log(level, message.rstrip(), *args)


def _add(line: str, environ: WSGIEnvironment) -> None:
    """Add a line of the header, as WSGI names it.

    Raises:
        _Malformed: it has no name, or goes on with the line before.
    """
    name, colon, value = line.partition(":")
    if not colon or not name or name != name.strip():
        raise _Malformed("This is no line of a header.")
    key = name.upper().replace("-", "_")
    if "_" in name:
        return
    if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
        key = f"HTTP_{key}"
    value = value.strip(" \t")
    environ[key] = f"{environ[key]},{value}" if key in environ else value


def _dechunked(stream: IO[bytes]) -> bytes:
    """Read a chunked body.

    Raises:
        _Malformed: it is malformed, or too large.
    """
    body = b""
    while size := _chunk_size(stream):
        chunk = stream.read(size + 2)
        if len(chunk) < size + 2 or not chunk.endswith(b"\r\n"):
            raise _Malformed("A chunk has not the length that was said.")
        body += chunk[:-2]
        if len(body) > LARGEST:
            raise _Malformed("The body is too large.")
    while stream.readline(LONGEST) not in {b"\r\n", b""}:
        pass  # what comes after the body is of no use here
    return body


def _chunk_size(stream: IO[bytes]) -> int:
    said = CHUNK.fullmatch(stream.readline(LONGEST))
    size = int(said[1], 16) if said else LARGEST + 1
    if size > LARGEST:
        raise _Malformed("The length of a chunk is no number, or too large.")
    return size


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
