"""Finishes writes that a dead process had accepted."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from threading import Event

from handlers.core.command import Reply
from handlers.core.effect import CHECK
from handlers.core.pipeline.bot import Bot
from handlers.core.pipeline.execution import Execution
from handlers.core.pipeline.explain import Explanation
from handlers.core.pipeline.interaction import Interaction
from handlers.core.pipeline.ledger import WriteOutcome
from handlers.core.pipeline.observe import Stopwatch
from handlers.core.pipeline.router import Invocation
from handlers.core.pipeline.submissions import Submissions
from storage.errors import DatabaseError
from storage.journal import UNKNOWN, Entry

log = logging.getLogger(__name__)

ATTEMPTS = 3
MAX_TAKEOVERS = 20
"""Writes that one tick takes over."""


class Recovery:
    """Takes over writes whose lease has run out.

    ``kept`` is how long the journal keeps finished entries.
    """

    def __init__(self, bot: Bot, submissions: Submissions, kept: timedelta) -> None:
        self._bot = bot
        self._submissions = submissions
        self._kept = kept
        self._pruned: date | None = None
        self._stopping = Event()

    def tick(self) -> None:
        """Run each abandoned write again; report those that cannot be run.

        First, what was entered too late is withdrawn, and outcomes that could not be
        recorded are recorded. Messages about writes that another process sent too are
        taken back.
        """
        try:
            self._bot.ledger.withdraw()
            self._bot.announcer.settle()
            for slots, answered in self._bot.ledger.record_kept():
                self._bot.announcer.leave(slots, answered=answered)
            for _ in range(MAX_TAKEOVERS):
                entry = (
                    None
                    if self._stopping.is_set()
                    else self._bot.ledger.claim_unfinished()
                )
                if entry is None:
                    break
                self._recover(entry)
            self._bot.announcer.duplicates.take_back()
            self._bot.services.journal.erase()
            self._prune()
        except DatabaseError as error:
            log.warning("nothing could be recovered: %s", error)

    def stop(self) -> None:
        """Claim nothing more."""
        self._stopping.set()

    def _recover(self, entry: Entry) -> None:
        """Run one entry again; record it as unknown if it cannot be read."""
        log.info("taking up again", extra={"ref": entry.ref})
        try:
            it = Interaction.restored(entry.request)
            if entry.attempt > ATTEMPTS or not self._again(it, entry):
                self._give_up(it, entry)
        except Exception as error:
            log.exception("not recovered", extra={"ref": entry.ref})
            outcome = WriteOutcome(UNKNOWN, str(error))
            self._bot.ledger.record_or_keep(entry, outcome)

    def _prune(self) -> None:
        now = self._bot.services.now()
        if self._pruned != now.date():
            self._bot.services.journal.prune(now - self._kept)
            self._pruned = now.date()

    def _again(self, it: Interaction, entry: Entry) -> bool:
        """Run it like a new delivery; return False if no declaration fits any more."""
        watch = Stopwatch()
        if it.kind == "submission":
            submission = self._bot.router.submissions.get(it.line)
            if submission is not None:
                self._submissions.run(it, submission, entry, watch, None)
            return submission is not None
        meant = self._bot.router.route(it.line)
        if isinstance(meant, Invocation):
            self._bot.call(it, meant, entry, watch)
        return isinstance(meant, Invocation)

    def _give_up(self, it: Interaction, entry: Entry) -> None:
        words = (
            f"The bot stopped during `{entry.operation}`. It is not known whether it "
            f"was done. {CHECK} (ref `{entry.ref}`)"
        )
        done = Execution(Reply(words), Explanation(words, "unknown", {}))
        ctx = self._bot.context(it, entry)
        self._bot.conclude(it, ctx, entry, done, writes=False)
