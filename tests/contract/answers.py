"""Holds what the stand-in answers to the contract."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from werkzeug.wrappers import Response

from tests.contract.incidentio import CONTRACT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

UNROUTED = (404, 405)
"""How a path that there is not is answered."""


class Answers:
    """A WSGI application that also notes where its answers break the contract.

    What the stand-in is told to answer, and its own controls, are not judged.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app
        self.faults: list[str] = []

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        response = Response.from_app(self.app, environ)
        if "x-request-id" in response.headers and not path.startswith("/sandbox/"):
            self._judge(method, path, response)
        return response(environ, start_response)

    def _judge(self, method: str, path: str, response: Response) -> None:
        status, raw = response.status_code, response.get_data()
        if CONTRACT.operation(method, path) is None and status in UNROUTED:
            return
        body = json.loads(raw) if raw else None
        found = CONTRACT.answer(method, path, status, body)
        self.faults += [f"{method} {path}: {fault}" for fault in found]
