"""Answers that go wrong on purpose."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from threading import Event, Lock
from typing import Any, Literal

Drop = Literal["before", "after"] | bool


@dataclass(slots=True)
class Fault:
    method: str
    path_glob: str
    status: int | None = None
    delay: float | None = None
    drop: Drop = False
    """True or "before": nothing is done; "after": done, and never answered."""
    body: Any = None
    """Text is sent as HTML, anything else as JSON; None: the vendor's own."""
    headers: dict[str, str] = field(default_factory=dict)
    times: int | None = None
    ended: Event = field(default_factory=Event)

    @property
    def answers(self) -> bool:
        return self.status is not None or self.body is not None

    def fits(self, method: str, path: str) -> bool:
        wanted = self.method.upper() in {"*", method}
        return wanted and self.times != 0 and fnmatchcase(path, self.path_glob)

    def hold(self) -> None:
        """Wait as long as asked, or until the faults are cleared."""
        if self.delay:
            self.ended.wait(self.delay)


class Faults:
    """The newest that fits a request is the one that happens."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = Lock()

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.insert(0, fault)

    def clear(self) -> None:
        with self._lock:
            for fault in self._faults:
                fault.ended.set()
            self._faults.clear()

    def take(self, method: str, path: str) -> Fault | None:
        with self._lock:
            for fault in self._faults:
                if fault.fits(method, path):
                    if fault.times is not None:
                        fault.times -= 1
                    return fault
        return None
