"""Serves the application with gunicorn: one process of many threads.

One process, because the catalog, the rate limiter and the metrics are one for a
process. For more, run replicas.
"""

from __future__ import annotations

import errno
import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

STOPPING = 25
"""Seconds from SIGTERM to the end; hosts usually kill after 30."""
REQUESTS_STOPPING = 10
"""Of these, the seconds for requests; the rest is for the work that they started."""
KEEPALIVE = 75
"""Longer than the 60 s of usual load balancers, so that they close first."""
READING = 5.0
"""Seconds that a client may pause while its request is read by a thread."""
HANGING_UP = 1.0
"""Seconds that a client has to close the connection after the last answer."""
MEMORY = Path("/dev/shm")  # noqa: S108


class Running(Protocol):
    """An application to serve; ``close`` finishes the work in flight."""

    @property
    def wsgi(self) -> WSGIApplication: ...
    def close(self) -> None: ...


def serve(build: Callable[[], Running], *, host: str, port: int, threads: int) -> None:
    """Serve until SIGTERM or SIGINT, then finish the work in flight.

    ``build`` is called in the process that serves: threads do not outlive a fork.
    """
    _Application(build, host=host, port=port, threads=threads).run()


class _Application(BaseApplication):  # type: ignore[misc]
    def __init__(
        self, build: Callable[[], Running], *, host: str, port: int, threads: int
    ) -> None:
        self._build = build
        self._running: Running | None = None
        self._options = {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "threads": threads,
            "workers": 1,
            "worker_class": _Worker,
            "logger_class": _Log,
            "worker_exit": self._exit,
            "graceful_timeout": STOPPING,
            "keepalive": KEEPALIVE,
            "timeout": 60,
            "proc_name": "incidentio-bot",
            "control_socket_disable": True,
            # The heartbeat must never wait for a disk.
            "worker_tmp_dir": str(MEMORY) if _writable(MEMORY) else None,
        }
        super().__init__()

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
    """Stops gracefully for Ctrl-C as for SIGTERM, and leaves time for the work."""

    def init_process(self) -> None:
        self.cfg.set("graceful_timeout", REQUESTS_STOPPING)
        super().init_process()

    def init_signals(self) -> None:
        super().init_signals()
        for number in (signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, self.handle_exit)

    def set_accept_enabled(self, enabled: bool) -> None:
        """At the stop, accept the connections in the backlog and refuse all later ones.

        An open listener would let clients wait for an answer that never comes.
        """
        super().set_accept_enabled(enabled)
        if not self.alive:
            for listener in self.sockets:
                while self._took_one(listener):
                    pass
                listener.close()

    def _took_one(self, listener: Any) -> bool:
        before = self.nr_conns
        self.accept(listener)
        return bool(self.nr_conns > before)

    def handle(self, conn: Any) -> Any:
        """Answer a request, and wait in this thread until the client has hung up.

        gunicorn would wait in its accepting thread, up to two seconds each, and delay
        everybody's acknowledgement.
        """
        if not conn.initialized:
            conn.sock = _Impatient(fileno=conn.sock.detach())
        again = super().handle(conn)
        if again is False:
            _hang_up(conn.sock)
        return again


class _Impatient(socket.socket):
    """A connection that gives up a client which stalls within its request."""

    def setblocking(self, flag: bool, /) -> None:
        self.settimeout(READING if flag else 0.0)

    def recv(self, *args: int) -> bytes:
        try:
            return super().recv(*args)
        except TimeoutError as error:
            raise ConnectionResetError(errno.ECONNRESET, "sends no more") from error


class _Log(Logger):  # type: ignore[misc]
    """Passes gunicorn's log on to the program's."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for logger in (self.error_log, self.access_log):
            logger.handlers.clear()
            logger.propagate = True


def _hang_up(connection: socket.socket) -> None:
    """Shut down our side, and let the client read to the end."""
    until = time.monotonic() + HANGING_UP
    with suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(HANGING_UP)
        while connection.recv(65_536) and time.monotonic() < until:
            pass
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def _writable(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
