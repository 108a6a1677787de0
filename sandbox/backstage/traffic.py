"""The requests between Slack, the app and incident.io, the newest last."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from sandbox.slack.delivery.courier import Delivery

MOST = 400
"""Exchanges that are kept."""
LONGEST = 20_000
"""Characters of a body that are kept."""
Way = Literal["to Slack", "to incident.io", "to the app"]


@dataclass(frozen=True, slots=True)
class Asked:
    method: str
    path: str
    body: str


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer; ``status`` None: there was none."""

    status: int | None
    ms: float
    body: str
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer."""

    number: int
    at: datetime
    way: Way
    asked: Asked
    answered: Answered
    by: str = ""
    """The process that asked, or that a delivery was sent to; "": the only one."""

    def brief(self) -> dict[str, Any]:
        """Return it as JSON, without the bodies."""
        return {
            "number": self.number,
            "at": self.at.isoformat(),
            "way": self.way,
            "by": self.by,
            "method": self.asked.method,
            "path": self.asked.path,
            "status": self.answered.status,
            "error": self.answered.error,
            "ms": round(self.answered.ms, 1),
        }

    def bodies(self) -> dict[str, str]:
        return {
            "request": self.asked.body[:LONGEST],
            "answer": self.answered.body[:LONGEST],
        }


class Traffic:
    """Keeps the latest exchanges; ``changed`` is called after each."""

    def __init__(
        self, now: Callable[[], datetime], changed: Callable[[], object]
    ) -> None:
        self._now = now
        self._changed = changed
        self._kept: deque[Exchange] = deque(maxlen=MOST)
        self._lock = Lock()
        self._count = 0

    def __iter__(self) -> Iterator[Exchange]:
        with self._lock:
            return iter(list(self._kept))

    def find(self, number: int) -> Exchange | None:
        return next((one for one in self if one.number == number), None)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()

    def add(self, way: Way, asked: Asked, answered: Answered, by: str = "") -> None:
        with self._lock:
            self._count += 1
            kept = Exchange(self._count, self._now(), way, asked, answered, by)
            self._kept.append(kept)
        self._changed()

    def delivered(self, delivery: Delivery) -> None:
        """Keep a delivery to the app."""
        asked = json.dumps(delivery.payload, indent=1, ensure_ascii=False)
        answer = "" if delivery.body is None else json.dumps(delivery.body, indent=1)
        ms = delivery.seconds * 1000
        kind = delivery.payload.get("command") or delivery.kind
        self.add(
            "to the app",
            Asked("POST", str(kind), asked),
            Answered(delivery.status, ms, answer, delivery.error),
            delivery.taker,
        )


def _error(answer: str) -> str | None:
    """Return the error that an answer of Slack's names."""
    try:
        found = json.loads(answer) if answer.startswith("{") else {}
    except ValueError:
        return None
    error = found.get("error")
    return error if isinstance(error, str) else None


class Recorded:
    """Wraps an application, and keeps requests whose path has one of ``prefixes``.

    ``by`` is who makes all of them, if that is known.
    """

    def __init__(
        self,
        app: WSGIApplication,
        traffic: Traffic,
        way: Way,
        prefixes: tuple[str, ...],
        by: str = "",
    ) -> None:
        self._app = app
        self._traffic = traffic
        self._way: Way = way
        self._prefixes = prefixes
        self._by = by

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if not path.startswith(self._prefixes):
            return self._app(environ, start_response)
        asked = environ["wsgi.input"].read()
        environ["wsgi.input"] = BytesIO(asked)
        began = time.monotonic()
        try:
            answer = Response.from_app(self._app, environ)
        except ConnectionError:
            self._keep(environ, None, began, asked, b"")
            raise
        self._keep(environ, answer.status_code, began, asked, answer.get_data())
        return answer(environ, start_response)

    def _keep(
        self,
        environ: WSGIEnvironment,
        status: int | None,
        began: float,
        asked: bytes,
        answered: bytes,
    ) -> None:
        query = environ.get("QUERY_STRING", "")
        path = environ["PATH_INFO"] + (f"?{query}" if query else "")
        ms = (time.monotonic() - began) * 1000
        request, answer = (b.decode(errors="replace") for b in (asked, answered))
        self._traffic.add(
            self._way,
            Asked(environ["REQUEST_METHOD"], path, request),
            Answered(status, ms, answer, _error(answer)),
            self._by,
        )
