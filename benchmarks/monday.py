"""One Monday: its clock, a stopwatch, and a record of the calls to Slack."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from time import perf_counter, process_time
from typing import Any

from slack.client import SlackClient

EVENING = timedelta(hours=4)
"""So long before Monday begins in UTC; in the east it has begun."""

Asked = list[tuple[str, str, float]]
"""Each call: its method, the conversation it is about, and the Unix time."""


@dataclass
class StillClock:
    """A clock that stands still until it is put forward."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    @classmethod
    def before_monday(cls, today: datetime) -> StillClock:
        """Return the clock of the evening before the next Monday."""
        ahead = timedelta(days=7 - today.weekday())
        monday = datetime.combine(today.date() + ahead, time(), UTC)
        return cls(monday - EVENING)


@dataclass
class PhaseTimer:
    """Counts, for each event, the seconds since the event before it."""

    all_of: str = ""
    """The event that all time is counted for, while this is set."""
    wall: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    cpu: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    _last: tuple[float, float] = (0.0, 0.0)

    def start(self) -> None:
        self._last = perf_counter(), process_time()

    def book(self, event: str, **_: str) -> None:
        what = self.all_of or event
        wall, cpu = perf_counter(), process_time()
        self.wall[what] += wall - self._last[0]
        self.cpu[what] += cpu - self._last[1]
        self._last = wall, cpu

    @contextmanager
    def during(self, what: str) -> Iterator[None]:
        self.all_of = what
        self.start()
        yield
        self.book("")
        self.all_of = ""


class Listening(SlackClient):
    """Slack's client, which records every call."""

    def __init__(self, now: Callable[[], datetime], given: Mapping[str, str]) -> None:
        super().__init__(given["slack_bot_token"], base_url=given["slack_api_url"])
        self._now = now
        self.asked: Asked = []

    def api_call(self, api_method: str, **more: Any) -> Any:
        about = (more.get("json") or {}).get("channel", "")
        self.asked.append((api_method, about, self._now().timestamp()))
        return super().api_call(api_method, **more)


def most(moments: Iterable[float], seconds: float) -> int:
    """Return the largest number of moments within so many seconds."""
    ordered, first, found = sorted(moments), 0, 0
    for last, moment in enumerate(ordered):
        while moment - ordered[first] >= seconds:
            first += 1
        found = max(found, last - first + 1)
    return found
