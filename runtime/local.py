"""The bot between a local Slack and a local incident.io: ``python app.py sandbox``.

Only this file knows both the bot and the sandbox.
"""

from __future__ import annotations

import logging
import tempfile
from contextlib import ExitStack, closing
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

    Its worker can be stopped and started while the rest goes on.
    """

    def __init__(self, settings: Settings, world: World, clock: MovableClock) -> None:
        self._settings = settings
        self._world = world
        self._clock = clock
        self._stack = ExitStack()
        self._worker = ExitStack()
        self._runtime: Runtime | None = None

    def begin(self) -> None:
        """Start, or start again, with an empty database."""
        self.close()
        folder = self._stack.enter_context(tempfile.TemporaryDirectory())
        database = f"sqlite:///{Path(folder) / 'sandbox.db'}"
        given = {**self._settings.model_dump(), **self._world.settings}
        local = Settings.model_validate({**given, "database_url": database})
        self._runtime = self._stack.enter_context(started(local, now=self._clock.now))
        served = self._stack.enter_context(serve_locally(self._runtime.wsgi))
        self._world.slack.deliver_to(f"{served.url}/slack/events")
        self.start_worker()

    def start_worker(self) -> None:
        if self._runtime is not None:
            self._worker.close()
            self._worker.enter_context(ticking(self._runtime))

    def stop_worker(self) -> None:
        self._worker.close()

    def close(self) -> None:
        self._worker.close()
        self._stack.close()


def sandbox(settings: Settings) -> None:
    """Run the bot and both stand-ins until SIGTERM or SIGINT."""
    router = Router(handlers.GROUPS)
    shortcuts = [
        Shortcut(name, command.flags.label, "message" in command.parameters)
        for name, command in router.shortcuts.items()
    ]
    slack_port, incidentio_port = settings.sandbox_port, settings.sandbox_port + 1
    for port in (slack_port, incidentio_port):
        check("127.0.0.1", port, "SANDBOX_PORT")
    for part in ("reminders", "slack"):  # people watch the page, not the log
        logging.getLogger(part).setLevel(logging.WARNING)
    with stopping() as stop, ExitStack() as stack:
        clock = MovableClock()
        stage = Stage(clock)
        world = World(
            now=clock.now,
            command=settings.slash_command,
            shortcuts=shortcuts,
            slack_port=slack_port,
            incidentio_port=incidentio_port,
            stage=stage,
        )
        stack.callback(world.close)
        told = {c.usage: c for c in router.commands.values() if not c.flags.hidden}
        world.slack.usages = tuple((usage, c.help) for usage, c in told.items())
        app = stack.enter_context(closing(LocalApp(settings, world, clock)))
        app.begin()
        world.invite_visitors()
        stage.anew += [world.invite_visitors, app.begin]
        stage.processes["worker"] = Process(
            "The worker, which sends reminders", app.start_worker, app.stop_worker
        )
        print(f"Open {world.slack_url}/ and type {settings.slash_command}")  # noqa: T201
        stop.wait()
