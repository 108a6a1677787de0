"""Deletes messages that were posted although another worker had taken over.

A worker may be frozen between the check of its lease and its request. When it goes on,
another worker may have sent the message already.
"""

from __future__ import annotations

import logging
from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from reminders.engine.post import DeliveryError
from storage.slot import OPEN, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable

    from reminders.engine.post import Posted, Poster
    from storage.slot import Slot
    from storage.slots import Slots

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
        self._posted: deque[tuple[Posted, IsSecond]] = deque()

    def add(self, posted: Posted, is_second: IsSecond) -> None:
        """Take note of a message; ``is_second`` returns None while it is not known."""
        self._posted.append((posted, is_second))

    def add_lost(self, slots: Slots, slot: Slot, posted: Posted) -> None:
        """Take note of the message of a slot that another worker has taken over."""
        self.add(posted, partial(_is_second, slots, slot, posted))

    def take_back(self) -> None:
        """Delete those that turned out to be a second message.

        Other threads may add messages meanwhile.
        """
        for _ in range(len(self._posted)):
            if not self._is_done(*self._posted[0]):
                self._posted.append(self._posted[0])
            self._posted.popleft()

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


def _is_second(slots: Slots, slot: Slot, posted: Posted) -> bool | None:
    """Return whether ``posted`` is a second message. None: it is not known yet."""
    known = slots.get(slot.id)
    if known is None or known.state == UNKNOWN:
        return False
    return None if known.state in OPEN else known.message_ts != posted.ts
