"""The words that the services are known to use, by property.

A stand-in knows them even where its own company does not have them all.
"""

from __future__ import annotations

VOCABULARY = {
    "category": {
        "canceled",
        "closed",
        "declined",
        "learning",
        "live",
        "merged",
        "paused",
        "triage",
    },
    "field_type": {"link", "multi_select", "numeric", "single_select", "text"},
    "interval_type": {"daily", "hourly", "weekly"},
    "managed_by": {"dashboard", "external", "terraform"},
    "mode": {"retrospective", "standard", "stream", "test", "tutorial"},
    "role_type": {"custom", "lead", "reporter"},
    "scheduling_mode": {"fair", "sequential"},
    "status": {
        "acked",
        "calculating",
        "cancelled",
        "completed",
        "delayed",
        "deleted",
        "expired",
        "firing",
        "invalid_timestamps",
        "not_doing",
        "outstanding",
        "pending",
        "pending_repeat",
        "resolved",
        "snoozed",
        "success",
        "timestamps_missing",
        "triggered",
    },
    "visibility": {"private", "public"},
}
