"""Errors to Sentry: optional, and off unless ``SENTRY_DSN`` is set.

Each is a line of the log at level ERROR or above. What leaves is its reference, the
constant part of its words, and the stack with the types of the exceptions. Their words
stay in the log: they may quote what somebody typed, or a private incident.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from telemetry.extras import importing

if TYPE_CHECKING:
    from sentry_sdk.transport import Transport
    from sentry_sdk.types import Event, Hint

DSN = "SENTRY_DSN"
TAGS = {"ref": "ref", "kind": "kind", "name_": "name", "outcome": "outcome"}
"""The fields of a line that become tags, and their names."""
LEFT_OUT = ("breadcrumbs", "contexts", "extra", "message", "modules", "request", "user")


def report_errors(
    dsn: str, release: Callable[[], str], transport: Transport | None = None
) -> None:
    """Report errors from now on, if there is a ``dsn``.

    Raises: NotInstalled when the package is missing.
    """
    if not dsn:
        return
    with importing(DSN):
        import sentry_sdk  # noqa: PLC0415
        from sentry_sdk.integrations.logging import (  # noqa: PLC0415
            LoggingIntegration,
        )
        from sentry_sdk.integrations.threading import (  # noqa: PLC0415
            ThreadingIntegration,
        )
    sentry_sdk.init(
        dsn=dsn,
        release=release(),
        transport=transport,
        integrations=[LoggingIntegration(level=None), ThreadingIntegration()],
        default_integrations=False,
        auto_enabling_integrations=False,
        include_local_variables=False,
        include_source_context=False,
        max_breadcrumbs=0,
        before_send=public,
    )


def public(event: Event, _: Hint) -> Event:
    """Return an event with nothing in it that a person typed or incident.io told."""
    extra: Mapping[str, Any] = event.get("extra") or {}
    tags = {tag: str(extra[name]) for name, tag in TAGS.items() if extra.get(name)}
    event["tags"] = {**(event.get("tags") or {}), **tags}
    for part in LEFT_OUT:
        event.pop(part, None)  # type: ignore[misc]
    line = event.get("logentry") or {}
    event["logentry"] = {"message": line.get("message", "")}
    for raised in (event.get("exception") or {}).get("values", ()):
        raised.pop("value", None)
    return event
