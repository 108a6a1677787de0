"""What an operation reaches for while it serves a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app, g, request

from sandbox.incidentio.http.errors import Problem, Refused
from sandbox.incidentio.http.listeners import Hooks
from sandbox.incidentio.http.payload import Payload
from sandbox.incidentio.state.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

Answer = dict[str, Any] | tuple[dict[str, Any], int] | tuple[str, int]


def store() -> Store:
    found = current_app.extensions["incidentio.store"]
    assert isinstance(found, Store)
    return found


def hooks() -> Hooks:
    found = current_app.extensions["incidentio.hooks"]
    assert isinstance(found, Hooks)
    return found


def payload() -> Payload:
    data = request.get_json(silent=True)
    if not isinstance(data, dict):
        problem = Problem("decode_payload", "The body must be a JSON object.")
        raise Refused(400, problem)
    return Payload(data)


def afterwards(event: Callable[[], object]) -> None:
    """Tell others once the work is done, and before it is answered."""
    g.events.append(event)
