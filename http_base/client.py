"""Sends one request over a pooled connection; nothing is sent again here."""

from __future__ import annotations

import json as json_
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import requests
from requests.utils import default_headers, get_environ_proxies
from urllib3.exceptions import DecodeError, HTTPError

from http_base.connections import HOSTS, BoundedAdapter, bounded
from http_base.failures import NoAnswer, UndecodableAnswer, no_answer
from http_base.precedence import PRECEDENCE

CHUNK = 65_536
LARGEST_ANSWER = 32 * 1024 * 1024
"""Bytes of an answer, decompressed; a page of incidents has a few million at most."""


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
        self._headers = default_headers()
        self._headers.update(headers or {})
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._monotonic = monotonic
        self._on_exchange = on_exchange

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

        left = max(seconds_left(), 0.001)
        try:
            with (
                bounded(seconds_left, may_send),
                self._adapter.send(
                    self._prepared(sent, headers),
                    timeout=(min(self._connect_timeout, left), self._read_timeout),
                    stream=True,
                    verify=self._verify,
                    proxies=self._proxies,
                ) as response,
            ):
                body = self._body(response)
                return HttpAnswer(response.status_code, response.headers, body)
        except (requests.RequestException, HTTPError) as error:
            raise no_answer(self._service, error) from error

    def _prepared(
        self, sent: Exchange, headers: Mapping[str, str]
    ) -> requests.PreparedRequest:
        """Make a request ready: its own ``prepare`` reads again what is known here."""
        made = requests.PreparedRequest()
        made.method, made.body = sent.method, sent.data
        made.headers = self._headers.copy()
        made.headers.update(headers)
        if sent.json is not None:
            made.body = json_.dumps(sent.json, allow_nan=False).encode()
            made.headers["Content-Type"] = "application/json"
        if made.body is not None:
            made.headers["Content-Length"] = str(len(made.body))
        made.url = f"{sent.url}?{urlencode(sent.params)}" if sent.params else sent.url
        return made

    def _body(self, response: requests.Response) -> bytes:
        """Read the body in pieces, so that one too large is not read to its end.

        Raises:
            UndecodableAnswer: it is too large, or cannot be decompressed.
        """
        body = bytearray()
        while piece := self._piece(response):
            body += piece
            if len(body) > LARGEST_ANSWER:
                message = f"{self._service}'s answer is too large"
                raise UndecodableAnswer(message, status=response.status_code)
        return bytes(body)

    def _piece(self, response: requests.Response) -> bytes:
        try:
            piece: bytes = response.raw.read1(CHUNK, decode_content=True)
        except DecodeError as error:
            message = f"{self._service}'s answer could not be decompressed"
            raise UndecodableAnswer(message, status=response.status_code) from error
        return piece
