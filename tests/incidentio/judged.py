"""Calls of the client, whose requests and answers incident.io's contract judges.

A test file lists the calls of a resource under ``CALLS``; nothing else registers them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import incidentio
from incidentio import Incidentio
from incidentio.base.model import Model
from incidentio.base.resource import Resource
from tests.contract.judge import Contract
from tests.incidentio.upstream import Upstream, send

Call = Callable[[Incidentio], object]

TESTS = Path(__file__).parents[1]


def all_calls() -> dict[str, Call]:
    """Find the ``CALLS`` of all test files."""
    return {
        f"{path.stem.removeprefix('test_')}: {name}": call
        for path in sorted(TESTS.rglob("test_*.py"))
        if "\nCALLS = {" in path.read_text()
        for name, call in _module(path).CALLS.items()
    }


def _module(path: Path) -> Any:
    parts = path.relative_to(TESTS.parent).with_suffix("").parts
    return import_module(".".join(parts))


def resources() -> list[type[Resource]]:
    """Find the resources in all files of the client."""
    for module in iter_modules(incidentio.__path__, "incidentio."):
        import_module(module.name)
    return Resource.__subclasses__()


def operations(resource: type[Resource]) -> list[str]:
    """Name the public methods of a resource."""
    names = (name for name in dir(resource) if not name.startswith("_"))
    return [name for name in names if callable(getattr(resource, name))]


def whole(result: object) -> object:
    """Read pages to the end."""
    return list(result) if isinstance(result, Iterator) else result


def make(call: Call, api: Incidentio, upstream: Upstream, contract: Contract) -> object:
    """Make a call against answers out of the contract; all of it must be right."""

    def answer(handler: Any) -> None:
        path = handler.path.partition("?")[0]
        status, body = contract.example(handler.command, path)
        send(handler, status, b"" if body is None else body)

    upstream.answers(answer)
    upstream.requests.clear()
    try:
        return whole(call(api))
    finally:
        assert upstream.requests, "nothing was asked"
        asked = [(r.method, r.path, r.query, r.body) for r in upstream.requests]
        faults = [fault for one in asked for fault in contract.request(*one)]
        assert not faults, faults


def unread(value: object) -> list[str]:
    """Name the properties that a model could not read, at any depth."""
    if isinstance(value, list | tuple):
        return [name for item in value for name in unread(item)]
    if not isinstance(value, Model):
        return []
    inner = [name for item in vars(value).values() for name in unread(item)]
    return [*(f"{type(value).__name__}.{name}" for name in value.unread), *inner]
