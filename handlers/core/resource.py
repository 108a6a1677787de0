"""A resource of incident.io: what one is called, and how one is read and deleted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from handlers.core.context import Context
from handlers.core.problems import Refusal
from incidentio.errors import NotFound

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Operations(Protocol[T_co]):
    """The client's operations on one object of a resource."""

    def show(self, id: str, /) -> T_co: ...  # noqa: A002
    def delete(self, id: str, /) -> None: ...  # noqa: A002


@dataclass(frozen=True)
class Resource(Generic[T]):
    """``listed`` is the list of the catalog in which the things stand."""

    noun: str
    listed: str
    operations: Callable[[Context], Operations[T]]

    def read(self, ctx: Context, id_: str) -> T:
        """Read one as it is now.

        Raises:
            Refusal: it was deleted since it was listed.
        """
        try:
            return self.operations(ctx).show(id_)
        except NotFound:
            raise self.gone(ctx) from None

    def gone(self, ctx: Context) -> Refusal:
        """Return the refusal for a deleted one, and let the catalog forget it."""
        ctx.catalog.forget(self.listed)
        return Refusal(f"That {self.noun} was deleted.")
