"""Finish what was accepted before a process died."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from threading import Event

from handlers.core.command import Reply
from handlers.core.pipeline.bot import Bot
from handlers.core.pipeline.interaction import Interaction
from handlers.core.pipeline.ledger import Settlement
from handlers.core.pipeline.observe import Stopwatch
from handlers.core.pipeline.router import Call
from handlers.core.pipeline.submissions import Submissions
from storage.errors import DatabaseError
from storage.journal import UNKNOWN, Entry

log = logging.getLogger(__name__)

ATTEMPTS = 3
AT_ONCE = 20


class Recovery:
    """Takes over writes whose process let them lapse. Run it now and then.

    ``kept`` is how long the journal remembers what was done.
    """

    def __init__(self, bot: Bot, submissions: Submissions, kept: timedelta) -> None:
        self._bot = bot
        self._submissions = submissions
        self._kept = kept
        self._pruned: date | None = None
        self._stopping = Event()

    def tick(self) -> None:
        """Do again what can be done, and report the rest to who asked for it."""
        try:
            for _ in range(AT_ONCE):
                entry = (
                    None if self._stopping.is_set() else self._bot.ledger.unfinished()
                )
                if entry is None:
                    break
                self._recover(entry)
            self._prune()
        except DatabaseError as error:
            log.warning("nothing could be recovered: %s", error)

    def stop(self) -> None:
        """Take up nothing more."""
        self._stopping.set()

    def _recover(self, entry: Entry) -> None:
        """One that cannot be read must not hold up the others."""
        log.info("taking up again", extra={"ref": entry.ref})
        try:
            it = Interaction.restored(entry.request)
            if entry.attempt > ATTEMPTS or not self._again(it, entry):
                self._give_up(it, entry)
        except Exception as error:
            log.exception("not recovered", extra={"ref": entry.ref})
            self._bot.ledger.settle(entry, Settlement(UNKNOWN, str(error)))

    def _prune(self) -> None:
        now = self._bot.services.now()
        if self._pruned != now.date():
            self._bot.services.journal.prune(now - self._kept)
            self._pruned = now.date()

    def _again(self, it: Interaction, entry: Entry) -> bool:
        """Do it as if it had just been asked. False: nobody knows how any more."""
        watch = Stopwatch()
        if it.kind == "submission":
            submission = self._bot.router.submissions.get(it.line)
            if submission is not None:
                self._submissions.run(it, submission, entry, watch, None)
            return submission is not None
        meant = self._bot.router.route(it.line)
        if isinstance(meant, Call):
            self._bot.call(it, meant, entry, watch)
        return isinstance(meant, Call)

    def _give_up(self, it: Interaction, entry: Entry) -> None:
        words = (
            f"The bot stopped while it was at this: `{entry.operation}`. It is not "
            f"known whether it went through. Look before you try again. "
            f"(ref `{entry.ref}`)"
        )
        self._bot.ledger.settle(entry, Settlement(UNKNOWN, words))
        self._bot.say(it, Reply(words))
