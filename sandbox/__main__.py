"""The stand-ins for other programs: ``python -m sandbox``.

``serve`` runs them for any app; ``people`` prints who is in them; ``compare`` compares
recorded answers of the services with theirs.
"""

from __future__ import annotations

import argparse
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import TextIO

from sandbox.backstage.stage import Stage
from sandbox.company import PEOPLE
from sandbox.compare.record import Unreadable, read
from sandbox.compare.replay import Comparison, compare
from sandbox.people import BadPeople, printed
from sandbox.people import read as read_people
from sandbox.slack.manifest import NoManifest
from sandbox.slack.manifest import read as read_manifest
from sandbox.world import World

SAME, DIFFERENT, MISUSE = 0, 1, 2
PORT = 3100
SETTINGS = """
SLACK_API_URL={slack_api_url}
SLACK_BOT_TOKEN={slack_bot_token}
SLACK_APP_TOKEN={slack_app_token}
SLACK_SIGNING_SECRET={slack_signing_secret}
INCIDENTIO_API_URL={incidentio_api_url}
INCIDENTIO_API_KEY={incidentio_api_key}
"""


def main(arguments: Sequence[str]) -> int:
    """Run a command; return the exit code."""
    try:
        asked = _parser().parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        return RUNS[asked.command](asked)
    except (Unreadable, NoManifest, BadPeople) as error:
        _say(error, sys.stderr)
        return MISUSE


def open_world(
    port: int,
    manifest: Path | None = None,
    request_url: str | None = None,
    people: Path | None = None,
) -> World:
    """Serve both stand-ins for an app. Raises ``NoManifest``, ``BadPeople``."""
    stage = Stage()
    stage.say = _say
    world = World(
        slack_port=port,
        incidentio_port=port + 1 if port else 0,
        stage=stage,
        app=None if manifest is None else read_manifest(manifest),
        people=PEOPLE if people is None else read_people(people),
    )
    world.invite_visitors()
    if request_url:
        world.slack.deliver_to(request_url)
    return world


def _serve(asked: argparse.Namespace) -> int:
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: Thread(target=stop.set).start())
    for port in (asked.port, asked.port + 1) if asked.port else ():
        if fault := _port_fault(port):
            _say(f"{fault} Choose another with --port.", sys.stderr)
            return MISUSE
    opened = open_world(asked.port, asked.manifest, asked.request_url, asked.people)
    with closing(opened) as world:
        _say(f"Settings of an app:\n{SETTINGS.format(**world.settings)}")
        _say(f"Open {world.slack_url}/")
        while not stop.wait(1):  # a signal may miss the beginning of a wait
            pass
    return 0


def _port_fault(port: int) -> str | None:
    """Return why a port cannot be used; None where it can."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        return f"Port {port} cannot be used: {error.strerror}."
    return None


def _people(_: argparse.Namespace) -> int:
    _say(printed())
    return 0


def _compare(asked: argparse.Namespace) -> int:
    comparison = compare(read(asked.file), datetime.now(UTC))
    for difference in comparison.differences:
        _say(difference)
    _say(_summary(comparison))
    return DIFFERENT if comparison.differences else SAME


def _summary(comparison: Comparison) -> str:
    number, compared = len(comparison.differences), comparison.compared
    differ = "1 difference" if number == 1 else f"{number or 'no'} differences"
    unanswered = comparison.unanswered
    left_out = f" {unanswered} had no answer and were left out." if unanswered else ""
    return f"{compared} answers compared: {differ}.{left_out}"


def _say(line: object, out: TextIO | None = None) -> None:
    out = out or sys.stdout
    out.write(f"{line}\n")
    out.flush()


RUNS: dict[str, Callable[[argparse.Namespace], int]] = {
    "serve": _serve,
    "people": _people,
    "compare": _compare,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox", description="A local Slack and a local incident.io."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="run both, for any app")
    serve.add_argument(
        "--manifest",
        type=Path,
        metavar="FILE",
        help="the app's manifest, as JSON: its commands, shortcuts, scopes and events",
    )
    serve.add_argument(
        "--request-url",
        metavar="URL",
        help="where an app without Socket Mode takes its deliveries",
    )
    serve.add_argument(
        "--port",
        type=int,
        default=PORT,
        help=f"Slack's port, {PORT} if not given; incident.io has the next; 0: any two",
    )
    serve.add_argument(
        "--people",
        type=Path,
        metavar="FILE",
        help="who the people are: what the command people prints, changed",
    )
    commands.add_parser("people", help="print the people, to be changed in a file")
    held = commands.add_parser(
        "compare", help="compare what doctor --live has recorded with both"
    )
    held.add_argument("file", type=Path, metavar="FILE")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
