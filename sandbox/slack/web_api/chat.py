"""chat.* and reactions.add."""

from __future__ import annotations

from typing import Any

from sandbox.slack.delivery.payloads import links_in, unfurl_id
from sandbox.slack.errors import Refused
from sandbox.slack.state import SlackState
from sandbox.slack.web_api.access import visible_channel, writable_channel
from sandbox.slack.web_api.methods import Args, method
from sandbox.slack.workspace.content import (
    checked_blocks,
    checked_metadata,
    checked_text,
)
from sandbox.slack.workspace.records import BOT_USER, DOMAIN, Channel, Json, Message

WRITE = ("chat:write",)
BAD_BLOCKS = "invalid_blocks_format"


@method("chat.postMessage", scopes=WRITE)
def post_message(slack: SlackState, args: Args) -> Json:
    channel = writable_channel(slack, args)
    slack.limits.count_message(channel.id)
    message = slack.workspace.write(
        channel,
        BOT_USER,
        **_content(slack, channel, args),
        metadata=checked_metadata(args.json("metadata", "invalid_metadata_format")),
        broadcast=args.flag("reply_broadcast"),
    )
    return {"channel": channel.id, "ts": message.ts, "message": message.as_json()}


def _content(slack: SlackState, channel: Channel, args: Args) -> Json:
    """Return the text, the blocks and the thread of a new message."""
    blocks = _blocks(slack, args.json("blocks", BAD_BLOCKS))
    return {
        "text": checked_text(args.given.get("text"), without=bool(blocks)),
        "blocks": blocks,
        "thread_ts": _thread(channel, args.text("thread_ts")),
    }


def _blocks(slack: SlackState, given: Any) -> list[Json]:
    return checked_blocks(given, slack.workspace.unsupported_blocks)


def _thread(channel: Channel, ts: str | None) -> str | None:
    if ts is None:
        return None
    parent = channel.find(ts)
    if parent is None:
        raise Refused("thread_not_found")
    if parent.ephemeral:
        raise Refused("cannot_reply_to_message")
    return parent.thread_ts or parent.ts


@method("chat.postEphemeral", tier=4, scopes=WRITE)
def post_ephemeral(slack: SlackState, args: Args) -> Json:
    channel = visible_channel(slack, args)
    if BOT_USER not in channel.members:
        raise Refused("not_in_channel")
    if channel.archived:
        raise Refused("is_archived")
    user = args.required("user")
    if user not in channel.members:
        raise Refused("user_not_in_channel")
    message = slack.workspace.write(
        channel,
        BOT_USER,
        **_content(slack, channel, args),
        ephemeral_to=user,
    )
    return {"message_ts": message.ts}


@method("chat.update", tier=3, scopes=WRITE)
def update(slack: SlackState, args: Args) -> Json:
    """Edit a message; blocks and metadata stay where the arguments leave them out."""
    message = _own_message(slack, args, "cant_update_message")
    blocks = args.json("blocks", BAD_BLOCKS)
    shown = message.blocks if blocks is None else _blocks(slack, blocks)
    metadata = args.json("metadata", "invalid_metadata_format")
    slack.workspace.edit(
        message,
        text=checked_text(args.given.get("text"), without=bool(shown)),
        blocks=shown,
        metadata=message.metadata if metadata is None else checked_metadata(metadata),
        state={},
    )
    said = {"channel": message.channel, "ts": message.ts, "text": message.text}
    return said | {"message": message.as_json()}


@method("chat.delete", tier=3, scopes=WRITE)
def delete(slack: SlackState, args: Args) -> Json:
    message = _own_message(slack, args, "cant_delete_message")
    slack.workspace.delete(message)
    return {"channel": message.channel, "ts": message.ts}


def _own_message(slack: SlackState, args: Args, forbidden: str) -> Message:
    channel = visible_channel(slack, args)
    message = channel.find(args.required("ts"))
    if message is None or message.ephemeral:
        raise Refused("message_not_found")
    if not message.is_bot:
        raise Refused(forbidden)
    return message


@method("chat.unfurl", tier=3, scopes=("links:write",))
def unfurl(slack: SlackState, args: Args) -> Json:
    """Attach cards to links of a message; a second call replaces them."""
    message = _message_of_links(slack, args)
    given = args.json("unfurls", "invalid_unfurls_format")
    if not given:
        raise Refused("missing_unfurls")
    if not isinstance(given, dict) or not all(
        isinstance(c, dict) for c in given.values()
    ):
        raise Refused("invalid_unfurls_format")
    posted = {link["url"] for link in links_in(message.text, slack.unfurl_domains)}
    if not posted.issuperset(given):
        raise Refused("cannot_unfurl_url")
    cards = {url: _blocks(slack, card.get("blocks")) for url, card in given.items()}
    with slack.workspace.changed:
        message.unfurls |= cards
    slack.workspace.touch()
    return {}


def _message_of_links(slack: SlackState, args: Args) -> Message:
    """Return the message by ``unfurl_id`` and ``source``, or ``channel`` and ``ts``."""
    id_, place = args.text("unfurl_id"), (args.text("channel"), args.text("ts"))
    if id_ is not None:
        _check_source(args.text("source"))
    elif place[0] is None:
        raise Refused("missing_channel")
    posted = (m for c in slack.workspace.channels.values() for m in c.messages)
    for message in posted:
        if place == (message.channel, message.ts) or id_ == unfurl_id(message):
            return message
    raise Refused("cannot_find_message" if id_ is None else "invalid_unfurl_id")


def _check_source(source: str | None) -> None:
    if source is None:
        raise Refused("missing_source")
    if source not in ("composer", "conversations_history"):
        raise Refused("invalid_source")


@method("chat.getPermalink")
def get_permalink(slack: SlackState, args: Args) -> Json:
    channel = visible_channel(slack, args)
    message = channel.find(args.required("message_ts"))
    if message is None or message.ephemeral:
        raise Refused("message_not_found")
    place = f"{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts:
        place += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    link = f"https://{DOMAIN}.slack.com/archives/{place}"
    return {"channel": channel.id, "permalink": link}


@method("reactions.add", tier=3, scopes=("reactions:write",))
def add_reaction(slack: SlackState, args: Args) -> Json:
    channel = visible_channel(slack, args)
    message = channel.find(args.required("timestamp"))
    if message is None or message.ephemeral:
        raise Refused("message_not_found")
    with slack.workspace.changed:
        who = message.reactions.setdefault(args.required("name"), [])
        if BOT_USER in who:
            raise Refused("already_reacted")
        who.append(BOT_USER)
    slack.workspace.touch()
    return {}
