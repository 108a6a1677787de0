"""Receives incident.io's webhooks, which Svix signs, repeats and reorders."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from web.signatures import is_recent

REMEMBERED = 10_000
"""The most ids that are remembered. Svix repeats a delivery for about a day."""

OK, MALFORMED, REFUSED, AGAIN = 200, 400, 401, 503

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WebhookDelivery:
    """A webhook as received; ``signed`` holds one or more signatures ``v1,…``."""

    id: str
    timestamp: str
    signed: str
    body: bytes


class Webhooks:
    """Accepts deliveries signed with ``secret`` (``whsec_…``), each id once.

    ``on_event`` gets the type and the data of an event. It runs while incident.io
    waits, so it must be quick.
    """

    def __init__(
        self,
        secret: str,
        on_event: Callable[[str, dict[str, Any]], None],
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._key = signing_key(secret)
        self._on_event = on_event
        self._now = now
        self._seen = _Seen()

    def receive(self, delivery: WebhookDelivery) -> int:
        """Act on a delivery; return the HTTP status to answer with."""
        if not self._authentic(delivery):
            return REFUSED
        event = _event(delivery.body)
        if event is None:
            log.warning("webhook not understood", extra={"webhook": delivery.id})
            return MALFORMED
        return self._once(delivery.id, *event)

    def _once(self, id_: str, kind: str, payload: dict[str, Any]) -> int:
        claim = self._seen.claim(id_)
        if claim is not None:
            return OK if claim else AGAIN
        acted = False
        try:
            self._on_event(kind, payload)
            acted = True
        finally:
            self._seen.settle(id_, acted=acted)
        log.info("webhook", extra={"kind": kind, "webhook": id_})
        return OK

    def _authentic(self, delivery: WebhookDelivery) -> bool:
        if not (delivery.id and is_recent(delivery.timestamp, self._now())):
            return False
        ours = sign(self._key, delivery.id, delivery.timestamp, delivery.body).encode()
        theirs = delivery.signed.encode("utf-8", "replace").split(b" ")
        return any(hmac.compare_digest(ours, one) for one in theirs)


def signing_key(secret: str) -> bytes:
    """Decode the ``whsec_…`` that incident.io shows.

    Raises:
        ValueError: the secret is malformed.
    """
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error as exc:
        raise ValueError("a webhook secret is whsec_ and base64") from exc
    if not key:
        raise ValueError("a webhook secret cannot be empty")
    return key


def sign(key: bytes, id_: str, timestamp: str, body: bytes) -> str:
    """Return the signature of a delivery as its header has it."""
    signed = f"{id_}.{timestamp}.".encode() + body
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def _event(body: bytes) -> tuple[str, dict[str, Any]] | None:
    """Read ``{"event_type": T, T: {…}}``; the data may be missing."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        return None
    kind = message.get("event_type") if isinstance(message, dict) else None
    if not isinstance(kind, str) or not kind:
        return None
    payload = message.get(kind)
    return kind, payload if isinstance(payload, dict) else {}


class _Seen:
    """Ids of deliveries that were processed (True) or are being processed (False)."""

    def __init__(self) -> None:
        self._ids: OrderedDict[str, bool] = OrderedDict()
        self._lock = Lock()

    def claim(self, id_: str) -> bool | None:
        """Claim an id; return None if the caller has it now, else its state."""
        with self._lock:
            if id_ in self._ids:
                return self._ids[id_]
            while len(self._ids) >= REMEMBERED:
                self._ids.popitem(last=False)
            self._ids[id_] = False
            return None

    def settle(self, id_: str, *, acted: bool) -> None:
        """Remember a claimed id as processed, or forget it."""
        with self._lock:
            if acted:
                self._ids[id_] = True
            else:
                self._ids.pop(id_, None)
