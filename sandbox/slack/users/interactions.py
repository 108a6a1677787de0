"""Interactions of people: sent to the app, whose answers change the workspace."""

from __future__ import annotations

from typing import Any

from sandbox.slack.block_kit.views import check_options
from sandbox.slack.delivery import payloads
from sandbox.slack.delivery.courier import Delivery
from sandbox.slack.errors import Refused
from sandbox.slack.state import SlackState
from sandbox.slack.users.response_actions import ResponseActions
from sandbox.slack.users.screen import FoundElement
from sandbox.slack.workspace.records import BOT_USER, Channel, Json, Message, User, View
from sandbox.slack.workspace.response_urls import ResponseUrl

CHANNEL_TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im"}
SUBSCRIPTIONS = {"channel": "message.channels", "group": "message.groups"}


def subscription(happened: Json) -> str:
    """Return the name under which an app subscribes to an event."""
    name, kind = happened["type"], happened.get("channel_type")
    if name != "message" or kind is None:
        return str(name)
    return SUBSCRIPTIONS.get(kind, f"{name}.{kind}")


class Interactions:
    def __init__(self, slack: SlackState) -> None:
        self._slack = slack
        self._workspace = slack.workspace
        self._response_actions = ResponseActions(slack)

    def deliver(self, delivery: Delivery) -> Delivery:
        """Deliver, and apply the answer; events are queued for retries instead."""
        self._workspace.act()
        if delivery.type == "events_api":
            return self._slack.events.send(delivery)
        self._slack.courier.send(delivery)
        if delivery.error:
            self._failed(delivery)
        elif delivery.type == "slash_commands":
            self._answer_command(delivery)
        elif delivery.kind == "view_submission":
            self._response_actions.apply(delivery)
        elif delivery.kind == "block_suggestion":
            self._check_suggestions(delivery)
        return delivery

    def _failed(self, delivery: Delivery) -> None:
        what = delivery.payload.get("command", delivery.kind)
        self._workspace.record_violation(
            f"{what}: {delivery.error} ({delivery.status})"
        )
        if delivery.kind == "block_actions":
            return  # Slack shows a sign beside the element, and says nothing
        told = f'{what} failed with the error "{delivery.error}"'
        if delivery.kind == "view_submission":
            told = "We had some trouble connecting. Try again?"
        self._workspace.toast(delivery.user, told)

    # -- commands

    def command(self, user: User, channel: Channel, line: str) -> Delivery:
        name, _, text = line.partition(" ")
        issued = {
            "response_url": self._response_url(user, channel),
            "trigger_id": self._slack.triggers.issue(user.id, channel=channel.id),
        }
        payload = payloads.command(user, channel, name, text.strip(), issued)
        return self.deliver(Delivery("slash_commands", payload, user.id))

    def _answer_command(self, delivery: Delivery) -> None:
        if delivery.body is None:
            return
        said = delivery.answer or {"text": delivery.body}
        place = delivery.payload["channel_id"]
        url = ResponseUrl(delivery.user, place, None, self._slack.now())
        try:
            self._slack.response_urls.say(url, said)
        except Refused as error:
            self._workspace.record_violation(f"the answer to a command: {error.body}")

    # -- buttons, menus, inputs

    def block_action(self, user: User, found: FoundElement, action: Json) -> Delivery:
        """Send ``block_actions`` for one element that was used."""
        done = {
            "type": found.element["type"],
            "action_id": found.action_id,
            "block_id": found.block_id,
            "action_ts": self._workspace.next_ts(),
            **action,
        }
        payload = self._context(user, found, "block_actions")
        channel = found.message.channel if found.message else None
        modal = found.view.id if found.view else None
        payload["trigger_id"] = self._slack.triggers.issue(
            user.id, channel=channel, view_id=modal
        )
        if found.message:
            place = self._workspace.channels[found.message.channel]
            payload["response_url"] = self._response_url(user, place, found.message)
        payload["actions"] = [done]
        return self.deliver(Delivery("interactive", payload, user.id))

    def block_suggestion(self, user: User, found: FoundElement, query: str) -> Delivery:
        payload = self._context(user, found, "block_suggestion")
        payload.pop("state", None)
        if user.enterprise:
            payload["user"]["team_id"] = user.enterprise
        payload |= {"action_id": found.action_id, "block_id": found.block_id}
        payload["value"] = query
        return self.deliver(Delivery("interactive", payload, user.id))

    def _context(self, user: User, found: FoundElement, kind: str) -> Json:
        payload = payloads.interaction(kind, user, self._slack.enterprise)
        if found.view:
            return payload | payloads.view_context(found.view)
        message = found.message
        if message is None:
            raise LookupError("an element is in a message or in a view")
        channel = self._workspace.channels[message.channel]
        return payload | payloads.message_context(message, channel, user.id)

    def _check_suggestions(self, delivery: Delivery) -> None:
        for problem in check_options(delivery.answer):
            self._workspace.record_violation(f"option source: {problem}")
            delivery.body = {"options": []}

    # -- modals

    def view_submission(self, user: User, view: View) -> Delivery:
        payload = payloads.interaction("view_submission", user, self._slack.enterprise)
        payload["trigger_id"] = self._slack.triggers.issue(user.id, view_id=view.id)
        payload["view"] = view.as_json()
        payload["response_urls"] = self._asked_for_urls(user, view)
        return Delivery("interactive", payload, user.id)

    def _asked_for_urls(self, user: User, view: View) -> list[Json]:
        urls = []
        for block in view.blocks:
            element = block.get("element", {})
            if element.get("response_url_enabled"):
                state = view.values[block["block_id"]][element["action_id"]]
                chosen = next(v for k, v in state.items() if k.startswith("selected"))
                if channel := self._workspace.channels.get(chosen or ""):
                    urls.append(
                        {
                            "block_id": block["block_id"],
                            "action_id": element["action_id"],
                            "channel_id": channel.id,
                            "response_url": self._response_url(user, channel),
                        }
                    )
        return urls

    def view_closed(self, user: User, view: View, *, cleared: bool) -> Delivery | None:
        if not view.content.get("notify_on_close"):
            return None
        payload = payloads.interaction("view_closed", user, self._slack.enterprise)
        payload |= {"view": view.as_json(), "is_cleared": cleared}
        return self.deliver(Delivery("interactive", payload, user.id))

    # -- shortcuts and events

    def shortcut(
        self, user: User, callback_id: str, message: Message | None = None
    ) -> Delivery:
        kind = "message_action" if message else "shortcut"
        payload = payloads.interaction(kind, user, self._slack.enterprise) | {
            "callback_id": callback_id,
            "action_ts": self._workspace.next_ts(),
        }
        place = message.channel if message else None
        payload["trigger_id"] = self._slack.triggers.issue(user.id, channel=place)
        if message:
            channel = self._workspace.channels[message.channel]
            payload["message_ts"] = message.ts
            payload["message"] = message.as_json()
            payload["channel"] = payloads.channel_reference(channel)
            payload["response_url"] = self._response_url(user, channel, message)
        return self.deliver(Delivery("interactive", payload, user.id))

    def event(self, user: str, happened: Json) -> Delivery:
        """Send an event, if the app subscribed to it."""
        name = subscription(happened)
        author = self._workspace.users.get(user)
        outer = {"outer": author.team} if author else {}
        payload = payloads.event(self._workspace, happened, **outer)
        delivery = Delivery("events_api", payload, user)
        return self.deliver(delivery) if name in self._slack.subscribed else delivery

    def message_written(self, message: Message) -> list[Delivery]:
        """Send the events for a message that somebody wrote, and return them."""
        channel = self._workspace.channels[message.channel]
        author = self._workspace.users[message.user]
        shared = self._links_shared(message, channel)
        return [*self._addressed(message, channel, author), *shared]

    def _links_shared(self, message: Message, channel: Channel) -> list[Delivery]:
        """Tell the app of links of its domains; it need not be a member."""
        links = payloads.links_in(message.text, self._slack.unfurl_domains)
        may_read = "links:read" in self._slack.scopes
        if not links or not may_read or "link_shared" not in self._slack.subscribed:
            return []
        return [self.event(message.user, payloads.link_shared(message, channel, links))]

    def _addressed(
        self, message: Message, channel: Channel, author: User
    ) -> list[Delivery]:
        """Send the events of a mention, and of a message."""
        if BOT_USER not in channel.members:
            return []
        happened = []
        if not channel.im_with and f"<@{BOT_USER}>" in message.text:
            happened.append(payloads.message_event(message, "app_mention", author))
        kind = CHANNEL_TYPES[channel.kind]
        said = payloads.message_event(message, "message", author, channel_type=kind)
        if channel.im_with or subscription(said) in self._slack.subscribed:
            happened.append(said)
        return [self.event(message.user, one) for one in happened]

    def _response_url(
        self, user: User, channel: Channel, message: Message | None = None
    ) -> str:
        path = self._slack.response_urls.issue(user.id, channel.id, message)
        return self._slack.url + path

    def app_home_opened(self, user: User, tab: str = "home") -> Delivery:
        happened: dict[str, Any] = {
            "type": "app_home_opened",
            "user": user.id,
            "channel": self._workspace.dm(user.id).id,
            "tab": tab,
            "event_ts": self._workspace.next_ts(),
        }
        home = self._workspace.homes.get(user.id)
        if home and tab == "home":
            happened["view"] = home.as_json()
        return self.event(user.id, happened)
