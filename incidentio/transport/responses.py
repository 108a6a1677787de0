"""Turns HTTP answers into JSON, or into exceptions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from http_base.retry_after import parse_wait, wait_in
from incidentio.errors import (
    APIError,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Problem,
    RateLimited,
    ServerError,
    Unauthorized,
    Unexpected,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from http_base.client import HttpAnswer
    from incidentio.transport.operation import Json, Operation

BY_STATUS: dict[int, type[APIError]] = {
    400: Invalid,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    422: Invalid,
    429: RateLimited,
}


def read(operation: Operation, answer: HttpAnswer, now: datetime) -> Json:
    """Return the JSON object of an answer; empty where it has no body.

    Raises:
        APIError: the answer is an error.
        Unexpected: it is neither JSON nor empty, or a redirect.
    """
    body = _object(answer.body)
    if answer.status >= 400:
        raise _error(operation, answer, body, now)
    if 200 <= answer.status < 300:
        if body is not None:
            return body
        if not answer.body.strip():
            return {}
    raise _unexpected(operation, answer)


def _object(body: bytes) -> Json | None:
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return parsed if isinstance(parsed, dict) else None


def _error(
    operation: Operation, answer: HttpAnswer, body: Json | None, now: datetime
) -> APIError | Unexpected:
    status = answer.status
    if body is None and status < 500 and status != 429:
        return _unexpected(operation, answer)
    body = body or {}
    cls = ServerError if status >= 500 else BY_STATUS.get(status, APIError)
    request_id = body.get("request_id") or answer.headers.get("X-Request-ID")
    error = cls(status, _problems(body), request_id, str(body.get("type", "")))
    if isinstance(error, RateLimited):
        error.retry_after = _retry_after(answer.headers, body, now)
    error.outcome_unknown = status >= 500 and operation.write
    return error


def _unexpected(operation: Operation, answer: HttpAnswer) -> Unexpected:
    kind = answer.headers.get("Content-Type", "").partition(";")[0] or "no content type"
    return Unexpected(
        f"{operation.method} {operation.path} was answered with HTTP {answer.status}"
        f" and {kind} that is not the JSON it should be",
        status=answer.status,
        write=operation.write,
    )


def _problems(body: Json) -> tuple[Problem, ...]:
    found = body.get("errors")
    entries = found if isinstance(found, list) else []
    return tuple(_problem(entry) for entry in entries if isinstance(entry, dict))


def _problem(entry: Json) -> Problem:
    source = entry.get("source")
    source = source if isinstance(source, dict) else {}
    return Problem(
        str(entry.get("code", "")),
        str(entry.get("message", "")),
        source.get("field"),
        source.get("pointer"),
    )


def _retry_after(
    headers: Mapping[str, str], body: Json, now: datetime
) -> timedelta | None:
    """Return the wait that the header names, else the one in the body."""
    limit = body.get("rate_limit")
    named = limit.get("retry_after") if isinstance(limit, dict) else None
    wait = wait_in(headers, now)
    return parse_wait(named, now) if wait is None else wait
