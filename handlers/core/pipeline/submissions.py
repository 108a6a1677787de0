"""Runs submitted forms.

Slack takes errors for a form's fields only in the acknowledgement, within three
seconds. So the acknowledgement waits a little for the outcome. If that takes longer, it
shows a loading view, which is updated afterwards. What was typed is never lost.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager
from functools import partial
from threading import BoundedSemaphore, Condition
from typing import Any

from slack_sdk.errors import SlackClientError

from blocks.kit import text
from blocks.kit.boxes import name_of
from blocks.kit.form import banner, refill, working
from handlers.core.arguments.references import entered
from handlers.core.command import Modal, Reply, Submission
from handlers.core.context import Context
from handlers.core.effect import Effect
from handlers.core.pipeline.bot import TAKEN_OVER, Bot
from handlers.core.pipeline.execution import Execution
from handlers.core.pipeline.executor import BoundedExecutor
from handlers.core.pipeline.explain import Explanation
from handlers.core.pipeline.interaction import Interaction
from handlers.core.pipeline.observe import Stopwatch
from handlers.core.problems import Busy
from http_base.precedence import PRECEDENCE
from storage.errors import DatabaseError
from storage.journal import DONE, UNKNOWN, Entry

log = logging.getLogger(__name__)

BUDGET = 2.0
"""Seconds that an acknowledgement waits for the outcome.

Slack waits 3, of which a slow network or a busy machine may need one.
"""
GRACE = 1.0
"""Seconds for the loading view to arrive before it is updated."""
MOST_WAITING = 10
"""Acknowledgements that may wait at once; more would hold up other deliveries."""
LOOK = 0.1
"""Seconds from one look at the work of another process to the next."""
UNDER_WAY = (
    "This was submitted already and is under way. You will be told the result where "
    "you started. If you are not, submit it again: it is not done twice."
)

ELSEWHERE = Execution(Reply(TAKEN_OVER))

Answer = dict[str, Any]


class Handoff:
    """Hands the outcome to the waiting acknowledgement, or learns that it gave up."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._done: Execution | None = None
        self._left = False

    def give(self, done: Execution) -> bool:
        """Hand over the outcome; return False if the acknowledgement gave up."""
        with self._changed:
            self._done = done
            self._changed.notify_all()
            return not self._left

    def take(self, timeout: float) -> Execution | None:
        """Wait for the outcome; give up after ``timeout`` seconds and return None."""
        with self._changed:
            self._changed.wait_for(lambda: self._done is not None, timeout)
            self._left = self._done is None
            return self._done

    def pause(self, timeout: float) -> None:
        """Wait until the acknowledgement that gave up has reached the person."""
        with self._changed:
            self._changed.wait(timeout)


