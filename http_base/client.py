"""Sends one request over a pooled connection; nothing is sent again here."""

from __future__ import annotations

import json as json_
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from requests import RequestException
from requests.utils import default_headers, get_environ_proxies
from urllib3 import Timeout
from urllib3.exceptions import DecodeError, HTTPError

from http_base.connections import BoundedAdapter, bounded
from http_base.failures import NoAnswer, UndecodableAnswer, no_answer
from http_base.precedence import PRECEDENCE

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, HTTPConnectionPool

CHUNK = 65_536
LARGEST_ANSWER = 32 * 1024 * 1024
"""Bytes of an answer, decompressed; a page of incidents has a few million at most."""
HOSTS = 4
"""Connection pools, one a host: the API's, and those of addresses that it names."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A whole answer. The names of ``headers`` are looked up in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request as it was sent, without its headers, and the answer to it."""

    service: str
    method: str
    url: str
    """Without the query."""
    params: Sequence[tuple[str, str]]
    json: Any
    data: bytes | None
    answer: HttpAnswer | None
    """None: no whole answer came."""


OnExchange = Callable[[Exchange], None]


def always() -> bool:
    return True


class HttpClient:
    """Sends requests to one service over pooled connections; threads may share it.

    ``service`` is its name in failures; timeouts are in seconds, ``read_timeout`` is
    for each read. The environment's proxies and CA bundle are read once. It uses no
    ``requests.Session``, which would keep cookies, let a ``.netrc`` replace the
    credentials of a request, and merge settings anew for each request.
    ``on_exchange`` hears of every request, and of its answer.
    """

    def __init__(
        self,
        service: str,
        base_url: str,
        *,
        pool_size: int,
        connect_timeout: float,
        read_timeout: float,
        headers: Mapping[str, str] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        on_exchange: OnExchange | None = None,
    ) -> None:
        self._service = service
        self._adapter = BoundedAdapter(HOSTS, pool_size, max_retries=0)
        self._proxies = get_environ_proxies(base_url)
        self._verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
        self._headers = _titled({**default_headers(), **(headers or {})})
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._monotonic = monotonic
        self._on_exchange = on_exchange
        self._reached: dict[str, tuple[HTTPConnectionPool, str]] = {}

    def close(self) -> None:
        self._adapter.close()

    def request(
        self,
        method: str,
        url: str,
        *,
        until: float,
        headers: Mapping[str, str] | None = None,
        params: Sequence[tuple[str, str]] = (),
        json: Any = None,
        data: bytes | None = None,
        may_send: Callable[[], bool] = always,
    ) -> HttpAnswer:
        """Send a request and return its answer, whatever its status.

        ``until`` is the deadline for the whole answer, on the clock ``monotonic``.
        ``may_send`` is asked when the connection is open, right before all of the
        request is sent at once. Redirects are not followed.

        Raises:
            Withheld: it could not be sent any more.
            NoAnswer: no whole answer came in time.
            UndecodableAnswer: one came that is too large, or cannot be decompressed.
        """
        sent = Exchange(self._service, method, url, params, json, data, None)
        try:
            answer = self._request(sent, headers or {}, until, may_send)
        except NoAnswer:
            self._report(sent)
            raise
        PRECEDENCE.give_way()
        self._report(replace(sent, answer=answer))
        return answer

    def _report(self, exchange: Exchange) -> None:
        if self._on_exchange is not None:
            self._on_exchange(exchange)

    def _request(
        self,
        sent: Exchange,
        headers: Mapping[str, str],
        until: float,
        may_send: Callable[[], bool],
    ) -> HttpAnswer:
        def seconds_left() -> float:
            return until - self._monotonic()

        body, kind = sent.data, {}
        if sent.json is not None:
            body = json_.dumps(sent.json, allow_nan=False).encode()
            kind = {"Content-Type": "application/json"}
        connect = min(self._connect_timeout, max(seconds_left(), 0.001))
        try:
            pool, target = self._reach(sent)
            with (
                bounded(seconds_left, may_send),
                pool.urlopen(
                    sent.method,
                    target,
                    body,
                    {**self._headers, **_titled(headers), **kind},
                    retries=False,
                    redirect=False,
                    assert_same_host=False,
                    timeout=Timeout(connect=connect, read=self._read_timeout),
                    preload_content=False,
                    decode_content=False,
                ) as response,
            ):
                whole = self._body(response)
                return HttpAnswer(response.status, response.headers, whole)
        except (RequestException, HTTPError) as error:
            raise no_answer(self._service, error) from error

    def _reach(self, sent: Exchange) -> tuple[HTTPConnectionPool, str]:
        """Return the connections to where it is sent, and what it asks for there."""
        scheme, _, rest = sent.url.partition("://")
        host, _, path = rest.partition("/")
        origin = f"{scheme}://{host}"
        reached = self._reached.get(origin)
        if reached is None:
            if len(self._reached) >= HOSTS:
                self._reached.clear()
            reached = self._adapter.reach(origin, self._verify, self._proxies)
            self._reached[origin] = reached
        pool, before = reached
        query = f"?{urlencode(sent.params)}" if sent.params else ""
        return pool, f"{before}/{path}{query}"

    def _body(self, response: BaseHTTPResponse) -> bytes:
        """Read the body in pieces, so that one too large is not read to its end.

        Raises:
            UndecodableAnswer: it is too large, or cannot be decompressed.
        """
        body = bytearray()
        while piece := self._piece(response):
            body += piece
            if len(body) > LARGEST_ANSWER:
                message = f"{self._service}'s answer is too large"
                raise UndecodableAnswer(message, status=response.status)
        return bytes(body)

    def _piece(self, response: BaseHTTPResponse) -> bytes:
        try:
            piece: bytes = response.read1(CHUNK, decode_content=True)
        except DecodeError as error:
            message = f"{self._service}'s answer could not be decompressed"
            raise UndecodableAnswer(message, status=response.status) from error
        return piece


def _titled(headers: Mapping[str, str]) -> dict[str, str]:
    """Return headers by their usual names, however these were spelt."""
    return {name.title(): value for name, value in headers.items()}
