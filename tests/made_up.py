"""Requests that schemathesis makes up from an OpenAPI document, and what went wrong.

They are the same each time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from schemathesis import openapi
from schemathesis.config import HealthCheck
from schemathesis.engine import events, from_schema

EXAMPLES = 5
"""Requests of each kind for an operation, besides those at the limits of a schema."""


def faults(
    document: dict[str, Any], url: str, *ignored: str, **headers: str
) -> list[str]:
    """Send requests, right ones and wrong ones; return what is wrong with answers.

    ``ignored`` are checks of schemathesis that are not made.
    """
    schema = openapi.from_dict(document)
    given = schema.config
    given.base_url, given.headers = url, headers
    given.generation.deterministic = True
    given.generation.database = "none"
    given.generation.max_examples = EXAMPLES
    given.phases.stateful.enabled = False
    given.request_timeout = 60
    given.suppress_health_check = [HealthCheck.all]
    for name in ignored:
        getattr(given.checks, name).enabled = False
    found = [
        fault for event in from_schema(schema).execute() for fault in _faults(event)
    ]
    return list(dict.fromkeys(found))


def _faults(event: object) -> Iterator[str]:
    if isinstance(event, events.NonFatalError | events.FatalError):
        yield str(vars(event))
    if isinstance(event, events.ScenarioFinished):
        for checks in event.recorder.checks.values():
            for check in checks:
                if failed := check.failure_info:
                    why = f"{failed.failure.title}: {failed.failure.message}"
                    yield f"{event.label}: {why}\n{failed.code_sample}"
