"""Permissions of the app: tokens, scopes, memberships."""

from __future__ import annotations

from sandbox.slack.errors import Refused
from sandbox.slack.state import SlackState
from sandbox.slack.web_api.methods import Args, Method
from sandbox.slack.workspace.records import BOT_USER, Channel, User

READ = {
    "public_channel": "channels:read",
    "private_channel": "groups:read",
    "im": "im:read",
}
HISTORY = {
    "public_channel": "channels:history",
    "private_channel": "groups:history",
    "im": "im:history",
}


def authorize(slack: SlackState, method: Method, token: str | None) -> None:
    if method.name == "api.test":
        return
    if not token:
        raise Refused("not_authed")
    known = {slack.bot_token: "bot", slack.app_token: "app"}.get(token)
    if known is None:
        raise Refused("invalid_auth")
    if (known == "app") != method.app_token:
        raise Refused("not_allowed_token_type")
    if method.scopes:
        require_scope(slack, *method.scopes)


def require_scope(slack: SlackState, *any_of: str) -> None:
    if not slack.scopes.intersection(any_of):
        provided = ",".join(sorted(slack.scopes))
        raise Refused("missing_scope", needed=",".join(any_of), provided=provided)


def known_user(slack: SlackState, user_id: str) -> User:
    user = slack.workspace.users.get(user_id)
    if user is None:
        raise Refused("user_not_found")
    return user


def visible_channel(slack: SlackState, args: Args) -> Channel:
    """Return the channel of the arguments.

    Raises: Refused with channel_not_found, also for one that the app cannot see.
    """
    channel = slack.workspace.channels.get(args.required("channel"))
    if channel is None or not channel.visible_to(BOT_USER):
        raise Refused("channel_not_found")
    return channel


def readable_channel(slack: SlackState, args: Args) -> Channel:
    channel = visible_channel(slack, args)
    require_scope(slack, HISTORY[channel.kind])
    if BOT_USER not in channel.members:
        raise Refused("not_in_channel")
    return channel


def writable_channel(slack: SlackState, args: Args) -> Channel:
    """Return the channel to post in; a user's id means their DM."""
    name = args.required("channel")
    user = slack.workspace.users.get(name)
    if user and user.active and not user.is_bot:
        return slack.workspace.dm(user.id)
    channel = visible_channel(slack, args)
    if channel.archived:
        raise Refused("is_archived")
    if BOT_USER not in channel.members and "chat:write.public" not in slack.scopes:
        raise Refused("not_in_channel")
    return channel
