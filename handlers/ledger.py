"""The journal, as deliveries see it: accepted before, settled after, come what may."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from handlers.interaction import Interaction
from storage.errors import DatabaseError
from storage.journal import DONE, REFUSED, UNKNOWN, Entry, Journal

log = logging.getLogger(__name__)

STATES = {"done": DONE, "refused": REFUSED, "unknown": UNKNOWN, "fault": UNKNOWN}
"""How each outcome is entered: after a fault of ours, nobody knows."""

TRIES = 4
PAUSE = 1.0
"""Seconds between attempts to enter an outcome; the database may be locked."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is to be entered about a write; no state: that there was none."""

    state: str | None
    outcome: str = ""
    request_id: str | None = None


class Ledger:
    def __init__(self, journal: Journal, sleep: Callable[[float], None]) -> None:
        self._journal = journal
        self._sleep = sleep
        self._owed: dict[str, Settlement] = {}
        self._lock = Lock()

    def accept(self, it: Interaction, operation: str) -> Entry:
        """Enter a write; raise ``DatabaseError`` where that cannot be done."""
        return self._journal.accept(
            it.key,
            operation=operation,
            actor=it.user,
            channel=it.channel or None,
            request=it.stored(),
            retry_unknown=it.kind == "submission",
        )

    def holds(self, entry: Entry) -> bool:
        """Whether the write is still ours after waiting for a thread."""
        try:
            return self._journal.renew(entry)
        except DatabaseError as error:
            log.warning("not renewed: %s", error, extra={"ref": entry.ref})
            return True

    def settle(self, entry: Entry, settlement: Settlement) -> None:
        """Enter what came of a write; what fails now is owed and tried again."""
        for attempt in range(TRIES):
            if attempt:
                self._sleep(PAUSE)
            try:
                self._enter(entry, settlement)
            except DatabaseError as error:
                log.warning("outcome not entered: %s", error, extra={"ref": entry.ref})
            else:
                return
        with self._lock:
            self._owed[entry.id] = settlement

    def unfinished(self) -> list[Entry]:
        """Claim what a dead process left; what is only owed is entered instead."""
        claimed = self._journal.unfinished()
        return [entry for entry in claimed if not self._paid(entry)]

    def _paid(self, entry: Entry) -> bool:
        with self._lock:
            settlement = self._owed.get(entry.id)
        if settlement is None:
            return False
        self._enter(entry, settlement)
        with self._lock:
            self._owed.pop(entry.id, None)
        return True

    def _enter(self, entry: Entry, settlement: Settlement) -> None:
        if settlement.state is None:
            self._journal.discard(entry)
            return
        self._journal.finish(
            entry,
            settlement.state,
            outcome=settlement.outcome,
            request_id=settlement.request_id,
        )
