"""Reads the file in which requests and answers are recorded as shapes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

FORMAT, VERSION = "incidentio-bot live record", 1
SERVICES = ("Slack", "incident.io")

Shape = Any
"""JSON in which values are named: ``{text}``, ``{incident:1}``, ``{time+60}``."""


class Unreadable(Exception):
    """The file is no such record; the message says why."""


@dataclass(frozen=True, slots=True)
class Answered:
    status: int
    headers: Sequence[str]
    """The names of those that are compared, in lower case."""
    body: Shape


@dataclass(frozen=True, slots=True)
class Exchange:
    service: Literal["Slack", "incident.io"]
    method: str
    path: str
    query: Sequence[tuple[str, Shape]]
    sends: Literal["json", "form"] | None
    body: Shape
    answer: Answered | None
    """None: the service did not answer."""


def read(path: Path) -> Sequence[Exchange]:
    """Return the exchanges in a file. Raises ``Unreadable``."""
    try:
        document = json.loads(path.read_text())
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise Unreadable(f"{path} is not JSON.") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Unreadable(
            f"{path} was not written by python app.py doctor --live: it has no "
            f"format “{FORMAT}”."
        )
    if document.get("version") != VERSION:
        found = document.get("version")
        raise Unreadable(f"{path} has version {found}; this reads version {VERSION}.")
    try:
        return list(_exchanges(document["exchanges"]))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Unreadable(f"{path} is damaged: an exchange is incomplete.") from error


def _exchanges(found: Any) -> Iterator[Exchange]:
    for one in found:
        answer = one["answer"]
        if one["service"] not in SERVICES or not one["path"].startswith("/"):
            raise ValueError(one["service"])
        yield Exchange(
            one["service"],
            str(one["method"]),
            one["path"],
            [(str(key), shape) for key, shape in one["query"]],
            one["sends"],
            one["body"],
            answer and _answered(answer),
        )


def _answered(answer: Any) -> Answered:
    return Answered(int(answer["status"]), list(answer["headers"]), answer["body"])
