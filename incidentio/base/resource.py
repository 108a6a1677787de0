"""The base of all resources, and how their answers become models."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from incidentio.base.model import Model, Page
from incidentio.errors import Unexpected
from incidentio.transport.query import plain, rfc3339
from incidentio.transport.requester import next_cursor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incidentio.transport.operation import Json
    from incidentio.transport.query import Query
    from incidentio.transport.requester import Requester

M = TypeVar("M", bound=Model)

PAGE_SIZE = 250


class Resource:
    """The operations of one kind of thing, sent through a client."""

    def __init__(self, requester: Requester) -> None:
        self._http = requester

    def _pages(
        self,
        model: type[M],
        path: str,
        key: str,
        query: Query,
        page_size: int = PAGE_SIZE,
    ) -> Iterator[M]:
        """Yield what all pages have under ``key``, asking for each when wanted."""
        for body in self._http.pages(path, query + plain(page_size=page_size)):
            yield from many(model, body, key)

    def _page(self, model: type[M], path: str, key: str, query: Query) -> Page[M]:
        """Return one page of what the answer has under ``key``."""
        body = self._http.get(path, query)
        meta = body.get("pagination_meta") or {}
        total = meta.get("total_record_count")
        return Page(many(model, body, key), next_cursor(body) or None, total)


def one(model: type[M], body: Json, key: str, *, write: bool = False) -> M:
    """Return the model under ``key``; ``write`` says the answer is to a change.

    Raises ``Unexpected`` where it cannot be read.
    """
    try:
        return model.model_validate(body[key])
    except (KeyError, ValidationError) as error:
        raise _unreadable(key, error, write=write) from error


def many(model: type[M], body: Json, key: str) -> tuple[M, ...]:
    """Return the models in the list under ``key``; raises as ``one`` does."""
    try:
        return tuple(model.model_validate(item) for item in body[key])
    except (KeyError, TypeError, ValidationError) as error:
        raise _unreadable(key, error, write=False) from error


def payload(**fields: object) -> Json:
    """Return a body of what was given: without None at any depth, moments as text."""
    return {name: _plain(value) for name, value in fields.items() if value is not None}


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return payload(**value)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return rfc3339(value) if isinstance(value, datetime) else value


def _unreadable(key: str, error: Exception, *, write: bool) -> Unexpected:
    where = ""
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        where = f" ({'.'.join(map(str, first['loc']))}: {first['msg']})"
    message = f"incident.io's answer has no readable {key}{where}"
    return Unexpected(message, status=200, write=write)
