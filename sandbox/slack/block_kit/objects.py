"""Composition objects: texts, options, confirmation dialogs."""

from __future__ import annotations

from typing import Any

from sandbox.slack.block_kit.schema import (
    Check,
    Json,
    Report,
    array,
    boolean,
    by_type,
    one_of,
    record,
    string,
)

TYPE: Check = string()
ID: Check = string(255)


def plain(most: int, least: int = 1) -> Check:
    keys = {"type": TYPE, "text": string(most, least), "emoji": boolean}
    return by_type({"plain_text": record(keys, required=("text",))})


def text(most: int) -> Check:
    """Accept either kind of text object."""
    words = string(most)
    plain_keys = {"type": TYPE, "text": words, "emoji": boolean}
    marked_keys = {"type": TYPE, "text": words, "verbatim": boolean}
    return by_type(
        {
            "plain_text": record(plain_keys, required=("text",)),
            "mrkdwn": record(marked_keys, required=("text",)),
        }
    )


STYLE = one_of("primary", "danger")
CONFIRM = record(
    {
        "title": plain(100),
        "text": text(300),
        "confirm": plain(30),
        "deny": plain(30),
        "style": STYLE,
    },
    required=("title", "text", "confirm", "deny"),
)


def _option(words: Check, description: Check, **more: Check) -> Check:
    return record(
        {"text": words, "value": string(150), "description": description, **more},
        required=("text", "value"),
    )


OPTION = _option(plain(75), plain(75))
OVERFLOW_OPTION = _option(plain(75), plain(75), url=string(3000))
RICH_OPTION = _option(text(75), text(75))
OPTION_GROUP = record(
    {"label": plain(75), "options": array(OPTION, most=100)},
    required=("label", "options"),
)
DISPATCH = record(
    {
        "trigger_actions_on": array(
            one_of("on_enter_pressed", "on_character_entered"), most=2
        )
    }
)


def options_of(element: Json) -> list[Json]:
    """Return the options of a menu, those in groups included."""
    groups = element.get("option_groups") or ()
    grouped = [option for group in groups for option in group["options"]]
    return list(element.get("options") or ()) + grouped


def unique_values(element: Any, at: str, report: Report) -> None:
    values = [option["value"] for option in options_of(element)]
    if len(values) != len(set(values)):
        report.add(f"{at}/options", "`value` must be unique among the options")


def known_initial(element: Any, at: str, report: Report) -> None:
    """Check that the initial options are among the options, letter by letter."""
    known = options_of(element)
    for key in ("initial_option", "initial_options"):
        chosen = element.get(key) or []
        for option in chosen if isinstance(chosen, list) else [chosen]:
            if option not in known:
                message = "initial option was not found in the provided options"
                report.add(f"{at}/{key}", message)


def one_source(element: Any, at: str, report: Report) -> None:
    if bool(element.get("options")) == bool(element.get("option_groups")):
        report.add(at, "must define either `options` or `option_groups`")
