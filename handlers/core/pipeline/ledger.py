"""Enters writes in the journal before they are made, and their outcomes after."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from threading import Lock

from handlers.core.notes import Notes
from handlers.core.pipeline.interaction import Interaction
from storage.announcements import Announcement
from storage.errors import DatabaseError
from storage.journal import DONE, REFUSED, UNKNOWN, Entry, Journal
from storage.lease import Lease
from storage.slot import Slot

log = logging.getLogger(__name__)

STATES = {"done": DONE, "refused": REFUSED, "unknown": UNKNOWN, "fault": UNKNOWN}
"""The journal's state for each outcome; after a fault of ours it is unknown."""

UNANSWERED = "It was not started: the bot's database gave no answer in time."

TRIES = 4
PAUSE = 1.0
"""Seconds between attempts to enter an outcome; the database may be locked."""


@dataclass(frozen=True, slots=True)
class WriteOutcome:
    """The outcome of a write; a ``state`` of None removes the entry."""

    state: str | None
    outcome: str = ""
    request_id: str | None = None
    notes: Notes = field(default_factory=Notes)
    announcements: Sequence[Announcement] = ()


class Ledger:
    """Enters writes, keeps their leases and records their outcomes."""

    def __init__(
        self,
        journal: Journal,
        sleep: Callable[[float], None],
        account: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        """``account`` returns the incident.io id of a Slack id, from memory."""
        self._journal = journal
        self._sleep = sleep
        self._account = account
        self._kept: list[tuple[Entry, WriteOutcome, bool]] = []
        self._leased: dict[str, Entry] = {}
        self._leases: dict[str, Lease] = {}
        self._lock = Lock()

    def accept(self, it: Interaction, operation: str) -> Entry:
        """Enter a write.

        Raises:
            DatabaseError: it was not entered, or nobody knows, so it must not be made:
                see ``withdraw``.
        """
        self.withdraw(it.key)
        return self._journal.accept(
            it.key,
            operation=operation,
            actor=it.user,
            channel=it.channel or None,
            request=it.stored(),
            retry_unknown=it.kind == "submission",
        )

    def withdraw(self, key: str | None = None) -> None:
        """Refuse what was entered after all though ``accept`` failed.

        The person was told that it was not started, so nobody may take it up.

        Raises:
            DatabaseError: the database does not work yet.
        """
        for entry in self._journal.unanswered(key):
            state = UNKNOWN if entry.in_doubt_since else REFUSED
            self._enter(entry, WriteOutcome(state, UNANSWERED))

    def keep_lease(self, entry: Entry) -> bool:
        """Keep the lease after the wait for a thread; return whether it is still ours.

        It is renewed if the wait was long. ``heartbeat`` renews it from now on, until
        the outcome is recorded.
        """
        if entry.lease is not None and entry.lease.lasts():
            self._leases[entry.id] = entry.lease
        elif not self._renewed(entry):
            return False
        with self._lock:
            self._leased[entry.id] = entry
        return True

    def heartbeat(self) -> None:
        """Renew the leases of all writes being made. Call it well within a lease."""
        with self._lock:
            held = list(self._leased.values())
        for entry in held:
            self._renewed(entry)

    def holds(self, entry: Entry | None) -> bool:
        """Return whether the write may be made now; call it right before each request.

        A process that was frozen until its lease ran out asks the database.
        """
        if entry is None or self._lasts(entry):
            return True
        try:
            return self._renew(entry) and self._lasts(entry)
        except DatabaseError as error:
            log.warning("not renewed: %s", error, extra={"ref": entry.ref})
            return False

    def _lasts(self, entry: Entry) -> bool:
        lease = self._leases.get(entry.id)
        return lease is not None and lease.lasts()

    def _renew(self, entry: Entry) -> bool:
        lease = self._journal.renew(entry)
        if lease is not None:
            self._leases[entry.id] = lease
        return lease is not None

    def _renewed(self, entry: Entry) -> bool:
        try:
            return self._renew(entry)
        except DatabaseError as error:
            log.warning("not renewed: %s", error, extra={"ref": entry.ref})
            return True

    def record(self, entry: Entry, outcome: WriteOutcome) -> Sequence[Slot] | None:
        """Record the outcome of a write.

        Return the slots of its announcements, or None if another process has taken over
        the write: that process tells people the outcome.

        Raises:
            DatabaseError: nobody knows if it was recorded. ``keep`` it, and announce
                nothing: if it was, a worker does.
        """
        with self._lock:
            self._leased.pop(entry.id, None)
            self._leases.pop(entry.id, None)
        for attempt in count(1):
            try:
                return self._enter(entry, outcome)
            except DatabaseError as error:
                log.warning("outcome not entered: %s", error, extra={"ref": entry.ref})
                if attempt == TRIES:
                    raise
            self._sleep(PAUSE)
        return None

    def keep(self, entry: Entry, outcome: WriteOutcome, *, told: bool = False) -> None:
        """Keep an outcome until the database is back: see ``record_kept``.

        ``told``: its first announcement is for one person, who has been told.
        """
        with self._lock:
            self._kept.append((entry, outcome, told))

    def record_kept(self) -> Iterator[tuple[Sequence[Slot], bool]]:
        """Record the outcomes that were kept; yield the slots of each, and ``told``.

        Raises:
            DatabaseError: the database does not work yet.
        """
        with self._lock:
            kept = list(self._kept)
        for one in kept:
            entry, outcome, told = one
            slots = self._enter(entry, outcome)
            with self._lock:
                self._kept.remove(one)
            yield slots or (), told

    def refuse(self, it: Interaction, operation: str, outcome: WriteOutcome) -> None:
        """Enter that a person was denied something that is not a write."""
        try:
            entry = self.accept(it, operation)
        except DatabaseError as error:
            log.warning("refusal not entered: %s", error)
            return
        if entry.fresh:
            self.record_or_keep(entry, outcome)

    def record_or_keep(self, entry: Entry, outcome: WriteOutcome) -> None:
        """Record an outcome of which nobody is told; keep it if the database fails."""
        try:
            self.record(entry, outcome)
        except DatabaseError:
            self.keep(entry, outcome)

    def claim_unfinished(self) -> Entry | None:
        """Claim one write that a dead process left, or return None."""
        return next(iter(self._journal.unfinished(limit=1)), None)

    def _enter(self, entry: Entry, outcome: WriteOutcome) -> Sequence[Slot] | None:
        if outcome.state is None:
            self._journal.discard(entry)
            return ()
        return self._journal.finish(
            entry,
            outcome.state,
            outcome="" if outcome.state == DONE else outcome.outcome,
            request_id=outcome.request_id,
            target=outcome.notes.target,
            changes=outcome.notes.changes or None,
            account=self._account(entry.actor),
            incident_id=outcome.notes.incident_id,
            announcements=outcome.announcements,
        )
