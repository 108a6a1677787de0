"""The bot between a local Slack and a local incident.io: ``python app.py sandbox``.

Only this file knows both the bot and the sandbox.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import handlers
from handlers.core.pipeline.router import Router
from runtime.processes import started, stopping, ticking
from runtime.settings import Settings
from sandbox.backstage.clock import MovableClock
from sandbox.backstage.stage import Process, Stage
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
        runtime = self._worker.enter_context(started(self._settings, now=self._now))
        self._worker.enter_context(ticking(runtime))

    def stop_worker(self) -> None:
        self._worker.close()

    def close(self) -> None:
        self._worker.close()
        self._stack.close()


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
    for part in ("reminders", "slack"):  # people watch the page, not the log
        logging.getLogger(part).setLevel(logging.WARNING)
    with stopping() as stop, local(settings, *ports) as (world, _):
        print(f"Open {world.slack_url}/ and type {settings.slash_command}")  # noqa: T201
        stop.wait()
