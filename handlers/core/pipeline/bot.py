"""Runs interactions, records their outcomes and answers them."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from slack_sdk.errors import SlackClientError

from blocks.kit.fields import Choosable
from blocks.kit.form import refill
from blocks.kit.outstanding import REDRAW
from handlers.core.arguments.references import entered
from handlers.core.arguments.resolve import fill
from handlers.core.command import Command, Flags, Modal, Outcome, Reply
from handlers.core.context import Context, Services
from handlers.core.effect import FORM_SHOWN, OPTIONS_LISTED, WORKED, Effect
from handlers.core.locks import lock_for
from handlers.core.notes import NOT_YET
from handlers.core.operations import READING
from handlers.core.permissions import Level
from handlers.core.pipeline import help as help_view
from handlers.core.pipeline import unfurling
from handlers.core.pipeline.announcer import Announcer
from handlers.core.pipeline.delivery import (
    OutcomeDelivery,
    alone,
    announcements,
    is_public,
    with_form_button,
)
from handlers.core.pipeline.execution import Execution, execute, report
from handlers.core.pipeline.explain import OURS, explain
from handlers.core.pipeline.homes import Homes
from handlers.core.pipeline.interaction import Interaction
from handlers.core.pipeline.ledger import STATES, Ledger, WriteOutcome
from handlers.core.pipeline.observe import Observer, Stopwatch
from handlers.core.pipeline.offering import offered
from handlers.core.pipeline.router import (
    HelpRequest,
    Invocation,
    Router,
    UnknownCommand,
)
from handlers.core.pipeline.trigger import ModalTrigger
from handlers.core.problems import Ambiguous, Refusal
from storage.errors import DatabaseError
from storage.journal import DONE, UNKNOWN, Entry
from storage.slot import Slot

log = logging.getLogger(__name__)

TAKEN_OVER = (
    "The bot was stopped for too long. Another process of it goes on with this, and "
    "tells you the result where you started."
)
ANSWERED = "The answer is under *Messages*."
HELPING = Flags(effect=Effect("The help", "shown"), level=Level.NONE)
ASKED = "Asked once more, for an earlier attempt may have made it."


class Bot:
    """Runs what an interaction asks for, while Slack does not wait."""

    def __init__(
        self, services: Services, router: Router, observer: Observer, ledger: Ledger
    ) -> None:
        self.services = services
        self.ledger = ledger
        self.router = router
        self.observer = observer
        self.announcer = Announcer(services.slots, services.slack, services.now)
        self.delivery = OutcomeDelivery(
            services.slack,
            services.slash,
            services.sleep,
            services.cards,
            self.announcer,
        )
        self.homes = Homes(services, router.home_parts)
        self._overviews: dict[Level, help_view.Overview] = {}

    def context(self, it: Interaction, entry: Entry | None, text: str = "") -> Context:
        return Context(
            services=self.services,
            user=it.user,
            channel=it.channel,
            key=it.key,
            ref=entry.ref if entry else secrets.token_hex(4),
            may_write=partial(self.ledger.holds, entry),
            in_doubt_since=entry.in_doubt_since if entry else None,
            accepted_at=entry.accepted_at if entry else None,
            memory=it.memory,
            text=text,
        )

    def execute(
        self,
        ctx: Context,
        work: Callable[[], Outcome],
        flags: Flags,
        command: Command | None = None,
        *,
        filled: Collection[str] = (),
        own: Callable[[], bool] | None = None,
    ) -> Execution:
        """Run ``work`` for a person; a form offers only what they may do."""

        def offering() -> Outcome:
            outcome = work()
            return (
                self._offered(ctx, outcome) if isinstance(outcome, Modal) else outcome
            )

        return execute(ctx, offering, flags, command, filled=filled, own=own)

    def _offered(self, ctx: Context, modal: Modal) -> Modal:
        submission = self.router.submissions.get(modal.form.id)
        if submission is None:
            return modal
        return Modal(offered(ctx, modal.form, submission.flags.does.by_field))

    def call(
        self, it: Interaction, call: Invocation, entry: Entry | None, watch: Stopwatch
    ) -> None:
        """Run a command and deliver its outcome."""
        if entry is not None and not self.ledger.keep_lease(entry):
            return
        ctx = self.context(it, entry, call.text)
        command = call.command
        writes = command.flags.writes

        def work() -> Outcome:
            return command.run(ctx, **fill(command, ctx, call.words))

        trigger = self._trigger(it, call, watch)
        own = partial(self._is_own, ctx, call) if command.flags.own else None
        done = self.execute(ctx, work, command.flags, command, own=own)
        if trigger is not None:
            trigger.stop()
        if done.denied and entry is None:
            self.ledger.refuse(it, command.phrase, _write_outcome(done, ctx))
        self.conclude(it, ctx, entry, done, trigger, writes=writes)
        self.observer.finished(it, command.phrase, done.state, ctx.ref, watch)

    def _is_own(self, ctx: Context, call: Invocation) -> bool:
        """Return whether the line names something of the person's own.

        If several things fit, a person who may read is asked which; others are refused.
        """
        own = call.command.flags.own
        try:
            values = fill(call.command, ctx, call.words)
        except Refusal:
            return False
        except Ambiguous:
            if self.services.policy.allows(ctx.user, ctx.channel, Level.READ):
                raise
            return False
        return own is not None and own(ctx, next(iter(values.values()), None))

    def _trigger(
        self, it: Interaction, call: Invocation, watch: Stopwatch
    ) -> ModalTrigger | None:
        if not call.command.opens_modal:
            return None
        elapsed = watch.seconds
        trigger = self.delivery.trigger(it, patient=call.writes, elapsed=elapsed)
        if trigger is not None:
            trigger.start()
        return trigger

    def change(self, it: Interaction, watch: Stopwatch) -> None:
        """Redraw a form after one of its live fields was changed."""
        ctx = self.context(it, None)
        view = it.view or {}
        change = self.router.changes[it.line]
        done = self.execute(
            ctx, lambda: change.run(ctx, **entered(ctx, view)), change.flags
        )
        if done.denied:
            self.ledger.refuse(it, it.line, _write_outcome(done, ctx))
        if isinstance(done.outcome, Modal):
            drawn = self.delivery.view(it, done.outcome.form)
        else:
            words = done.outcome.text if isinstance(done.outcome, Reply) else ""
            drawn = refill(view, words)
        self._update(view, drawn)
        self.observer.finished(it, it.line, done.state, ctx.ref, watch)

    def suggest(self, it: Interaction, query: str) -> Sequence[Choosable]:
        """Return the options that fit ``query``; none if finding them fails."""
        ctx = self.context(it, None)
        source = self.router.sources.get(it.line)
        if source is None:
            return ()
        try:
            self.services.policy.check(it.user, it.channel, [READING])
            return source(ctx, query)
        except Exception as error:  # noqa: BLE001 - a list of options can say nothing
            explained = explain(error, effect=OPTIONS_LISTED, ref=ctx.ref)
            report(error, explained, ctx)
            return ()

    def unfurl(self, it: Interaction, watch: Stopwatch) -> None:
        """Draw cards of the links that a person posted; a failure is logged alone."""
        ctx = self.context(it, None)
        cards, outcome = {}, DONE
        try:
            if unfurling.may_share(ctx):
                cards = unfurling.cards(ctx, self.router.links, it.memory["links"])
            if cards:
                self.services.slack.chat_unfurl(
                    channel=it.channel, ts=it.message_ts, unfurls=cards
                )
        except Exception as error:  # noqa: BLE001 - nobody asked, so nobody is told
            explained = explain(error, effect=WORKED, ref=ctx.ref)
            report(error, explained, ctx)
            outcome = explained.outcome
        if cards or outcome != DONE:
            self.observer.finished(it, "links", outcome, ctx.ref, watch)

    def unknown(self, meant: UnknownCommand) -> Reply:
        """Return suggestions for a line that means no command."""
        return help_view.unknown(meant, self.services.slash)

    def help(self, it: Interaction, meant: HelpRequest, watch: Stopwatch) -> None:
        """Answer with the commands that the person may run."""
        ctx = self.context(it, None)
        done = self.execute(ctx, partial(self._help, ctx, meant), HELPING)
        if isinstance(done.outcome, Reply):
            self.say(it, done.outcome)
        self.observer.finished(it, "help", done.state, ctx.ref, watch)

    def _help(self, ctx: Context, meant: HelpRequest) -> Reply:
        slash, groups = self.services.slash, self.router.groups
        reader = help_view.Reader(ctx)
        if reader.level == Level.NONE:
            return Reply(reader.refusal())
        if meant.noun is None:
            overview = self._overviews.get(reader.level)
            if overview is None:
                overview = help_view.overview(groups, slash, reader)
                self._overviews[reader.level] = overview
            return overview.reply(reader)
        group = self.router.group(meant.noun)
        return help_view.phrases((group,) if group else groups, slash, reader)

    def say(self, it: Interaction, reply: Reply, slots: Sequence[Slot] = ()) -> bool:
        """Send a reply, under the first of the slots; return False if Slack refuses."""
        try:
            self.delivery.say(it, reply, next(iter(slots), None))
        except SlackClientError as error:
            log.warning("answer not delivered: %s", error)
            return False
        return True

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
        done: Execution,
        trigger: ModalTrigger | None = None,
        *,
        writes: bool = True,
        told: bool = False,
    ) -> bool:
        """Record the outcome in the journal, then deliver it.

        ``told``: the person knows it already. Return False if another process has taken
        over the write: that one answers. Here only what was made twice is said.
        """
        slots: Sequence[Slot] | None = ()
        if entry is not None:
            outcome = self._write_outcome(it, done, ctx, told=told)
            try:
                slots = self.ledger.record(entry, outcome)
            except DatabaseError:
                heard = self._tell_alone(it, done, trigger, told=told)
                self.ledger.keep(entry, outcome, told=heard)
                self._say_doubles(it, ctx)
                return True
        if slots is None:
            if trigger is not None:
                trigger.finish(TAKEN_OVER)
            self._say_doubles(it, ctx)
            return False
        if not told:
            self.answer(it, ctx, done, trigger, slots, writes=writes)
        return True

    def _say_doubles(self, it: Interaction, ctx: Context) -> None:
        for reply in ctx.doubles:
            self.say(it, reply)

    def _tell_alone(
        self,
        it: Interaction,
        done: Execution,
        trigger: ModalTrigger | None,
        *,
        told: bool,
    ) -> bool:
        """Tell only the person an outcome that could perhaps not be recorded.

        Others are told under the slots that are recorded with it. Return whether the
        answer was for the person alone anyhow, and was given.
        """
        reply = done.outcome
        if not isinstance(reply, Reply):
            if not told:
                self.delivery.deliver(it, reply, trigger)
            return False
        heard = not told and self.say(it, alone(it, reply))
        if trigger is not None:
            trigger.finish(_in_short(reply))
        return heard and not is_public(it, reply)

    def answer(
        self,
        it: Interaction,
        ctx: Context,
        done: Execution,
        trigger: ModalTrigger | None = None,
        slots: Sequence[Slot] = (),
        *,
        writes: bool = True,
    ) -> None:
        """Deliver an outcome, under the slots that were entered with it.

        If ``writes``, the message whose button was pressed is redrawn with the outcome.
        """
        try:
            if it.home and writes and isinstance(done.outcome, Reply):
                publish = partial(self.homes.publish, it.user)
                self.delivery.put_on_home(it, done.outcome, slots, publish)
            elif not (writes and self._redrawn(it, ctx, done, slots)):
                self.delivery.deliver(it, done.outcome, trigger, slots)
                self._point_to_answer(it, done.outcome)
        except SlackClientError as error:
            if isinstance(done.outcome, Modal):
                self._not_opened(it, ctx, error)
            else:
                report(error, explain(error, effect=WORKED, ref=ctx.ref), ctx)
        if trigger is not None and not isinstance(done.outcome, Modal):
            trigger.finish(_in_short(done.outcome))
        self._redraw_elsewhere(it, done.outcome)

    def _redraw_elsewhere(self, it: Interaction, outcome: Outcome) -> None:
        """Redraw the other messages that show the item that was changed."""
        if isinstance(outcome, Reply) and outcome.changed:
            self.services.shown.redraw(outcome.changed, _slot_of(it))

    def _point_to_answer(self, it: Interaction, outcome: Outcome) -> None:
        """Say on the Home tab that an answer came as a direct message."""
        if it.home and not isinstance(outcome, Modal):
            self.homes.publish(it.user, Reply(ANSWERED))

    def _not_opened(self, it: Interaction, ctx: Context, error: Exception) -> None:
        """Offer a button for a form that did not open: a press brings a new trigger."""
        explained = explain(error, effect=FORM_SHOWN, ref=ctx.ref)
        report(error, explained, ctx)
        known = isinstance(self.router.route(it.line), Invocation)
        again = it.line if known and explained.outcome != OURS else None
        self.say(it, with_form_button(explained.words, again))

    def _write_outcome(
        self, it: Interaction, done: Execution, ctx: Context, *, told: bool
    ) -> WriteOutcome:
        """Return how a write ended; one that ended in a question or form is removed."""
        outcome = _write_outcome(done, ctx)
        if isinstance(done.outcome, Reply) and not told:
            said = announcements(it, done.outcome)
            outcome = replace(outcome, announcements=said)
        if done.state == DONE:
            self._spread(ctx)
        return outcome

    def _spread(self, ctx: Context) -> None:
        """Let what shows the things that were changed be drawn again."""
        self.homes.touch()
        incident = ctx.notes.incident_id
        if incident and incident != NOT_YET:
            self.services.incident_cards.note_changed(incident)

    def _redrawn(
        self, it: Interaction, ctx: Context, done: Execution, slots: Sequence[Slot]
    ) -> bool:
        """Redraw the list or card whose button was pressed, with the outcome above it.

        Return False if it cannot be redrawn. A line that writes is never run for this.
        """
        if it.origin is None or done.explained or not isinstance(done.outcome, Reply):
            return False
        call = self.router.route(it.origin)
        if not isinstance(call, Invocation) or call.writes:
            return False
        with lock_for(f"{it.channel} {it.origin}"):
            return self._put_in_place(it, ctx, done.outcome, call, slots)

    def _put_in_place(
        self,
        it: Interaction,
        ctx: Context,
        said: Reply,
        call: Invocation,
        slots: Sequence[Slot],
    ) -> bool:
        """Draw the message anew and replace it; the caller holds the message's lock."""
        again = replace(ctx, text=call.text)
        drawn = execute(
            again,
            lambda: call.command.run(again, **fill(call.command, again, call.words)),
            call.command.flags,
        )
        if drawn.explained or not isinstance(drawn.outcome, Reply):
            return False
        evident = drawn.outcome.answers and bool(ctx.notes.changes)
        self.delivery.redraw(it, said, drawn.outcome, slots, evident=evident)
        return True


def _write_outcome(done: Execution, ctx: Context) -> WriteOutcome:
    if not isinstance(done.outcome, Reply):
        return WriteOutcome(UNKNOWN if ctx.in_doubt else None, ASKED, notes=ctx.notes)
    request_id = done.explained.request_id if done.explained else None
    words = done.outcome.text
    return WriteOutcome(STATES[done.state], words, request_id, ctx.notes)


def _slot_of(it: Interaction) -> str | None:
    """Return the slot of the reminder whose button was pressed, if it was one."""
    drawn_by, _, slot_id = (it.origin or "").rpartition(" ")
    return slot_id if drawn_by == REDRAW else None


def _in_short(outcome: Outcome) -> str:
    """Return the words of an outcome for the loading view."""
    if isinstance(outcome, Reply):
        return outcome.text
    return "There is a question for you in the channel."
