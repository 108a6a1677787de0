"""Faults that tests ask for: calls that are refused, held up or dropped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from threading import Event, Lock
from typing import Literal

from sandbox.slack.errors import Dropped, Refused

Drop = bool | Literal["after"]


@dataclass
class Fault:
    """Trouble for the calls of some methods: see ``SlackSandbox.fail``."""

    method: str
    error: str | None = None
    status: int | None = None
    retry_after: int | None = None
    delay: float = 0
    drop: Drop = False
    times: int | None = None
    after: bool = False
    """Whether the call is carried out before it goes wrong."""

    def strike_before(self, interrupted: Event) -> None:
        if self.delay:
            interrupted.wait(self.delay)
        if not self.after:
            self._strike()

    def strike_after(self) -> None:
        """Drop or spoil the answer of a call that was carried out, if asked."""
        if self.drop == "after":
            raise Dropped
        if self.after:
            self._strike()

    def _strike(self) -> None:
        if self.drop is True:
            raise Dropped
        if self.retry_after is not None:
            headers = {"Retry-After": str(self.retry_after)}
            raise Refused(self.error or "ratelimited", status=429, headers=headers)
        if self.error or self.status:
            error = self.error or "internal_error"
            raise Refused(error, status=self.status or 200)


@dataclass
class Faults:
    """The faults that are set; the oldest one that fits a call strikes."""

    _faults: list[Fault] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)
    _interrupted: Event = field(default_factory=Event)

    def add(self, fault: Fault) -> None:
        with self._lock:
            if self._interrupted.is_set():
                self._interrupted = Event()
            self._faults.append(fault)

    def clear(self) -> None:
        """Remove all faults; delayed calls go on at once."""
        with self._lock:
            self._faults.clear()
            self._interrupted.set()

    @contextmanager
    def around(self, method: str) -> Iterator[None]:
        """Let a call of a method go wrong before or after it is carried out.

        Raises: Refused or Dropped, as the fault says.
        """
        fault = self._take(method)
        if fault:
            fault.strike_before(self._interrupted)
        yield
        if fault:
            fault.strike_after()

    def _take(self, method: str) -> Fault | None:
        with self._lock:
            for fault in self._faults:
                if fnmatchcase(method, fault.method):
                    self._count(fault)
                    return fault
        return None

    def _count(self, fault: Fault) -> None:
        if fault.times is None:
            return
        fault.times -= 1
        if fault.times <= 0:
            self._faults.remove(fault)
