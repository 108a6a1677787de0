"""The time of the database, which all its processes share.

A machine's clock may be minutes wrong, or jump. The database's is one for all, so it
decides when leases run out and when reminders are due.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING

from storage.errors import DatabaseError
from storage.lease import elapsed

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.database import Database

OFF = timedelta(seconds=5)
"""The offset from which a process's clock counts as wrong."""

log = logging.getLogger(__name__)


class ClockOff(Exception):
    """This process's clock and the database's are too far apart."""


def utc_now() -> datetime:
    return datetime.now(UTC)


class SharedClock:
    """Tells the database's time without asking the database each time.

    ``refresh`` asks it; in between, the time that passed is added. ``own`` is this
    process's clock: it counts until the first answer, and where a database has none.
    """

    def __init__(
        self,
        database: Database,
        own: Callable[[], datetime] = utc_now,
        elapsed: Callable[[], float] = elapsed,
    ) -> None:
        self._database = database
        self._own = own
        self._elapsed = elapsed
        self._read: tuple[datetime, float] | None = None
        self._offset = timedelta(0)
        self._lock = Lock()

    def __call__(self) -> datetime:
        if self._read is None or isinstance(self._database.now(), datetime):
            return self._own()
        at, since = self._read
        return at + timedelta(seconds=self._elapsed() - since)

    @property
    def offset(self) -> float:
        """The seconds by which this process's clock is ahead of the database's."""
        return self._offset.total_seconds()

    def refresh(self) -> None:
        """Ask the database for its time; warn if this process's clock is wrong."""
        try:
            self._ask()
        except DatabaseError as error:
            log.warning("the database's clock was not read: %s", error)

    def check(self) -> None:
        """Do nothing if this process's clock is right.

        Raises:
            ClockOff: it is wrong.
        """
        if abs(self._offset) > OFF:
            raise ClockOff(f"{self.offset:+.0f} s")

    def _ask(self) -> None:
        began = self._elapsed()
        read = self._database.read_clock()
        with self._lock:
            ended = self._elapsed()
            was_off = abs(self._offset) > OFF
            self._read = read, (began + ended) / 2
            waited = timedelta(seconds=(ended - began) / 2)
            self._offset = self._own() - read - waited
        is_off = abs(self._offset) > OFF
        if is_off and not was_off:
            log.warning(
                "this machine's clock is off the database's: %+.0f s", self.offset
            )
        elif was_off and not is_off:
            log.info("this machine's clock is right again")
