"""Walks over blocks: the text a reader sees, and the interactive elements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sandbox.slack.block_kit.charts import chart_text
from sandbox.slack.block_kit.schema import Json
from sandbox.slack.block_kit.tables import table_text

SHOWN_FIRST = (
    "title",
    "subtitle",
    "label",
    "text",
    "fields",
    "body",
    "subtext",
    "elements",
    "child_blocks",
    "tasks",
    "details",
    "output",
    "sources",
)
SHOWN_AFTER = (
    "actions",
    "positive_button",
    "negative_button",
    "element",
    "accessory",
    "placeholder",
    "options",
    "hint",
    "alt_text",
)
INTERACTIVE = ("accessory", "element", "elements", "actions")
DRAWN = {
    "data_visualization": chart_text,
    "data_table": table_text,
    "table": table_text,
}


def visible_text(shown: Any) -> str:
    return "\n".join(_words(shown))


def _words(shown: Any) -> Iterator[str]:
    if isinstance(shown, str):
        yield shown
    elif isinstance(shown, list):
        for item in shown:
            yield from _words(item)
    elif isinstance(shown, dict) and shown.get("type") in DRAWN:
        yield DRAWN[shown["type"]](shown)
    elif isinstance(shown, dict):
        yield from _of_object(shown)


def _of_object(shown: Json) -> Iterator[str]:
    for key in (*SHOWN_FIRST, "description", *SHOWN_AFTER):
        if key in shown:
            yield from _words(shown[key])


def flat(blocks: Sequence[Json]) -> Iterator[Json]:
    """Yield each block, and after a container or a carousel those in it."""
    for block in blocks:
        yield block
        inside = "elements" if block["type"] == "carousel" else "child_blocks"
        yield from flat(block.get(inside, []))


def elements_in(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Yield each interactive element, after the block it is in."""
    for block in flat(blocks):
        for key in INTERACTIVE:
            found = block.get(key, [])
            for element in found if isinstance(found, list) else [found]:
                if "action_id" in element:
                    yield block, element


def buttons_in(blocks: Sequence[Json]) -> list[str]:
    return [
        str(element["text"]["text"])
        for _, element in elements_in(blocks)
        if element["type"] == "button"
    ]
