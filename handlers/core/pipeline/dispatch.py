"""Acknowledges Slack's deliveries at once and starts the work.

Everything here runs in the thread that Slack is waiting for. It parses the line, enters
a write in the journal and starts the work. It does not call incident.io, and it asks
Slack only about somebody from another workspace of the enterprise.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from functools import partial
from typing import Any

from slack_bolt import Ack, App, BoltRequest, BoltResponse
from slack_bolt.middleware import Middleware
from slack_sdk.errors import SlackClientError

from blocks.kit.fields import MOST_OPTIONS, Choosable
from blocks.kit.form import DOUBT, working
from handlers.core.command import Reply
from handlers.core.effect import FORM_TAKEN, STARTED, Effect
from handlers.core.pipeline import interaction as read
from handlers.core.pipeline.bot import HELPING, Bot
from handlers.core.pipeline.deduplicator import Deduplicator
from handlers.core.pipeline.delivery import as_message
from handlers.core.pipeline.executor import BoundedExecutor, Executors
from handlers.core.pipeline.explain import explain
from handlers.core.pipeline.homes import STRANGER
from handlers.core.pipeline.interaction import Interaction
from handlers.core.pipeline.ledger import STATES, WriteOutcome
from handlers.core.pipeline.observe import Stopwatch
from handlers.core.pipeline.router import Invocation, UnknownCommand
from handlers.core.pipeline.submissions import Submissions
from handlers.core.problems import Busy
from http_base.precedence import PRECEDENCE
from storage.errors import DatabaseError
from storage.journal import Entry

log = logging.getLogger(__name__)

Body = dict[str, Any]
Answering = Callable[[Ack, Body], None]
SUGGESTIONS = 2.0
"""Seconds to find the options of a menu."""

UNCHECKED = Reply(
    "Slack does not say who you are at the moment, so this was not started. "
    "Try again in a minute."
)
UNAVAILABLE = 503


class Repeated(Exception):
    """This delivery was accepted before."""


class Dispatcher(Middleware):
    """Answers Slack's deliveries; a delivery of another kind is left to Bolt.

    A middleware, because for each listener Bolt prepares all arguments anew, twice.
    """

    def __init__(
        self, bot: Bot, submissions: Submissions, executors: Executors
    ) -> None:
        self._bot = bot
        self._submissions = submissions
        self._executors = executors
        self._seen = Deduplicator(bot.services.now)
        self._interactive: Mapping[str, Answering] = {
            "block_actions": self.on_action,
            "view_submission": self.on_submission,
            "block_suggestion": self.on_options,
            "shortcut": self.on_shortcut,
            "message_action": self.on_shortcut,
        }
        self._events: Mapping[str, Answering] = {
            "app_mention": self.on_mention,
            "message": self.on_direct_message,
            "app_home_opened": self.on_home_opened,
            "member_joined_channel": self.on_joined,
            "link_shared": self.on_links,
        }

    def install(self, app: App) -> None:
        app.use(self)
        app.error(self.on_error)

    def process(
        self,
        *,
        req: BoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - Bolt's signature
        next: Callable[[], BoltResponse],  # noqa: A002 - Bolt's signature
    ) -> BoltResponse | None:
        """Answer a delivery from a person of our company; refuse others."""
        ack, body = req.context.ack, req.body
        refusal = self._refusal(ack, body)
        if refusal is not None:
            return refusal
        answer = self._answering(body)
        if answer is None:
            return next()
        answer(ack, body)
        return ack.response

    def _answering(self, body: Body) -> Answering | None:
        if "command" in body:
            return self.on_command
        if "event" in body:
            return self._events.get(body["event"]["type"], self.on_other_event)
        return self._interactive.get(body.get("type", ""))

    def _refusal(self, ack: Ack, body: Body) -> BoltResponse | None:
        """Return the answer to a person who is not of our company, or may not be."""
        who = read.acting_person(body)
        try:
            if who is None or self._bot.services.company.includes(who.user, who.team):
                return None
        except SlackClientError as error:
            log.warning("it cannot be told who is ours: %s", error)
            if "event" in body:  # Slack sends it again
                return BoltResponse(status=UNAVAILABLE, body="")
            return self._refused(ack, body, UNCHECKED)
        log.info("refused: of another company", extra={"kind": body.get("type")})
        return self._refused(ack, body, STRANGER)

    def _refused(self, ack: Ack, body: Body, reply: Reply) -> BoltResponse:
        """Answer somebody who may not use the bot, in the way their delivery needs."""
        if "command" in body:
            return ack(**as_message(reply))
        if body.get("type") == "view_submission":
            view = working("Not available", reply.text)
            return ack(response_action="update", view=view)
        if body.get("type") == "block_suggestion":
            return ack(options=[])
        it = self._addressed(body)
        if it is not None and self._seen.is_new(it.key):
            self._say(it, reply)
        return ack()

    def _addressed(self, body: Body) -> Interaction | None:
        """Return the interaction to answer a refused person in, if they expect one."""
        if "event" in body:
            return read.from_message(body["event"], body["event_id"], "")
        if "callback_id" in body:
            return read.from_shortcut(body)
        if body.get("view") or read.is_link(body):
            return None
        return read.from_action(body)

    def on_command(self, ack: Ack, body: Body) -> None:
        watch = Stopwatch()
        it = read.from_command(body)
        reply = self._begin(it, watch)
        ack(**as_message(reply)) if reply else ack()
        self._bot.observer.acked(it.kind, watch)

    def on_action(self, ack: Ack, body: Body) -> None:
        watch = Stopwatch()
        if not body.get("view") or read.is_home(body["view"]):
            if not read.is_link(body):
                it = read.from_action(body)
                self._say(it, self._begin(it, watch))
        elif self._is_live(body):
            it = read.from_change(body)
            self._executors.forms.submit(partial(self._bot.change, it, watch), it.user)
        ack()
        self._bot.observer.acked("button", watch)

    def on_submission(self, ack: Ack, body: Body) -> None:
        watch = Stopwatch()
        it = read.from_submission(body)
        ack(**self._submitted(it, watch))
        self._bot.observer.acked(it.kind, watch)

    def on_options(self, ack: Ack, body: Body) -> None:
        watch = Stopwatch()
        it = read.from_suggestion(body)
        found = self._suggested(it, body.get("value") or "")
        ack(options=[option.draw().to_dict() for option in found[:MOST_OPTIONS]])
        self._bot.observer.acked(it.kind, watch)

    def _suggested(self, it: Interaction, query: str) -> Sequence[Choosable]:
        """Return the options that are found in time; Slack waits three seconds."""
        try:
            found = self._executors.options.submit(
                partial(self._bot.suggest, it, query), it.user
            )
        except Busy:
            return ()
        try:
            with PRECEDENCE.waiting():
                return found.result(SUGGESTIONS)
        except FutureTimeout:
            found.cancel()
            return ()

    def on_shortcut(self, ack: Ack, body: Body) -> None:
        watch = Stopwatch()
        it = read.from_shortcut(body)
        command = self._bot.router.shortcuts.get(it.line)
        if command is not None and self._seen.is_new(it.key):
            work = partial(self._bot.call, it, Invocation(command, (), ""), None, watch)
            try:
                self._executors.forms.submit(work, it.user)
            except Busy as error:
                effect = command.flags.effect
                self._say(it, Reply(self._not_started(error, effect, None)))
        ack()
        self._bot.observer.acked(it.kind, watch)

    def on_mention(self, ack: Ack, body: Body) -> None:
        event = body["event"]
        if read.is_addressed(event):
            typed = event.get("text") or ""
            bot = self._bot.services.company.installation().bot_user
            words = re.sub(rf"^.*?<@{bot}(\|[^>]*)?>", "", typed, flags=re.DOTALL)
            self._heard(event, body, words.strip())
        ack()

    def on_direct_message(self, ack: Ack, body: Body) -> None:
        event = body["event"]
        if read.is_addressed(event):
            self._heard(event, body, (event.get("text") or "").strip())
        ack()

    def on_home_opened(self, ack: Ack, body: Body) -> None:
        """Publish the Home tab; a second delivery finds that it shows all there is."""
        event = body["event"]
        if event.get("tab") == "home":
            work = partial(self._bot.homes.open, event["user"])
            with suppress(Busy):
                self._executors.lookups.submit(work, event["user"])
        ack()

    def on_joined(self, ack: Ack, body: Body) -> None:
        """Post what a channel lacks that the bot was invited to."""
        event, services = body["event"], self._bot.services
        if event["user"] == services.company.installation().bot_user:
            work = partial(services.incident_cards.note_joined, event["channel"])
            with suppress(Busy):
                self._executors.notices.submit(work)
        ack()

    def on_links(self, ack: Ack, body: Body) -> None:
        """Draw cards of links; what cannot be done now is left, and nobody is told."""
        watch = Stopwatch()
        it = read.from_links(body)
        if it is not None and self._seen.is_new(it.key):
            work = partial(self._bot.unfurl, it, watch)
            with suppress(Busy):
                self._executors.notices.submit(work, it.user)
        ack()
        self._bot.observer.acked("links", watch)

    def on_other_event(self, ack: Ack, body: Body) -> None:  # noqa: ARG002 - as others
        ack()

    def on_error(self, error: Exception, body: Body) -> BoltResponse:
        """Answer a delivery that could not be read."""
        ref = secrets.token_hex(4)
        extra = {"kind": body.get("type"), "ref": ref}
        log.error("delivery failed", exc_info=error, extra=extra)
        if body.get("type") != "view_submission":
            return BoltResponse(status=200, body="")
        words = explain(error, effect=FORM_TAKEN, ref=ref).words
        answer = self._submissions.refused(read.from_submission(body), words)
        return BoltResponse(status=200, body=answer)

    def _heard(self, event: Body, body: Body, line: str) -> None:
        watch = Stopwatch()
        it = read.from_message(event, body["event_id"], self._without_slash(line))
        self._say(it, self._begin(it, watch))
        self._bot.observer.acked(it.kind, watch)

    def _without_slash(self, line: str) -> str:
        """Accept ``@bot /io incidents``."""
        slash = self._bot.services.slash
        return line.removeprefix(slash).strip() if line.startswith(slash) else line

    def _begin(self, it: Interaction, watch: Stopwatch) -> Reply | None:
        """Start what a line asks for; return a reply only if nothing was started."""
        meant = self._bot.router.route(it.line)
        if isinstance(meant, Invocation):
            return self._call(it, meant, watch)
        if not self._seen.is_new(it.key):
            return None
        if isinstance(meant, UnknownCommand):
            self._bot.observer.finished(it, "unknown", "done", None, watch)
            return self._bot.unknown(meant)
        try:
            work = partial(self._bot.help, it, meant, watch)
            self._executors.lookups.submit(work, it.user)
        except Busy as error:
            return Reply(self._not_started(error, HELPING.effect, None))
        return None

    def _call(
        self, it: Interaction, meant: Invocation, watch: Stopwatch
    ) -> Reply | None:
        effect, entry = meant.command.flags.effect, None
        try:
            entry = self._enter(it, meant)
            work = partial(self._bot.call, it, meant, entry, watch)
            self._executor_for(meant).submit(work, it.user)
        except Repeated:
            return None
        except (DatabaseError, Busy) as error:
            return Reply(self._not_started(error, effect, entry))
        return None

    def _executor_for(self, call: Invocation) -> BoundedExecutor:
        if call.writes:
            return self._executors.writes
        return (
            self._executors.forms
            if call.command.opens_modal
            else self._executors.lookups
        )

    def _enter(self, it: Interaction, call: Invocation) -> Entry | None:
        """Enter a write in the journal; only remember a lookup.

        Raises:
            Repeated: this delivery was accepted before.
        """
        if not call.writes:
            if not self._seen.is_new(it.key):
                raise Repeated
            return None
        entry = self._bot.ledger.accept(it, call.command.phrase)
        if not entry.fresh:
            raise Repeated
        return entry

    def _submitted(self, it: Interaction, watch: Stopwatch) -> Body:
        submission = self._bot.router.submissions.get(it.line)
        if submission is None:
            return {"response_action": "clear"}
        under_way = self._submissions.under_way(it)
        if under_way is not None:
            return self._submissions.answer(it, under_way, watch)
        try:
            entry = self._bot.ledger.accept(it, submission.name)
        except DatabaseError as error:
            doubt, effect = DOUBT in it.memory, submission.flags.effect
            words = self._not_started(error, effect, None, doubt)
            return self._submissions.refused(it, words)
        if not entry.fresh:
            answer = self._submissions.repeated(it, entry, watch)
            return self._submitted(it, watch) if answer is None else answer
        handoff = self._submissions.handoff(it)
        run = partial(self._submissions.run, it, submission, entry, watch, handoff)
        try:
            self._executors.writes.submit(run, it.user)
        except Busy as error:
            self._submissions.forget(it)
            words = self._not_started(error, submission.flags.effect, entry)
            return self._submissions.refused(it, words)
        return self._submissions.answer(it, handoff, watch)

    def _not_started(
        self,
        error: Exception,
        effect: Effect,
        entry: Entry | None,
        doubt: bool = False,
    ) -> str:
        """Return words that say nothing was started, with a logged reference.

        ``doubt``: the form says that an earlier attempt may have made it.
        """
        ref = entry.ref if entry else secrets.token_hex(4)
        in_doubt = entry.in_doubt_since is not None if entry else doubt
        if isinstance(error, DatabaseError) and not in_doubt:
            effect = STARTED  # what was asked for before may be under way elsewhere
        explained = explain(error, effect=effect, ref=ref, in_doubt=in_doubt)
        log.warning("not started: %s", error or "too much waits", extra={"ref": ref})
        if entry is not None:
            outcome = WriteOutcome(STATES[explained.outcome], explained.words)
            record = partial(self._bot.ledger.record_or_keep, entry, outcome)
            self._executors.notices.submit(record)
        return explained.words

    def _say(self, it: Interaction, reply: Reply | None) -> None:
        """Send a reply where the acknowledgement cannot carry it."""
        if reply is not None:
            self._executors.notices.submit(partial(self._bot.say, it, reply))

    def _is_live(self, body: Body) -> bool:
        return read.from_change(body).line in self._bot.router.changes
