"""Locks for one change at a time of the same resource, within one process.

Other replicas may change it too: so it is read right before it is changed, and what
it became is taken from the answer.
"""

from __future__ import annotations

from threading import Lock
from zlib import crc32

_LOCKS = tuple(Lock() for _ in range(256))
"""Resources may share a lock; nobody holds two at once."""


def lock_for(id_: str) -> Lock:
    """Return the lock to hold while what has this id is read and changed."""
    return _LOCKS[crc32(id_.encode()) % len(_LOCKS)]
