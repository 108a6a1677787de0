"""Locks that let one process change a resource once at a time.

Other processes may change it too. So read it right before changing it, and take what it
became from incident.io's answer.
"""

from __future__ import annotations

from threading import Lock
from zlib import crc32

_LOCKS = tuple(Lock() for _ in range(256))
"""Resources may share a lock; nobody holds two at once."""


def lock_for(id_: str) -> Lock:
    """Return the lock to hold while the resource with this id is read and changed."""
    return _LOCKS[crc32(id_.encode()) % len(_LOCKS)]
