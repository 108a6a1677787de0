"""The options of ``doctor``, and the report of ``--live``."""

from __future__ import annotations

import argparse
import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from admin.live.parts import NAMES
from admin.live.run import Live, Options, Refused, Report
from admin.live.terminal import Terminal
from admin.live.trial import Result
from runtime.settings import Settings

FILE = Path("incidentio-bot-live.json")
SOCKETS = ("slack_bolt", "websocket")
"""Loggers that call it an error when a socket is closed."""
UNASKED = (
    "doctor --live posts messages and declares a test incident, so it asks first, and "
    "here is no terminal to ask at. Add --yes and --as to go on without."
)
NAMELESS = "--yes needs --as: who you are in Slack."


def parse(options: Sequence[str]) -> Options | None:
    """Return the options for ``--live``; None without it.

    Raises: ``SystemExit`` where they are wrong, or help is wanted.
    """
    parser = _parser()
    asked = parser.parse_args(options)
    if not asked.live:
        if len(options) > 0:
            parser.error("the other options go with --live")
        return None
    if asked.yes and asked.person is None:
        parser.error(NAMELESS)
    return Options(
        asked.person, asked.channel, asked.file, asked.yes, tuple(asked.only)
    )


def run(settings: Settings, asked: Options, terminal: Terminal, **how: Any) -> int:
    """Try each promise; return 1 if one is broken or something is left behind."""
    try:
        with _quiet():
            report = Live(settings, asked, terminal, **how).run()
    except Refused as error:
        terminal.say(f"Nothing was tried. {error}")
        return 1
    if report is None:
        terminal.say("Nothing was tried.")
        return 0
    for line in _ending(report, asked.file):
        terminal.say(line)
    broken = any(one.result == "broken" for one in report.outcomes)
    return int(broken or bool(report.left) or report.untried > 0)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the log out of what a person reads here, but for warnings of the bot."""
    root, sockets = logging.getLogger(), [logging.getLogger(n) for n in SOCKETS]
    level = root.level
    root.setLevel(max(level, logging.WARNING))
    for logger in sockets:
        logger.disabled = True
    try:
        yield
    finally:
        root.setLevel(level)
        for logger in sockets:
            logger.disabled = False


def _ending(report: Report, file: Path) -> list[str]:
    results = [one.result for one in report.outcomes]
    kinds: tuple[Result, ...] = ("kept", "broken", "skipped")
    counted = ", ".join(f"{results.count(kind)} {kind}" for kind in kinds)
    stopped = f", {report.untried} not tried: it was stopped" if report.untried else ""
    left = [f"Left behind: {sentence}" for sentence in report.left]
    return [
        f"\n{counted}{stopped}.",
        *(left or ["Everything was taken back."]),
        f"Requests and answers are in {file}, redacted. To compare the stand-ins:",
        f"  python -m sandbox compare {file}",
    ]


def _channel(given: str) -> str:
    if not re.fullmatch(r"[CG][A-Z0-9]+", given):
        raise argparse.ArgumentTypeError(
            f"{given} is no id of a channel, like C012AB3CD (it is at the end of the "
            "channel's details)"
        )
    return given


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python app.py doctor",
        description="Check tokens, scopes, roles and the database. With --live, try "
        "each promise of the bot on the workspace and the organisation, after asking; "
        "what is made is taken back.",
    )
    parser.add_argument("--live", action="store_true", help="try each promise")
    parser.add_argument(
        "--as",
        dest="person",
        metavar="PERSON",
        help="who you are in Slack: an email, a @name or an id; otherwise it is asked",
    )
    parser.add_argument(
        "--channel",
        type=_channel,
        metavar="C…",
        help="the channel to post in; otherwise your direct messages",
    )
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        choices=NAMES,
        help="try only this part; may be repeated",
    )
    parser.add_argument(
        "--file",
        type=Path,
        default=FILE,
        help=f"where requests and answers are written, redacted; else {FILE}",
    )
    parser.add_argument("--yes", action="store_true", help="do not ask first")
    return parser
