"""How Slack encodes what somebody types."""

from __future__ import annotations

import re

from sandbox.slack.workspace.store import Workspace

KEPT = r"<[@#][A-Z0-9]+(?:\|[^<>]*)?>"
LINK = r"https?://[^\s<>|]+"
SOME_ONE = r"(?<![\w<])@[\w-]+"
SOME_WHERE = r"(?<![\w<&])#[\w-]+"
PIECES = re.compile(f"({KEPT})|({LINK})|({SOME_ONE})|({SOME_WHERE})")


def encode_message(
    text: str, workspace: Workspace, author: str, *, with_names: bool
) -> str:
    """Return the text escaped, with people, channels and links as entities.

    In slash commands entities carry names as well: ``<@U1|ana>``. Channels that the
    author does not see are words like others.
    """
    sent, end = [], 0
    for found in PIECES.finditer(text):
        sent.append(escape(text[end : found.start()]))
        sent.append(_entity(found, workspace, author, with_names=with_names))
        end = found.end()
    return "".join([*sent, escape(text[end:])])


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _entity(
    found: re.Match[str], workspace: Workspace, author: str, *, with_names: bool
) -> str:
    kept, link, person, place = found.groups()
    if kept:
        return str(kept)
    if link:
        return f"<{escape(link)}>"
    try:
        if person:
            user = workspace.user(person)
            return f"<@{user.id}|{user.handle}>" if with_names else f"<@{user.id}>"
        channel = workspace.channel(place)
    except LookupError:
        return escape(found.group())
    if not channel.visible_to(author):
        return escape(found.group())
    return f"<#{channel.id}|{channel.name}>"
