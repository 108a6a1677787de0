"""The methods of the Web API by name, with their limits and scopes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.slack.errors import Refused
from sandbox.slack.state import SlackState
from sandbox.slack.workspace.records import Json

TRUE = (True, "true", "1", 1)


@dataclass(frozen=True, slots=True)
class Args:
    """The arguments of a call: from the query, a form or JSON."""

    given: Json

    def required(self, name: str) -> str:
        value = self.given.get(name)
        if value in (None, ""):
            message = f"[ERROR] missing required field: {name}"
            raise Refused("invalid_arguments", messages=(message,))
        return str(value)

    def text(self, name: str) -> str | None:
        value = self.given.get(name)
        return None if value in (None, "") else str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        return self.given.get(name, default) in TRUE

    def number(self, name: str, default: int) -> int:
        try:
            return int(self.given.get(name) or default)
        except (TypeError, ValueError) as error:
            raise Refused("invalid_arguments") from error

    def timestamp(self, name: str, default: float) -> float:
        """Return a ``ts``, or the start or end of a period, in seconds."""
        try:
            return float(self.text(name) or default)
        except ValueError as error:
            raise Refused("invalid_arguments") from error

    def json(self, name: str, error: str = "invalid_arguments") -> Any:
        """Return a JSON value, which forms carry as a string."""
        value = self.given.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError as cause:
            raise Refused(error) from cause


Run = Callable[[SlackState, Args], Json]


@dataclass(frozen=True, slots=True)
class Method:
    name: str
    run: Run
    tier: int | None
    scopes: tuple[str, ...]
    """Any one of these is enough."""
    app_token: bool


METHODS: dict[str, Method] = {}


def method(
    name: str,
    *,
    tier: int | None = None,
    scopes: tuple[str, ...] = (),
    app_token: bool = False,
) -> Callable[[Run], Run]:
    def register(run: Run) -> Run:
        METHODS[name] = Method(name, run, tier, scopes, app_token)
        return run

    return register


def page(items: list[Any], args: Args, *, default: int = 100) -> tuple[list[Any], Json]:
    """Return one page by ``limit`` and ``cursor``, and its response metadata."""
    start = _start(args.text("cursor"))
    end = start + max(1, min(args.number("limit", default), 1000))
    cursor = f"at:{end}" if end < len(items) else ""
    return items[start:end], {"response_metadata": {"next_cursor": cursor}}


def _start(cursor: str | None) -> int:
    if cursor is None:
        return 0
    number = cursor.removeprefix("at:")
    if not number.isdecimal():
        raise Refused("invalid_cursor")
    return int(number)
