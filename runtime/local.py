"""The bot between a local Slack and a local incident.io: ``python app.py sandbox``.

Only this file knows both the bot and the sandbox.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import handlers
from handlers.core.pipeline.router import Router
from runtime.processes import started, stopping, ticking
from runtime.settings import Settings, SettingsError
from sandbox.backstage.clock import MovableClock
from sandbox.backstage.stage import Process, Stage
from sandbox.company import PEOPLE, Employee
from sandbox.people import BadPeople, read
from sandbox.serve import serve as serve_locally
from sandbox.slack.state import Shortcut
from sandbox.world import World
from web.address import check


class LocalApp:
    """The bot between the stand-ins, with a database that lasts until the next start.

    As on several machines, a worker of its own sends reminders: it can be stopped and
    started while the rest goes on.
    """

    def __init__(self, settings: Settings, world: World, clock: MovableClock) -> None:
        self._settings = settings
        self._world = world
        self._now = clock.now
        self._stack = ExitStack()
        self._worker = ExitStack()

    def begin(self) -> None:
        """Start all but the worker, or start again, with an empty database."""
        self.close()
        folder = self._stack.enter_context(tempfile.TemporaryDirectory())
        database = f"sqlite:///{Path(folder) / 'sandbox.db'}"
        given = {**self._settings.model_dump(), **self._world.settings}
        self._settings = Settings.model_validate({**given, "database_url": database})
        runtime = self._stack.enter_context(started(self._settings, now=self._now))
        served = self._stack.enter_context(serve_locally(runtime.wsgi))
        self._world.slack.deliver_to(f"{served.url}/slack/events")

    def start_worker(self) -> None:
        runtime = self._worker.enter_context(
            started(self._settings, now=self._now, prepared=True)
        )
        self._worker.enter_context(ticking(runtime))

    def stop_worker(self) -> None:
        self._worker.close()

    def close(self) -> None:
        self._worker.close()
        self._stack.close()


@contextmanager
def local(
    settings: Settings,
    slack_port: int = 0,
    incidentio_port: int = 0,
    say: Callable[[str], object] = lambda _: None,
) -> Iterator[tuple[World, Stage]]:
    """Run the bot and both stand-ins, all by one clock. Port 0 is any free one.

    ``say`` is called with a line for each delivery.
    """
    router = Router(handlers.GROUPS)
    clock = MovableClock()
    stage = Stage(clock)
    stage.say = say
    world = World(
        now=clock.now,
        command=settings.slash_command,
        shortcuts=[
            Shortcut(name, command.flags.label, "message" in command.parameters)
            for name, command in router.shortcuts.items()
        ],
        slack_port=slack_port,
        incidentio_port=incidentio_port,
        stage=stage,
        people=_people(settings.sandbox_people),
    )
    told = {c.usage: c for c in router.commands.values() if not c.flags.hidden}
    world.slack.usages = tuple((usage, c.help) for usage, c in told.items())
    with closing(world), closing(LocalApp(settings, world, clock)) as app:
        stage.anew += [world.invite_visitors, app.begin]
        stage.processes["worker"] = Process(
            "The worker, which sends reminders", app.start_worker, app.stop_worker
        )
        stage.begin()
        yield world, stage


def sandbox(settings: Settings) -> None:
    """Run the bot between the stand-ins until SIGTERM or SIGINT."""
    ports = settings.sandbox_port, settings.sandbox_port + 1
    for port in ports:
        check("127.0.0.1", port, "SANDBOX_PORT")
    if settings.log_level == "INFO":  # trouble is made on purpose here
        logging.getLogger().setLevel(logging.ERROR)
    with stopping() as stop, local(settings, *ports, say=_say) as (world, _):
        _say(f"Open {world.slack_url}/ and type {settings.slash_command}")
        stop.wait()


def _people(file: str) -> Sequence[Employee]:
    try:
        return read(Path(file)) if file else PEOPLE
    except BadPeople as error:
        raise SettingsError([f"SANDBOX_PEOPLE: {f}" for f in error.faults]) from error


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
