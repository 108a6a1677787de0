"""The Flask application: admits requests one at a time, and answers errors."""

from __future__ import annotations

import json
from importlib import import_module
from itertools import count
from pkgutil import walk_packages
from threading import RLock
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Flask, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BareResponse

from sandbox.incidentio.http import errors
from sandbox.incidentio.http.context import Parts, key
from sandbox.incidentio.http.errors import Problem, Refused
from sandbox.incidentio.http.middleware import CONTROLS
from sandbox.serve import is_from_here

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Response
    from flask.typing import ResponseReturnValue

    from sandbox.incidentio.http.rate_limit import RateLimits


class Service(Flask):
    """Serves one operation at a time. What a fault delays keeps no other waiting."""

    def __init__(self, limit: RateLimits, parts: Parts) -> None:
        super().__init__(__name__, static_folder=None)
        self.json.sort_keys = False  # type: ignore[attr-defined]
        self.extensions["incidentio"] = parts
        self.limit = limit
        self.work = RLock()
        self._serial = count(1)
        for blueprint in _blueprints():
            self.register_blueprint(blueprint)
        self.before_request(self._before)
        self.after_request(self._after)
        self.register_error_handler(Refused, self._refuse)
        self.register_error_handler(HTTPException, self._http_error)

    def dispatch_request(self) -> ResponseReturnValue:
        with self.work:
            return super().dispatch_request()

    def fault_response(self, status: int) -> BareResponse:
        """Return the error of a fault that a test set."""
        problem = Problem("sandbox_fault", f"The sandbox was told to answer {status}.")
        body, headers = self._body(status, self._new_id(), problem)
        response = BareResponse(json.dumps(body), status, mimetype="application/json")
        response.headers.update(headers)
        return response

    def _new_id(self) -> str:
        return f"req{next(self._serial):06}"

    def _before(self) -> None:
        g.request_id = self._new_id()
        g.events = []
        g.authenticated = False
        if not is_from_here(request.host, request.headers.get("Origin")):
            raise Refused(403, Problem("forbidden", "Only for this machine."))
        if request.path.startswith(CONTROLS):
            return
        key().authenticate()
        g.authenticated = True
        if not self.limit.admit(request.method, request.path):
            raise Refused(429, Problem("too_many_requests", "Rate limit reached."))
        key().check_acting()

    def _after(self, response: Response) -> Response:
        response.headers["x-request-id"] = g.request_id
        if g.authenticated:
            response.headers.update(self.limit.headers(request.method, request.path))
        for event in g.events:
            event()
        return response

    def _refuse(self, refused: Refused) -> ResponseReturnValue:
        where = request.method, request.path
        body, headers = self._body(
            refused.status, g.request_id, *refused.problems, where=where
        )
        return body, refused.status, headers

    def _http_error(self, error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        problem = Problem(
            errors.TYPES.get(status, "api_error"), error.description or ""
        )
        body, headers = self._body(status, g.request_id, problem)
        if allowed := getattr(error, "valid_methods", None):
            headers["Allow"] = ", ".join(allowed)
        return body, status, headers

    def _body(
        self,
        status: int,
        request_id: str,
        *problems: Problem,
        where: tuple[str, str] = ("", ""),
    ) -> tuple[dict[str, Any], dict[str, str]]:
        body = errors.body(status, request_id, *problems)
        headers: dict[str, str] = {}
        if status == 429:
            body["rate_limit"], headers = self.limit.refusal(*where)
        return body, headers


def _blueprints() -> Iterator[Blueprint]:
    """Yield the ``bp`` of every module in this package: all operations of the API."""
    package = import_module(__name__.rpartition(".")[0])
    for module in walk_packages(package.__path__, f"{package.__name__}."):
        bp = vars(import_module(module.name)).get("bp")
        if isinstance(bp, Blueprint):
            yield bp
