"""Blocks: a schema for each type, and rules across the blocks of a surface."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.slack.block_kit.charts import CHART_BLOCK, check_chart_count
from sandbox.slack.block_kit.elements import IMAGE, IN_ACTIONS, IN_INPUT, IN_SECTION
from sandbox.slack.block_kit.objects import ID, TYPE, plain, text
from sandbox.slack.block_kit.schema import (
    Check,
    Json,
    Problem,
    Report,
    anything,
    array,
    boolean,
    by_type,
    one_of,
    record,
    string,
)
from sandbox.slack.block_kit.traversal import elements_in

BLOCK = {"type": TYPE, "block_id": ID}


def _has_words(block: Any, at: str, report: Report) -> None:
    if not block.get("text") and not block.get("fields"):
        report.add(at, "must define either `text` or `fields`")


def _context_element(value: Any, at: str, report: Report) -> None:
    is_image = isinstance(value, dict) and value.get("type") == "image"
    (IMAGE if is_image else text(3000))(value, at, report)


RICH_PART = by_type(
    dict.fromkeys(
        (
            "rich_text_section",
            "rich_text_list",
            "rich_text_preformatted",
            "rich_text_quote",
        ),
        anything,
    )
)
CELL = by_type(
    {
        "raw_text": record({"type": TYPE, "text": string()}, required=("text",)),
        "rich_text": anything,
    }
)
COLUMN = record({"align": one_of("left", "center", "right"), "is_wrapped": boolean})

EVERYWHERE: dict[str, Check] = {
    "section": record(
        BLOCK
        | {
            "text": text(3000),
            "fields": array(text(2000), most=10),
            "accessory": by_type(IN_SECTION),
            "expand": boolean,
        },
        rules=(_has_words,),
    ),
    "divider": record(BLOCK),
    "header": record(BLOCK | {"text": plain(150)}, required=("text",)),
    "context": record(
        BLOCK | {"elements": array(_context_element, most=10)}, required=("elements",)
    ),
    "actions": record(
        BLOCK | {"elements": array(by_type(IN_ACTIONS), most=25)},
        required=("elements",),
    ),
    "input": record(
        BLOCK
        | {
            "label": plain(2000),
            "element": by_type(IN_INPUT),
            "hint": plain(2000),
            "optional": boolean,
            "dispatch_action": boolean,
        },
        required=("label", "element"),
    ),
    "image": record(
        BLOCK
        | {
            "image_url": string(3000),
            "alt_text": string(2000),
            "title": plain(2000),
        },
        required=("image_url", "alt_text"),
    ),
    "rich_text": record(
        BLOCK | {"elements": array(RICH_PART, most=100)}, required=("elements",)
    ),
}
IN_MESSAGES: dict[str, Check] = EVERYWHERE | {
    "data_visualization": record(BLOCK | CHART_BLOCK, required=("title", "chart")),
    "markdown": record(BLOCK | {"text": string(12_000)}, required=("text",)),
    "table": record(
        BLOCK
        | {
            "rows": array(array(CELL, most=20), most=100),
            "column_settings": array(COLUMN, most=20),
        },
        required=("rows",),
    ),
}
MESSAGE_BLOCKS = array(by_type(IN_MESSAGES), least=0, most=50)
VIEW_BLOCKS = array(by_type(EVERYWHERE), least=1, most=100)


def check_message(blocks: Any, at: str = "/blocks") -> list[Problem]:
    report = Report()
    MESSAGE_BLOCKS(blocks, at, report)
    if not report.problems:
        check_across_blocks(blocks, at, report)
        _only_one_table(blocks, at, report)
        check_chart_count(blocks, at, report)
    return report.problems


def check_across_blocks(blocks: list[Json], at: str, report: Report) -> None:
    """Check that ids are unique, and that one element at most asks for the focus."""
    for index, name in _repeated([block.get("block_id") for block in blocks]):
        message = f"`block_id` already exists: {name}"
        report.add(f"{at}/{index}/block_id", message)
    for index, block in enumerate(blocks):
        actions = [element["action_id"] for _, element in elements_in([block])]
        for _, name in _repeated(actions):
            message = f'`action_id` "{name}" already exists in the block'
            report.add(f"{at}/{index}", message)
    focused = [e for _, e in elements_in(blocks) if e.get("focus_on_load")]
    if len(focused) > 1:
        report.add(at, "only one element may have `focus_on_load`")


def _repeated(names: list[Any]) -> Iterator[tuple[int, Any]]:
    seen = set()
    for index, name in enumerate(names):
        if name is not None and name in seen:
            yield index, name
        seen.add(name)


def _only_one_table(blocks: list[Json], at: str, report: Report) -> None:
    if sum(block["type"] == "table" for block in blocks) > 1:
        report.add(at, "only_one_table_allowed")
    markdown = (b["text"] for b in blocks if b["type"] == "markdown")
    if sum(len(words) for words in markdown) > 12_000:
        report.add(at, "markdown blocks may have 12000 characters in all")
