"""One change at a time of the same thing, so that each says what was before it.

This goes as far as one process. Between replicas the thing is read right before it is
changed, and what came of it is taken from the answer.
"""

from __future__ import annotations

from threading import Lock
from zlib import crc32

_LOCKS = tuple(Lock() for _ in range(256))
"""So many things may share a lock; nobody holds two at once."""


def turn(id_: str) -> Lock:
    """Give the lock of what has this id, to change it ``with``."""
    return _LOCKS[crc32(id_.encode()) % len(_LOCKS)]
