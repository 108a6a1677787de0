"""The base of all resources, and the functions that turn answers into models."""

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
    """The operations on one kind of thing, sent by a client."""

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
        """Yield the models under ``key`` of all pages; read a page when wanted."""
        for body in self._http.pages(path, query + plain(page_size=page_size)):
            yield from many(model, body, key)

    def _page(self, model: type[M], path: str, key: str, query: Query) -> Page[M]:
        """Return one page, of the models under ``key``."""
        body = self._http.get(path, query)
        meta = body.get("pagination_meta") or {}
        total = meta.get("total_record_count")
        return Page(many(model, body, key), next_cursor(body) or None, total)


def one(model: type[M], body: Json, key: str, *, write: bool = False) -> M:
    """Return the model under ``key``; ``write``: the answer is to a change.

    Raises:
        Unexpected: it is not there, or cannot be read.
    """
    try:
        return model.model_validate(body[key])
    except (KeyError, ValidationError) as error:
        raise _unreadable(key, error, write=write) from error


def many(model: type[M], body: Json, key: str) -> tuple[M, ...]:
    """Return the models in the list under ``key``.

    Raises:
        Unexpected: the list is not there, or one of them cannot be read.
    """
    try:
        return tuple(model.model_validate(item) for item in body[key])
    except (KeyError, TypeError, ValidationError) as error:
        raise _unreadable(key, error, write=False) from error


def payload(**fields: object) -> Json:
    """Return a body of all fields but None, at any depth; moments become text."""
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
