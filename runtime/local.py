"""The bot between a local Slack and a local incident.io: ``python app.py sandbox``.

Only this file knows both the bot and the sandbox.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path

import handlers
from handlers.core.pipeline.router import Router
from runtime.processes import started, stopping, ticking
from runtime.settings import Settings
from sandbox.serve import serve as serve_locally
from sandbox.slack.state import Shortcut
from sandbox.world import World
from web.address import check

SLACK_PORT = 3100
INCIDENTIO_PORT = 3101


def sandbox(settings: Settings) -> None:
    """Run the bot and both stand-ins until SIGTERM or SIGINT."""
    shortcuts = [
        Shortcut(name, command.flags.label, "message" in command.parameters)
        for name, command in Router(handlers.GROUPS).shortcuts.items()
    ]
    for port in (SLACK_PORT, INCIDENTIO_PORT):
        check("127.0.0.1", port, None)
    with stopping() as stop, ExitStack() as stack:
        world = World(
            command=settings.slash_command,
            shortcuts=shortcuts,
            slack_port=SLACK_PORT,
            incidentio_port=INCIDENTIO_PORT,
        )
        stack.callback(world.close)
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        database = f"sqlite:///{Path(folder) / 'sandbox.db'}"
        here = {**settings.model_dump(), **world.settings, "database_url": database}
        local = Settings.model_validate(here)
        runtime = stack.enter_context(started(local))
        served = stack.enter_context(serve_locally(runtime.wsgi))
        world.slack.deliver_to(f"{served.url}/slack/events")
        stack.enter_context(ticking(runtime))
        print(f"Open {world.slack_url}/ and type {settings.slash_command}")  # noqa: T201
        stop.wait()
