"""Kinds of things in incident.io: their noun, and how one is read and deleted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from handlers.core.context import Context
from handlers.core.problems import Refusal
from incidentio.errors import NotFound

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Shows(Protocol[T_co]):
    """A client's resource that shows one object by its id."""

    def show(self, id: str, /) -> T_co: ...  # noqa: A002


class ShowsAndDeletes(Shows[T_co], Protocol[T_co]):
    """A client's resource that deletes objects, too."""

    def delete(self, id: str, /) -> None: ...  # noqa: A002


@dataclass(frozen=True)
class NamedResource(Generic[T]):
    """A resource; ``listed`` is the name of the catalog's list of it."""

    noun: str
    listed: str
    operations: Callable[[Context], Shows[T]]

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
        """Return the refusal for a deleted one, and expire the catalog's list."""
        ctx.catalog.expire(self.listed)
        return Refusal(f"That {self.noun} was deleted.")


@dataclass(frozen=True)
class DeletableResource(NamedResource[T]):
    """A resource whose objects can be deleted: see ``deleting``."""

    operations: Callable[[Context], ShowsAndDeletes[T]]
