"""Connections that send a request in one piece, and keep a deadline for the answer.

Whether the request may still be sent is asked right before that piece: connecting may
take long, and a process may be frozen. A read timeout is no deadline: it bounds each
read, and an answer may come byte by byte.
"""

from __future__ import annotations

import io
from contextlib import contextmanager
from contextvars import ContextVar
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any

from requests import PreparedRequest, Request, Response
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from http_base.failures import Withheld

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from urllib3 import PoolManager

HOSTS = 4
"""Connection pools, one a host: the API's, and those of addresses that it names."""

_seconds_left: ContextVar[Callable[[], float]] = ContextVar("seconds_left")
_may_send: ContextVar[Callable[[], bool]] = ContextVar("may_send")


@contextmanager
def bounded(
    seconds_left: Callable[[], float], may_send: Callable[[], bool]
) -> Iterator[None]:
    """Make reads in this block raise ``TimeoutError`` when no seconds are left.

    Its request raises ``Withheld`` unless it may be sent when the connection is open.
    """
    tokens = _seconds_left.set(seconds_left), _may_send.set(may_send)
    try:
        yield
    finally:
        _seconds_left.reset(tokens[0])
        _may_send.reset(tokens[1])


class BoundedAdapter(HTTPAdapter):
    """An adapter whose connections keep the deadline, through proxies too.

    It finds the connections to an origin once, and reads no cookies: for each request
    that takes longer than sending it.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        self._found: dict[str, Any] = {}
        super().__init__(*args, **options)

    def get_connection_with_tls_context(
        self, request: PreparedRequest, *args: Any, **options: Any
    ) -> Any:
        """Return the connections to the origin of a request.

        Raises:
            RequestException: its address is none.
        """
        origin = "/".join((request.url or "").split("/", 3)[:3])
        found = self._found.get(origin)
        if found is None:
            asked = Request("GET", origin).prepare()
            found = super().get_connection_with_tls_context(asked, *args, **options)
            if len(self._found) == HOSTS:  # older ones may be closed from now on
                self._found.clear()
            self._found[origin] = found
        return found

    def build_response(self, req: PreparedRequest, resp: Any) -> Response:
        """Return an answer as its reader needs it; the cookies stay in its headers."""
        response = Response()
        response.status_code, response.headers = resp.status, resp.headers
        response.raw, response.request = resp, req
        return response

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **options: Any) -> PoolManager:
        manager: PoolManager = super().proxy_manager_for(proxy, **options)
        manager.pool_classes_by_scheme = _POOLS
        return manager


class _Reader(io.RawIOBase):
    """Reads from a socket; no read waits beyond the deadline."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._longest = sock.gettimeout() or 0.0
        self.in_headers = False
        """Whether more must come: headers that end early would pass for whole ones."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = min(self._longest, _seconds_left.get()())
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        self._socket.settimeout(left)
        read = self._raw.readinto(buffer)
        if self.in_headers and read == 0:
            raise ConnectionResetError("the connection ended within the headers")
        return read

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Readable:
    """Gives ``HTTPResponse`` the reader, in the way it asks a socket for a file."""

    def __init__(self, reader: _Reader) -> None:
        self._reader = reader

    def makefile(self, *_: Any) -> io.BufferedReader:
        return io.BufferedReader(self._reader)


class _Response(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **options: Any) -> None:
        self._reader = _Reader(sock)
        readable: Any = _Readable(self._reader)
        super().__init__(readable, *args, **options)

    def begin(self) -> None:
        """Read the status and the headers."""
        self._reader.in_headers = True
        super().begin()
        self._reader.in_headers = False


class InOnePiece(HTTPConnection):
    """Collects a request, and sends it after the last look whether it may be sent."""

    response_class = _Response
    _collected: bytearray | None = None

    def request(self, *request: Any, **options: Any) -> None:
        if self.sock is None:
            self.connect()
        self._collected = whole = bytearray()
        try:
            super().request(*request, **options)
        finally:
            self._collected = None
        if not _may_send.get()():
            raise Withheld("it may not be sent any more")
        self.send(whole)

    def send(self, data: Any) -> None:
        if self._collected is None:
            super().send(data)
        else:
            self._collected += data


class _Connection(InOnePiece):
    pass


class _TlsConnection(InOnePiece, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


_POOLS = {"http": _Pool, "https": _TlsPool}
