"""Events, and Slack's patience with an app that does not take them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from sandbox.slack.delivery import FAILED, TIMEOUT, Courier, Delivery

LATER = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))
REASONS = {TIMEOUT: "http_timeout", FAILED: "http_error"}


@dataclass
class Postponed:
    delivery: Delivery
    number: int
    due: datetime
    reason: str


@dataclass
class EventQueue:
    courier: Courier
    now: Callable[[], datetime]
    _postponed: list[Postponed] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def send(self, delivery: Delivery) -> Delivery:
        self.courier.send(delivery)
        self._keep(delivery, 1)
        self.tick()
        return delivery

    def tick(self) -> list[Delivery]:
        """Repeat what is due; the retries that were sent."""
        with self._lock:
            due = [one for one in self._postponed if one.due <= self.now()]
            self._postponed = [one for one in self._postponed if one not in due]
        return [self._repeat(one) for one in due]

    def clear(self) -> None:
        with self._lock:
            self._postponed.clear()

    def _repeat(self, postponed: Postponed) -> Delivery:
        delivery = postponed.delivery.again()
        self.courier.send(delivery, (postponed.number, postponed.reason))
        self._keep(delivery, postponed.number + 1)
        return delivery

    def _keep(self, delivery: Delivery, number: int) -> None:
        refused = delivery.headers.get("x-slack-no-retry") == "1"
        if delivery.error is None or refused or number > len(LATER):
            return
        due = self.now() + LATER[number - 1]
        reason = REASONS[delivery.error]
        if delivery.error == FAILED and delivery.status is None:
            reason = "connection_failed"
        with self._lock:
            self._postponed.append(Postponed(delivery, number, due, reason))
