"""Somebody using Slack: what tests and the page do, they do as people."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sandbox.slack.delivery import Delivery
from sandbox.slack.hands import Hands
from sandbox.slack.inputs import complaint
from sandbox.slack.model import BOT_USER, Channel, Json, Message, View
from sandbox.slack.typed import as_sent


class Person(Hands):
    # -- writing

    def types(self, line: str, channel: str = "incidents") -> Delivery:
        """Enter a slash command."""
        name, _, words = line.partition(" ")
        if name != self._slack.command:
            raise LookupError(f"{name} is not a valid command")
        if self._slack.escape_commands:
            words = as_sent(words, self._workspace, with_names=True)
        place = self._place(channel)
        return self._do.command(self.user, place, f"{name} {words}")

    def says(self, text: str, channel: str, thread_ts: str | None = None) -> Message:
        """Write a message; the app hears of it where Slack would tell it."""
        message = self.writes(text, channel, thread_ts)
        self._do.written(message)
        return message

    def enters(
        self, text: str, channel: str, thread_ts: str | None = None
    ) -> Delivery | None:
        """What the box below a channel does: a command, or a message."""
        if text.startswith("/") and not thread_ts:
            return self.types(text.strip(), channel)
        heard = self._do.written(self.writes(text, channel, thread_ts))
        return heard[0] if heard else None

    def writes(self, text: str, channel: str, thread_ts: str | None = None) -> Message:
        """Write a message that the app is not told of yet."""
        return self._write(self._place(channel), text, thread_ts)

    def mentions(
        self, text: str, channel: str = "incidents", thread_ts: str | None = None
    ) -> Delivery:
        """Write to the app in a channel; it hears nothing where it is no member."""
        words = f"<@{BOT_USER}> {text}"
        message = self._write(self._place(channel), words, thread_ts)
        return self._heard(message, "app_mention")

    def dms(self, text: str) -> Delivery:
        message = self._write(self._workspace.dm(self.id), text, None)
        return self._heard(message, "message")

    def opens_home(self) -> Delivery:
        return self._do.home_opened(self.user)

    def joins(self, channel: str) -> Delivery:
        place = self._workspace.channel(channel)
        with self._workspace.changed:
            place.members.add(self.id)
        happened = {
            "type": "member_joined_channel",
            "user": self.id,
            "channel": place.id,
            "channel_type": "G" if place.private else "C",
            "team": self.user.as_json(self._slack.now())["team_id"],
            "event_ts": self._workspace.next_ts(),
        }
        return self._do.event(self.id, happened)

    def _write(self, place: Channel, text: str, thread_ts: str | None) -> Message:
        words = as_sent(text, self._workspace, with_names=False)
        return self._workspace.write(place, self.id, text=words, thread_ts=thread_ts)

    def _heard(self, message: Message, kind: str) -> Delivery:
        heard = self._do.written(message)
        if heard:
            return heard[0]
        unheard: Json = {"event": {"type": kind}}
        return Delivery("events_api", unheard, self.id, error="not_in_channel")

    # -- modals

    def submits(self, **values: Any) -> Delivery:
        """Fill in, and submit; Slack itself holds back what is incomplete."""
        self.fills(**values)
        view = self._top()
        delivery = self._do.submission(self.user, view)
        delivery.errors = _missing(view)
        view.errors = delivery.errors
        self._workspace.touch()
        if delivery.errors:
            delivery.error = "incomplete"
            return delivery
        return self._do.deliver(delivery)

    def submit_at_once(self, times: int = 5, **values: Any) -> list[Delivery]:
        """One submission that arrives several times at the same moment."""
        self.fills(**values)
        first = self._do.submission(self.user, self._top())
        copies = [first, *(first.again() for _ in range(times - 1))]
        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(self._do.deliver, copies))

    def closes(self) -> Delivery | None:
        """Close the modal on top; a delivery if the app wants to know."""
        view = self._top()
        cleared = bool(view.content.get("clear_on_close"))
        if cleared:
            self._slack.modals.clear(self.id)
        else:
            self._slack.modals.close(view)
        return self._do.closed(self.user, view, cleared=cleared)

    def _top(self) -> View:
        view = self._screen.modal()
        if view is None:
            raise LookupError(f"{self.user.handle} has no modal open")
        return view

    # -- shortcuts

    def shortcut(self, callback_id: str) -> Delivery:
        return self._do.shortcut(self.user, callback_id)

    def shortcut_on(self, message: Message, callback_id: str) -> Delivery:
        return self._do.shortcut(self.user, callback_id, message)


def _missing(view: View) -> dict[str, str]:
    found = {}
    for block in view.blocks:
        if block["type"] == "input":
            state = view.values[block["block_id"]][block["element"]["action_id"]]
            if said := complaint(block, state):
                found[block["block_id"]] = said
    return found
