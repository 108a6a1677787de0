"""Records the requests and answers of both services while a promise is tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from http_base.client import Exchange, OnExchange


@dataclass(frozen=True, slots=True)
class Recorded:
    """An exchange as it was, names and all: only ``redaction`` may write it down."""

    promise: str
    """The name of the promise that was tried."""
    at: datetime
    path: str
    """The path below the address of the service's API."""
    exchange: Exchange


class Recorder:
    """Takes exchanges from many threads; keeps those made while a promise is tried.

    ``bases`` are the addresses of the APIs. Requests that go elsewhere are not kept.
    """

    def __init__(self, bases: Mapping[str, str], now: Callable[[], datetime]) -> None:
        self._bases = {name: base.rstrip("/") for name, base in bases.items()}
        self._now = now
        self._promise: str | None = None
        self._lock = Lock()
        self._kept: list[Recorded] = []

    @contextmanager
    def trying(self, promise: str) -> Iterator[None]:
        """Keep the exchanges of this block."""
        self._promise = promise
        try:
            yield
        finally:
            self._promise = None

    def hear(self, exchange: Exchange) -> None:
        base = self._bases.get(exchange.service, "")
        if self._promise is None or not exchange.url.startswith(f"{base}/"):
            return
        path = exchange.url.removeprefix(base)
        with self._lock:
            kept = Recorded(self._promise, self._now(), path, exchange)
            self._kept.append(kept)

    def only(self, wanted: Callable[[Exchange], bool]) -> OnExchange:
        """Return a listener that keeps only what ``wanted`` says."""

        def hear(exchange: Exchange) -> None:
            if wanted(exchange):
                self.hear(exchange)

        return hear

    def all(self) -> list[Recorded]:
        with self._lock:
            return list(self._kept)

    def latest(self) -> list[Recorded]:
        """Return the exchanges of the promise that is tried now."""
        return [kept for kept in self.all() if kept.promise == self._promise]
