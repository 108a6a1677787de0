"""Modals, home tabs, and the answers of option sources."""

from __future__ import annotations

from typing import Any

from sandbox.slack.block_kit.blocks import (
    HOME_BLOCKS,
    MODAL_BLOCKS,
    check_across_blocks,
)
from sandbox.slack.block_kit.objects import (
    OPTION,
    OPTION_GROUP,
    TYPE,
    plain,
    unique_values,
)
from sandbox.slack.block_kit.schema import (
    Json,
    Problem,
    Report,
    array,
    boolean,
    by_type,
    record,
    string,
)

COMMON = {
    "type": TYPE,
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
MODAL = record(
    COMMON
    | {
        "blocks": MODAL_BLOCKS,
        "title": plain(24),
        "close": plain(24),
        "submit": plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
    required=("title", "blocks"),
)
HOME = record(COMMON | {"blocks": HOME_BLOCKS}, required=("blocks",))
VIEW = by_type({"modal": MODAL, "home": HOME})
ANSWER = record(
    {
        "options": array(OPTION, least=0, most=100),
        "option_groups": array(OPTION_GROUP, least=0, most=100),
    },
    rules=(unique_values,),
)


def check_view(view: Any, at: str = "/view") -> list[Problem]:
    report = Report()
    VIEW(view, at, report)
    if not report.problems:
        check_across_blocks(view["blocks"], f"{at}/blocks", report)
        _inputs_need_submit(view, at, report)
    return report.problems


def _inputs_need_submit(view: Json, at: str, report: Report) -> None:
    if view["type"] != "modal" or view.get("submit"):
        return
    for index, block in enumerate(view["blocks"]):
        if block["type"] == "input":
            message = "must define `submit` to use an `input` block in modals"
            report.add(f"{at}/blocks/{index}/input", message)


def check_options(answer: Any) -> list[Problem]:
    """Return the problems of an app's answer to ``block_suggestion``."""
    report = Report()
    ANSWER(answer, "", report)
    return report.problems
