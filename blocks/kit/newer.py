"""Blocks that some workspaces do not take yet, with plain ones for their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slack_sdk.models.blocks import Block

if TYPE_CHECKING:
    from collections.abc import Sequence


class Newer(Block):
    """A block, and those that are sent where Slack refuses it: ``slack.newer_blocks``.

    Without ``plain``, the other blocks of the message say the same. ``beside``: it is
    only sent where Slack takes that type of block, which its message has too.
    """

    def __init__(
        self, block: Block, plain: Sequence[Block] = (), *, beside: str | None = None
    ) -> None:
        super().__init__(type=str(block.type), block_id=block.block_id)
        self.block = block
        self.plain = plain
        self.without = beside or str(block.type)

    def to_dict(self) -> dict[str, Any]:
        plain = [block.to_dict() for block in self.plain]
        drawn = dict(self.block.to_dict())
        return {**drawn, "plain": {"without": self.without, "blocks": plain}}
