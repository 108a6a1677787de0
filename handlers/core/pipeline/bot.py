"""Run what was asked, account for it and answer: all but the acknowledging."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from slack_sdk.errors import SlackClientError

from blocks.kit.fields import Choosable
from blocks.kit.form import read_view, refill
from handlers.core.arguments.resolve import fill
from handlers.core.command import Modal, Outcome, Reply
from handlers.core.context import Context, Services
from handlers.core.levels import Level
from handlers.core.locks import turn
from handlers.core.pipeline import help as help_view
from handlers.core.pipeline.delivery import Delivery, with_form_button
from handlers.core.pipeline.execution import Done, attempt, report
from handlers.core.pipeline.explain import OURS, explain
from handlers.core.pipeline.interaction import Interaction
from handlers.core.pipeline.ledger import STATES, Ledger, Settlement
from handlers.core.pipeline.observe import Observer, Stopwatch
from handlers.core.pipeline.router import Call, Help, Router, Unknown
from handlers.core.pipeline.trigger import Trigger
from storage.journal import Entry

log = logging.getLogger(__name__)


class Bot:
    def __init__(
        self, services: Services, router: Router, observer: Observer, ledger: Ledger
    ) -> None:
        self.services = services
        self.ledger = ledger
        self.router = router
        self.observer = observer
        self.delivery = Delivery(
            services.slack, services.slash, services.sleep, services.cards
        )
        self._help: dict[str | None, Reply] = {}

    def context(self, it: Interaction, entry: Entry | None, text: str = "") -> Context:
        return Context(
            services=self.services,
            user=it.user,
            channel=it.channel,
            key=it.key,
            ref=entry.ref if entry else secrets.token_hex(4),
            attempt=entry.attempt if entry else 1,
            memory=it.memory,
            text=text,
        )

    def call(
        self, it: Interaction, call: Call, entry: Entry | None, watch: Stopwatch
    ) -> None:
        """Run a command and bring its outcome to the person."""
        if entry is not None and not self.ledger.holds(entry):
            return
        ctx = self.context(it, entry, call.text)
        command = call.command
        writes = command.flags.writes

        def work() -> Outcome:
            return command.run(ctx, **fill(command, ctx, call.words))

        trigger = self._trigger(it, call, watch)
        done = attempt(ctx, work, command.phrase, command.flags, command)
        if trigger is not None:
            trigger.settle()
        if done.denied and entry is None:
            self.ledger.refuse(it, command.phrase, _settlement(done, ctx))
        self.conclude(it, ctx, entry, done, trigger, writes=writes)
        self.observer.finished(it, command.phrase, done.state, ctx.ref, watch)

    def _trigger(self, it: Interaction, call: Call, watch: Stopwatch) -> Trigger | None:
        if not call.command.opens_modal:
            return None
        gone = watch.seconds
        trigger = self.delivery.trigger(it, patient=call.writes, gone=gone)
        if trigger is not None:
            trigger.start()
        return trigger

    def change(self, it: Interaction, watch: Stopwatch) -> None:
        """Let a form follow a field that was changed in it."""
        ctx = self.context(it, None)
        view = it.view or {}
        change = self.router.changes[it.line]
        done = attempt(
            ctx,
            lambda: change.run(ctx, **read_view(view)),
            it.line.partition("/")[0],
            change.flags,
        )
        if done.denied:
            self.ledger.refuse(it, it.line, _settlement(done, ctx))
        if isinstance(done.outcome, Modal):
            drawn = self.delivery.view(it, done.outcome.form)
        else:
            words = done.outcome.text if isinstance(done.outcome, Reply) else ""
            drawn = refill(view, words)
        self._update(view, drawn)
        self.observer.finished(it, it.line, done.state, ctx.ref, watch)

    def suggest(self, it: Interaction, query: str) -> Sequence[Choosable]:
        """Give the options that fit what was typed so far; none when that fails."""
        ctx = self.context(it, None)
        source = self.router.sources.get(it.line)
        if source is None:
            return ()
        try:
            self.services.policy.check(it.user, it.channel, it.line, Level.READ)
            return source(ctx, query)
        except Exception as error:  # noqa: BLE001 - a list of options can say nothing
            explained = explain(error, fails="No options", ref=ctx.ref)
            report(error, explained, ctx)
            return ()

    def help(self, meant: Help | Unknown) -> Reply:
        """Say what there is, or what a mistyped line may have meant."""
        if isinstance(meant, Unknown):
            return help_view.unknown(meant, self.services.slash)
        group = self.router.group(meant.noun) if meant.noun else None
        key = group.name if group else None
        if key not in self._help:
            groups = (group,) if group else self.router.groups
            self._help[key] = help_view.phrases(groups, self.services.slash)
        return self._help[key]

    def say(self, it: Interaction, reply: Reply) -> None:
        try:
            self.delivery.say(it, reply)
        except SlackClientError as error:
            log.warning("answer not delivered: %s", error)

    def _update(self, view: Mapping[str, Any], drawn: dict[str, Any]) -> None:
        try:
            self.services.slack.views_update(
                view_id=view["id"], hash=view.get("hash"), view=drawn
            )
        except SlackClientError as error:
            log.info("the form has changed or gone meanwhile: %s", error)

    def conclude(
        self,
        it: Interaction,
        ctx: Context,
        entry: Entry | None,
        done: Done,
        trigger: Trigger | None,
        *,
        writes: bool,
    ) -> None:
        """Enter the outcome in the journal, then tell the person."""
        if entry is not None:
            self.settle(entry, done, ctx)
        try:
            if not (writes and self._redrawn(it, ctx, done)):
                self.delivery.deliver(it, done.outcome, trigger)
        except SlackClientError as error:
            if isinstance(done.outcome, Modal):
                self._not_opened(it, ctx, error)
            else:
                report(error, explain(error, fails="", ref=ctx.ref), ctx)
        if trigger is not None and not isinstance(done.outcome, Modal):
            trigger.finish(_in_short(done.outcome))

    def _not_opened(self, it: Interaction, ctx: Context, error: Exception) -> None:
        """Offer the form once more: a button brings a trigger of its own."""
        explained = explain(error, fails="The form did not open", ref=ctx.ref)
        report(error, explained, ctx)
        known = isinstance(self.router.route(it.line), Call)
        again = it.line if known and explained.outcome != OURS else None
        self.say(it, with_form_button(explained.words, again))

    def settle(self, entry: Entry, done: Done, ctx: Context) -> None:
        """Enter in the journal how a write ended; a question or a form was none."""
        self.ledger.settle(entry, _settlement(done, ctx))

    def _redrawn(self, it: Interaction, ctx: Context, done: Done) -> bool:
        """Redraw the list or card whose button was pressed, with what came of it."""
        if it.origin is None or done.explained or not isinstance(done.outcome, Reply):
            return False
        call = self.router.route(it.origin)
        if not isinstance(call, Call):
            return False
        with turn(f"{it.channel} {it.origin}"):
            return self._put_in_place(it, ctx, done.outcome, call)

    def _put_in_place(
        self, it: Interaction, ctx: Context, said: Reply, call: Call
    ) -> bool:
        """Draw and send it while nobody else does: an older one must not come last."""
        again = replace(ctx, text=call.text)
        drawn = attempt(
            again,
            lambda: call.command.run(again, **fill(call.command, again, call.words)),
            call.command.phrase,
            call.command.flags,
        )
        if drawn.explained or not isinstance(drawn.outcome, Reply):
            return False
        evident = drawn.outcome.answers and bool(ctx.notes.changes)
        self.delivery.redraw(it, said, drawn.outcome, evident=evident)
        return True


def _settlement(done: Done, ctx: Context) -> Settlement:
    if not isinstance(done.outcome, Reply):
        return Settlement(None)
    request_id = done.explained.request_id if done.explained else None
    words = done.outcome.text
    return Settlement(STATES[done.state], words, request_id, ctx.notes)


def _in_short(outcome: Outcome) -> str:
    """Say in a view what stands in a message: all of it, or that it is there."""
    if isinstance(outcome, Reply):
        return outcome.text
    return "There is a question for you in the channel."
