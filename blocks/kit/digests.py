"""Short digests: what a form remembers instead of the values it showed."""

from __future__ import annotations

import hashlib


def digest(words: str, length: int = 8) -> str:
    """Return the first ``length`` hexadecimal digits of the SHA-256 of ``words``."""
    return hashlib.sha256(words.encode()).hexdigest()[:length]
