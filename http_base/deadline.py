"""Connections that keep a deadline for a whole answer.

A read timeout does not: it bounds each read, and an answer may come byte by byte.
"""

from __future__ import annotations

import io
from contextlib import contextmanager
from contextvars import ContextVar
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from urllib3 import PoolManager

_seconds_left: ContextVar[Callable[[], float]] = ContextVar("seconds_left")


@contextmanager
def bounded(seconds_left: Callable[[], float]) -> Iterator[None]:
    """Make reads in this block raise ``TimeoutError`` when no seconds are left."""
    token = _seconds_left.set(seconds_left)
    try:
        yield
    finally:
        _seconds_left.reset(token)


class BoundedAdapter(HTTPAdapter):
    """An adapter whose connections keep the deadline, through proxies too."""

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


class _Connection(HTTPConnection):
    response_class = _Response


class _TlsConnection(HTTPSConnection):
    response_class = _Response


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


_POOLS = {"http": _Pool, "https": _TlsPool}
