"""Identifiers shaped like ULIDs, the same in every run."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def _digits(number: int, width: int) -> str:
    digits = []
    for _ in range(width):
        number, rest = divmod(number, 32)
        digits.append(_ALPHABET[rest])
    return "".join(reversed(digits))


def ulid(moment: datetime, serial: int) -> str:
    """Return an id that sorts by time, then by serial."""
    return _digits(round(moment.timestamp() * 1000), 10) + _digits(serial, 16)


def seeded_id(kind: int, start: datetime, serial: int) -> str:
    """Return the id of a seeded row, unique among all kinds."""
    return ulid(start + timedelta(minutes=serial), kind * 10**9 + serial)


@cache
def fixed_id(kind: str, name: str, place: int) -> str:
    """Return a stable id of a piece of configuration; ids sort by place."""
    digest = blake2b(f"{kind}/{name}".encode(), digest_size=12).digest()
    return "01HQ" + _digits(place, 2) + _digits(int.from_bytes(digest), 20)
