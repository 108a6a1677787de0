"""Names as Slack writes them."""

from __future__ import annotations

import re
import unicodedata


def slug(name: str) -> str:
    """A channel name: lower case, ASCII, hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "incident"
