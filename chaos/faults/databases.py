"""Databases that die, hang, are slow, full, locked or gone, or lose commits."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import requests

from benchmarks.postgres import Postgres
from benchmarks.servers import wait_for
from chaos.fault import DOUBT, SETTLES, Skipped, fault
from chaos.faults.processes import EVERYTHING
from chaos.stage import Stage


def _server(stage: Stage) -> Postgres:
    assert stage.postgres is not None
    return stage.postgres


@fault(settles=DOUBT + SETTLES)
def postgres_killed(stage: Stage) -> str:
    """Kill -9 PostgreSQL three times, and start it again after 3 s."""
    stage.start(*EVERYTHING)
    server = _server(stage)
    with stage.load(writes=20, reminders=40, seconds=30):
        for _ in range(3):
            time.sleep(stage.random.uniform(3, 6))
            server.kill()
            time.sleep(3)
            server.start()
    stage.healed()
    return "PostgreSQL killed three times, away for 3 s each"


@fault(settles=DOUBT + SETTLES)
def postgres_hung(stage: Stage) -> str:
    """Freeze PostgreSQL with all its backends for 15 s."""
    stage.start(*EVERYTHING)
    with stage.load(writes=15, reminders=30, seconds=25):
        time.sleep(5)
        _server(stage).freeze()
        time.sleep(15)
        _server(stage).thaw()
    stage.healed()
    return "PostgreSQL stopped for 15 s"


@fault()
def postgres_slow(stage: Stage) -> str:
    """Let PostgreSQL be 200 ms away."""
    stage.start(*EVERYTHING)
    links = stage.links("database")
    for link in links:
        link.delay(0.1)
    with stage.load(writes=15, reminders=30, seconds=30):
        time.sleep(30)
    for link in links:
        link.heal()
    stage.healed()
    return "200 ms to the database and back, for 30 s"


@fault(settles=DOUBT + SETTLES)
def postgres_full(stage: Stage) -> str:
    """Take all connections of PostgreSQL for 15 s."""
    server = _server(stage)
    server.configure(max_connections="30")
    stage.database.close()
    server.kill()
    server.start()
    stage.start(*EVERYTHING)
    with stage.load(writes=15, reminders=30, seconds=25):
        time.sleep(5)
        held = _take_all(server)
        time.sleep(15)
        for connection in held:
            connection.close()
    stage.healed()
    return f"{len(held)} of 30 connections taken for 15 s"


def _take_all(server: Postgres) -> list[psycopg.Connection[Any]]:
    """Take the free connections, then those of the bot, until none is left."""
    held: list[psycopg.Connection[Any]] = []
    others = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE application_name = 'incidentio-bot'"
    )
    while len(held) < 30:
        try:
            held.append(server.connect())
        except psycopg.OperationalError:
            if len(held) >= 27:
                break
            held[0].execute(others)
    return held


@fault(settles=DOUBT + SETTLES)
def postgres_lost_tail(stage: Stage) -> str:
    """Crash a PostgreSQL that answers before it has written its log."""
    server = _server(stage)
    server.configure(synchronous_commit="off", wal_writer_delay="10s")
    stage.database.close()
    stage.start(*EVERYTHING)
    server.stop_writing()
    with stage.load(writes=15, reminders=24, seconds=2):
        time.sleep(5)
        server.kill()
        time.sleep(1)
        server.start()
    stage.healed()
    return "killed with `synchronous_commit=off`; the last seconds of commits are lost"


@fault(database="sqlite", settles=DOUBT + SETTLES)
def sqlite_locked(stage: Stage) -> str:
    """Let another program lock the SQLite file for 30 s."""
    stage.start("web", "worker")
    with stage.load(writes=12, reminders=15, seconds=30):
        time.sleep(3)
        with closing(sqlite3.connect(stage.file, isolation_level=None)) as connection:
            connection.execute("PRAGMA busy_timeout = 10000")
            connection.execute("BEGIN IMMEDIATE")
            time.sleep(30)
            connection.execute("ROLLBACK")
    stage.healed()
    return "the file locked for 30 s"


@fault(database="sqlite", settles=DOUBT + SETTLES)
def sqlite_gone(stage: Stage) -> str:
    """Move the SQLite file away for 15 s, and back."""
    stage.start("web", "worker")
    with stage.load(writes=12, reminders=15, seconds=25):
        time.sleep(5)
        files = list(stage.folder.glob("bot.db*"))
        for path in files:
            path.rename(path.with_name(f"away-{path.name}"))
        time.sleep(15)
        for path in files:
            path.with_name(f"away-{path.name}").rename(path)
    stage.healed()
    return "the file moved away for 15 s, and back"


@fault(database="sqlite", settles=DOUBT + SETTLES, migrated=False, own_mounts=True)
def disk_full(stage: Stage) -> str:
    """Fill the disk of the SQLite file for 15 s."""
    if os.geteuid() != 0:
        raise Skipped("only root can mount a small disk")
    disk = stage.folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m,mode=755", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        raise Skipped("no disk can be mounted here")
    stage.move_to(disk / "bot.db")
    replica, _ = stage.start("web", "worker")
    with stage.load(writes=12, reminders=15, seconds=25):
        time.sleep(5)
        _fill(disk / "filler")
        time.sleep(10)
        if _ready(replica.port):
            stage.wrong.append("/readyz says 200 with a full disk")
        time.sleep(5)
        (disk / "filler").unlink()
    stage.healed()
    wait_for(lambda: _ready(replica.port), 20)
    return "no byte left for 15 s"


def _ready(port: int) -> bool:
    return requests.get(f"http://127.0.0.1:{port}/readyz", timeout=10).ok


def _fill(path: Path) -> None:
    """Write until nothing is left."""
    with path.open("wb", buffering=0) as filler:
        for size in (65_536, 4_096, 512):
            try:
                while True:
                    filler.write(b"x" * size)
            except OSError:
                continue
