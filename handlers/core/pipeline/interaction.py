"""One type for everything that Slack delivers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from blocks.kit import text
from blocks.kit.boxes import name_of
from blocks.kit.form import MORE, WHOLE, memory
from blocks.kit.messages import OPEN, WITH

ORIGIN_MARK = "#"
POSTED = "conversations_history"
"""Slack's word for the source of a link in a message that was sent."""


@dataclass(frozen=True, slots=True)
class Interaction:
    """One action of a person in Slack.

    ``key`` is the same for every delivery of it. ``line`` is the command line that it
    stands for, or the name of a declaration: a form, a menu or a shortcut. ``origin``
    is the line that draws the message whose button was pressed; ``message_ts`` is the
    timestamp of that message, unless one person alone sees it. ``replace``: the answer
    takes the place of that message. ``home``: it began on the person's Home tab, which
    shows the outcome.
    """

    kind: str
    user: str
    channel: str
    key: str
    line: str = ""
    trigger_id: str | None = None
    response_url: str | None = None
    thread_ts: str | None = None
    origin: str | None = None
    message_ts: str | None = None
    replace: bool = False
    home: bool = False
    view: Mapping[str, Any] | None = None
    memory: Mapping[str, Any] = field(default_factory=dict)

    def stored(self) -> dict[str, Any]:
        """Return the fields that are needed to run it again after a crash."""
        names = ("kind", "user", "channel", "key", "line", "response_url", "thread_ts")
        drawn = ("origin", "message_ts", "replace", "home")
        kept = {name: getattr(self, name) for name in (*names, *drawn)}
        return {**kept, "view": _essential(self.view), "memory": dict(self.memory)}

    @classmethod
    def restored(cls, stored: Mapping[str, Any]) -> Interaction:
        """Return the interaction of ``stored``; ignore fields of other versions."""
        known = cls.__dataclass_fields__
        return cls(**{k: v for k, v in stored.items() if k in known})


def from_command(body: Mapping[str, Any]) -> Interaction:
    return Interaction(
        kind="command",
        user=body["user_id"],
        channel=body["channel_id"],
        key=f"command:{body['trigger_id']}",
        line=text.typed(body.get("text") or ""),
        trigger_id=body["trigger_id"],
        response_url=body.get("response_url"),
    )


def from_action(body: Mapping[str, Any]) -> Interaction:
    """Read a button (``run``, ``turn``) or a menu (``pick``, ``with``).

    It is on a message or on the Home tab, which belongs to no conversation.
    """
    action = body["actions"][0]
    value = _chosen(action)
    template = action.get("block_id", "")
    picks = text.BLANK in template
    verb, _, said = action["action_id"].partition(".")
    turns = verb == "turn"
    if verb == WITH:
        value = said.replace(text.BLANK, value)
    container = body.get("container", {})
    on_home = is_home(body.get("view"))
    return Interaction(
        kind="button",
        user=body["user"]["id"],
        channel=body.get("channel", {}).get("id") or container.get("channel_id") or "",
        key=f"button:{body['trigger_id']}",
        line=template.replace(text.BLANK, value) if picks else value,
        trigger_id=body["trigger_id"],
        response_url=body.get("response_url"),
        thread_ts=container.get("thread_ts"),
        origin=None if picks or turns or on_home else _origin(template),
        message_ts=None
        if container.get("is_ephemeral")
        else container.get("message_ts"),
        replace=picks or turns,
        home=on_home,
    )


def is_home(view: Mapping[str, Any] | None) -> bool:
    """Return whether a view is somebody's Home tab."""
    return bool(view) and (view or {}).get("type") == "home"


def is_link(body: Mapping[str, Any]) -> bool:
    """Return whether the pressed button, or the chosen option, only opens a page."""
    action = body["actions"][0]
    if action.get("type") == "overflow":
        return _chosen(action) == OPEN
    return bool(action["action_id"] == OPEN)


def from_submission(body: Mapping[str, Any]) -> Interaction:
    view = body["view"]
    remembered = memory(view)
    return Interaction(
        kind="submission",
        user=body["user"]["id"],
        channel=remembered.get("_channel", ""),
        key=f"view:{view['id']}",
        line=view["callback_id"],
        response_url=remembered.get("_response_url"),
        thread_ts=remembered.get("_thread_ts"),
        origin=remembered.get("_origin"),
        message_ts=remembered.get("_message_ts"),
        home=bool(remembered.get("_home")),
        view=view,
        memory=remembered,
    )


