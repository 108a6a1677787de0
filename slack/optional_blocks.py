"""Sends a message, and again without its optional blocks where Slack refuses them.

Slack brings a new type of block to workspaces one after another, and refuses the whole
message where a workspace does not have the type yet. A refusal is definite: nothing was
posted, so sending again posts the message once.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, TypeVar

from slack_sdk.errors import SlackApiError, SlackClientError

from slack.client import ResponseRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

OPTIONAL = frozenset({"data_visualization"})
"""Types of blocks that only repeat what the other blocks of a message say."""

REFUSED = "invalid_blocks"

T = TypeVar("T")
Blocks = list[dict[str, Any]]

log = logging.getLogger(__name__)


def send(
    blocks: Sequence[dict[str, Any]],
    post: Callable[[Blocks], T],
    refused: Callable[[], object] = lambda: None,
) -> T:
    """Return what ``post`` returns for all blocks, or else for the necessary ones.

    ``refused`` is called before the second try.

    Raises:
        SlackClientError: what the last try raised.
    """
    try:
        return post(list(blocks))
    except SlackClientError as error:
        kept = necessary(blocks)
        if not blocks_refused(error) or len(kept) == len(blocks):
            raise
        log.warning("a message goes without its optional blocks: %s", error)
    refused()
    return post(kept)


def necessary(blocks: Sequence[dict[str, Any]]) -> Blocks:
    """Return the blocks without the optional ones."""
    return [block for block in blocks if block["type"] not in OPTIONAL]


def blocks_refused(error: SlackClientError) -> bool:
    """Return whether Slack answered that it does not take the blocks."""
    if isinstance(error, ResponseRefused):
        return REFUSED in error.body
    return isinstance(error, SlackApiError) and error.response.get("error") == REFUSED
