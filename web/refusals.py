"""Logs refused requests: at most one line for each source and minute."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

QUIET = 60.0
"""Seconds between two lines about the same source."""
MOST_SOURCES = 1_000
"""The most sources that are remembered; the one logged longest ago goes first."""

log = logging.getLogger(__name__)


class Refusals:
    """Counts refused requests by source, and logs the first of each minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._logged: OrderedDict[str, tuple[float, int]] = OrderedDict()
        """Source to the time of its last line, and the refusals since then."""

    def add(self, source: str, reason: str, **about: str) -> None:
        """Count a refused request, and log it if a line is due."""
        unlogged = self._unlogged(source)
        if unlogged is not None:
            extra = {"source": source, **about, "since_last": unlogged}
            log.warning("refused: %s", reason, extra=extra)

    def _unlogged(self, source: str) -> int | None:
        """Return the refusals since the last line, or None if no line is due."""
        now = self._clock()
        with self._lock:
            at, unlogged = self._logged.get(source, (now - QUIET, 0))
            if now - at < QUIET:
                self._logged[source] = (at, unlogged + 1)
                return None
            self._logged[source] = (now, 0)
            self._logged.move_to_end(source)
            if len(self._logged) > MOST_SOURCES:
                self._logged.popitem(last=False)
            return unlogged
