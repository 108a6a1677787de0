"""Block elements: buttons, menus, pickers, inputs."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from sandbox.slack.block_kit.objects import (
    CONFIRM,
    DISPATCH,
    ID,
    OPTION,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    RICH_OPTION,
    STYLE,
    TYPE,
    known_initial,
    one_source,
    plain,
    unique_values,
)
from sandbox.slack.block_kit.schema import (
    Check,
    Report,
    anything,
    array,
    boolean,
    integer,
    matching,
    one_of,
    record,
    string,
)

ACTION = {"type": TYPE, "action_id": ID}
CHOICE = ACTION | {"confirm": CONFIRM, "focus_on_load": boolean}
MENU = CHOICE | {"placeholder": plain(150)}
MANY = MENU | {"max_selected_items": integer(1, 100)}
TYPED = ACTION | {
    "placeholder": plain(150),
    "focus_on_load": boolean,
    "dispatch_action_config": DISPATCH,
}
LISTED = {
    "options": array(OPTION, most=100),
    "option_groups": array(OPTION_GROUP, most=100),
}
CHOSEN = array(OPTION, most=100)
SOME_IDS = array(ID, most=100)
DATE = matching(r"\d{4}-\d\d-\d\d", date.fromisoformat, "must be a valid date")
TIME = matching(r"\d\d:\d\d", time.fromisoformat, "must be a valid time")
FILTER = record(
    {
        "include": array(one_of("im", "mpim", "private", "public"), most=4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    }
)
CONVERSATION = {"default_to_current_conversation": boolean, "filter": FILTER}
LIST_RULES = (one_source, unique_values, known_initial)
GROUP_RULES = (unique_values, known_initial)
QUERY = {"min_query_length": integer(0, 100)}


def _length_in_order(element: Any, at: str, report: Report) -> None:
    least, most = element.get("min_length") or 0, element.get("max_length") or 3000
    if least > most:
        report.add(f"{at}/min_length", "must not be more than `max_length`")
    if len(element.get("initial_value") or "") > most:
        report.add(f"{at}/initial_value", f"must be less than {most + 1} characters")


def _numbers_in_order(element: Any, at: str, report: Report) -> None:
    low, high = element.get("min_value"), element.get("max_value")
    if low is not None and high is not None and float(low) > float(high):
        report.add(f"{at}/min_value", "must not be more than `max_value`")


NUMBER = matching(r"-?\d+(\.\d+)?", float, "must be a number, as a string")
BUTTON = record(
    ACTION
    | {
        "text": plain(75),
        "url": string(3000),
        "value": string(2000),
        "style": STYLE,
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
    required=("text",),
)
IMAGE = record(
    {"type": TYPE, "image_url": string(3000), "alt_text": string(2000)},
    required=("image_url", "alt_text"),
)
OVERFLOW = record(
    ACTION | {"confirm": CONFIRM, "options": array(OVERFLOW_OPTION, least=2, most=5)},
    required=("options",),
    rules=(unique_values,),
)
SELECTS: dict[str, Check] = {
    "static_select": record(
        MENU | LISTED | {"initial_option": OPTION}, rules=LIST_RULES
    ),
    "external_select": record(MENU | QUERY | {"initial_option": OPTION}),
    "users_select": record(MENU | {"initial_user": ID}),
    "conversations_select": record(
        MENU
        | CONVERSATION
        | {"initial_conversation": ID, "response_url_enabled": boolean}
    ),
    "channels_select": record(
        MENU | {"initial_channel": ID, "response_url_enabled": boolean}
    ),
}
MULTI_SELECTS: dict[str, Check] = {
    "multi_static_select": record(
        MANY | LISTED | {"initial_options": CHOSEN}, rules=LIST_RULES
    ),
    "multi_external_select": record(MANY | QUERY | {"initial_options": CHOSEN}),
    "multi_users_select": record(MANY | {"initial_users": SOME_IDS}),
    "multi_conversations_select": record(
        MANY | CONVERSATION | {"initial_conversations": SOME_IDS}
    ),
    "multi_channels_select": record(MANY | {"initial_channels": SOME_IDS}),
}
PICKERS: dict[str, Check] = {
    "datepicker": record(MENU | {"initial_date": DATE}),
    "timepicker": record(
        MENU
        | {
            "initial_time": TIME,
            "timezone": string(),
        }
    ),
}
DATETIME: dict[str, Check] = {
    "datetimepicker": record(
        CHOICE | {"initial_date_time": integer(1_000_000_000, 9_999_999_999)}
    )
}
GROUPS: dict[str, Check] = {
    "checkboxes": record(
        CHOICE
        | {
            "options": array(RICH_OPTION, most=10),
            "initial_options": array(RICH_OPTION, most=10),
        },
        required=("options",),
        rules=GROUP_RULES,
    ),
    "radio_buttons": record(
        CHOICE
        | {"options": array(RICH_OPTION, most=10), "initial_option": RICH_OPTION},
        required=("options",),
        rules=GROUP_RULES,
    ),
}
INPUTS: dict[str, Check] = {
    "plain_text_input": record(
        TYPED
        | {
            "initial_value": string(3000, 0),
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
        },
        rules=(_length_in_order,),
    ),
    "number_input": record(
        TYPED
        | {
            "is_decimal_allowed": boolean,
            "initial_value": NUMBER,
            "min_value": NUMBER,
            "max_value": NUMBER,
        },
        required=("is_decimal_allowed",),
        rules=(_numbers_in_order,),
    ),
    "url_text_input": record(TYPED | {"initial_value": string(3000, 0)}),
    "email_text_input": record(TYPED | {"initial_value": string(3000, 0)}),
    "rich_text_input": record(TYPED | {"initial_value": anything}),
    "file_input": record(
        ACTION
        | {
            "filetypes": array(string(), most=100),
            "max_files": integer(1, 10),
        }
    ),
}
CHOICES = SELECTS | MULTI_SELECTS | PICKERS | GROUPS
IN_SECTION: dict[str, Check] = CHOICES | {
    "button": BUTTON,
    "image": IMAGE,
    "overflow": OVERFLOW,
}
IN_ACTIONS: dict[str, Check] = (
    CHOICES | DATETIME | {"button": BUTTON, "overflow": OVERFLOW}
)
FEEDBACK = record(
    {"text": plain(75), "value": string(2000), "accessibility_label": string(75)},
    required=("text", "value"),
)
IN_CONTEXT_ACTIONS: dict[str, Check] = {
    "feedback_buttons": record(
        ACTION | {"positive_button": FEEDBACK, "negative_button": FEEDBACK},
        required=("positive_button", "negative_button"),
    ),
    "icon_button": record(
        ACTION
        | {
            "icon": one_of("trash"),
            "text": plain(75),
            "value": string(2000),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
            "visible_to_user_ids": SOME_IDS,
        },
        required=("icon", "text"),
    ),
}
IN_INPUT: dict[str, Check] = CHOICES | DATETIME | INPUTS
