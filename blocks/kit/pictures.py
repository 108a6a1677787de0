"""A picture in a message: drawn when it is sent, and shown by the id Slack gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slack_sdk.models.blocks import ImageBlock

from blocks.kit import text

if TYPE_CHECKING:
    from collections.abc import Callable

ALT = 2000


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, and where among the blocks of its message it stands."""

    draw: Callable[[], bytes]
    """Gives a PNG."""
    title: str
    alt: str
    """What it shows, in plain words."""
    nth: int = 0


def image(file_id: str, title: str, alt: str) -> ImageBlock:
    """Show a file that Slack has; ``alt`` is plain text, which formats nothing."""
    return ImageBlock(
        slack_file={"id": file_id},
        title=text.plain(title),
        alt_text=text.clip(alt, ALT),
    )
