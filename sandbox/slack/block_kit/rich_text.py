"""Rich text: sections, lists, quotes and code, and what stands in them."""

from __future__ import annotations

from sandbox.slack.block_kit.objects import ID, TYPE
from sandbox.slack.block_kit.schema import (
    Check,
    anything,
    array,
    boolean,
    by_type,
    integer,
    one_of,
    record,
    string,
)

STYLE = record(
    dict.fromkeys(
        (
            "bold",
            "italic",
            "strike",
            "code",
            "underline",
            "highlight",
            "client_highlight",
            "unlink",
        ),
        boolean,
    )
)
LEAF = {"type": TYPE, "style": STYLE}
LEAVES: dict[str, Check] = {
    "text": record(LEAF | {"text": string()}, required=("text",)),
    "link": record(
        LEAF | {"url": string(), "text": string(), "unsafe": boolean},
        required=("url",),
    ),
    "user": record(LEAF | {"user_id": ID}, required=("user_id",)),
    "usergroup": record(LEAF | {"usergroup_id": ID}, required=("usergroup_id",)),
    "channel": record(LEAF | {"channel_id": ID}, required=("channel_id",)),
    "broadcast": record(
        LEAF | {"range": one_of("here", "channel", "everyone")}, required=("range",)
    ),
    "emoji": record(LEAF | {"name": string(), "unicode": string()}, required=("name",)),
    "color": record(LEAF | {"value": string()}, required=("value",)),
    "date": record(
        LEAF
        | {
            "timestamp": anything,
            "format": string(),
            "timezone": string(),
            "url": string(),
            "fallback": string(),
        },
        required=("timestamp", "format"),
    ),
    "team": record(LEAF | {"team_id": ID}, required=("team_id",)),
}
INLINE = array(by_type(LEAVES), least=0, most=1000)
PART = {"type": TYPE}
BORDER = {"border": integer(0, 1)}
SECTION = record(PART | {"elements": INLINE}, required=("elements",))
PARTS: dict[str, Check] = {
    "rich_text_section": SECTION,
    "rich_text_preformatted": record(
        PART | BORDER | {"elements": INLINE, "language": string()},
        required=("elements",),
    ),
    "rich_text_quote": record(
        PART | BORDER | {"elements": INLINE}, required=("elements",)
    ),
    "rich_text_list": record(
        PART
        | BORDER
        | {
            "style": one_of("bullet", "ordered"),
            "elements": array(
                by_type({"rich_text_section": SECTION}), least=0, most=1000
            ),
            "indent": integer(0, 8),
            "offset": integer(0, 100_000),
        },
        required=("style", "elements"),
    ),
}
RICH_TEXT = array(by_type(PARTS), most=100)
