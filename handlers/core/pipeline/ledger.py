"""The journal, as deliveries see it: accepted before, settled after, come what may."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from handlers.core.notes import Notes
from handlers.core.pipeline.interaction import Interaction
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
    notes: Notes = field(default_factory=Notes)


class Ledger:
    def __init__(
        self,
        journal: Journal,
        sleep: Callable[[float], None],
        account: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        """``account`` gives somebody's id in incident.io, if it is known already."""
        self._journal = journal
        self._sleep = sleep
        self._account = account
        self._owed: dict[str, Settlement] = {}
        self._held: dict[str, Entry] = {}
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
        """Whether the write is still ours after waiting for a thread.

        From now on it is held, by ``beat``, until it is settled.
        """
        ours = self._renewed(entry)
        if ours:
            with self._lock:
                self._held[entry.id] = entry
        return ours

    def beat(self) -> None:
        """Hold on to what is being done, however long it takes. Call it often."""
        with self._lock:
            held = list(self._held.values())
        for entry in held:
            self._renewed(entry)

    def _renewed(self, entry: Entry) -> bool:
        try:
            return self._journal.renew(entry)
        except DatabaseError as error:
            log.warning("not renewed: %s", error, extra={"ref": entry.ref})
            return True

    def settle(self, entry: Entry, settlement: Settlement) -> None:
        """Enter what came of a write; what fails now is owed and tried again."""
        with self._lock:
            self._held.pop(entry.id, None)
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

    def refuse(self, it: Interaction, operation: str, settlement: Settlement) -> None:
        """Enter that somebody may not do what would not have been a write."""
        try:
            entry = self.accept(it, operation)
        except DatabaseError as error:
            log.warning("refusal not entered: %s", error)
            return
        if entry.fresh:
            self.settle(entry, settlement)

    def unfinished(self) -> Entry | None:
        """Claim one write that a dead process left; what is owed is entered first."""
        while claimed := self._journal.unfinished(limit=1):
            if not self._paid(claimed[0]):
                return claimed[0]
        return None

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
            target=settlement.notes.target,
            changes=settlement.notes.changes or None,
            account=self._account(entry.actor),
            incident_id=settlement.notes.incident_id,
        )
