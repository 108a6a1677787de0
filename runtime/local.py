"""The bot between a local Slack and a local incident.io: ``python app.py sandbox``.

Only this file knows both the bot and the sandbox.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path

import handlers
from handlers.core.pipeline.router import Router
from runtime.processes import started, stopping, ticking
from runtime.settings import Settings
from runtime.wiring import Runtime
from sandbox.backstage.clock import MovableClock
from sandbox.backstage.stage import Process, Stage
from sandbox.serve import serve as serve_locally
from sandbox.slack.state import Shortcut
from sandbox.world import World
from web.address import check


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
            ("bot", "answers", self._start_bot),
            ("worker", "sends reminders", self._start_worker),
        )
        number = self._settings.sandbox_replicas
        for kind, task, start in kinds:
            for nth in range(1, number + 1):
                name = f"{kind} {nth}" if number > 1 else kind
                shown = name.capitalize() if number > 1 else f"The {kind}"
                stop = partial(self._stop, name)
                yield (
                    name,
                    Process(f"{shown}, which {task}", partial(start, name), stop),
                )

    def begin(self) -> None:
        """Begin with an empty database."""
        self.close()
        folder = self._folder.enter_context(tempfile.TemporaryDirectory())
        self._database = f"sqlite:///{Path(folder) / 'sandbox.db'}"

    def close(self) -> None:
        for name in list(self._running):
            self._stop(name)
        self._folder.close()

    def _start(self, name: str) -> tuple[ExitStack, Runtime]:
        stack = self._running[name] = ExitStack()
        own = stack.enter_context(self._world.door(name))
        given = {**self._settings.model_dump(), **own, "database_url": self._database}
        settings = Settings.model_validate(given)
        return stack, stack.enter_context(started(settings, now=self._now))

    def _start_bot(self, name: str) -> None:
        stack, runtime = self._start(name)
        served = stack.enter_context(serve_locally(runtime.wsgi))
        takers = self._world.slack.courier.takers
        takers[name] = f"{served.url}/slack/events"
        stack.callback(takers.pop, name)

    def _start_worker(self, name: str) -> None:
        stack, runtime = self._start(name)
        stack.enter_context(ticking(runtime))

    def _stop(self, name: str) -> None:
        self._running.pop(name).close()


@contextmanager
def local(
    settings: Settings, slack_port: int = 0, incidentio_port: int = 0
) -> Iterator[tuple[World, Stage]]:
    """Run the bot and both stand-ins, all by one clock. Port 0 is any free one."""
    router = Router(handlers.GROUPS)
    clock = MovableClock()
    stage = Stage(clock)
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
    )
    told = {c.usage: c for c in router.commands.values() if not c.flags.hidden}
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
    for part in ("reminders", "slack"):  # people watch the page, not the log
        logging.getLogger(part).setLevel(logging.WARNING)
    with stopping() as stop, local(settings, *ports) as (world, _):
        print(f"Open {world.slack_url}/ and type {settings.slash_command}")  # noqa: T201
        stop.wait()
