"""From an HTTP answer to JSON, or to the error that it means."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

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

    from incidentio.operation import Json, Operation

LONGEST_WAIT = 86_400.0
BY_STATUS: dict[int, type[APIError]] = {
    400: Invalid,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    422: Invalid,
    429: RateLimited,
}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


def read(operation: Operation, answer: Answer, now: datetime) -> Json:
    """Return the JSON object of a good answer; raise what a bad one means."""
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
    operation: Operation, answer: Answer, body: Json | None, now: datetime
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


def _unexpected(operation: Operation, answer: Answer) -> Unexpected:
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
    limit = body.get("rate_limit")
    named = limit.get("retry_after") if isinstance(limit, dict) else None
    for value in (headers.get("Retry-After"), named):
        wait = _wait(value, now)
        if wait is not None:
            return timedelta(seconds=min(max(wait, 0.0), LONGEST_WAIT))
    return None


def _wait(value: Any, now: datetime) -> float | None:
    text = str(value or "").strip()
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        return float(text)
    moment = _moment(text)
    return None if moment is None else (moment - now).total_seconds()


def _moment(text: str) -> datetime | None:
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(text)
        except ValueError:
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
