"""pins.add."""

from __future__ import annotations

import re

from sandbox.slack.errors import Refused
from sandbox.slack.state import SlackState
from sandbox.slack.web_api.access import visible_channel
from sandbox.slack.web_api.methods import Args, method
from sandbox.slack.workspace.records import BOT_USER, Channel, Json

MOST = 100
"""The pins that a channel holds."""


@method("pins.add", tier=2, scopes=("pins:write",))
def add(slack: SlackState, args: Args) -> Json:
    channel = _joined_channel(slack, args)
    message = channel.find(_timestamp(args))
    if message is None or message.ephemeral:
        raise Refused("message_not_found")
    if message.pinned_by:
        raise Refused("already_pinned")
    if sum(bool(one.pinned_by) for one in channel.messages) >= MOST:
        raise Refused("too_many_pins")
    with slack.workspace.changed:
        message.pinned_by = BOT_USER
    slack.workspace.touch()
    return {}


def _timestamp(args: Args) -> str:
    given = args.text("timestamp")
    if given is None:
        raise Refused("no_item_specified")
    if not re.fullmatch(r"\d+\.\d{6}", given):
        raise Refused("bad_timestamp")
    return given


def _joined_channel(slack: SlackState, args: Args) -> Channel:
    channel = visible_channel(slack, args)
    if BOT_USER not in channel.members:
        raise Refused("not_in_channel")
    if channel.archived:
        raise Refused("is_archived")
    return channel
