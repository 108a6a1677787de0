"""WSGI middleware: records requests, and carries out the faults that tests set."""

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
    """Trouble for matching requests: a delay, a dropped connection, an answer."""

    method: str
    path_glob: str
    status: int | None = None
    delay: float | None = None
    drop: Drop = False
    """True or "before": nothing is done; "after": done, and never answered."""
    body: Any = None
    """Text is sent as HTML, anything else as JSON; None: incident.io's own error."""
    headers: dict[str, str] = field(default_factory=dict)
    times: int | None = None
    ended: Event = field(default_factory=Event)

    @property
    def answers(self) -> bool:
        return self.status is not None or self.body is not None

    def matches(self, method: str, path: str) -> bool:
        wanted = self.method.upper() in {"*", method}
        return wanted and self.times != 0 and fnmatchcase(path, self.path_glob)

    def wait(self) -> None:
        """Wait for the delay, or until the faults are cleared."""
        if self.delay:
            self.ended.wait(self.delay)


class Faults:
    """The faults that are set; the newest that matches a request is carried out."""

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
                if fault.matches(method, path):
                    if fault.times is not None:
                        fault.times -= 1
                    return fault
        return None


class Request(NamedTuple):
    """A recorded request; ``status`` None: the connection was dropped."""

    method: str
    path: str
    query: dict[str, list[str]]
    json: Any
    status: int | None


class Middleware:
    """Wraps the API, except for the controls under /sandbox/."""

    def __init__(
        self,
        app: WSGIApplication,
        faults: Faults,
        record: Callable[[Request], None],
        fault_response: Callable[[int], Response],
    ) -> None:
        self._app = app
        self._faults = faults
        self._record = record
        self._fault_response = fault_response

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith(CONTROLS):
            return self._app(environ, start_response)
        request = _read_request(environ)
        fault = self._faults.take(request.method, request.path)
        if fault is None:
            return self._pass_on(request, environ, start_response)
        response = self._answer(fault, environ)
        if response is None:
            self._record(request)
            return _drop_connection(environ)
        self._record(request._replace(status=response.status_code))
        return response(environ, start_response)

    def _pass_on(
        self, request: Request, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        def recorded(status: str, *answer: Any) -> Callable[[bytes], object]:
            self._record(request._replace(status=int(status[:3])))
            return start_response(status, *answer)

        return self._app(environ, recorded)

    def _answer(self, fault: Fault, environ: WSGIEnvironment) -> Response | None:
        fault.wait()
        if fault.drop:
            if fault.drop == "after":
                Response.from_app(self._app, environ)
            return None
        if fault.answers:
            return self._planned_response(fault)
        return Response.from_app(self._app, environ)

    def _planned_response(self, fault: Fault) -> Response:
        status = fault.status or 200
        if fault.body is None:
            response = self._fault_response(status)
        elif isinstance(fault.body, str):
            response = Response(fault.body, status, mimetype="text/html")
        else:
            body = json.dumps(fault.body)
            response = Response(body, status, mimetype="application/json")
        response.headers.update(fault.headers)
        return response


def _read_request(environ: WSGIEnvironment) -> Request:
    """Return the request for the record; its body can be read again."""
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


def _drop_connection(environ: WSGIEnvironment) -> Iterable[bytes]:
    connection = environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError("dropped on purpose")
