"""Serves the application with gunicorn: one process of many threads.

One process, because the catalog, the rate limiter and the metrics are one for a
process. For more, run replicas.
"""

from __future__ import annotations

import errno
import os
import re
import selectors
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker

from http_base.precedence import PRECEDENCE
from web.reception import LONGEST_HEAD, Reception
from web.refusals import Refusals
from web.server import LARGEST

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

STOPPING = 25
"""Seconds from SIGTERM to the end; hosts usually kill after 30."""
REQUESTS_STOPPING = 10
"""The part of it for requests; the rest is for the work that they started."""
KEEPALIVE = 75
"""Longer than the 60 s of usual load balancers, so that they close first."""
RECEIVING = 10.0
"""Seconds in which a whole request, headers and body, must arrive."""
SENDING = 5.0
"""Seconds in which a client must receive its answer."""
MOST_CONNECTIONS = 800
"""Beyond it the oldest connection without a whole request is dropped.

Fewer than the 1024 files that a process may usually open.
"""
MOST_RECEIVED = 64 * 1024 * 1024
"""Bytes of requests that may be held until they are whole."""
HANGING_UP = 1.0
"""Seconds in which a client must close the connection after the last answer."""
ASLEEP = 5.0
"""Seconds between two looks, usually a second apart, that mean a sleep."""
WAKING = 15.0
"""Seconds that workers get to show that they are alive after a sleep."""
MEMORY = Path("/dev/shm")  # noqa: S108
MALFORMED = re.compile(r"Invalid request from ip=(\S*): (.*)", re.DOTALL)
"""What gunicorn logs about a request that is not HTTP."""
LONGEST = 100
"""Characters of its reason that are logged."""


class ServedApplication(Protocol):
    """An application to serve; ``close`` finishes the work in flight."""

    @property
    def wsgi(self) -> WSGIApplication: ...
    def close(self) -> None: ...


def serve(
    build: Callable[[], ServedApplication], *, host: str, port: int, threads: int
) -> None:
    """Serve until SIGTERM or SIGINT, then finish the work in flight.

    ``build`` is called in the process that serves: threads do not outlive a fork.
    """
    _Application(build, host=host, port=port, threads=threads).run()


class Wakefulness:
    """Knows whether this process has slept: its machine, or the process alone.

    Its workers slept with it then, and need a moment to show that they are alive.
    """

    def __init__(self, now: float) -> None:
        self._looked = now
        self._woke = float("-inf")

    def has_just_woken(self, now: float) -> bool:
        """Return whether it woke in the last seconds; call this every second."""
        if now - self._looked > ASLEEP:
            self._woke = now
        self._looked = now
        return now - self._woke < WAKING


class _Arbiter(Arbiter):  # type: ignore[misc]
    """Does not take a worker that slept, as it did itself, for one that hangs.

    What the worker was in the middle of would be lost.
    """

    def __init__(self, app: BaseApplication) -> None:
        self._wakefulness = Wakefulness(time.monotonic())
        super().__init__(app)

    def murder_workers(self) -> None:
        if not self._wakefulness.has_just_woken(time.monotonic()):
            super().murder_workers()


class _Application(BaseApplication):  # type: ignore[misc]
    def __init__(
        self,
        build: Callable[[], ServedApplication],
        *,
        host: str,
        port: int,
        threads: int,
    ) -> None:
        self._build = build
        self._running: ServedApplication | None = None
        self._options = {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "threads": threads,
            "workers": 1,
            "worker_class": _Worker,
            "logger_class": _Log,
            "worker_exit": self._exit,
            "graceful_timeout": STOPPING,
            "keepalive": KEEPALIVE,
            "worker_connections": MOST_CONNECTIONS + 100,
            "timeout": 60,
            "proc_name": "incidentio-bot",
            "control_socket_disable": True,
            # No header says where a request came from, or what it asked for.
            "forwarded_allow_ips": "",
            # The heartbeat must never wait for a disk.
            "worker_tmp_dir": str(MEMORY) if _writable(MEMORY) else None,
        }
        super().__init__()

    def run(self) -> None:
        _Arbiter(self).run()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIApplication:
        self._running = self._build()
        return self._running.wsgi

    def _exit(self, _arbiter: Any, _worker: Any) -> None:
        if self._running is not None:
            self._running.close()


