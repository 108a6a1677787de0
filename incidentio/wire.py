"""One request and its answer over a pooled connection; nothing is repeated here."""

from __future__ import annotations

import os
from http.cookiejar import DefaultCookiePolicy
from ssl import SSLCertVerificationError
from typing import TYPE_CHECKING

import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies
from urllib3.exceptions import (
    ConnectTimeoutError,
    DecodeError,
    HTTPError,
    NewConnectionError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)

from incidentio import __version__, acting
from incidentio.answers import Answer
from incidentio.errors import Unexpected, Unreachable, held_back

if TYPE_CHECKING:
    from collections.abc import Callable

    from incidentio.operation import Operation

CHUNK = 65_536
BEFORE_IT_WAS_SENT = (NewConnectionError, ConnectTimeoutError, SSLCertVerificationError)


class Bearer(requests.auth.AuthBase):
    """The API key. As an auth object it also keeps any ``.netrc`` out of this."""

    def __init__(self, api_key: str) -> None:
        self._header = f"Bearer {api_key}"

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = self._header
        return request


def open_session(api_key: str, base_url: str, pool_size: int) -> requests.Session:
    """Everything is set here, once: threads share the session and never change it.

    The environment's proxies and CA bundle are read now, not for each request.
    """
    session = requests.Session()
    session.trust_env = False
    session.proxies = dict(get_environ_proxies(base_url))
    session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
    session.auth = Bearer(api_key)
    session.headers["User-Agent"] = f"incidentio-bot/{__version__}"
    session.headers["Accept"] = "application/json"
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    adapter = HTTPAdapter(pool_connections=2, pool_maxsize=pool_size, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


class Wire:
    def __init__(
        self,
        session: requests.Session,
        base_url: str,
        *,
        connect_timeout: float,
        read_timeout: float,
        monotonic: Callable[[], float],
    ) -> None:
        self._session = session
        self._base_url = base_url.rstrip("/")
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._monotonic = monotonic

    def close(self) -> None:
        self._session.close()

    def exchange(self, operation: Operation, until: float) -> Answer:
        """Send the request and read its answer before ``until``."""
        left = until - self._monotonic()
        if left <= 0:
            raise held_back("There was no time left to ask incident.io.")
        timeout = (min(self._connect_timeout, left), min(self._read_timeout, left))
        try:
            with self._open(operation, timeout) as response:
                body = self._body(operation, response, until)
                return Answer(response.status_code, response.headers, body)
        except (requests.RequestException, HTTPError) as error:
            raise _unreachable(operation, error) from error

    def _open(
        self, operation: Operation, timeout: tuple[float, float]
    ) -> requests.Response:
        return self._session.request(
            operation.method,
            self._base_url + operation.address,
            params=list(operation.query),
            json=operation.body,
            headers=acting.headers() if operation.write else None,
            timeout=timeout,
            stream=True,
            allow_redirects=False,
        )

    def _body(
        self, operation: Operation, response: requests.Response, until: float
    ) -> bytes:
        """Read in pieces: the read timeout alone would let a trickle go on for ever."""
        pieces = []
        while piece := _piece(operation, response):
            pieces.append(piece)
            if self._monotonic() > until:
                message = "incident.io's answer took too long to arrive"
                raise Unreachable(message, sent=True, write=operation.write)
        return b"".join(pieces)


def _piece(operation: Operation, response: requests.Response) -> bytes:
    try:
        piece: bytes = response.raw.read1(CHUNK, decode_content=True)
    except DecodeError as error:
        message = "incident.io's answer could not be unpacked"
        status, write = response.status_code, operation.write
        raise Unexpected(message, status=status, write=write) from error
    return piece


def _unreachable(operation: Operation, error: Exception) -> Unreachable:
    sent = not _certainly_not_sent(error)
    timed_out = isinstance(error, (requests.Timeout, ReadTimeoutError))
    if not sent:
        message = "incident.io cannot be reached"
    elif timed_out:
        message = "incident.io did not answer in time"
    else:
        message = "The connection to incident.io broke before it answered"
    return Unreachable(message, sent=sent, write=operation.write, timed_out=timed_out)


def _certainly_not_sent(error: Exception) -> bool:
    """Whether it failed before the request went out.

    TLS and proxies fail at any time, also while the answer is read: what made them fail
    decides.
    """
    failure = error.args[0] if error.args else None
    cause = getattr(failure, "reason", failure)
    if isinstance(cause, ProxyError):
        cause = cause.original_error
    if isinstance(cause, SSLError):
        cause = cause.args[0]
    return isinstance(cause, BEFORE_IT_WAS_SENT) or _no_tunnel(cause)


def _no_tunnel(cause: object) -> bool:
    return isinstance(cause, OSError) and "Tunnel connection failed" in str(cause)
