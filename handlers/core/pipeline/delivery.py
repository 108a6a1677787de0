"""Delivers outcomes on the surface where the person is looking."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.models.blocks import Block

from blocks.kit import messages, text
from blocks.kit.form import Form
from handlers.core.command import Modal, Outcome, Picker, Post, Reply
from handlers.core.pipeline.explain import slack_words
from handlers.core.pipeline.interaction import Interaction
from handlers.core.pipeline.trigger import LONG_PATIENCE, PATIENCE, ModalTrigger
from reminders.cards.follower import Follower
from slack.channels import is_direct
from slack.client import ResponseRefused, SlackClient, retry_after
from slack.optional_blocks import Blocks, send

log = logging.getLogger(__name__)

TRIES = 3
LONGEST_WAIT = 5
"""The longest ``Retry-After`` that is waited for, in seconds."""
THROTTLED = 429

T = TypeVar("T")


class OutcomeDelivery:
    """Sends what handlers return; the only place that does."""

    def __init__(
        self,
        slack: SlackClient,
        slash: str,
        sleep: Callable[[float], None],
        cards: Follower,
    ) -> None:
        self._slack = slack
        self._cards = cards
        self._slash = slash
        self._sleep = sleep

    def trigger(
        self, it: Interaction, *, patient: bool, gone: float
    ) -> ModalTrigger | None:
        """Return the trigger of an interaction delivered ``gone`` seconds ago."""
        if it.trigger_id is None:
            return None
        patience = (LONG_PATIENCE if patient else PATIENCE) - gone
        return ModalTrigger(self._slack, it.trigger_id, self._slash, patience)

    def deliver(
        self, it: Interaction, outcome: Outcome, trigger: ModalTrigger | None = None
    ) -> None:
        """Send a reply, open a form, or ask a question."""
        match outcome:
            case Modal(form) if trigger is not None:
                trigger.show(self.view(it, form))
            case Modal():
                self.say(it, with_form_button("That takes a form.", it.line))
            case Picker():
                self.say(it, _question(outcome))
            case Reply():
                self.say(it, self._posted(it, outcome))

    def view(self, it: Interaction, form: Form) -> dict[str, Any]:
        """Draw a form that remembers where it was opened from."""
        more = {
            "_channel": it.channel or None,
            "_response_url": it.response_url,
            "_thread_ts": it.thread_ts,
            "_origin": it.origin,
            "_message_ts": it.message_ts if it.origin else None,
        }
        carried = {k: v for k, v in it.memory.items() if k.startswith("_")}
        return dict(form.view(**{**carried, **_given(more)}).to_dict())

    def say(self, it: Interaction, reply: Reply) -> None:
        """Answer by ``response_url``, else in the channel, else by direct message."""
        message = as_message(reply)
        if it.response_url and self._responded(it, reply, message):
            return
        self._say_without_url(it, reply, message)

    def redraw(
        self, it: Interaction, said: Reply, drawn: Reply, *, evident: bool = False
    ) -> None:
        """Put ``drawn`` in the place of the message whose button was pressed.

        What was ``said`` of the press stands above it, unless it is ``evident``; what
        is public is posted too, for nobody is told that a message was edited.
        """
        if said.public:
            told = Post(it.channel, said.text, said.blocks)
            said = replace(said, posts=[*said.posts, told])
        heard = self._posted(it, said)
        above = [] if evident and heard is said else [messages.context(heard.text)]
        blocks = [*above, *drawn.blocks][: text.BLOCKS_IN_MESSAGE]
        whole = Reply(f"{heard.text}\n{drawn.text}", blocks)
        if not self._replaced(it, whole):
            self._say_without_url(it, heard, as_message(heard))

    def _replaced(self, it: Interaction, reply: Reply) -> bool:
        """Edit the message; by itself where the ``response_url`` has run out."""
        message = as_message(reply)
        there = replace(it, replace=True)
        if it.response_url and self._responded(there, reply, message):
            return True
        if it.message_ts is None:
            return False
        place = {"channel": it.channel, "ts": it.message_ts}
        try:
            self._send(self._slack.chat_update, message, **place)
        except SlackApiError as error:
            log.info("the message is gone: %s", error.response.get("error"))
            return False
        return True

    def _responded(
        self, it: Interaction, reply: Reply, message: dict[str, Any]
    ) -> bool:
        url = it.response_url or ""
        kind = "in_channel" if reply.public else "ephemeral"
        place = {"response_type": kind, "replace_original": it.replace}
        whole = {**place, **_given({"thread_ts": it.thread_ts})}

        def respond(**shown: Any) -> None:
            self._slack.post(url, shown)

        try:
            self._send(respond, message, **whole)
        except ResponseRefused as error:
            log.info("%s", error)
            return False
        return True

    def _say_without_url(
        self, it: Interaction, reply: Reply, message: dict[str, Any]
    ) -> None:
        to = _given({"channel": it.channel or None, "thread_ts": it.thread_ts})
        public = reply.public or it.channel.startswith("D")
        post, whisper = self._slack.chat_postMessage, self._slack.chat_postEphemeral
        try:
            if it.channel and public:
                self._send(post, message, **to)
                return
            if it.channel:
                self._send(whisper, message, user=it.user, **to)
                return
        except SlackApiError as error:
            log.info("answering by direct message: %s", error.response.get("error"))
        self._send(post, message, channel=it.user)

    def _posted(self, it: Interaction, reply: Reply) -> Reply:
        """Send the posts of a reply; say in it which could not be sent."""
        failed = [w for post in reply.posts if (w := self._post(it, post))]
        if reply.redraws:
            self._cards.redraw(reply.redraws)
        if not failed:
            return reply
        notes = [f"{_named(to)} was not told: {why}" for to, why in failed]
        said = reply.blocks or [messages.section(reply.text)]
        return Reply(
            "\n".join([reply.text, *notes]),
            [*said, *(messages.context(note) for note in notes)],
            public=reply.public,
        )

    def _post(self, it: Interaction, post: Post) -> tuple[str, str] | None:
        message = as_message(Reply(post.text, post.blocks))
        try:
            sent = self._send(self._slack.chat_postMessage, message, channel=post.to)
        except SlackClientError as error:
            log.warning("post to %s failed: %s", post.to, error)
            if post.follows and post.to != it.user:
                self._post(it, replace(post, to=it.user))
            return post.to, slack_words(error, post.to)
        if post.follows:
            place = str(sent["channel"]), str(sent["ts"])
            self._cards.follow(post.follows, post.to, it.user, place)
        return None

    def _send(
        self, method: Callable[..., T], message: dict[str, Any], **where: Any
    ) -> T:
        """Call ``method`` with the message, without what Slack does not show yet."""

        def post(blocks: Blocks) -> T:
            whole = {**message, **where, "blocks": blocks}
            return self._patiently(lambda: method(**whole))

        return send(message["blocks"], post)

    def _patiently(self, send: Callable[[], T]) -> T:
        """Send; where Slack asks to wait a short while, wait and send again."""
        for _ in range(TRIES - 1):
            try:
                return send()
            except (SlackApiError, ResponseRefused) as error:
                wait = _wait(error)
                if wait is None or wait > LONGEST_WAIT:
                    raise
                self._sleep(wait)
        return send()


def _wait(error: SlackApiError | ResponseRefused) -> float | None:
    """Return the seconds that Slack asks to wait; None where it refused for good."""
    if isinstance(error, ResponseRefused):
        status = error.status
    else:
        status = error.response.status_code
    if status != THROTTLED:
        return None
    wait = retry_after(error)
    return 1.0 if wait is None else wait.total_seconds()


def _named(place: str) -> str:
    if is_direct(place):
        return "This conversation"
    return text.mention(place) if place[:1] in "UW" else text.channel(place)


def as_message(reply: Reply) -> dict[str, Any]:
    blocks = reply.blocks or [messages.section(reply.text)]
    return {"text": text.clip(reply.text, text.MESSAGE), "blocks": _dicts(blocks)}


def _question(picker: Picker) -> Reply:
    blocks = messages.chooser(picker.prompt, picker.line, picker.options, picker.source)
    return Reply(messages.fallback_text(picker.prompt, picker.options), blocks)


def with_form_button(words: str, line: str | None) -> Reply:
    """Add a button that opens a form; pressing it brings a new trigger."""
    blocks: list[Block] = [messages.section(words)]
    if line is not None:
        blocks.append(messages.buttons([("Open the form", line)]))
    return Reply(words, blocks)


def _dicts(blocks: Sequence[Block | dict[str, Any]]) -> list[dict[str, Any]]:
    return [b if isinstance(b, dict) else b.to_dict() for b in blocks]


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
