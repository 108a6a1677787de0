"""Bring an outcome to the person, on the surface where they are looking."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from threading import Lock, Timer
from typing import Any, Self

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.models.blocks import Block

from blocks import messages, text
from blocks.form import Form, banner, working
from handlers.command import Modal, Outcome, Picker, Post, Reply
from handlers.explain import slack_words
from handlers.interaction import Interaction
from slack.client import ResponseRefused, SlackClient

log = logging.getLogger(__name__)

PATIENCE = 0.7
"""Seconds to wait for a form before a loading view takes its trigger."""
LONG_PATIENCE = 2.0
"""The same where the words most likely say everything and no form is needed."""


class Trigger:
    """A ``trigger_id``, used once: for the form, or for a view that waits for it.

    As a context manager it opens the waiting view when the body takes long.
    """

    def __init__(
        self, slack: SlackClient, trigger_id: str, slash: str, *, patience: float
    ) -> None:
        self._slack = slack
        self._id = trigger_id
        self._slash = slash
        self._lock = Lock()
        self._view: dict[str, Any] | None = None
        self._timer = Timer(patience, self._wait)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    @property
    def waiting(self) -> bool:
        """Whether the person is looking at the view that waits."""
        with self._lock:
            return self._view is not None

    def show(self, view: dict[str, Any]) -> None:
        """Open the view, or put it in the place of the one that waits."""
        with self._lock:
            self._timer.cancel()
            if self._view is None:
                opened = self._slack.views_open(trigger_id=self._id, view=view)
                self._view = opened["view"]
                return
            self._slack.views_update(
                view_id=self._view["id"], hash=self._view["hash"], view=view
            )

    def _wait(self) -> None:
        with self._lock:
            if self._view is not None:
                return
            words = "One moment: waiting for incident.io."
            try:
                opened = self._slack.views_open(
                    trigger_id=self._id, view=working(self._slash, words)
                )
            except SlackClientError as error:
                log.warning("loading view not opened: %s", error)
                return
            self._view = opened["view"]


class Delivery:
    """Sends what handlers return; the only place that does."""

    def __init__(self, slack: SlackClient, slash: str) -> None:
        self._slack = slack
        self._slash = slash

    def trigger(self, it: Interaction, *, patient: bool) -> Trigger | None:
        if it.trigger_id is None:
            return None
        patience = LONG_PATIENCE if patient else PATIENCE
        return Trigger(self._slack, it.trigger_id, self._slash, patience=patience)

    def deliver(
        self, it: Interaction, outcome: Outcome, trigger: Trigger | None = None
    ) -> None:
        """Say or show the outcome; a reply goes to the view that waits, if one does."""
        match outcome:
            case Modal(form):
                self._open(it, form, trigger)
            case Picker():
                self._reply(it, _question(outcome), trigger)
            case Reply():
                self._reply(it, self._posted(outcome), trigger)

    def view(self, it: Interaction, form: Form) -> dict[str, Any]:
        """Draw a form that remembers where it was opened from."""
        more = {
            "_channel": it.channel or None,
            "_response_url": it.response_url,
            "_thread_ts": it.thread_ts,
            "_origin": it.origin,
        }
        carried = {k: v for k, v in it.memory.items() if k.startswith("_")}
        return dict(form.view(**{**carried, **_given(more)}).to_dict())

    def _open(self, it: Interaction, form: Form, trigger: Trigger | None) -> None:
        if trigger is None:
            self._reply(it, with_form_button("That takes a form.", it.line), None)
            return
        try:
            trigger.show(self.view(it, form))
        except SlackApiError as error:
            if error.response.get("error") != "exchanged_trigger_id":
                raise
            log.info("a repeated delivery found its form open already")

    def _reply(self, it: Interaction, reply: Reply, trigger: Trigger | None) -> None:
        if trigger is not None and trigger.waiting:
            shown = working(self._slash, "Done.")
            trigger.show({**shown, "blocks": [banner(reply.text)]})
            if not reply.public:
                return
        self.say(it, reply)

    def say(self, it: Interaction, reply: Reply) -> None:
        """Answer by ``response_url``, else in the channel, else by direct message."""
        message = as_message(reply)
        if it.response_url:
            kind = "in_channel" if reply.public else "ephemeral"
            place = {"response_type": kind, "replace_original": it.replace}
            if it.thread_ts:
                place["thread_ts"] = it.thread_ts
            try:
                self._slack.post(it.response_url, {**message, **place})
            except ResponseRefused as error:
                log.info("%s", error)
            else:
                return
        self._say_without_url(it, reply, message)

    def redraw(self, it: Interaction, said: Reply, drawn: Reply) -> None:
        """Put ``drawn`` in the place of the message whose button was pressed.

        What was ``said`` of the press stands above it; what is public is posted too,
        for nobody is told that a message was edited.
        """
        if said.public:
            told = Post(it.channel, said.text, said.blocks)
            said = replace(said, posts=[*said.posts, told])
        said = self._posted(said)
        blocks = [messages.small(said.text), *drawn.blocks][: text.BLOCKS_IN_MESSAGE]
        reply = Reply(f"{said.text}\n{drawn.text}", blocks)
        self.say(replace(it, replace=True), reply)

    def _say_without_url(
        self, it: Interaction, reply: Reply, message: dict[str, Any]
    ) -> None:
        place = {"channel": it.channel, "thread_ts": it.thread_ts}
        try:
            if it.channel and (reply.public or it.channel.startswith("D")):
                self._slack.chat_postMessage(**_given(place), **message)
                return
            if it.channel:
                self._slack.chat_postEphemeral(**_given(place), user=it.user, **message)
                return
        except SlackApiError as error:
            log.info("answering by direct message: %s", error.response.get("error"))
        self._slack.chat_postMessage(channel=it.user, **message)

    def _posted(self, reply: Reply) -> Reply:
        """Send the posts of a reply; say in it which could not be sent."""
        failed = [w for post in reply.posts if (w := self._post(post))]
        if not failed:
            return reply
        notes = [f"{_named(to)} was not told: {why}" for to, why in failed]
        return Reply(
            "\n".join([reply.text, *notes]),
            [*reply.blocks, *(messages.small(note) for note in notes)],
            public=reply.public,
        )

    def _post(self, post: Post) -> tuple[str, str] | None:
        try:
            self._slack.chat_postMessage(
                channel=post.to, text=post.text, blocks=_dicts(post.blocks) or None
            )
        except SlackClientError as error:
            log.warning("post to %s failed: %s", post.to, error)
            return post.to, slack_words(error)
        return None


def _named(place: str) -> str:
    return text.mention(place) if place[:1] in "UW" else text.channel(place)


def as_message(reply: Reply) -> dict[str, Any]:
    blocks = reply.blocks or [messages.section(reply.text)]
    return {"text": text.clip(reply.text, text.MESSAGE), "blocks": _dicts(blocks)}


def _question(picker: Picker) -> Reply:
    blocks = messages.chooser(picker.prompt, picker.line, picker.options, picker.source)
    return Reply(text.escape(picker.prompt), blocks)


def with_form_button(words: str, line: str | None) -> Reply:
    """Offer a form by a button: pressing it brings a trigger of its own."""
    blocks: list[Block] = [messages.section(words)]
    if line is not None:
        blocks.append(messages.buttons([("Open the form", line)]))
    return Reply(words, blocks)


def _dicts(blocks: Sequence[Block | dict[str, Any]]) -> list[dict[str, Any]]:
    return [b if isinstance(b, dict) else b.to_dict() for b in blocks]


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