class Submissions:
    """Runs submitted forms, and answers each with its outcome or a loading view."""

    def __init__(
        self,
        bot: Bot,
        looks: BoundedExecutor,
        *,
        budget: float = BUDGET,
        grace: float = GRACE,
        most: int = MOST_WAITING,
    ) -> None:
        """``looks`` looks at the journal, which may take longer than the budget."""
        self._bot = bot
        self._looks = looks
        self._budget = budget
        self._grace = grace
        self._may_wait = BoundedSemaphore(most)
        self._under_way: dict[str, Handoff] = {}

    def under_way(self, it: Interaction) -> Handoff | None:
        """Return the handoff of a submission that this process is at work on."""
        return self._under_way.get(it.key)

    def handoff(self, it: Interaction) -> Handoff:
        """Return the handoff of a submission, the same one if it is delivered again."""
        return self._under_way.setdefault(it.key, Handoff())

    def forget(self, it: Interaction) -> None:
        """Drop the handoff of work that was not started."""
        self._under_way.pop(it.key, None)

    def answer(self, it: Interaction, handoff: Handoff, watch: Stopwatch) -> Answer:
        """Wait for the outcome within the budget; return the acknowledgement."""
        with self._patience(watch) as seconds:
            done = handoff.take(seconds)
        if done is None:
            words = (
                "incident.io is slow to answer. You can close this: you will be told "
                "the result where you started."
            )
            return {"response_action": "update", "view": _waiting(it, words)}
        return self._answer(it, done)

    @contextmanager
    def _patience(self, watch: Stopwatch) -> Iterator[float]:
        """Yield the seconds that an acknowledgement may wait for an outcome."""
        waits = self._may_wait.acquire(blocking=False)
        try:
            with PRECEDENCE.waiting():
                yield max(self._budget - watch.seconds, 0) if waits else 0
        finally:
            if waits:
                self._may_wait.release()

    def run(
        self,
        it: Interaction,
        submission: Submission,
        entry: Entry,
        watch: Stopwatch,
        handoff: Handoff | None,
    ) -> None:
        """Do what the form asks; without a handoff, nobody waits for the outcome."""
        ctx = self._bot.context(it, entry)
        try:
            if self._bot.ledger.keep_lease(entry):
                values = entered(ctx, it.view or {})
                own = submission.flags.own
                done = self._bot.execute(
                    ctx,
                    lambda: submission.run(ctx, **values),
                    submission.flags,
                    filled=values,
                    own=partial(own, ctx, None) if own else None,
                )
                if handoff is None and isinstance(done.outcome, Modal):
                    done = _unshown(submission.flags.effect)
                self._conclude(it, ctx, entry, done, handoff)
                name = submission.name
                self._bot.observer.finished(it, name, done.state, ctx.ref, watch)
        finally:
            self.forget(it)

    def _conclude(
        self,
        it: Interaction,
        ctx: Context,
        entry: Entry,
        done: Execution,
        handoff: Handoff | None,
    ) -> None:
        in_time = handoff is not None and handoff.give(done)
        shown = in_time and done.explained is not None
        told = shown or not isinstance(done.outcome, Reply)
        ours = self._bot.conclude(it, ctx, entry, done, told=told)
        if not in_time:
            self._update(it, done if ours else ELSEWHERE, handoff)

    def repeated(
        self, it: Interaction, entry: Entry, watch: Stopwatch
    ) -> Answer | None:
        """Answer a second delivery as the first was, or will be.

        As long as another process is at work the form stays: if what was asked is
        refused, that process says so only in its own acknowledgement. None: the first
        delivery was answered with a question, so this one has to be run, too.
        """
        handoff = self.under_way(it)
        if handoff is not None:
            return self.answer(it, handoff, watch)
        found = self._awaited(it, entry, watch)
        if found is None:
            return None
        if found.state == DONE:
            return {"response_action": "clear"}
        if found.finished_at is None:
            return self.refused(it, UNDER_WAY)
        explained = Explanation(found.outcome or "", found.state, {})
        return {"response_action": "update", "view": _again(it.view or {}, explained)}

    def _awaited(self, it: Interaction, entry: Entry, watch: Stopwatch) -> Entry | None:
        """Wait until another process is done; None: it had nothing to write."""
        with self._patience(watch) as seconds:
            look = partial(self._look, entry, watch.seconds + seconds, watch)
            try:
                return self._looks.submit(look, it.user).result(seconds)
            except (Busy, FutureTimeout):
                return entry

    def _look(self, entry: Entry, until: float, watch: Stopwatch) -> Entry | None:
        """Look at the journal again and again until an entry is finished or gone."""
        journal, found = self._bot.services.journal, entry
        while found.finished_at is None and watch.seconds < until:
            self._bot.services.sleep(LOOK)
            try:
                newer = journal.find(entry.key)
            except DatabaseError as error:
                log.warning("cannot look: %s", error, extra={"ref": entry.ref})
                break
            if newer is None:
                return None
            found = newer
        return found

    def refused(self, it: Interaction, words: str) -> Answer:
        """Redraw the form with ``words`` above it."""
        return {"response_action": "update", "view": refill(it.view or {}, words)}

    def _answer(self, it: Interaction, done: Execution) -> Answer:
        if isinstance(done.outcome, Modal):
            view = self._bot.delivery.view(it, done.outcome.form)
            certain = self._bot.services.slack.blocks.certain(view)
            return {"response_action": "update", "view": certain}
        explained = done.explained
        if explained is None:
            return {"response_action": "clear"}
        submitted = it.view or {}
        errors = beside(submitted, explained.fields)
        if errors and len(errors) == len(explained.fields):
            return {"response_action": "errors", "errors": errors}
        return {"response_action": "update", "view": _again(submitted, explained)}

    def _update(
        self, it: Interaction, done: Execution, handoff: Handoff | None
    ) -> None:
        """Show the outcome in the loading view, if it is still open."""
        view = it.view or {}
        if handoff is None or "blocks" not in view:
            return
        handoff.pause(self._grace)
        try:
            self._bot.services.slack.views_update(
                view_id=view["id"], view=self._late(it, done)
            )
        except SlackClientError as error:
            log.info("the loading view is gone: %s", error)

    def _late(self, it: Interaction, done: Execution) -> dict[str, Any]:
        view = it.view or {}
        if isinstance(done.outcome, Modal):
            return self._bot.delivery.view(it, done.outcome.form)
        if done.explained is not None:
            return _again(view, done.explained)
        words = done.outcome.text if isinstance(done.outcome, Reply) else "Done."
        return {**working(_title(view), "Done."), "blocks": [banner(words)]}


def _unshown(effect: Effect) -> Execution:
    """Say that the effect is in doubt: after a crash no form can be drawn again."""
    words = effect.in_doubt
    return Execution(Reply(words), Explanation(words, "unknown", {}))


def beside(view: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, str]:
    """Return each message under the name of its input, where the form has that input.

    incident.io calls a field ``severity_id``, or ``to_incident_status_id``, where the
    form says ``severity`` and ``status``.
    """
    inputs = [b["block_id"] for b in view.get("blocks", ()) if b["type"] == "input"]
    inputs.reverse()  # of a text in several inputs the first one counts
    named = {_bare(name_of(i)): i for i in inputs} | {name_of(i): i for i in inputs}
    found = {field: named.get(field) or named.get(_bare(field)) for field in fields}
    return {
        input_: text.clip(fields[field], text.FIELD)
        for field, input_ in found.items()
        if input_
    }


def _again(view: Mapping[str, Any], why: Explanation) -> dict[str, Any]:
    """Draw a form again that failed, or perhaps did not."""
    return refill(view, why.words, doubt=why.outcome == UNKNOWN)


def _bare(field: str) -> str:
    return field.removesuffix("_id").removeprefix("to_").removeprefix("incident_")


def _waiting(it: Interaction, words: str) -> dict[str, Any]:
    return working(_title(it.view or {}), words)


def _title(view: Mapping[str, Any]) -> str:
    return str((view.get("title") or {}).get("text") or "One moment")
