"""Logs refused requests: one line for each source and minute."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

QUIET = 60.0
"""Seconds between two lines about the same source."""
MOST_SOURCES = 1_000
"""How many sources are remembered; the one silent for longest is forgotten first."""

log = logging.getLogger(__name__)


class Refusals:
    """Counts refused requests by source, and logs the first of each minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._said: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def add(self, source: str, path: str) -> None:
        """Note that a request from ``source`` was refused."""
        unsaid = self._unsaid(source)
        if unsaid is not None:
            extra = {"source": source, "path": path, "since_last": unsaid}
            log.warning("refused: not signed", extra=extra)

    def _unsaid(self, source: str) -> int | None:
        """Return the refusals since the last line, or None if no line is due."""
        now = self._clock()
        with self._lock:
            at, unsaid = self._said.get(source, (now - QUIET, 0))
            if now - at < QUIET:
                self._said[source] = (at, unsaid + 1)
                return None
            self._said[source] = (now, 0)
            self._said.move_to_end(source)
            if len(self._said) > MOST_SOURCES:
                self._said.popitem(last=False)
            return unsaid
