"""Makes changes on behalf of people, where the API key may do so.

incident.io then attributes the changes to them, and refuses what they may not do.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADER = "X-Incident-User"

_user: ContextVar[str | None] = ContextVar("acting_for", default=None)


@contextmanager
def acting_for(user_id: str | None) -> Iterator[None]:
    """Attribute the changes in this block to a person, by their incident.io id."""
    token = _user.set(user_id)
    try:
        yield
    finally:
        _user.reset(token)


def headers() -> dict[str, str]:
    """Return the headers that attribute a change to this person, if there is one."""
    user_id = _user.get()
    return {HEADER: user_id} if user_id else {}
