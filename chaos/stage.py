"""One scene: both stand-ins, a database, and processes, each behind its own proxies."""

from __future__ import annotations

import random
import time
from contextlib import ExitStack, contextmanager, suppress
from itertools import cycle
from pathlib import Path
from threading import Thread
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, Self
from urllib.parse import urlsplit

from sqlalchemy import text

from benchmarks.postgres import Postgres
from benchmarks.servers import ROOT
from chaos.crowd import KINDS, Crowd
from chaos.processes import BotProcess
from chaos.proxy import Proxy
from chaos.reminders import Reminders
from sandbox.world import World
from storage.database import open_database
from storage.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

DatabaseKind = Literal["postgresql", "sqlite"]
NO_SETTINGS: Mapping[str, str] = MappingProxyType({})
SEED = 20
UNFINISHED = text("SELECT count(*) FROM journal_entries WHERE state = 'accepted'")
STARTS = 2
"""The number of times that a process that does not start is started again."""
QUIET = 15.0
"""Seconds without an act or an answer after which nobody is waited for any more."""
AFTERWARDS = 3.0
"""Seconds in which a second message could still come."""


class ProxiedProcess(BotProcess):
    """A process of the bot, and the proxies between it and what it needs."""

    slack: Proxy
    incidentio: Proxy
    database: Proxy | None


