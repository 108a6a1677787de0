"""Which traces are kept, and spans of statements.

This is imported only where OpenTelemetry is installed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult
from opentelemetry.trace import INVALID_SPAN, SpanKind, StatusCode, get_current_span
from sqlalchemy import Engine, event

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.trace import Span, Tracer
    from sqlalchemy.engine import Connection, ExceptionContext, ExecutionContext


class OwnTraces(Sampler):
    """Keeps what the bot's own spans begin, as far as another sampler keeps it.

    A statement or a request outside of any is a look whether there is work: thousands
    a day, each a trace of its own.
    """

    def __init__(self, kept: Sampler) -> None:
        self._kept = kept

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> SamplingResult:
        parent = get_current_span(parent_context).get_span_context()
        if kind is SpanKind.CLIENT and not parent.is_valid:
            return SamplingResult(Decision.DROP)
        return self._kept.should_sample(
            parent_context, trace_id, name, kind, *args, **kwargs
        )

    def get_description(self) -> str:
        return f"OwnTraces({self._kept.get_description()})"


class Statements:
    """Traces each statement of every database, without its parameters.

    OpenTelemetry's own instrumentation is for SQLAlchemy below 2.1.
    """

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
        self._listeners: dict[str, Callable[..., None]] = {
            "before_cursor_execute": self._begin,
            "after_cursor_execute": self._end,
            "handle_error": self._fail,
        }

    def listen(self) -> None:
        for name, listener in self._listeners.items():
            event.listen(Engine, name, listener)

    def stop(self) -> None:
        for name, listener in self._listeners.items():
            event.remove(Engine, name, listener)

    def _begin(
        self,
        connection: Connection,
        _cursor: object,
        statement: str,
        _parameters: object,
        context: ExecutionContext,
        _many: bool,
    ) -> None:
        span = self._tracer.start_span(
            statement.split(None, 1)[0].upper(),
            kind=SpanKind.CLIENT,
            attributes={
                "db.system": connection.dialect.name,
                "db.statement": statement,
            },
        )
        context._span = span  # type: ignore[attr-defined]

    def _end(
        self,
        _connection: Connection,
        _cursor: object,
        _statement: str,
        _parameters: object,
        context: ExecutionContext,
        _many: bool,
    ) -> None:
        _span_of(context).end()

    def _fail(self, failure: ExceptionContext) -> None:
        if failure.execution_context is not None:
            span = _span_of(failure.execution_context)
            span.set_status(StatusCode.ERROR)
            span.end()


def _span_of(context: ExecutionContext) -> Span:
    found: Span = getattr(context, "_span", INVALID_SPAN)
    return found
