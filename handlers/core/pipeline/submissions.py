"""Submitted forms: answered in the acknowledgement if it can wait, else in the view.

Slack takes errors for a form's fields only in the acknowledgement, within three
seconds. So the work is waited for a little; what takes longer gets a view that says so
and is updated afterwards. Nothing that was typed is lost either way.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from threading import BoundedSemaphore, Condition
from typing import Any

from slack_sdk.errors import SlackClientError

from blocks.kit import text
from blocks.kit.fields import name_of
from blocks.kit.form import banner, read_view, refill, working
from handlers.core.command import Modal, Reply, Submission
from handlers.core.context import Context
from handlers.core.pipeline.bot import Bot
from handlers.core.pipeline.execution import Done, attempt
from handlers.core.pipeline.interaction import Interaction
from handlers.core.pipeline.observe import Stopwatch
from storage.journal import Entry

log = logging.getLogger(__name__)

BUDGET = 2.2
"""Seconds an acknowledgement waits for the work; Slack waits 3 for it."""
GRACE = 1.0
"""Seconds for the view that waits to arrive before it is updated."""
MOST_WAITING = 10
"""Acknowledgements that wait at once; more would keep others from being given."""

Answer = dict[str, Any]


class Promise:
    """What the acknowledgement waits for. Whoever comes too late learns so."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._done: Done | None = None
        self._left = False

    def give(self, done: Done) -> bool:
        """Hand over the outcome. False: nobody waits for it any more."""
        with self._changed:
            self._done = done
            self._changed.notify_all()
            return not self._left

    def take(self, timeout: float) -> Done | None:
        """Wait for the outcome; after None nobody waits any more."""
        with self._changed:
            self._changed.wait_for(lambda: self._done is not None, timeout)
            self._left = self._done is None
            return self._done

    def pause(self, timeout: float) -> None:
        """Let the acknowledgement that gave up reach the person first."""
        with self._changed:
            self._changed.wait(timeout)


class Submissions:
    def __init__(
        self,
        bot: Bot,
        *,
        budget: float = BUDGET,
        grace: float = GRACE,
        most: int = MOST_WAITING,
    ) -> None:
        self._bot = bot
        self._budget = budget
        self._grace = grace
        self._may_wait = BoundedSemaphore(most)
        self._under_way: dict[str, Promise] = {}

    def promise(self, it: Interaction) -> Promise:
        return self._under_way.setdefault(it.key, Promise())

    def forget(self, it: Interaction) -> None:
        """Nobody will keep this promise: the work was not started."""
        self._under_way.pop(it.key, None)

    def answer(self, it: Interaction, promise: Promise, watch: Stopwatch) -> Answer:
        """Wait for the outcome within the budget and write the acknowledgement."""
        waits = self._may_wait.acquire(blocking=False)
        left = max(self._budget - watch.seconds, 0) if waits else 0
        try:
            done = promise.take(left)
        finally:
            if waits:
                self._may_wait.release()
        if done is None:
            words = (
                "incident.io takes its time. You can close this; what comes of it "
                "will be said where you started."
            )
            return {"response_action": "update", "view": _waiting(it, words)}
        return self._answer(it, done)

    def run(
        self,
        it: Interaction,
        submission: Submission,
        entry: Entry,
        watch: Stopwatch,
        promise: Promise | None,
    ) -> None:
        """Do what the form asks. Without a promise nobody has waited: say it all."""
        ctx = self._bot.context(it, entry)
        try:
            if self._bot.ledger.holds(entry):
                done = attempt(
                    ctx,
                    lambda: submission.run(ctx, **read_view(it.view or {})),
                    submission.name,
                    submission.flags,
                )
                self._conclude(it, ctx, entry, done, promise)
                name = submission.name
                self._bot.observer.finished(it, name, done.state, ctx.ref, watch)
        finally:
            self.forget(it)

    def _conclude(
        self,
        it: Interaction,
        ctx: Context,
        entry: Entry,
        done: Done,
        promise: Promise | None,
    ) -> None:
        in_time = promise is not None and promise.give(done)
        self._bot.settle(entry, done, ctx)
        if not in_time:
            self._update(it, done, promise)
        if isinstance(done.outcome, Reply) and (done.explained is None or not in_time):
            self._bot.conclude(it, ctx, None, done, None, writes=True)

    def repeated(self, it: Interaction, entry: Entry, watch: Stopwatch) -> Answer:
        """Answer a second delivery as the first was, or will be."""
        promise = self._under_way.get(it.key)
        if promise is not None:
            return self.answer(it, promise, watch)
        if entry.finished_at is not None:
            return {"response_action": "clear"}
        words = "This is being done already; what comes of it will be said."
        return {"response_action": "update", "view": _waiting(it, words)}

    def refused(self, it: Interaction, words: str) -> Answer:
        """Keep the form as it is and say above it why nothing was started."""
        return {"response_action": "update", "view": refill(it.view or {}, words)}

    def _answer(self, it: Interaction, done: Done) -> Answer:
        if isinstance(done.outcome, Modal):
            view = self._bot.delivery.view(it, done.outcome.form)
            return {"response_action": "update", "view": view}
        explained = done.explained
        if explained is None:
            return {"response_action": "clear"}
        submitted = it.view or {}
        errors = beside(submitted, explained.fields)
        if errors and len(errors) == len(explained.fields):
            return {"response_action": "errors", "errors": errors}
        again = refill(submitted, explained.words)
        return {"response_action": "update", "view": again}

    def _update(self, it: Interaction, done: Done, promise: Promise | None) -> None:
        """Show the outcome in the view that waits, if it is still open."""
        view = it.view or {}
        if promise is None or "blocks" not in view:
            return
        promise.pause(self._grace)
        try:
            self._bot.services.slack.views_update(
                view_id=view["id"], view=self._late(it, done)
            )
        except SlackClientError as error:
            log.info("the view that waits is gone: %s", error)

    def _late(self, it: Interaction, done: Done) -> dict[str, Any]:
        view = it.view or {}
        if isinstance(done.outcome, Modal):
            return self._bot.delivery.view(it, done.outcome.form)
        if done.explained is not None:
            return refill(view, done.explained.words)
        words = done.outcome.text if isinstance(done.outcome, Reply) else "Done."
        return {**working(_title(view), "Done."), "blocks": [banner(words)]}


def beside(view: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, str]:
    """Put each message beside the input it is about, where the form has that input.

    incident.io calls a field ``severity_id``, or ``to_incident_status_id``, where the
    form says ``severity`` and ``status``.
    """
    inputs = {b["block_id"] for b in view.get("blocks", ()) if b["type"] == "input"}
    named = {_bare(name_of(i)): i for i in inputs} | {name_of(i): i for i in inputs}
    found = {field: named.get(field) or named.get(_bare(field)) for field in fields}
    return {
        input_: text.clip(fields[field], text.FIELD)
        for field, input_ in found.items()
        if input_
    }


def _bare(field: str) -> str:
    return field.removesuffix("_id").removeprefix("to_").removeprefix("incident_")


def _waiting(it: Interaction, words: str) -> dict[str, Any]:
    return working(_title(it.view or {}), words)


def _title(view: Mapping[str, Any]) -> str:
    return str((view.get("title") or {}).get("text") or "One moment")
