"""Cards of links to incident.io that people post.

Everybody in the channel reads a card, whoever posted the link. So it shows what the
channel may read, and there is none in a channel that another company shares.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any
from urllib.parse import urlsplit

from slack_sdk.models.blocks import Block

from handlers.core.context import Context
from handlers.core.permissions import Level
from incidentio.errors import NotFound

DOMAIN = "app.incident.io"
MOST = 5
"""Links of one message that get cards."""

Drawers = Mapping[re.Pattern[str], Callable[..., Sequence[Block]]]


def may_share(ctx: Context) -> bool:
    """Return whether the person is of our company and may read incidents."""
    ours = ctx.services.company.includes(ctx.user, None)
    return ours and ctx.services.policy.allows(ctx.user, ctx.channel, Level.READ)


def cards(
    ctx: Context, drawers: Drawers, links: Iterable[str]
) -> dict[str, dict[str, Any]]:
    """Return the cards by address, as ``chat.unfurl`` takes them."""
    drawn = ((url, _card(ctx, drawers, url)) for url in dict.fromkeys(links))
    found = ((url, blocks) for url, blocks in drawn if blocks)
    return {
        url: {"blocks": [block.to_dict() for block in blocks]}
        for url, blocks in islice(found, MOST)
    }


def _card(ctx: Context, drawers: Drawers, url: str) -> Sequence[Block]:
    """Return the blocks of a link; none if it names nothing that may be shown."""
    path = _path(url)
    fitting = ((pattern.fullmatch(path), draw) for pattern, draw in drawers.items())
    named = [(fits.start("name"), fits["name"], draw) for fits, draw in fitting if fits]
    if not named:
        return ()
    _, name, draw = max(named, key=itemgetter(0))
    try:
        return draw(ctx, name)
    except NotFound:
        return ()


def _path(url: str) -> str:
    """Return the path of an address at incident.io, else an empty text."""
    try:
        address = urlsplit(url)
    except ValueError:
        return ""
    return address.path if address.hostname == DOMAIN else ""
