"""People who look things up, each in their own conversation with the app."""

from __future__ import annotations

import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle
from threading import Lock
from typing import TYPE_CHECKING

from sandbox.slack.users.person import DM

if TYPE_CHECKING:
    from sandbox.slack.users.person import Person

HOME = "home"
PARALLEL_READERS = 48
LOOK = 0.1
"""Seconds from one look at the screen to the next."""
PATIENCE = 45.0
"""Seconds that a reader waits for an answer; the bot's own calls take 25 at most."""


@dataclass(eq=False)
class Lookup:
    """One thing that somebody looked up, and how they were answered."""

    line: str
    asked_at: float
    seconds: float = 0.0
    """How long the acknowledgement took."""
    refused: str = ""
    """What Slack itself showed because the bot did not acknowledge."""
    answered: bool = False

    @property
    def silent(self) -> bool:
        return not (self.answered or self.refused)


class Readers:
    """Several people, each of whom looks up one thing at a time."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._people = cycle([(person, Lock()) for person in people])
        self._pool = ThreadPoolExecutor(PARALLEL_READERS, thread_name_prefix="reader")
        self._futures: list[Future[None]] = []
        self.lookups: list[Lookup] = []

    def ask(self, line: str) -> None:
        """Let the next person enter a command, or open the Home tab (``home``)."""
        person, busy = next(self._people)
        self._futures.append(self._pool.submit(self._look_up, person, busy, line))

    def close(self) -> None:
        """Wait for all answers. Raises the first error in the readers' own code."""
        self._pool.shutdown(wait=True)
        for future in self._futures:
            future.result()

    def _look_up(self, person: Person, busy: Lock, line: str) -> None:
        with busy:
            lookup = Lookup(line, time.monotonic())
            self.lookups.append(lookup)
            before = _answers(person)
            home = line == HOME
            to_app = person.opens_home() if home else person.types(line, DM)
            lookup.seconds, lookup.refused = to_app.seconds, to_app.error or ""
            until = time.monotonic() + PATIENCE
            while lookup.silent and time.monotonic() < until:
                shown = person.home is not None if home else _answers(person) > before
                lookup.answered = shown
                time.sleep(0 if shown else LOOK)


def _answers(person: Person) -> int:
    """Count what this person alone sees in their conversation with the app."""
    return sum(message.ephemeral for message in person.dm)
