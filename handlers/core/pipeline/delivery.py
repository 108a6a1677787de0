"""Delivers outcomes where the person is looking: a channel, a message or a form."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Any, TypeVar

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.models.blocks import Block

from blocks.kit import messages, text
from blocks.kit.form import Form
from handlers.core.command import Modal, Outcome, Picker, Post, Reply
from handlers.core.pipeline.announcer import Announcer, is_passing, marked
from handlers.core.pipeline.explain import slack_words
from handlers.core.pipeline.interaction import Interaction
from handlers.core.pipeline.trigger import LONG_PATIENCE, PATIENCE, ModalTrigger
from reminders.cards.follower import Follower
from reminders.engine.post import Posted
from slack.channels import is_direct
from slack.client import ResponseRefused, SlackClient, retry_after
from storage.announcements import ANSWER, SCHEDULE, Announcement
from storage.slot import Slot

log = logging.getLogger(__name__)

TRIES = 3
LONGEST_WAIT = 5
"""The longest ``Retry-After`` that is waited for, in seconds."""
THROTTLED = 429
NO_DATABASE = "the bot's database does not work."

T = TypeVar("T")


class OutcomeDelivery:
    """Sends the outcomes of handlers. Nothing else does."""

    def __init__(
        self,
        slack: SlackClient,
        slash: str,
        sleep: Callable[[float], None],
        cards: Follower,
        announcer: Announcer,
    ) -> None:
        self._slack = slack
        self._cards = cards
        self._announcer = announcer
        self._slash = slash
        self._sleep = sleep

    def trigger(
        self, it: Interaction, *, patient: bool, elapsed: float
    ) -> ModalTrigger | None:
        """Return the trigger of an interaction that came ``elapsed`` seconds ago.

        If ``patient``, the loading view opens later: most likely no form is needed.
        """
        if it.trigger_id is None:
            return None
        patience = (LONG_PATIENCE if patient else PATIENCE) - elapsed
        return ModalTrigger(self._slack, it.trigger_id, self._slash, patience)

    def deliver(
        self,
        it: Interaction,
        outcome: Outcome,
        trigger: ModalTrigger | None = None,
        slots: Sequence[Slot] = (),
    ) -> None:
        """Send a reply, open a form, or ask a question.

        ``slots`` are those of ``announcements``, if the outcome was entered.
        """
        match outcome:
            case Modal(form) if trigger is not None:
                trigger.show(self.view(it, form))
            case Modal():
                self.say(it, with_form_button("This needs a form.", it.line))
            case Picker():
                self.say(it, _question(outcome))
            case Reply():
                self._reply(it, outcome, slots)

    def _reply(self, it: Interaction, reply: Reply, slots: Sequence[Slot]) -> None:
        """Send a reply; nothing more if a card or incident.io says the same here."""
        answer, others = _for_answer(slots)
        heard = self._send_posts(it, reply, others)
        evident = reply.seen and it.kind == "submission"
        if (self._redraw_cards(it, reply) or evident) and heard is reply:
            self._announcer.announce(answer, as_message(reply), lambda: None)
        else:
            self.say(it, heard, answer)

    def view(self, it: Interaction, form: Form) -> dict[str, Any]:
        """Draw a form that remembers where it was opened from."""
        more = {
            "_channel": it.channel or None,
            "_response_url": it.response_url,
            "_thread_ts": it.thread_ts,
            "_origin": it.origin,
            "_message_ts": it.message_ts if it.origin else None,
            "_home": it.home or None,
        }
        carried = {k: v for k, v in it.memory.items() if k.startswith("_")}
        return dict(form.view(**{**carried, **_given(more)}).to_dict())

    def say(self, it: Interaction, reply: Reply, slot: Slot | None = None) -> None:
        """Answer by ``response_url``, else in the channel, else by direct message.

        A public answer to a write is posted in the channel, to be found again.
        """
        message = as_message(reply)

        def answer() -> Posted | None:
            if slot and reply.public and it.channel and not it.replace:
                try:
                    return self._posted_in_channel(it, message, slot)
                except SlackApiError as error:
                    if is_passing(error):
                        raise
            if it.response_url and self._responded(it, reply, message):
                return None
            return self._say_without_url(it, reply, message, slot)

        self._announcer.announce(slot, message, answer)

    def redraw(
        self,
        it: Interaction,
        said: Reply,
        drawn: Reply,
        slots: Sequence[Slot] = (),
        *,
        evident: bool = False,
    ) -> None:
        """Put ``drawn`` in the place of the message whose button was pressed.

        The words about the press, ``said``, stand above it unless ``evident``. If they
        are public, they are posted too: Slack tells nobody that a message was edited.
        """
        answer, others = _for_answer(slots)
        if said.public:
            told = Post(it.channel, said.text, said.blocks)
            said = replace(said, posts=[*said.posts, told])
            others, answer = [*others, answer], None
        heard = self._send_posts(it, said, others)
        self._redraw_cards(it, said)
        above = [] if evident and heard is said else [messages.context(heard.text)]
        blocks = [*above, *drawn.blocks][: text.BLOCKS_IN_MESSAGE]
        whole = Reply(f"{heard.text}\n{drawn.text}", blocks)

        def put() -> Posted | None:
            if self._replaced(it, whole):
                return None
            return self._say_without_url(it, heard, as_message(heard), answer)

        self._announcer.announce(answer, as_message(whole), put)

    def put_on_home(
        self,
        it: Interaction,
        reply: Reply,
        slots: Sequence[Slot],
        publish: Callable[[Reply], bool],
    ) -> None:
        """Send the posts of a reply, and ``publish`` its words on the Home tab.

        Where ``publish`` returns False, the person gets a direct message.
        """
        answer, others = _for_answer(slots)
        heard = self._send_posts(it, reply, others)
        self._redraw_cards(it, reply)

        def put() -> Posted | None:
            if publish(heard):
                return None
            return self._say_without_url(it, heard, as_message(heard), answer)

        self._announcer.announce(answer, as_message(heard), put)

    def _replaced(self, it: Interaction, reply: Reply) -> bool:
        """Edit the message; once the ``response_url`` has expired, by its timestamp."""
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
        self,
        it: Interaction,
        reply: Reply,
        message: dict[str, Any],
        slot: Slot | None = None,
    ) -> Posted | None:
        try:
            if it.channel and (reply.public or it.channel.startswith("D")):
                return self._posted_in_channel(it, message, slot)
            if it.channel:
                to = _given({"channel": it.channel, "thread_ts": it.thread_ts})
                self._send(self._slack.chat_postEphemeral, message, user=it.user, **to)
                return None
        except SlackApiError as error:
            if slot and is_passing(error):
                raise
            log.info("answering by direct message: %s", error.response.get("error"))
        return self._post_message(message, slot, channel=it.user)

    def _posted_in_channel(
        self, it: Interaction, message: dict[str, Any], slot: Slot | None
    ) -> Posted:
        to = _given({"channel": it.channel, "thread_ts": it.thread_ts})
        return self._post_message(message, slot, **to)

    def _post_message(
        self, message: dict[str, Any], slot: Slot | None, **where: Any
    ) -> Posted:
        post = self._slack.chat_postMessage
        sent = self._send(post, message, **where, **marked(slot))
        return Posted(str(sent["channel"]), str(sent["ts"]))

    def _send_posts(
        self, it: Interaction, reply: Reply, slots: Sequence[Slot | None] = ()
    ) -> Reply:
        """Send the posts of a reply; return it with a note on each that failed."""
        pairs = zip_longest(reply.posts, slots)
        notes = [note for post, slot in pairs if (note := self._post(it, post, slot))]
        return _noted(reply, notes) if notes else reply

    def _redraw_cards(self, it: Interaction, reply: Reply) -> bool:
        """Redraw the cards that a reply concerns.

        Return whether one of them is the message whose button was pressed, and shows
        the outcome now.
        """
        if not reply.redraws or not self._cards.redraw(reply.redraws):
            return False
        pressed = it.kind == "button" and it.message_ts
        return bool(pressed) and self._cards.has_card(
            reply.redraws, it.channel, str(it.message_ts)
        )

    def _post(
        self, it: Interaction, post: Post, slot: Slot | None = None
    ) -> str | None:
        """Send a post; return a note if it was not sent, or not yet."""
        message = as_message(Reply(post.text, post.blocks))

        def send() -> Posted:
            sent = self._post_message(message, slot, channel=post.to)
            if post.follows:
                self._cards.follow(post.follows, post.to, it.user, sent)
            return sent

        try:
            self._announcer.announce(slot, message, send)
        except SlackClientError as error:
            log.warning("post to %s failed: %s", post.to, error)
            if later := slot is not None and is_passing(error):
                told = "is told later"
            else:
                told = "was not told"
            if post.follows and post.to != it.user and not later:
                self._post(it, replace(post, to=it.user))
            return f"{_named(post.to)} {told}: {slack_words(error, post.to)}"
        return None

    def _send(
        self, method: Callable[..., T], message: dict[str, Any], **where: Any
    ) -> T:
        """Send a message; if Slack asks to wait a short while, wait and send again."""
        for _ in range(TRIES - 1):
            try:
                return method(**message, **where)
            except (SlackApiError, ResponseRefused) as error:
                wait = _wait(error)
                if wait is None or wait > LONGEST_WAIT:
                    raise
                self._sleep(wait)
        return method(**message, **where)


def _wait(error: SlackApiError | ResponseRefused) -> float | None:
    """Return the seconds that Slack asks to wait; None if it refused for good."""
    if isinstance(error, ResponseRefused):
        status = error.status
    else:
        status = error.response.status_code
    if status != THROTTLED:
        return None
    wait = retry_after(error)
    return 1.0 if wait is None else wait.total_seconds()


def _for_answer(slots: Sequence[Slot]) -> tuple[Slot | None, Sequence[Slot | None]]:
    """Return the slot of the answer and those of the posts; see ``announcements``."""
    return (slots[0], slots[1:]) if slots else (None, ())


def announcements(it: Interaction, reply: Reply) -> Sequence[Announcement]:
    """Return the announcements of a reply to a write: its answer, then its posts."""
    here = it.channel if is_public(it, reply) else it.user
    posts = [Announcement(p.to, _given({SCHEDULE: p.schedule})) for p in reply.posts]
    return [Announcement(here, {ANSWER: it.user}), *posts]


def is_public(it: Interaction, reply: Reply) -> bool:
    """Return whether others than the person read the answer."""
    return reply.public and bool(it.channel)


def alone(it: Interaction, reply: Reply) -> Reply:
    """Return a reply as the person alone reads it, while the others are not told."""
    here = [it.channel] if is_public(it, reply) else []
    places = dict.fromkeys([*here, *(post.to for post in reply.posts)])
    places.pop(it.user, None)
    notes = [f"{_named(place)} is told later: {NO_DATABASE}" for place in places]
    return replace(_noted(reply, notes), public=False)


def _noted(reply: Reply, notes: Sequence[str]) -> Reply:
    """Return the words of a reply with notes below them."""
    said = reply.blocks or [messages.section(reply.text)]
    return Reply(
        "\n".join([reply.text, *notes]),
        [*said, *(messages.context(note) for note in notes)],
        public=reply.public,
    )


def _named(place: str) -> str:
    if is_direct(place):
        return "This conversation"
    return text.mention(place) if place[:1] in "UW" else text.channel(place)


def as_message(reply: Reply) -> dict[str, Any]:
    """Return the text and the blocks of a message, as Slack takes them."""
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
