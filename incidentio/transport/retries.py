"""The retry policy: which calls are made again, and after what delay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incidentio.errors import (
    CircuitOpen,
    LocallyRateLimited,
    RateLimited,
    ServerError,
    Unreachable,
)

if TYPE_CHECKING:
    from incidentio.errors import IncidentioError
    from incidentio.transport.operation import Operation

ATTEMPTS = 4
ATTEMPTS_AFTER_TIMEOUT = 2
"""A timeout costs ten seconds of somebody's patience, and seldom helps."""
SHORTEST_BACKOFF, LONGEST_BACKOFF = 0.2, 4.0


def retry_delay(
    operation: Operation, error: IncidentioError, attempt: int, jitter: float
) -> float | None:
    """Return the seconds until the next attempt. None: there must not be one.

    ``attempt`` counts from 1. ``jitter``, from 0 to 1, keeps many callers from trying
    again at the same moment.
    """
    timed_out = isinstance(error, Unreachable) and error.timed_out
    attempts = ATTEMPTS_AFTER_TIMEOUT if timed_out else ATTEMPTS
    if attempt >= attempts or not _may_repeat(operation, error):
        return None
    backoff = min(SHORTEST_BACKOFF * 2.0 ** (attempt - 1), LONGEST_BACKOFF)
    backoff *= 0.5 + jitter
    if isinstance(error, RateLimited) and error.retry_after is not None:
        return error.retry_after.total_seconds() + backoff
    return backoff


def _may_repeat(operation: Operation, error: IncidentioError) -> bool:
    match error:
        case LocallyRateLimited() | CircuitOpen():
            return False
        case RateLimited():
            return True
        case Unreachable():
            return operation.repeatable or not error.sent
        case ServerError():
            return operation.repeatable and error.from_gateway
    return False
