"""What runs here: the bot's version, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Running:
    """A process of the bot: which, and since when."""

    version: str
    commit: str | None
    """None: it does not run from a checkout."""
    mode: str
    """How Slack reaches it: “HTTP”, “Socket Mode”."""
    started_at: datetime