def from_change(body: Mapping[str, Any]) -> Interaction:
    """Read a change of a form's live field."""
    view = body["view"]
    action = body["actions"][0]
    remembered = memory(view)
    name = name_of(action.get("block_id", ""))
    if name == MORE:
        remembered[WHOLE] = True
    return Interaction(
        kind="change",
        user=body["user"]["id"],
        channel=remembered.get("_channel", ""),
        key=f"change:{body['trigger_id']}",
        line=f"{view['callback_id']}/{name}",
        view=view,
        memory=remembered,
    )


def from_suggestion(body: Mapping[str, Any]) -> Interaction:
    remembered = memory(body.get("view") or {})
    return Interaction(
        kind="options",
        user=body["user"]["id"],
        channel=remembered.get("_channel") or body.get("channel", {}).get("id", ""),
        key="",
        line=body["action_id"].partition(".")[0],
        memory={**remembered, "_field": name_of(body.get("block_id", ""))},
    )


def from_shortcut(body: Mapping[str, Any]) -> Interaction:
    return Interaction(
        kind="shortcut",
        user=body["user"]["id"],
        channel=body.get("channel", {}).get("id", ""),
        key=f"shortcut:{body['trigger_id']}",
        line=body["callback_id"],
        trigger_id=body["trigger_id"],
        response_url=body.get("response_url"),
        memory={"message": body["message"]} if body.get("message") else {},
    )


def from_message(event: Mapping[str, Any], event_id: str, line: str) -> Interaction:
    """Read a mention or a direct message; the answer goes to the same conversation."""
    return Interaction(
        kind="message",
        user=event["user"],
        channel=event["channel"],
        key=f"event:{event_id}",
        line=text.typed(line),
        thread_ts=event.get("thread_ts"),
    )


def from_links(body: Mapping[str, Any]) -> Interaction | None:
    """Read links that a person posted; None where they are to get no cards.

    That is a channel shared with another company, or not known not to be, and a
    message that is still being written, whose channel is not told.
    """
    event = body["event"]
    posted = event.get("source", POSTED) == POSTED
    if not posted or body.get("is_ext_shared_channel") is not False:
        return None
    links = [link["url"] for link in event["links"]]
    return Interaction(
        kind="links",
        user=event["user"],
        channel=event["channel"],
        key=f"event:{body['event_id']}",
        message_ts=event["message_ts"],
        memory={"links": links},
    )


def _chosen(action: Mapping[str, Any]) -> str:
    if person := action.get("selected_user"):
        return text.mention(person)
    option = action.get("selected_option") or {}
    return str(action.get("value") or option.get("value") or "")


def _origin(block_id: str) -> str | None:
    origin, mark, _ = block_id.rpartition(ORIGIN_MARK)
    return origin if mark and origin else None


def _essential(view: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if view is None:
        return None
    keep = ("id", "callback_id", "private_metadata", "state", "title")
    return {key: view[key] for key in keep if key in view}


@dataclass(frozen=True, slots=True)
class ActingPerson:
    """The person who acted, and the workspace or enterprise that they acted from.

    ``team`` is "" if Slack's field for it is empty, and None if there is no such field.
    """

    user: str
    team: str | None


def acting_person(body: Mapping[str, Any]) -> ActingPerson | None:
    """Return the acting person of a delivery; None if the bot is not to answer it.

    The delivery's own workspace and enterprise do not count: in a channel shared with
    another company they may be those of either company.
    """
    if "command" in body:
        return ActingPerson(body["user_id"], _team(body, "team_id"))
    if "user" in body:
        return ActingPerson(body["user"]["id"], _team(body["user"], "team_id"))
    event = body.get("event") or {}
    if not is_addressed(event):
        return None
    shared = body.get("is_ext_shared_channel") or "user_team" in event
    return ActingPerson(event["user"], _team(event, "user_team" if shared else "team"))


def is_addressed(event: Mapping[str, Any]) -> bool:
    """Return whether an event is a message of a person to the bot."""
    if event.get("bot_id") or event.get("subtype"):
        return False
    direct = event.get("type") == "message" and event.get("channel_type") == "im"
    return direct or event.get("type") == "app_mention"


def _team(where: Mapping[str, Any], name: str) -> str | None:
    return str(where[name] or "") if name in where else None
