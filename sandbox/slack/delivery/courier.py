"""Delivery to the app: by signed HTTP, or by a socket while one is connected."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from threading import Lock
from typing import Any
from urllib.parse import urlencode

from urllib3 import PoolManager, exceptions

from sandbox.slack.delivery.socket_mode import SocketHub
from sandbox.slack.workspace.records import Json

FORM = "application/x-www-form-urlencoded"
AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"
TIMEOUT = "operation_timeout"
FAILED = "dispatch_failed"
ACK_TIMEOUT = 3.0
Retry = tuple[int, str]


@dataclass(eq=False)
class Delivery:
    """A request to the app, and its result."""

    type: str
    """``slash_commands``, ``interactive`` or ``events_api``."""
    payload: Json
    user: str
    status: int | None = None
    body: Any = None
    """The answer: decoded JSON, text, or None."""
    taker: str = ""
    """The process or the socket that it was sent to, where there are several."""
    error: str | None = None
    """The error that the person sees when the app does not answer as it should."""
    seconds: float = 0.0
    acked_at: datetime | None = None
    errors: dict[str, str] = field(default_factory=dict)
    """The errors beside the inputs of a modal, by ``block_id``."""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def answer(self) -> Json:
        return self.body if isinstance(self.body, dict) else {}

    @property
    def kind(self) -> str:
        if self.type == "events_api":
            return str(self.payload["event"]["type"])
        return str(self.payload.get("type", self.type))

    def again(self) -> Delivery:
        return Delivery(self.type, self.payload, self.user)


def sign(secret: str, timestamp: str, body: str) -> str:
    base = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def decode_body(body: str) -> Any:
    """Return JSON when it is an object or a list, else text; None for an empty body."""
    if not body.strip():
        return None
    try:
        found = json.loads(body)
    except ValueError:
        return body
    return found if isinstance(found, dict | list) else body


@dataclass
class Courier:
    """Sends deliveries to the app, once each; ``EventQueue`` repeats them."""

    now: Callable[[], datetime]
    signing_secret: str
    sockets: SocketHub
    takers: dict[str, str] = field(default_factory=dict)
    """Where processes of the app take deliveries over HTTP, by their names: in turn."""
    timeout: float = ACK_TIMEOUT
    copies: int = 1
    """How often each delivery is sent; the answer to the first one counts."""
    sent: Callable[[Delivery], object] = lambda _: None
    """Called after each delivery."""
    _turns: count[int] = field(default_factory=count)

    @property
    def request_url(self) -> str | None:
        """Where the app takes deliveries over HTTP, or the first of its processes."""
        return next(iter(self.takers.values()), None)

    def send(self, delivery: Delivery, retry: Retry | None = None) -> Delivery:
        """Deliver, and wait for the acknowledgement."""
        self._send(delivery, retry)
        for _ in range(self.copies - 1):
            self._send(delivery.again(), retry)
        return delivery

    def _send(self, delivery: Delivery, retry: Retry | None) -> None:
        started = time.monotonic()
        if self.sockets.connected:
            self._by_socket(delivery, retry)
        elif takers := list(self.takers.items()):
            delivery.taker, url = takers[next(self._turns) % len(takers)]
            self._by_http(delivery, url, retry)
        else:
            delivery.error = FAILED
        delivery.seconds = time.monotonic() - started
        if not delivery.error:
            delivery.acked_at = self.now()
        self.sent(delivery)

    def _by_socket(self, delivery: Delivery, retry: Retry | None) -> None:
        try:
            connection, delivery.taker = self.sockets.pick()
            payload = self.sockets.send(
                connection, delivery.type, delivery.payload, self.timeout, retry
            )
        except TimeoutError:
            delivery.error = TIMEOUT
        except ConnectionError:
            delivery.error = FAILED
        else:
            delivery.status = 200
            delivery.body = payload or None

    def _by_http(self, delivery: Delivery, url: str, retry: Retry | None) -> None:
        body, headers = self.request(delivery, retry)
        try:
            with PoolManager(retries=False, timeout=self.timeout) as pool:
                answer = pool.request(
                    "POST", url, body=body.encode(), headers=headers, redirect=False
                )
        except exceptions.ReadTimeoutError:
            delivery.error = TIMEOUT
        except exceptions.HTTPError:
            delivery.error = FAILED
        else:
            delivery.status = answer.status
            delivery.body = decode_body(answer.data.decode(errors="replace"))
            delivery.headers = {k.lower(): v for k, v in answer.headers.items()}
            delivery.error = FAILED if answer.status >= 400 else None

    def request(
        self, delivery: Delivery, retry: Retry | None = None
    ) -> tuple[str, dict[str, str]]:
        """Return the body and the headers that Slack would send now, signed."""
        content_type = FORM
        match delivery.type:
            case "slash_commands":
                body = urlencode(delivery.payload)
            case "events_api":
                body, content_type = json.dumps(delivery.payload), "application/json"
            case _:
                body = urlencode({"payload": json.dumps(delivery.payload)})
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": AGENT,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": sign(self.signing_secret, timestamp, body),
        }
        if retry:
            headers["X-Slack-Retry-Num"] = str(retry[0])
            headers["X-Slack-Retry-Reason"] = retry[1]
        return body, headers


RETRY_DELAYS = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))
"""How long Slack waits before each retry of an event."""
REASONS = {TIMEOUT: "http_timeout", FAILED: "http_error"}


@dataclass
class PendingRetry:
    delivery: Delivery
    number: int
    due: datetime
    reason: str


@dataclass
class EventQueue:
    """Sends events, and repeats those that the app did not acknowledge."""

    courier: Courier
    now: Callable[[], datetime]
    _pending: list[PendingRetry] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def send(self, delivery: Delivery) -> Delivery:
        self.courier.send(delivery)
        self._keep(delivery, 1)
        self.tick()
        return delivery

    def tick(self) -> list[Delivery]:
        """Send the retries that are due, and return them."""
        with self._lock:
            due = [one for one in self._pending if one.due <= self.now()]
            self._pending = [one for one in self._pending if one not in due]
        return [self._repeat(one) for one in due]

    def clear(self) -> None:
        with self._lock:
            self._pending.clear()

    def _repeat(self, pending: PendingRetry) -> Delivery:
        delivery = pending.delivery.again()
        self.courier.send(delivery, (pending.number, pending.reason))
        self._keep(delivery, pending.number + 1)
        return delivery

    def _keep(self, delivery: Delivery, number: int) -> None:
        refused = delivery.headers.get("x-slack-no-retry") == "1"
        if delivery.error is None or refused or number > len(RETRY_DELAYS):
            return
        due = self.now() + RETRY_DELAYS[number - 1]
        reason = REASONS[delivery.error]
        if delivery.error == FAILED and delivery.status is None:
            reason = "connection_failed"
        with self._lock:
            self._pending.append(PendingRetry(delivery, number, due, reason))
