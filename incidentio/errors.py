"""Errors of the client, by what a caller can do about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta

GATEWAY_ERRORS = {502, 503, 504}


class IncidentioError(Exception):
    """Base class of every error this package raises."""

    outcome_unknown: bool = False
    """Whether a change was asked for and nobody knows if it was made."""


class Unreachable(IncidentioError):
    """The request never got an answer: name lookup, connection or timeout."""

    def __init__(
        self, message: str, *, sent: bool, write: bool = True, timed_out: bool = False
    ) -> None:
        super().__init__(message)
        self.sent = sent
        """Whether the request may have been received and done."""
        self.timed_out = timed_out
        self.outcome_unknown = sent and write


class Withheld(IncidentioError):
    """A change was not sent: its sender was no longer allowed to make it.

    Another process may have made it instead.
    """

    outcome_unknown = True


class CircuitOpen(Unreachable):
    """The request was not sent, because earlier ones got no answer."""

    def __init__(self, message: str, *, retry_after: timedelta) -> None:
        super().__init__(message, sent=False)
        self.retry_after = retry_after


class Unexpected(IncidentioError):
    """The answer is not what the API promises: a web page, or another shape."""

    def __init__(self, message: str, *, status: int, write: bool = False) -> None:
        super().__init__(message)
        self.status = status
        self.outcome_unknown = write and not 300 <= status < 500


@dataclass(frozen=True, slots=True)
class Problem:
    """One entry of an error answer's ``errors`` array."""

    code: str
    message: str
    field: str | None = None
    pointer: str | None = None


class APIError(IncidentioError):
    """incident.io answered, and the answer was no."""

    def __init__(
        self,
        status: int,
        problems: tuple[Problem, ...] = (),
        request_id: str | None = None,
        type: str = "",  # noqa: A002
    ) -> None:
        said = "; ".join(p.message for p in problems if p.message)
        super().__init__(said or f"HTTP {status}")
        self.status = status
        self.problems = problems
        self.request_id = request_id
        self.type = type


class Unauthorized(APIError):
    """401: the API key is missing or wrong."""


class Forbidden(APIError):
    """403: the API key lacks the role this call needs."""


class NotFound(APIError):
    """404: no such resource."""


class Conflict(APIError):
    """409: somebody else is changing it, or it exists already."""


class Invalid(APIError):
    """422 (or 400): the request was understood and rejected; see ``problems``."""


class RateLimited(APIError):
    """429: still throttled after waiting, or the wait is too long."""

    retry_after: timedelta | None = None


class LocallyRateLimited(RateLimited):
    """The request was not sent: this process has used up its requests for now."""


def locally_rate_limited(why: str, wait: timedelta | None = None) -> LocallyRateLimited:
    """Return the error for a request that is not sent; after ``wait`` it may be."""
    error = LocallyRateLimited(429, (Problem("locally_rate_limited", why),))
    error.retry_after = wait
    return error


class ServerError(APIError):
    """5xx: incident.io failed. A change may or may not have been made."""

    @property
    def from_gateway(self) -> bool:
        """Whether something in front of incident.io answered in its place."""
        return self.status in GATEWAY_ERRORS
