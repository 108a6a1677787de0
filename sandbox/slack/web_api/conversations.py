"""conversations.* and users.conversations."""

from __future__ import annotations

from sandbox.slack.errors import Refused
from sandbox.slack.state import SlackState
from sandbox.slack.web_api.access import (
    READ,
    known_user,
    readable_channel,
    require_scope,
    visible_channel,
)
from sandbox.slack.web_api.methods import Args, method, page
from sandbox.slack.workspace.records import BOT_USER, Channel, Json, Message

ANY_READ = tuple(READ.values())


@method("conversations.open", tier=3, scopes=("im:write",))
def open_dm(slack: SlackState, args: Args) -> Json:
    if channel_id := args.text("channel"):
        channel = slack.workspace.channels.get(channel_id)
        if channel is None or not channel.im_with:
            raise Refused("channel_not_found")
        return {"channel": {"id": channel.id}}
    ids = args.text("users")
    if ids is None:
        raise Refused("users_list_not_supplied")
    user = known_user(slack, ids.strip("[]\"' "))
    if not user.active:
        raise Refused("user_disabled")
    return {"channel": {"id": slack.workspace.dm(user.id).id}}


@method("conversations.info", tier=3, scopes=ANY_READ)
def info(slack: SlackState, args: Args) -> Json:
    channel = visible_channel(slack, args)
    require_scope(slack, READ[channel.kind])
    return {"channel": channel.as_json()}


@method("conversations.list", tier=2, scopes=ANY_READ)
def list_all(slack: SlackState, args: Args) -> Json:
    return _listing(slack, args, everybody=True)


@method("users.conversations", tier=3, scopes=ANY_READ)
def list_of_user(slack: SlackState, args: Args) -> Json:
    return _listing(slack, args, everybody=False)


def _listing(slack: SlackState, args: Args, *, everybody: bool) -> Json:
    kinds = (args.text("types") or "public_channel").split(",")
    for kind in kinds:
        require_scope(slack, READ.get(kind.strip(), "mpim:read"))
    user = args.text("user") or BOT_USER
    channels = [
        channel.as_json()
        for channel in list(slack.workspace.channels.values())
        if channel.kind in kinds
        and channel.visible_to(BOT_USER)
        and (everybody or user in channel.members)
        and not (channel.archived and args.flag("exclude_archived"))
    ]
    shown, more = page(channels, args)
    return {"channels": shown, **more}


@method("conversations.members", tier=4, scopes=ANY_READ)
def members(slack: SlackState, args: Args) -> Json:
    channel = visible_channel(slack, args)
    require_scope(slack, READ[channel.kind])
    shown, more = page(sorted(channel.members), args)
    return {"members": shown, **more}


@method("conversations.join", tier=3, scopes=("channels:join",))
def join(slack: SlackState, args: Args) -> Json:
    channel = visible_channel(slack, args)
    if channel.archived:
        raise Refused("is_archived")
    if channel.kind != "public_channel":
        raise Refused("method_not_supported_for_channel_type")
    with slack.workspace.changed:
        channel.members.add(BOT_USER)
    slack.workspace.touch()
    return {"channel": channel.as_json()}


@method("conversations.history", tier=3)
def history(slack: SlackState, args: Args) -> Json:
    channel = readable_channel(slack, args)
    newest = (slack.now() - slack.history_lag).timestamp()
    said = [
        message
        for message in _between(channel, args)
        if (not message.thread_ts or message.broadcast)
        and (not slack.history_lag or float(message.ts) <= newest)
    ]
    return _messages(list(reversed(said)), args)


@method("conversations.replies", tier=3)
def replies(slack: SlackState, args: Args) -> Json:
    channel = readable_channel(slack, args)
    ts = args.required("ts")
    parent = channel.find(ts)
    if parent is None:
        raise Refused("thread_not_found")
    root = parent.thread_ts or parent.ts
    said = [m for m in _between(channel, args) if root in (m.ts, m.thread_ts)]
    return _messages(said, args)


def _between(channel: Channel, args: Args) -> list[Message]:
    oldest = args.timestamp("oldest", 0)
    latest = args.timestamp("latest", float("inf"))
    ends = args.flag("inclusive")

    def inside(message: Message) -> bool:
        ts = float(message.ts)
        return oldest <= ts <= latest if ends else oldest < ts < latest

    public = [m for m in list(channel.messages) if not m.ephemeral]
    return [message for message in public if inside(message)]


def _messages(said: list[Message], args: Args) -> Json:
    shown, more = page(said, args)
    with_metadata = args.flag("include_all_metadata")
    found = [message.as_json(with_metadata=with_metadata) for message in shown]
    has_more = bool(more["response_metadata"]["next_cursor"])
    return {"messages": found, "has_more": has_more, **more}
