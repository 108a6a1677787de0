"""Failures of requests, and whether the service may have received them."""

from __future__ import annotations

from ssl import SSLCertVerificationError

from requests import RequestException
from urllib3.exceptions import (
    ConnectTimeoutError,
    LocationValueError,
    NewConnectionError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)

TIMEOUTS = (ConnectTimeoutError, ReadTimeoutError)
BEFORE_IT_WAS_SENT = (NewConnectionError, ConnectTimeoutError, SSLCertVerificationError)
NO_ADDRESS = (LocationValueError, RequestException)
"""``requests`` only looks for connections; it sends nothing."""


class Withheld(Exception):
    """Nothing was sent: the sender was no longer allowed to."""


class NoAnswer(Exception):
    """No whole answer came. ``sent``: the request may have been received and done."""

    def __init__(self, message: str, *, sent: bool, timed_out: bool = False) -> None:
        super().__init__(message)
        self.sent = sent
        self.timed_out = timed_out


class UndecodableAnswer(NoAnswer):
    """An answer came, but its body is too large or cannot be decompressed."""

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message, sent=True)
        self.status = status


def no_answer(service: str, error: Exception) -> NoAnswer:
    """Return the failure that an error of ``urllib3`` means, or of an address."""
    refused = isinstance(error, NewConnectionError)  # a timeout too, by its class
    timed_out = isinstance(error, TIMEOUTS) and not refused
    if _certainly_never_sent(error):
        message = f"{service} cannot be reached"
        return NoAnswer(message, sent=False, timed_out=timed_out)
    if timed_out:
        message = f"{service} did not answer in time"
    else:
        message = f"The connection to {service} broke before it answered"
    return NoAnswer(message, sent=True, timed_out=timed_out)


def _certainly_never_sent(error: Exception) -> bool:
    """Return whether a request failed before anything of it went out.

    Errors of TLS and of proxies come at any time, also while the answer is read: their
    cause decides.
    """
    cause: object = error
    if isinstance(cause, ProxyError):
        cause = cause.original_error
    if isinstance(cause, SSLError):
        cause = cause.args[0]
    early = isinstance(cause, (*NO_ADDRESS, *BEFORE_IT_WAS_SENT))
    return early or _tunnel_refused(cause)


def _tunnel_refused(cause: object) -> bool:
    return isinstance(cause, OSError) and "Tunnel connection failed" in str(cause)
