"""Blocks: a schema for each type, and rules across the blocks of a surface."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.slack.block_kit.cards import CARD, CAROUSEL, PLAN, TASK_CARD
from sandbox.slack.block_kit.charts import CHART_BLOCK, check_chart_count
from sandbox.slack.block_kit.elements import (
    IMAGE,
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
)
from sandbox.slack.block_kit.objects import ID, TYPE, plain, text
from sandbox.slack.block_kit.rich_text import RICH_TEXT
from sandbox.slack.block_kit.schema import (
    Check,
    Json,
    Problem,
    Report,
    array,
    boolean,
    by_type,
    one_of,
    record,
    string,
)
from sandbox.slack.block_kit.tables import (
    DATA_TABLE_BLOCK,
    DATA_TABLE_RULES,
    TABLE_BLOCK,
    check_tables,
)
from sandbox.slack.block_kit.traversal import elements_in, flat

BLOCK = {"type": TYPE, "block_id": ID}


def _has_words(block: Any, at: str, report: Report) -> None:
    if not block.get("text") and not block.get("fields"):
        report.add(at, "must define either `text` or `fields`")


def _context_element(value: Any, at: str, report: Report) -> None:
    is_image = isinstance(value, dict) and value.get("type") == "image"
    (IMAGE if is_image else text(3000))(value, at, report)


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
    "video": record(
        BLOCK
        | {
            "alt_text": string(2000),
            "title": plain(200),
            "title_url": string(3000),
            "thumbnail_url": string(3000),
            "video_url": string(3000),
            "author_name": string(50),
            "description": plain(200),
            "provider_icon_url": string(3000),
            "provider_name": string(50),
        },
        required=("alt_text", "title", "thumbnail_url", "video_url"),
    ),
    "rich_text": record(BLOCK | {"elements": RICH_TEXT}, required=("elements",)),
    "card": CARD,
}
TABLE = record(BLOCK | TABLE_BLOCK, required=("rows",))
IN_CONTAINER = {
    name: EVERYWHERE[name]
    for name in ("section", "divider", "header", "context", "actions", "image")
}
"""Those of the documented types that Slack's own check of blocks is known to take."""


def _foldable(block: Any, at: str, report: Report) -> None:
    if not block.get("title") and not block.get("rich_text_title"):
        report.add(at, "must define either `title` or `rich_text_title`")
    if block.get("default_collapsed") and not block.get("is_collapsible"):
        report.add(f"{at}/default_collapsed", "requires `is_collapsible`")
    if block.get("has_header_divider") and block.get("is_collapsible"):
        report.add(f"{at}/has_header_divider", "must not be `is_collapsible`")


CONTAINER = record(
    BLOCK
    | {
        "title": plain(150),
        "rich_text_title": EVERYWHERE["rich_text"],
        "subtitle": text(150),
        "child_blocks": array(by_type(IN_CONTAINER | {"table": TABLE}), most=10),
        "width": one_of("narrow", "standard", "wide", "full"),
        "icon": IMAGE,
        "is_collapsible": boolean,
        "default_collapsed": boolean,
        "has_header_divider": boolean,
    },
    required=("child_blocks",),
    rules=(_foldable,),
)
IN_MESSAGES: dict[str, Check] = EVERYWHERE | {
    "carousel": CAROUSEL,
    "context_actions": record(
        BLOCK | {"elements": array(by_type(IN_CONTEXT_ACTIONS), most=5)},
        required=("elements",),
    ),
    "container": CONTAINER,
    "data_table": record(
        BLOCK | DATA_TABLE_BLOCK, required=("rows", "caption"), rules=DATA_TABLE_RULES
    ),
    "data_visualization": record(BLOCK | CHART_BLOCK, required=("title", "chart")),
    "markdown": record(BLOCK | {"text": string(12_000)}, required=("text",)),
    "plan": PLAN,
    "table": TABLE,
    "task_card": TASK_CARD,
}
IN_MODALS: dict[str, Check] = EVERYWHERE | {
    "alert": record(
        BLOCK
        | {
            "text": text(200),
            "level": one_of("default", "info", "warning", "error", "success"),
        },
        required=("text",),
    ),
}
MESSAGE_BLOCKS = array(by_type(IN_MESSAGES), least=0, most=50)
MODAL_BLOCKS = array(by_type(IN_MODALS), least=1, most=100)
HOME_BLOCKS = array(by_type(EVERYWHERE | {"carousel": CAROUSEL}), least=1, most=100)


def check_message(blocks: Any, at: str = "/blocks") -> list[Problem]:
    report = Report()
    MESSAGE_BLOCKS(blocks, at, report)
    if not report.problems:
        check_across_blocks(blocks, at, report)
        check_tables(blocks, at, report)
        _short_markdown(blocks, at, report)
        check_chart_count(blocks, at, report)
    return report.problems


def check_across_blocks(blocks: list[Json], at: str, report: Report) -> None:
    """Check that ids are unique, and that one element at most asks for the focus."""
    every = list(flat(blocks))
    for index, name in _repeated([block.get("block_id") for block in every]):
        message = f"`block_id` already exists: {name}"
        report.add(f"{at}/{index}/block_id", message)
    for index, block in enumerate(every):
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


def _short_markdown(blocks: list[Json], at: str, report: Report) -> None:
    markdown = (b["text"] for b in blocks if b["type"] == "markdown")
    if sum(len(words) for words in markdown) > 12_000:
        report.add(at, "markdown blocks may have 12000 characters in all")
