"""Errors, with the bodies that incident.io gives them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "resource_forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    412: "precondition_failed",
    422: "validation_error",
    429: "too_many_requests",
}


@dataclass(frozen=True, slots=True)
class Problem:
    code: str
    message: str
    field: str | None = None
    pointer: str | None = None

    def json(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.field is not None:
            pointer = self.pointer or f"/{self.field}"
            shown["source"] = {"field": self.field, "pointer": pointer}
        return shown


class Refused(Exception):
    """Raised when a request is not carried out."""

    def __init__(self, status: int, *problems: Problem) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.status = status
        self.problems = problems


def body(status: int, request_id: str, *problems: Problem) -> dict[str, Any]:
    """Return the body of an error's answer."""
    return {
        "type": TYPES.get(status, "api_error"),
        "status": status,
        "request_id": request_id,
        "errors": [problem.json() for problem in problems],
    }


def not_found(what: str) -> Refused:
    return Refused(404, Problem("not_found", f"{what} could not be found."))


def invalid(
    message: str,
    field: str,
    *,
    code: str = "invalid_value",
    pointer: str | None = None,
) -> Refused:
    return Refused(422, Problem(code, message, field, pointer))


def conflict(message: str, field: str) -> Refused:
    return Refused(409, Problem("conflict", message, field))
