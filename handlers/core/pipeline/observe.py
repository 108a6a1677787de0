"""Records every interaction: one log line, and the metrics."""

from __future__ import annotations

import logging
from time import perf_counter

from handlers.core.pipeline.interaction import Interaction
from telemetry.metrics import Metrics
from telemetry.tracing import describe

log = logging.getLogger("incidentio-bot")


class Stopwatch:
    """Measures one interaction from its delivery."""

    __slots__ = ("_began",)

    def __init__(self) -> None:
        self._began = perf_counter()

    @property
    def seconds(self) -> float:
        return perf_counter() - self._began


class Observer:
    """Records interactions in the log and the metrics."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def acked(self, kind: str, watch: Stopwatch) -> None:
        """Measure the time until an acknowledgement."""
        self._metrics.ack.labels(kind).observe(watch.seconds)

    def finished(
        self,
        it: Interaction,
        name: str,
        outcome: str,
        ref: str | None,
        watch: Stopwatch,
    ) -> None:
        """Log one line, without what was typed: that may be private."""
        seconds = watch.seconds
        self._metrics.interactions.labels(it.kind, name, outcome).inc()
        self._metrics.work.labels(it.kind).observe(seconds)
        describe(
            f"{it.kind} {name}", kind=it.kind, name=name, outcome=outcome, ref=ref or ""
        )
        log.info(
            "interaction",
            extra={
                "kind": it.kind,
                "name_": name,
                "user": it.user,
                "channel": it.channel or None,
                "outcome": outcome,
                "ms": seconds * 1000,
                "ref": ref,
            },
        )
