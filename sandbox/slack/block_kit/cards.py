"""Cards, carousels, tasks and plans.

https://docs.slack.dev/reference/block-kit/blocks/card-block, and those beside it.
"""

from __future__ import annotations

from typing import Any

from sandbox.slack.block_kit.elements import BUTTON, IMAGE
from sandbox.slack.block_kit.objects import ID, TYPE, text
from sandbox.slack.block_kit.rich_text import RICH_TEXT
from sandbox.slack.block_kit.schema import (
    Check,
    Report,
    array,
    by_type,
    one_of,
    record,
    string,
)

BLOCK = {"type": TYPE, "block_id": ID}
ICONS: dict[str, str] = {
    "archive": "🗄", "book": "📖", "bookmark": "🔖", "bot": "🤖", "bug": "🐛",
    "calendar": "📅", "call": "📞", "caret-left": "◂", "caret-right": "▸",
    "check": "✓", "clipboard": "📋", "code": "⌨", "comment": "💬",
    "compass": "🧭", "copy": "⧉", "cube": "🧊", "download": "⤓", "edit": "✎",
    "email": "✉", "eye-closed": "🙈", "eye-open": "👁", "file": "📄",
    "flag": "⚑", "folder": "📁", "gear": "⚙", "globe": "🌐", "heart": "♥",
    "help": "?", "image": "🖼", "info": "i", "key": "🔑", "lightbulb": "💡",
    "link": "🔗", "map": "🗺", "mobile": "📱", "new-window": "⧉", "pin": "📌",
    "plus": "+", "refine": "≡", "refresh": "↻", "rocket": "🚀", "save": "💾",
    "screen": "🖥", "share": "↗", "sparkle": "✨", "star": "☆",
    "star-filled": "★", "tag": "🏷", "thumbs-down": "👎", "thumbs-up": "👍",
    "trash": "🗑", "upload": "⤒", "user": "👤", "warning": "⚠",
}  # fmt: skip
"""Slack's icons by name, each with the character that the page draws for it."""


def _has_content(card: Any, at: str, report: Report) -> None:
    if not any(card.get(key) for key in ("hero_image", "title", "actions", "body")):
        message = "must define `hero_image`, `title`, `actions` or `body`"
        report.add(at, message)
    if card.get("icon") and card.get("slack_icon"):
        report.add(at, "must define either `icon` or `slack_icon`")


CARD = record(
    BLOCK
    | {
        "hero_image": IMAGE,
        "icon": IMAGE,
        "slack_icon": record(
            {"type": one_of("icon"), "name": one_of(*ICONS)}, required=("type", "name")
        ),
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "subtext": text(200),
        "actions": array(by_type({"button": BUTTON}), most=3),
    },
    rules=(_has_content,),
)
CAROUSEL = record(
    BLOCK | {"elements": array(by_type({"card": CARD}), most=10)},
    required=("elements",),
)
SOURCE = record(
    {"type": one_of("url"), "url": string(), "text": string()},
    required=("type", "url", "text"),
)
ENTITY = by_type(
    {"rich_text": record(BLOCK | {"elements": RICH_TEXT}, required=("elements",))}
)
TASK: dict[str, Check] = {
    "task_id": string(),
    "title": string(),
    "details": ENTITY,
    "output": ENTITY,
    "sources": array(SOURCE, least=0, most=100),
    "status": one_of("pending", "in_progress", "complete", "error"),
}
TASK_CARD = record(BLOCK | TASK, required=("task_id", "title"))
PLAN = record(
    BLOCK
    | {
        "title": string(),
        "tasks": array(
            record(
                BLOCK | {"type": one_of("task_card")} | TASK,
                required=("task_id", "title"),
            ),
            least=0,
            most=100,
        ),
    },
    required=("title",),
)
