"""Webhooks as incident.io sends them, signed by Svix's rules."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Any

import requests

TIMEOUT = 10.0


class Webhooks:
    """Sends each event once, to one address, as soon as one is set."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._serial = count(1)
        self._to: tuple[str, bytes] | None = None
        self.sent: list[tuple[str, int]] = []
        """Each event's type, and the status that answered it."""

    def send_to(self, url: str, secret: str) -> None:
        """Send from now on to an address; ``secret`` begins with ``whsec_``."""
        self._to = url, base64.b64decode(secret.removeprefix("whsec_"))

    def stop(self) -> None:
        self._to = None
        self.sent.clear()

    def send(self, kind: str, data: dict[str, Any]) -> None:
        if self._to is None:
            return
        url, key = self._to
        body = json.dumps({"event_type": kind, kind: data}).encode()
        id_, timestamp = f"msg_{next(self._serial)}", str(int(self._now().timestamp()))
        digest = hmac.new(key, f"{id_}.{timestamp}.".encode() + body, hashlib.sha256)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": id_,
            "webhook-timestamp": timestamp,
            "webhook-signature": f"v1,{base64.b64encode(digest.digest()).decode()}",
        }
        answer = requests.post(url, data=body, headers=headers, timeout=TIMEOUT)
        self.sent.append((kind, answer.status_code))
