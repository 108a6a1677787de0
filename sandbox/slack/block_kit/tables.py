"""Tables: https://docs.slack.dev/reference/block-kit/blocks/data-table-block."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sandbox.slack.block_kit.objects import TYPE
from sandbox.slack.block_kit.schema import (
    Json,
    Report,
    array,
    boolean,
    by_type,
    integer,
    number,
    one_of,
    record,
    string,
)

MOST_COLUMNS = 20
MOST_LETTERS = 10_000
"""In all cells of a message."""

RICH_STYLE = record(dict.fromkeys(("bold", "italic", "strike", "code"), boolean))
RICH_ELEMENT = by_type(
    {
        "text": record(
            {"type": TYPE, "text": string(), "style": RICH_STYLE}, required=("text",)
        ),
        "link": record(
            {"type": TYPE, "url": string(3000), "text": string(), "style": RICH_STYLE},
            required=("url",),
        ),
        "user": record(
            {"type": TYPE, "user_id": string(), "style": RICH_STYLE},
            required=("user_id",),
        ),
        "channel": record(
            {"type": TYPE, "channel_id": string(), "style": RICH_STYLE},
            required=("channel_id",),
        ),
        "emoji": record({"type": TYPE, "name": string()}, required=("name",)),
        "date": record(
            {
                "type": TYPE,
                "timestamp": integer(0, 9_999_999_999),
                "format": string(),
                "fallback": string(),
                "url": string(3000),
            },
            required=("timestamp", "format"),
        ),
    }
)
RICH_SECTION = by_type(
    {
        "rich_text_section": record(
            {"type": TYPE, "elements": array(RICH_ELEMENT, most=100)},
            required=("elements",),
        )
    }
)
RAW_CELLS = {
    "raw_text": record({"type": TYPE, "text": string()}, required=("text",)),
    "raw_number": record(
        {"type": TYPE, "value": number, "text": string()}, required=("value",)
    ),
}
CELL = by_type(
    RAW_CELLS
    | {
        "rich_text": record(
            {"type": TYPE, "elements": array(RICH_SECTION, most=100)},
            required=("elements",),
        )
    }
)
COLUMN = record({"align": one_of("left", "center", "right"), "is_wrapped": boolean})


def _regular(block: Any, at: str, report: Report) -> None:
    rows = block["rows"]
    for index, row in enumerate(rows):
        if len(row) != len(rows[0]):
            message = "all rows must have the same number of cells"
            report.add(f"{at}/rows/{index}", message)
    for index, cell in enumerate(rows[0]):
        if cell["type"] == "rich_text":
            report.add(f"{at}/rows/0/{index}", "rich_text is not allowed in a header")


ROW = array(CELL, most=MOST_COLUMNS)
TABLE_BLOCK = {
    "rows": array(ROW, most=100),
    "column_settings": array(COLUMN, most=MOST_COLUMNS),
}
DATA_TABLE_BLOCK = {
    "rows": array(ROW, least=2, most=101),
    "caption": string(),
    "page_size": integer(1, 100),
    "row_header_column_index": integer(0, MOST_COLUMNS - 1),
}
DATA_TABLE_RULES = (_regular,)


def check_tables(blocks: list[Json], at: str, report: Report) -> None:
    """Check what holds for all tables of a message together."""
    tables = [b for b in blocks if b["type"] in ("table", "data_table")]
    if sum(block["type"] == "table" for block in tables) > 1:
        report.add(at, "only_one_table_allowed")
    letters = sum(
        len(cell_text(cell)) for b in tables for row in b["rows"] for cell in row
    )
    if letters > MOST_LETTERS:
        report.add(at, f"the cells of tables may have {MOST_LETTERS} characters in all")


def table_text(block: Json) -> str:
    """Return a table as text, for readers who do not see it: a line for each row."""
    rows = [" · ".join(cell_text(cell) for cell in row) for row in block["rows"]]
    return "\n".join([*filter(None, [block.get("caption")]), *rows])


def cell_text(cell: Json) -> str:
    if cell["type"] == "rich_text":
        return "".join(_words(cell["elements"]))
    return str(cell.get("text", cell.get("value")))


def _words(elements: list[Json]) -> Iterator[str]:
    for element in elements:
        yield from _words(element.get("elements", []))
        yield WRITTEN.get(element["type"], _text)(element)


def _text(element: Json) -> str:
    return str(element.get("text") or element.get("url", ""))


WRITTEN: dict[str, Callable[[Json], str]] = {
    "user": lambda element: f"<@{element['user_id']}>",
    "channel": lambda element: f"<#{element['channel_id']}>",
    "emoji": lambda element: f":{element['name']}:",
    "date": lambda element: str(element.get("fallback", element["timestamp"])),
}
