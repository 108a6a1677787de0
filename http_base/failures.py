"""Failures of requests, and whether the service may have received them."""

from __future__ import annotations

from ssl import SSLCertVerificationError

import requests
from urllib3.exceptions import (
    ConnectTimeoutError,
    NewConnectionError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)

BEFORE_IT_WAS_SENT = (NewConnectionError, ConnectTimeoutError, SSLCertVerificationError)
NO_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
)


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
    """Return the failure that an error of ``requests`` or ``urllib3`` means."""
    timed_out = isinstance(error, (requests.Timeout, ReadTimeoutError))
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
    failure = error.args[0] if error.args else None
    cause: object = getattr(failure, "reason", failure)
    if isinstance(cause, ProxyError):
        cause = cause.original_error
    if isinstance(cause, SSLError):
        cause = cause.args[0]
    early = isinstance(error, NO_ADDRESS) or isinstance(cause, BEFORE_IT_WAS_SENT)
    return early or _tunnel_refused(cause)


def _tunnel_refused(cause: object) -> bool:
    return isinstance(cause, OSError) and "Tunnel connection failed" in str(cause)
