"""Which traces are kept. This is imported only where OpenTelemetry is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult
from opentelemetry.trace import SpanKind, get_current_span

if TYPE_CHECKING:
    from opentelemetry.context import Context


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
