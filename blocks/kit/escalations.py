"""The state of an escalation, in words with its mark."""

from __future__ import annotations

from collections.abc import Mapping

from blocks.kit import text

STATES: Mapping[str, tuple[str, str]] = {
    "pending": ("⏳", "Waiting to page"),
    "triggered": ("🔴", "Paging"),
    "acked": ("✅", "Acknowledged"),
    "resolved": ("☑️", "Resolved"),
    "expired": ("⚠️", "Expired"),
    "cancelled": ("🚫", "Cancelled"),
    "snoozed": ("💤", "Snoozed"),
    "delayed": ("⏳", "Delayed"),
    "pending_repeat": ("🔁", "About to page again"),
}


def state(status: str) -> str:
    mark, word = STATES.get(status, ("▫️", status.replace("_", " ")))
    return f"{mark} {text.inline(word)}"
