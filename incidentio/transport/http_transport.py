"""Sends one operation over HTTP, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from http_base.client import HttpClient, always
from http_base.failures import NoAnswer, UndecodableAnswer
from http_base.failures import Withheld as NotSent
from incidentio.errors import Unexpected, Unreachable, Withheld, locally_rate_limited
from incidentio.transport import acting
from incidentio.transport.write_tracker import may_write
from incidentio.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    from http_base.client import HttpAnswer, OnExchange
    from incidentio.transport.operation import Operation


class HttpTransport:
    """Sends operations to one address with one API key; threads may share it."""

    def __init__(
        self,
        api_key: str,
        base_url: str,
        *,
        pool_size: int,
        connect_timeout: float,
        read_timeout: float,
        monotonic: Callable[[], float],
        on_exchange: OnExchange | None = None,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._monotonic = monotonic
        self._http = HttpClient(
            "incident.io",
            base_url,
            pool_size=pool_size,
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
            headers={
                "Authorization": f"Bearer {api_key}",
                "User-Agent": f"incidentio-bot/{__version__}",
                "Accept": "application/json",
            },
            monotonic=monotonic,
            on_exchange=on_exchange,
        )

    def close(self) -> None:
        self._http.close()

    def exchange(self, operation: Operation, until: float) -> HttpAnswer:
        """Send the request and read its answer before ``until``.

        Raises:
            Withheld: it is a change that may not be made any more.
            Unreachable: no answer came.
            Unexpected: the answer is too large, or cannot be decompressed.
            LocallyRateLimited: no time was left to ask.
        """
        if until <= self._monotonic():
            raise locally_rate_limited("There was no time left to ask incident.io.")
        write = operation.write
        try:
            return self._http.request(
                operation.method,
                self._base_url + operation.address,
                until=until,
                params=operation.query,
                json=operation.body,
                headers=acting.headers() if write else None,
                may_send=may_write if write else always,
            )
        except NotSent as error:
            said = "not asked for: another process may have taken this over"
            raise Withheld(said) from error
        except UndecodableAnswer as error:
            raise Unexpected(str(error), status=error.status, write=write) from error
        except NoAnswer as error:
            raise Unreachable(
                str(error), sent=error.sent, write=write, timed_out=error.timed_out
            ) from error
