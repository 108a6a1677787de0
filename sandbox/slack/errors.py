"""Errors of the Web API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """An answer of the Web API with ``"ok": false``."""

    def __init__(
        self,
        error: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        messages: tuple[str, ...] = (),
        **extra: Any,
    ) -> None:
        super().__init__(error)
        self.error = error
        self.status = status
        self.headers = dict(headers or {})
        self.extra = extra
        if messages:
            self.extra["response_metadata"] = {"messages": list(messages)}

    @property
    def body(self) -> dict[str, Any]:
        return {"ok": False, "error": self.error, **self.extra}


class Dropped(ConnectionAbortedError):
    """Raised to close the connection without an answer."""
