"""One call of the API, before it is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from incidentio.errors import NotFound, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Json = dict[str, Any]

SAFE_TO_REPEAT = {"GET", "PUT", "PATCH", "DELETE"}
"""PUT states the whole result and DELETE its absence: once or twice is the same."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A request to the API, and whether it may be sent twice."""

    method: str
    path: str
    """The template, as ``/v2/incidents/{id}``: this is what logs and metrics see."""
    ids: Mapping[str, str] = field(default_factory=dict)
    query: Sequence[tuple[str, str]] = ()
    body: Json | None = None
    idempotent: bool = False
    """The body has an ``idempotency_key``, or to send it twice is to send it once."""
    asks: bool = False
    """It is a POST that changes nothing."""

    def __post_init__(self) -> None:
        """Refuse ids that would lead to another path.

        Raises:
            NotFound: an id is made of dots alone.
        """
        for value in self.ids.values():
            if value.strip(".") == "":
                problem = Problem("not_found", f"“{value}” cannot be an id.")
                raise NotFound(404, (problem,))

    @property
    def write(self) -> bool:
        """Whether it changes something."""
        return self.method != "GET" and not self.asks

    @property
    def repeatable(self) -> bool:
        """Whether sending it twice does no harm."""
        return self.idempotent or self.asks or self.method in SAFE_TO_REPEAT

    @property
    def address(self) -> str:
        """The path with the ids filled in."""
        quoted = {name: quote(value, safe="") for name, value in self.ids.items()}
        return self.path.format(**quoted)
