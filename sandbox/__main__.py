"""``python -m sandbox compare FILE``: compares the services with their stand-ins."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from sandbox.compare.record import Unreadable, read
from sandbox.compare.replay import Comparison, compare

SAME, DIFFERENT, MISUSE = 0, 1, 2
USAGE = """Usage: python -m sandbox compare FILE

Sends the requests of a file that python app.py doctor --live has written to fresh
stand-ins, and lists how their answers differ from those in the file."""


def main(arguments: Sequence[str]) -> int:
    match arguments:
        case ["compare", file] if not file.startswith("-"):
            return _compare(Path(file))
        case ["-h" | "--help"] | ["compare", "-h" | "--help"]:
            _say(USAGE)
            return SAME
    _say(USAGE, sys.stderr)
    return MISUSE


def _compare(path: Path) -> int:
    try:
        record = read(path)
    except Unreadable as error:
        _say(error, sys.stderr)
        return MISUSE
    comparison = compare(record, datetime.now(UTC))
    for difference in comparison.differences:
        _say(difference)
    _say(_summary(comparison))
    return DIFFERENT if comparison.differences else SAME


def _say(line: object, out: TextIO | None = None) -> None:
    (out or sys.stdout).write(f"{line}\n")


def _summary(comparison: Comparison) -> str:
    number, compared = len(comparison.differences), comparison.compared
    differ = "1 difference" if number == 1 else f"{number or 'no'} differences"
    unanswered = comparison.unanswered
    left_out = f" {unanswered} had no answer and were left out." if unanswered else ""
    return f"{compared} answers compared: {differ}.{left_out}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
