"""Compares this machine's clock with Slack's and incident.io's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime

import requests

from admin.finding import Finding
from runtime.settings import Settings

CHECK = "Clock"
TIMEOUT = 5
WARNING, FAULT = 5, 60
"""Differences in seconds from which it is one; at 300, signatures are refused."""


def clock(settings: Settings, now: Callable[[], datetime]) -> Iterator[Finding]:
    """Compare the clock with the ``Date`` of both services; the nearer one counts."""
    asked = (settings.slack_api_url, settings.incidentio_api_url)
    apart = [found for url in asked if (found := ahead(url, now)) is not None]
    if not apart:
        yield Finding(CHECK, "warning", "Nobody answered to compare it with.")
        return
    yield judge(min(apart, key=abs))


def ahead(url: str, now: Callable[[], datetime]) -> float | None:
    """Return how many seconds we are ahead of a server; None where it sends no date."""
    before = now()
    try:
        answer = requests.head(url, timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException:
        return None
    after = now()
    try:
        theirs = parsedate_to_datetime(answer.headers["Date"])
    except (KeyError, ValueError):
        return None
    # Their date is cut to the second and was written between the two of ours.
    ours = before + (after - before) / 2
    return (ours - theirs).total_seconds() - 0.5


def judge(seconds: float) -> Finding:
    """Return the finding for a clock that is so many seconds ahead."""
    size = round(abs(seconds))
    direction = "ahead" if seconds > 0 else "behind"
    if size <= WARNING:
        return Finding(CHECK, "ok", "Agrees with theirs.")
    advice = (
        f"It is {size} s {direction}. Slack's and incident.io's signatures fail at "
        "300 s, and reminders are as wrong as the clock. Turn on time "
        "synchronisation (NTP)."
    )
    return Finding(CHECK, "fault" if size > FAULT else "warning", advice)