class Stage:
    """Everything that a fault needs; ``close`` stops all of it."""

    def __init__(
        self,
        folder: Path,
        database: DatabaseKind,
        *,
        migrated: bool = True,
        crowd: Callable[[World], Crowd] = Crowd,
    ) -> None:
        self._stack = ExitStack()
        self.folder = folder
        self.random = random.Random(SEED)
        self.wrong: list[str] = []
        """False statements that were not made to people, as by ``/readyz``."""
        self.healed_at = 0.0
        self.world = World()
        self._stack.callback(self.world.close)
        self.world.incidentio.limit.per_minute = None
        self.crowd = crowd(self.world)
        self.processes: list[ProxiedProcess] = []
        self._left_out: ProxiedProcess | None = None
        self.settings = NO_SETTINGS
        """Settings of all processes that are started from now on."""
        self._stack.callback(self._stop_all)
        self.door = self.proxy("web")
        """The proxy between Slack and the replicas that run."""
        self.answers = self.proxy("response_url", _address(self.world.slack_url))
        self.world.slack.url = self.answers.url
        self.world.slack.deliver_to(f"{self.door.url}/slack/events")
        self.postgres = None
        if database == "postgresql":
            self.postgres = Postgres(folder / "postgres")
            self._stack.callback(self.postgres.close)
        self.file = folder / "bot.db"
        self._open_database()
        if migrated:
            self.database.migrate()
        self._stack.callback(self.crowd.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    # -- what is there

    def _open_database(self) -> None:
        """Open the database without a proxy."""
        self.database = open_database(self.database_url(None))
        self._stack.callback(self.database.close)
        self.reminders = Reminders(self.world, self.database)

    def move_to(self, file: Path) -> None:
        """Use another SQLite file from now on, and create its tables."""
        self.file = file
        self._open_database()
        self.database.migrate()

    def database_url(self, proxy: Proxy | None) -> str:
        if self.postgres is None:
            return f"sqlite:///{self.file}"
        if proxy is None:
            host = Path(self.postgres.socket).parent
            return f"postgresql+psycopg://postgres@/postgres?host={host}"
        return f"postgresql+psycopg://postgres@127.0.0.1:{proxy.port}/postgres"

    def proxy(self, name: str, *targets: tuple[str, int] | str) -> Proxy:
        made = Proxy(*targets, name=name)
        self._stack.callback(made.close)
        return made

    @property
    def workers(self) -> list[ProxiedProcess]:
        return [p for p in self.processes if p.kind == "worker" and p.lives]

    @property
    def replicas(self) -> list[ProxiedProcess]:
        return [p for p in self.processes if p.kind == "web" and p.lives]

    def links(self, name: str) -> list[Proxy]:
        """Return all proxies to ``slack``, ``incidentio`` or ``database``."""
        found = [getattr(process, name) for process in self.processes]
        return [*found, *([self.answers] if name == "slack" else [])]

    # -- processes

    def start(
        self,
        *kinds: str,
        checkout: Path = ROOT,
        ready: bool = True,
        settings: Mapping[str, str] = NO_SETTINGS,
    ) -> list[ProxiedProcess]:
        """Start processes of these kinds at once, and wait until each is ready."""
        begun = [self._start(kind, checkout, settings) for kind in kinds]
        if ready:
            begun = [self._supervised(one, checkout, settings) for one in begun]
            self._route()
        return begun

    def _supervised(
        self, process: ProxiedProcess, checkout: Path, settings: Mapping[str, str]
    ) -> ProxiedProcess:
        """Start a process again that does not come up, as its host would."""
        for _ in range(STARTS):
            with suppress(RuntimeError):
                process.wait_ready()
                return process
            process.kill()
            process = self._start(process.kind, checkout, settings)
        process.wait_ready()
        return process

    def _start(
        self, kind: str, checkout: Path, more: Mapping[str, str]
    ) -> ProxiedProcess:
        slack = self.proxy("slack", _address(self.world.slack_url))
        incidentio = self.proxy("incident.io", _address(self.world.incidentio_url))
        database = None
        if self.postgres is not None:
            database = self.proxy("database", self.postgres.socket)
        named = {name.upper(): value for name, value in self.world.settings.items()}
        settings = {
            **named,
            "SLACK_API_URL": f"{slack.url}/api/",
            "INCIDENTIO_API_URL": incidentio.url,
            "DATABASE_URL": self.database_url(database),
            "OWNER_DIGESTS": "False",
            "INCIDENT_CARDS": "False",
            "NUDGES": "off",
            "UPDATE_CADENCE": "off",
            **self.settings,
            **more,
        }
        process = ProxiedProcess(kind, settings, self.folder, checkout=checkout)
        process.slack, process.incidentio = slack, incidentio
        process.database = database
        self.processes.append(process)
        return process

    def kill(self, process: ProxiedProcess) -> None:
        process.kill()
        self._route()

    def stop(self, process: ProxiedProcess) -> int | None:
        """Ask a process to stop; return its exit code, or None if it still runs."""
        process.terminate()
        code = process.wait()
        self._route()
        return code

    # -- load

    @contextmanager
    def load(
        self,
        *,
        writes: int = 0,
        reminders: int = 0,
        seconds: float = 0,
        kinds: tuple[str, ...] = tuple(KINDS),
        press: int = 1,
    ) -> Iterator[None]:
        """While the block runs, ask for writes and reminders, over so many seconds."""
        if reminders:
            self.reminders.set_up(reminders)
        moments = [(seconds * i / writes, True) for i in range(writes)]
        moments += [(seconds * i / reminders, False) for i in range(reminders)]
        began = time.monotonic()
        names = cycle(kinds)

        def ask() -> None:
            for at, is_write in sorted(moments):
                time.sleep(max(0.0, began + at - time.monotonic()))
                if is_write:
                    self.crowd.ask(next(names), press=press)
                else:
                    self.reminders.run()

        thread = Thread(target=ask, name="load")
        thread.start()
        try:
            yield
        finally:
            thread.join()

    def healed(self) -> None:
        """Record that the fault is over."""
        self.healed_at = time.monotonic()

    def settle(self, seconds: float) -> float:
        """Wait until everything has its outcome; return the seconds since the fault."""
        self.healed_at = self.healed_at or time.monotonic()
        until = self.healed_at + seconds
        at_rest = time.monotonic()
        while time.monotonic() < until:
            if not self._at_rest():
                at_rest = time.monotonic()
            elif self.crowd.quiet(QUIET):
                break
            time.sleep(0.2)
        time.sleep(AFTERWARDS)
        heard = [w.ended_at for w in self.crowd.writes if w.announced]
        return max([at_rest, *heard], default=at_rest) - self.healed_at

    def _at_rest(self) -> bool:
        """Return whether the database has no unfinished write and nothing to send."""
        with suppress(DatabaseError), self.database.read() as session:
            return session.scalar(UNFINISHED) == 0 and self.reminders.open() == 0
        return False

    def leave_out(self, replica: ProxiedProcess | None) -> None:
        """Route nothing to this replica from now on, and cut what it has."""
        self._left_out = replica
        self._route()
        if replica is not None:
            self.door.reset()

    def _route(self) -> None:
        """Route Slack's deliveries to the replicas that run."""
        routed = [one for one in self.replicas if one is not self._left_out]
        self.door.targets = [("127.0.0.1", one.port) for one in routed]

    def _stop_all(self) -> None:
        for process in self.processes:
            process.thaw()
            process.kill()


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return str(parts.hostname), int(parts.port or 80)
