"""Prints what the reminders would send by a time, and to whom, without sending it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from textwrap import indent
from typing import TextIO
from zoneinfo import ZoneInfo

from reminders.engine.kinds import Later, Nothing
from reminders.engine.preview import PreviewedMessage, UnreadableRule
from runtime import wiring
from runtime.settings import Settings
from storage.clock import utc_now

NOTHING = "Nothing would be sent."


def run(
    settings: Settings,
    options: Sequence[str] = (),
    *,
    now: Callable[[], datetime] = utc_now,
    out: TextIO | None = None,
) -> int:
    """Print the preview; return 1 if a source cannot be read, 2 for wrong options."""
    zone = ZoneInfo(settings.timezone)
    try:
        asked = _parser(zone).parse_args(options)
    except SystemExit as stop:
        return int(stop.code or 0)
    at = asked.at or now()
    built = wiring.build(settings, now=now)
    try:
        built.database.check()
        foreseen = list(built.reminders.foresee(at))
    finally:
        built.close()
    until = f"From now until {_time(at, zone)} ({zone.key}):"
    print("\n\n".join([until, *_lines(foreseen, zone)]), file=out or sys.stdout)
    return int(any(isinstance(one, UnreadableRule) for one in foreseen))


def _lines(
    foreseen: Sequence[PreviewedMessage | UnreadableRule], zone: ZoneInfo
) -> Iterator[str]:
    said = [_shown(one, zone) for one in foreseen if not _empty(one)]
    yield from said or [NOTHING]
    if silent := len(foreseen) - len(said):
        yield f"{silent} more would find nothing to say."


def _shown(one: PreviewedMessage | UnreadableRule, zone: ZoneInfo) -> str:
    """Describe one message: when, to whom, under which rule, and what it says."""
    rule = f"{one.rule.kind} {one.rule.id[:8]}"
    name = f" “{one.rule.name}”" if one.rule.name else ""
    if isinstance(one, UnreadableRule):
        return f"{rule}{name}: cannot be foreseen: {one.reason}"
    head = f"{_time(one.at, zone)}  to {one.channel}  ({rule}{name})"
    return "\n".join([head, indent(_answer_text(one, zone), "    ")])


def _answer_text(one: PreviewedMessage, zone: ZoneInfo) -> str:
    if isinstance(one.answer, Nothing):
        return f"not sent: {one.answer.reason}"
    if isinstance(one.answer, Later):
        return f"later, at {_time(one.answer.at, zone)}: {one.answer.reason}"
    return one.answer.text


def _empty(one: PreviewedMessage | UnreadableRule) -> bool:
    """Return whether a message is not listed because it would say nothing."""
    return (
        isinstance(one, PreviewedMessage)
        and isinstance(one.answer, Nothing)
        and one.answer.reason is None
    )


def _time(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %Y-%m-%d %H:%M}"


def _parser(zone: ZoneInfo) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python app.py reminders preview",
        description="Print what reminders would send, to whom; nothing is sent.",
    )
    parser.add_argument(
        "--at",
        type=partial(_moment, zone),
        metavar="YYYY-MM-DDTHH:MM",
        help="foresee what leaves until then, in TIMEZONE or with an offset",
    )
    return parser


def _moment(zone: ZoneInfo, written: str) -> datetime:
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{written} is no time like 2026-03-09T09:30"
        ) from None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
