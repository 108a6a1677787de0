"""The bot between a local Slack and a local incident.io: ``python app.py sandbox``.

Only this file knows both the bot and the sandbox.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path

import handlers
from runtime.processes import prepare, started, stopping, ticking, wait_for
from runtime.settings import Settings, SettingsError
from runtime.wiring import Runtime
from sandbox.backstage.clock import MovableClock
from sandbox.backstage.stage import Process, Stage
from sandbox.company import PEOPLE, Employee
from sandbox.people import BadPeople, read
from sandbox.serve import serve as serve_locally
from sandbox.slack.state import Shortcut
from sandbox.world import World
from web.address import check

Run = Callable[[str, Runtime], AbstractContextManager[None]]


class LocalApp:
    """The bot between the stand-ins, with a database that lasts until the next start.

    As on several machines, bots that answer and workers that send reminders share the
    database alone: each can be stopped and started while the others go on.
    """

    def __init__(self, settings: Settings, world: World, clock: MovableClock) -> None:
        self._settings = settings
        self._world = world
        self._now = clock.now
        self._folder = ExitStack()
        self._running: dict[str, ExitStack] = {}

    def processes(self) -> Iterator[tuple[str, Process]]:
        """Yield each process with its name."""
        kinds = (
            ("bot", "which answers", self._answering),
            ("worker", "which sends reminders", self._sending),
        )
        several = self._settings.sandbox_replicas > 1
        for kind, task, run in kinds:
            for nth in range(1, self._settings.sandbox_replicas + 1):
                name = f"{kind} {nth}" if several else f"the {kind}"
                start, stop = partial(self._start, name, run), partial(self._stop, name)
                label = f"{name[0].upper()}{name[1:]}, {task}"
                yield name.removeprefix("the "), Process(label, start, stop)

    def begin(self) -> None:
        """Begin with an empty database."""
        self.close()
        folder = self._folder.enter_context(tempfile.TemporaryDirectory())
        database = f"sqlite:///{Path(folder) / 'sandbox.db'}"
        given = {**self._settings.model_dump(), **self._world.settings}
        self._settings = Settings.model_validate({**given, "database_url": database})
        prepare(self._settings)

    def close(self) -> None:
        for name in list(self._running):
            self._stop(name)
        self._folder.close()

    def _start(self, name: str, run: Run) -> None:
        with ExitStack() as stack:
            own = stack.enter_context(self._world.door(name))
            given = {**self._settings.model_dump(), **own}
            settings = Settings.model_validate(given)
            starting = started(settings, now=self._now, prepared=True)
            stack.enter_context(run(name, stack.enter_context(starting)))
            self._running[name] = stack.pop_all()

    def _stop(self, name: str) -> None:
        self._running.pop(name).close()

    @contextmanager
    def _answering(self, name: str, runtime: Runtime) -> Iterator[None]:
        takers = self._world.slack.courier.takers
        with serve_locally(runtime.wsgi) as served:
            takers[name] = f"{served.url}/slack/events"
            try:
                yield
            finally:
                del takers[name]

    @staticmethod
    def _sending(_name: str, runtime: Runtime) -> AbstractContextManager[None]:
        return ticking(runtime)


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
    clock = MovableClock()
    stage = Stage(clock)
    stage.say = say
    world = World(
        now=clock.now,
        command=settings.slash_command,
        shortcuts=[
            Shortcut(name, command.flags.label, "message" in command.parameters)
            for name, command in handlers.ROUTER.shortcuts.items()
        ],
        slack_port=slack_port,
        incidentio_port=incidentio_port,
        stage=stage,
        people=_people(settings.sandbox_people),
    )
    known = handlers.ROUTER.commands.values()
    told = {c.usage: c for c in known if not c.flags.hidden}
    world.slack.usages = tuple((usage, c.help) for usage, c in told.items())
    with closing(world), closing(LocalApp(settings, world, clock)) as app:
        stage.anew += [world.invite_visitors, app.begin]
        stage.processes.update(app.processes())
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
        wait_for(stop)


def _people(file: str) -> Sequence[Employee]:
    try:
        return read(Path(file)) if file else PEOPLE
    except BadPeople as error:
        raise SettingsError([f"SANDBOX_PEOPLE: {f}" for f in error.faults]) from error


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
