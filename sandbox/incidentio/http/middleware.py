"""What wraps the API: the record of requests, and faults that tests ask for."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from io import BytesIO
from threading import Event, Lock
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from urllib.parse import parse_qs

from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CONTROLS = "/sandbox/"
Drop = Literal["before", "after"] | bool


@dataclass(slots=True)
class Fault:
    method: str
    path_glob: str
    status: int | None = None
    delay: float | None = None
    drop: Drop = False
    """True or "before": nothing is done; "after": done, and never answered."""
    body: Any = None
    """Text is sent as HTML, anything else as JSON; None: the vendor's own."""
    headers: dict[str, str] = field(default_factory=dict)
    times: int | None = None
    ended: Event = field(default_factory=Event)

    @property
    def answers(self) -> bool:
        return self.status is not None or self.body is not None

    def fits(self, method: str, path: str) -> bool:
        wanted = self.method.upper() in {"*", method}
        return wanted and self.times != 0 and fnmatchcase(path, self.path_glob)

    def hold(self) -> None:
        """Wait as long as asked, or until the faults are cleared."""
        if self.delay:
            self.ended.wait(self.delay)


class Faults:
    """The newest that fits a request is the one that happens."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = Lock()

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.insert(0, fault)

    def clear(self) -> None:
        with self._lock:
            for fault in self._faults:
                fault.ended.set()
            self._faults.clear()

    def take(self, method: str, path: str) -> Fault | None:
        with self._lock:
            for fault in self._faults:
                if fault.fits(method, path):
                    if fault.times is not None:
                        fault.times -= 1
                    return fault
        return None


class Request(NamedTuple):
    """A request as it came; ``status`` None: the connection was dropped."""

    method: str
    path: str
    query: dict[str, list[str]]
    json: Any
    status: int | None


class Middleware:
    """Wraps the API; its own controls under /sandbox/ pass untouched."""

    def __init__(
        self,
        app: WSGIApplication,
        faults: Faults,
        record: Callable[[Request], None],
        explain: Callable[[int], Response],
    ) -> None:
        self._app = app
        self._faults = faults
        self._record = record
        self._explain = explain

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith(CONTROLS):
            return self._app(environ, start_response)
        request = _seen(environ)
        fault = self._faults.take(request.method, request.path)
        response = self._answer(fault, environ)
        if response is None:
            self._record(request)
            return _cut(environ)
        self._record(request._replace(status=response.status_code))
        return response(environ, start_response)

    def _answer(self, fault: Fault | None, environ: WSGIEnvironment) -> Response | None:
        if fault is None:
            return Response.from_app(self._app, environ)
        fault.hold()
        if fault.drop:
            if fault.drop == "after":
                Response.from_app(self._app, environ)
            return None
        if fault.answers:
            return self._prepared(fault)
        return Response.from_app(self._app, environ)

    def _prepared(self, fault: Fault) -> Response:
        status = fault.status or 200
        if fault.body is None:
            response = self._explain(status)
        elif isinstance(fault.body, str):
            response = Response(fault.body, status, mimetype="text/html")
        else:
            body = json.dumps(fault.body)
            response = Response(body, status, mimetype="application/json")
        response.headers.update(fault.headers)
        return response


def _seen(environ: WSGIEnvironment) -> Request:
    """Read the body for the record, and leave it to be read again."""
    chunked = environ.get("wsgi.input_terminated", False)
    length = -1 if chunked else int(environ.get("CONTENT_LENGTH") or 0)
    raw = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = BytesIO(raw)
    try:
        body = json.loads(raw) if raw else None
    except ValueError:
        body = raw.decode(errors="replace")
    query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    path = environ["PATH_INFO"].encode("latin-1").decode(errors="replace")
    return Request(environ["REQUEST_METHOD"], path, query, body, None)


def _cut(environ: WSGIEnvironment) -> Iterable[bytes]:
    connection = environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError("dropped on purpose")
