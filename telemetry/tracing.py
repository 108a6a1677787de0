"""Traces by OpenTelemetry: optional, and off unless an endpoint is configured.

One trace is one interaction, or one message that is sent. Below it are the requests to
both services and the statements to the database. Nothing that people typed or that
incident.io answered is in it: names, ids, outcomes, paths and times.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from telemetry.extras import importing

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor
    from opentelemetry.trace import Tracer

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
NAME = "incidentio-bot"
SECRET_PATH = re.compile(r"^/(?:commands|actions|services|response)/.*")
"""The paths of addresses that whoever knows them may post to."""

_tracer: Tracer | None = None


@contextmanager
def span(name: str, /, **attributes: str) -> Iterator[None]:
    """Trace what the block does. Without OpenTelemetry this does nothing."""
    if _tracer is None:
        yield
        return
    with _tracer.start_as_current_span(name, attributes=attributes):
        yield


def describe(name: str, /, **attributes: str) -> None:
    """Name what the current span turned out to be."""
    if _tracer is not None:
        from opentelemetry import trace  # noqa: PLC0415 (optional)

        current = trace.get_current_span()
        current.update_name(name)
        current.set_attributes(attributes)


def trace_if_configured(release: Callable[[], str]) -> None:
    """Export traces if the environment names an endpoint: OpenTelemetry's variables.

    Raises: NotInstalled when its packages are missing.
    """
    configured = next((name for name in ENDPOINTS if os.environ.get(name)), None)
    if configured is None:
        return
    with importing(configured):
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    trace_to(BatchSpanProcessor(OTLPSpanExporter()), release())


def trace_to(processor: SpanProcessor, release: str) -> Callable[[], None]:
    """Let a processor have all spans from now on; return what ends that."""
    from opentelemetry.instrumentation.urllib3 import (  # noqa: PLC0415
        URLLib3Instrumentor,
    )
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415

    from telemetry.spans import OwnTraces, Statements  # noqa: PLC0415

    about = Resource.create({"service.name": NAME, "service.version": release})
    provider = TracerProvider(resource=about)
    provider.sampler = OwnTraces(provider.sampler)
    provider.add_span_processor(processor)
    URLLib3Instrumentor().instrument(tracer_provider=provider, url_filter=public)
    global _tracer  # noqa: PLW0603 (one a process, like its log)
    _tracer = provider.get_tracer(NAME)
    statements = Statements(_tracer)
    statements.listen()

    def end() -> None:
        global _tracer  # noqa: PLW0603
        _tracer = None
        statements.stop()
        URLLib3Instrumentor().uninstrument()
        provider.shutdown()

    return end


def public(url: str) -> str:
    """Return an address without its query, and without a path that is a secret."""
    parts = urlsplit(url)
    path = SECRET_PATH.sub("/…", parts.path)
    return f"{parts.scheme}://{parts.hostname or ''}{path}"
