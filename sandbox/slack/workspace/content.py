"""Checks of the content of messages: blocks, text and metadata."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Sequence
from typing import Any

from sandbox.slack.block_kit.blocks import check_message
from sandbox.slack.block_kit.schema import Problem
from sandbox.slack.block_kit.traversal import INTERACTIVE, flat
from sandbox.slack.errors import Refused
from sandbox.slack.workspace.records import Json

LONGEST_TEXT = 40_000
MOST_METADATA = 16_384


def checked_blocks(blocks: Any, unsupported: Collection[str] = ()) -> list[Json]:
    """Return valid blocks with ids. Raises: Refused.

    ``unsupported`` are the types that this workspace does not have yet.
    """
    if blocks is None:
        return []
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    problems = check_message(blocks) or lacking(blocks, unsupported)
    if problems:
        raise invalid_blocks(problems)
    return with_ids(blocks)


def lacking(
    blocks: Sequence[Json], unsupported: Collection[str], at: str = "/blocks"
) -> list[Problem]:
    """Return a problem for each block that this workspace does not have yet."""
    return [
        Problem(f"{at}/{index}/type", f"unsupported type: {block['type']}")
        for index, block in enumerate(blocks)
        if block["type"] in unsupported
    ]


def invalid_blocks(problems: Sequence[Problem]) -> Refused:
    said = [str(problem) for problem in problems]
    messages = tuple(f"[ERROR] {line}" for line in said)
    return Refused("invalid_blocks", errors=said, messages=messages)


def checked_text(text: Any, *, without: bool) -> str:
    """Return valid text; with ``without`` it may be empty. Raises: Refused."""
    if text is None or text == "":
        if without:
            return ""
        raise Refused("no_text")
    if not isinstance(text, str):
        raise Refused("invalid_arguments", messages=("[ERROR] must provide a string",))
    if len(text) > LONGEST_TEXT:
        raise Refused("msg_too_long")
    return text


def checked_metadata(metadata: Any) -> Json | None:
    if not metadata:
        return None
    shape = isinstance(metadata, dict) and set(metadata) == {
        "event_type",
        "event_payload",
    }
    if not shape or not isinstance(metadata["event_payload"], dict):
        raise Refused("invalid_metadata_format")
    if len(str(metadata)) > MOST_METADATA:
        raise Refused("metadata_too_large")
    return dict(metadata)


def with_ids(blocks: Sequence[Json]) -> list[Json]:
    """Return the blocks with an id for each block and element, as Slack adds them."""
    shown: list[Json] = json.loads(json.dumps(blocks))
    for block in flat(shown):
        block.setdefault("block_id", secrets.token_urlsafe(4))
        for key in INTERACTIVE:
            found = block.get(key, [])
            for element in found if isinstance(found, list) else [found]:
                if _can_be_used(element):
                    element.setdefault("action_id", secrets.token_urlsafe(4))
    return shown


STILL = ("image", "plain_text", "mrkdwn", "card")
RICH = ("section", "list", "preformatted", "quote")


def _can_be_used(element: Json) -> bool:
    kind = str(element.get("type"))
    return kind not in STILL and kind.removeprefix("rich_text_") not in RICH