class _Worker(ThreadWorker):  # type: ignore[misc]
    """Receives requests without a thread, and answers each in one once it is whole.

    So clients that are slow, or stop in the middle, cost a socket and no thread. It
    stops as gracefully on Ctrl-C as on SIGTERM, and leaves time for work in flight.
    """

    def init_process(self) -> None:
        self.cfg.set("graceful_timeout", REQUESTS_STOPPING)
        self._receiving: dict[Any, Reception] = {}
        self._leaving: dict[Any, float] = {}
        super().init_process()

    def init_signals(self) -> None:
        super().init_signals()
        for number in (signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, self.handle_exit)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Accept what is in the backlog, and refuse all that follows, when it stops.

        An open listener would let clients wait for an answer that never comes.
        """
        super().set_accept_enabled(enabled)
        if not self.alive:
            for listener in self.sockets:
                while self._accept_one(listener):
                    pass
                listener.close()

    def _accept_one(self, listener: Any) -> bool:
        before = self.nr_conns
        self.accept(listener)
        return bool(self.nr_conns > before)

    def enqueue_req(self, conn: Any) -> None:
        """Receive the next request of a connection, which may be new."""
        if not conn.initialized:
            conn.sock = _Received(fileno=conn.sock.detach())
        if self.nr_conns >= MOST_CONNECTIONS:
            self._drop_oldest()
        conn.data_ready = True
        conn.timeout = time.monotonic() + RECEIVING
        self._receiving[conn] = Reception(LARGEST)
        self._watch(conn, self._receive)
        if ahead := _read_ahead(conn):
            self._add(conn, ahead)

    def _receive(self, conn: Any) -> None:
        """Read what has arrived; drop the connection if the client has gone."""
        more = conn.sock.arrived()
        if more:
            self._add(conn, more)
        elif more is not None:
            self._drop(conn)

    def _add(self, conn: Any, more: bytes) -> None:
        """Add bytes to a request, and have it answered once it is whole."""
        request = self._receiving[conn]
        if request.add(more):
            self.poller.unregister(conn.sock)
            conn.sock.received = self._receiving.pop(conn).data
            super().enqueue_req(conn)
        elif len(request.data) > LONGEST_HEAD and self._unfinished() > MOST_RECEIVED:
            self._drop(conn)

    def _unfinished(self) -> int:
        """Return the bytes of all requests that are not whole."""
        return sum(len(request.data) for request in self._receiving.values())

    def handle(self, conn: Any) -> Any:
        with PRECEDENCE.acknowledging():
            return super().handle(conn)

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Wait without a thread: for the next request, or for the client to hang up."""
        if not fs.cancelled() and fs.exception() is None and fs.result():
            self._wait_for_more(conn, fs)
            return
        with suppress(OSError):
            conn.sock.shutdown(socket.SHUT_WR)
        self._leaving[conn] = time.monotonic() + HANGING_UP
        self._watch(conn, self._leave)

    def _wait_for_more(self, conn: Any, fs: Any) -> None:
        if conn.sock.received or conn.parser.unreader.buf.getvalue():
            self.enqueue_req(conn)
        else:
            super().finish_request(conn, fs)

    def _leave(self, conn: Any) -> None:
        """Ignore what a client sends after its last answer, until it hangs up."""
        if conn.sock.arrived() == b"":
            self._drop(conn)

    def murder_pending(self) -> None:
        """Drop clients that are too slow to send their request, or to hang up."""
        super().murder_pending()
        now = time.monotonic()
        while self._receiving and (first := next(iter(self._receiving))).timeout < now:
            self._drop(first)
        while self._leaving and next(iter(self._leaving.values())) < now:
            self._drop(next(iter(self._leaving)))
        if not self.alive:
            self._drop_silent(now + RECEIVING - HANGING_UP)

    def _drop_silent(self, until: float) -> None:
        """Drop clients that have sent nothing and whose time ends before ``until``."""
        silent = [c for c, request in self._receiving.items() if not request.data]
        for conn in silent:
            if conn.timeout < until:
                self._drop(conn)

    def _drop_oldest(self) -> None:
        """Drop the oldest unfinished request, or else the client idle for longest."""
        if self._receiving:
            self._drop(next(iter(self._receiving)))
        elif self.keepalived_conns:
            self._drop(self.keepalived_conns.popleft())

    def _watch(self, conn: Any, callback: Callable[[Any], None]) -> None:
        conn.sock.setblocking(False)
        self.poller.register(conn.sock, selectors.EVENT_READ, lambda _: callback(conn))

    def _drop(self, conn: Any) -> None:
        self._receiving.pop(conn, None)
        self._leaving.pop(conn, None)
        self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()


class _Received(socket.socket):
    """A connection that is read from ``received``, never from the client."""

    received: bytearray | bytes = b""

    def setblocking(self, flag: bool, /) -> None:
        self.settimeout(SENDING if flag else 0.0)

    def arrived(self) -> bytes | None:
        """Return what has arrived: empty at the end, None if there is nothing new."""
        try:
            return super().recv(65_536)
        except BlockingIOError:
            return None
        except OSError:
            return b""

    def recv(self, size: int = 8192, _flags: int = 0, /) -> bytes:
        if not self.received:
            raise ConnectionResetError(errno.ECONNRESET, "has sent no more")
        taken = bytes(self.received[:size])
        self.received = self.received[size:]
        return taken


class _Log(Logger):  # type: ignore[misc]
    """Passes gunicorn's log on to the program's, and bounds what strangers cause."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self._refusals = Refusals()
        for logger in (self.error_log, self.access_log):
            logger.handlers.clear()
            logger.propagate = True

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        if malformed := MALFORMED.match(msg):
            self._refusals.add(malformed[1], "malformed", error=malformed[2][:LONGEST])
        else:
            super().warning(msg, *args, **kwargs)


def _read_ahead(conn: Any) -> bytes:
    """Return the bytes that arrived after the request that was just answered."""
    buffered = conn.parser.unreader.take_buffered() if conn.parser else b""
    ahead = bytes(buffered) + bytes(conn.sock.received)
    conn.sock.received = b""
    return ahead


def _writable(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
