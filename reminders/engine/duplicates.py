"""Deletes messages that were posted although another worker had taken over.

A worker may be frozen between the check of its lease and its request. When it goes on,
another worker may have sent the message already.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from reminders.engine.post import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Callable

    from reminders.engine.post import Posted, Poster

    IsSecond = Callable[[], bool | None]

log = logging.getLogger(__name__)


class Duplicates:
    """The messages of this worker that may be duplicates.

    Until that is known, the worker that took over may find such a message and take it
    for the only one. So it is deleted only once it is known to be the second.
    """

    def __init__(self, poster: Poster, observe: Callable[[str], object]) -> None:
        self._poster = poster
        self._observe = observe
        self._posted: list[tuple[Posted, IsSecond]] = []

    def add(self, posted: Posted, is_second: IsSecond) -> None:
        """Take note of a message; ``is_second`` returns None while it is not known."""
        self._posted.append((posted, is_second))

    def take_back(self) -> None:
        """Delete those that turned out to be a second message."""
        self._posted = [found for found in self._posted if not self._is_done(*found)]

    def _is_done(self, posted: Posted, is_second: IsSecond) -> bool:
        """Delete a second message; return whether nothing is left to do."""
        try:
            second = is_second()
            if second:
                self._poster.delete(posted)
                self._observe("taken_back")
        except DeliveryError as error:
            log.warning("%s of %s is not taken back: %s", *posted[::-1], error.reason)
            return error.permanent
        return second is not None
