"""Exports the journal as JSON lines, oldest first, private incidents included.

The lines have no secrets, and not the words that people typed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TextIO

from runtime.settings import Settings
from storage.audit import Audit
from storage.database import open_database
from storage.entry import Entry

COLUMNS = (
    "actor",
    "account",
    "channel",
    "operation",
    "target",
    "incident_id",
    "changes",
    "state",
    "outcome",
    "request_id",
    "attempt",
)
DAY = timedelta(days=1)


def run(settings: Settings, options: Sequence[str] = ()) -> int:
    """Export to standard output; return 2 for wrong options."""
    try:
        asked = _parser().parse_args(options)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        export(settings, asked.since, asked.until and asked.until + DAY, sys.stdout)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read it has enough; Python would say so once more at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def export(
    settings: Settings, since: datetime | None, before: datetime | None, out: TextIO
) -> None:
    """Write the entries of a period to ``out`` as they are read, one a line."""
    database = open_database(settings.database_url)
    try:
        database.check()
        for entry in Audit(database).stream(since, before):
            print(json.dumps(_shown(entry)), file=out)
    finally:
        database.close()


def _shown(entry: Entry) -> dict[str, Any]:
    finished = entry.finished_at
    return {
        "id": entry.id,
        "ref": entry.ref,
        "key": entry.key,
        "at": entry.accepted_at.isoformat(),
        "finished_at": finished.isoformat() if finished else None,
        **{name: getattr(entry, name) for name in COLUMNS},
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python app.py audit export",
        description="Print what was done and what was refused, as JSON lines.",
    )
    day = {"type": _day, "metavar": "YYYY-MM-DD"}
    parser.add_argument("--since", **day, help="the first day, in UTC")  # type: ignore[arg-type]
    parser.add_argument("--until", **day, help="the last day, in UTC")  # type: ignore[arg-type]
    return parser


def _day(written: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(written), time(), UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{written} is no day like 2026-03-09"
        ) from None
