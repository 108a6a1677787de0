"""The Prometheus metrics. No label holds what people wrote."""

from __future__ import annotations

from math import nan

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30)


class Metrics:
    """The metrics of one process, on their own registry."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.interactions = Counter(
            "incidentio_bot_interactions",
            "What people did, by kind, name and how it ended",
            ["kind", "name", "outcome"],
            registry=self.registry,
        )
        self.ack = Histogram(
            "incidentio_bot_ack_seconds",
            "From delivery to acknowledgement (Slack waits 3 s)",
            ["kind"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self.work = Histogram(
            "incidentio_bot_work_seconds",
            "From delivery to answer",
            ["kind"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self.requests = Histogram(
            "incidentio_bot_api_request_seconds",
            "Requests to incident.io, by path template and status",
            ["method", "path", "status"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self.waiting = Gauge(
            "incidentio_bot_work_in_flight",
            "Interactions being worked on or waiting for a thread",
            ["executor"],
            registry=self.registry,
        )
        self.reminders = Counter(
            "incidentio_bot_reminders",
            "Messages of reminders, by what became of them and the kind of rule",
            ["event", "kind"],
            registry=self.registry,
        )
        self.hints = Counter(
            "incidentio_bot_hints",
            "What processes told each other over PostgreSQL, by what became of it",
            ["event"],
            registry=self.registry,
        )
        self.hears_peers = Gauge(
            "incidentio_bot_hears_peers",
            "Whether this process hears the others; NaN on SQLite, where none tells",
            registry=self.registry,
        )
        self.hears_peers.set(nan)
        self.clock_offset = Gauge(
            "incidentio_bot_clock_offset_seconds",
            "How far this process's clock is ahead of the database's",
            registry=self.registry,
        )

    def requested(
        self,
        method: str,
        path: str,
        status: int | None,
        seconds: float,
        error: Exception | None,
    ) -> None:
        """Count a request to incident.io (``Incidentio(on_request=…)``)."""
        label = str(status) if status else type(error).__name__ if error else "none"
        self.requests.labels(method, path, label).observe(seconds)

    def told(self, event: str) -> None:
        """Count what became of a hint (``Peers(observe=…)``)."""
        self.hints.labels(event).inc()

    def reminded(self, event: str, **labels: str) -> None:
        """Count an event of reminders' messages (``Engine(observe=…)``)."""
        counter = self.reminders.labels(event, labels.get("kind", ""))
        counter.inc(int(labels.get("number", 1)))
