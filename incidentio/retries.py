"""When a call is worth repeating, and after what pause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incidentio.errors import HeldBack, NotTried, RateLimited, ServerError, Unreachable

if TYPE_CHECKING:
    from incidentio.errors import IncidentioError
    from incidentio.operation import Operation

ATTEMPTS = 4
ATTEMPTS_AT_SILENCE = 2
"""A timeout costs ten seconds of somebody's patience, and seldom helps."""
BASE, CEILING = 0.2, 4.0
GATEWAY = {502, 503, 504}


def pause(
    operation: Operation, error: IncidentioError, attempt: int, jitter: float
) -> float | None:
    """Seconds before the next attempt; None when there must not be one.

    ``jitter`` is between 0 and 1, and keeps many callers from returning as one.
    """
    most = ATTEMPTS_AT_SILENCE if _silence(error) else ATTEMPTS
    if attempt >= most or not _worth_repeating(operation, error):
        return None
    backoff = min(BASE * 2.0 ** (attempt - 1), CEILING) * (0.5 + jitter)
    if isinstance(error, RateLimited) and error.retry_after is not None:
        return error.retry_after.total_seconds() + backoff
    return backoff


def _silence(error: IncidentioError) -> bool:
    return isinstance(error, Unreachable) and error.timed_out


def _worth_repeating(operation: Operation, error: IncidentioError) -> bool:
    match error:
        case HeldBack() | NotTried():
            return False
        case RateLimited():
            return True
        case Unreachable():
            return operation.repeatable or not error.sent
        case ServerError():
            return operation.repeatable and error.status in GATEWAY
    return False
