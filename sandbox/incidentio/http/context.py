"""The parts of the stand-in, as an operation reaches them during a request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import current_app, g, request

from sandbox.incidentio.http.access import Key
from sandbox.incidentio.http.errors import Problem, Refused, not_found
from sandbox.incidentio.http.middleware import Faults, Request
from sandbox.incidentio.http.payload import Payload
from sandbox.incidentio.http.webhooks import Webhooks
from sandbox.incidentio.state.store import Store
from sandbox.incidentio.state.table import Table

Answer = dict[str, Any] | tuple[dict[str, Any], int] | tuple[str, int]
Created = Callable[[dict[str, Any]], None]
Announced = Callable[[dict[str, Any], str], None]
Row = TypeVar("Row")
P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Listeners:
    """Callbacks for new incidents and announcements, which go to Slack."""

    created: list[Created] = field(default_factory=list)
    announced: list[Announced] = field(default_factory=list)

    def tell_created(self, incident: dict[str, Any]) -> None:
        for listener in self.created:
            listener(incident)

    def tell_announced(self, incident: dict[str, Any], text: str) -> None:
        for listener in self.announced:
            listener(incident, text)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the stand-in that operations share."""

    store: Store
    key: Key
    webhooks: Webhooks
    faults: Faults = field(default_factory=Faults)
    listeners: Listeners = field(default_factory=Listeners)
    requests: list[Request] = field(default_factory=list)


def parts() -> Parts:
    found = current_app.extensions["incidentio"]
    assert isinstance(found, Parts)
    return found


def store() -> Store:
    return parts().store


def key() -> Key:
    return parts().key


def tell(kind: str, data: dict[str, Any]) -> None:
    """Send a webhook once the work is done."""
    webhooks = parts().webhooks
    afterwards(lambda: webhooks.send(kind, data))


def listeners() -> Listeners:
    return parts().listeners


def payload() -> Payload:
    """Return the body of the request. Raises: Refused when it is no object."""
    data = request.get_json(silent=True)
    if not isinstance(data, dict):
        problem = Problem("decode_payload", "The body must be a JSON object.")
        raise Refused(400, problem)
    return Payload(data)


def find(table: Table[Row], id_: str, what: str) -> Row:
    """Return the row of a path's id. Raises: Refused with 404 when there is none."""
    row = table.get(id_)
    if row is None:
        raise not_found(what)
    return row


def afterwards(event: Callable[[], object]) -> None:
    """Run something once the work is done, and before the request is answered."""
    g.events.append(event)


def needs(*roles: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Refuse the operation to a key that has none of the roles."""

    def guard(operation: Callable[P, R]) -> Callable[P, R]:
        @wraps(operation)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            key().require(*roles)
            return operation(*args, **kwargs)

        return guarded

    return guard
