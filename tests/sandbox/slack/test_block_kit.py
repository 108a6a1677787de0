"""Block Kit's limits, one by one, at the edge and one beyond."""

from copy import deepcopy

import pytest

from sandbox.slack.block_kit.blocks import check_message
from sandbox.slack.block_kit.views import check_options, check_view


def plain(length=1):
    return {"type": "plain_text", "text": "x" * length}


def marked(length=1):
    return {"type": "mrkdwn", "text": "x" * length}


def options(count=1, length=1):
    return [{"text": plain(length), "value": str(n)} for n in range(count)]


def button(**more):
    return {"type": "button", "text": plain(), "action_id": "go"} | more


def section(**more):
    return {"type": "section", "text": marked()} | more


def actions(*elements):
    return {"type": "actions", "elements": list(elements)}


def buttons(count):
    return actions(*(button(action_id=str(n)) for n in range(count)))


def select(**more):
    return {"type": "static_select", "action_id": "a", "options": options()} | more


def entry(element, **more):
    return {"type": "input", "label": plain(), "element": element} | more


def written(**more):
    return entry({"type": "plain_text_input", "action_id": "a"} | more)


def confirm(**more):
    words = {key: plain() for key in ("title", "text", "confirm", "deny")}
    return actions(button(confirm=words | more))


def groups(count, size=1):
    return [{"label": plain(), "options": options(size)} for _ in range(count)]


def plot(kind="bar", names=("A",), labels=("x",), **more):
    data = [{"label": label, "value": 1} for label in labels]
    series = [{"name": name, "data": data} for name in names]
    axes = {"categories": list(labels), **more}
    return charted({"type": kind, "series": series, "axis_config": axes})


def pie(*labels, value=1):
    segments = [{"label": label, "value": value} for label in labels]
    return charted({"type": "pie", "segments": segments})


def charted(chart, title="T"):
    return {"type": "data_visualization", "title": title, "chart": chart}


def cell(length=1):
    return {"type": "raw_text", "text": "x" * length}


def data_table(rows=2, columns=1, **more):
    table = {"type": "data_table", "caption": "T", "rows": [[cell()] * columns] * rows}
    return table | more


def letters(count):
    return {**data_table(), "rows": [[cell()], [cell(count - 1)]]}


def container(count=1, **more):
    holds = {"type": "container", "title": plain(), "child_blocks": [section()] * count}
    return holds | more


def several(count):
    return [str(number) for number in range(count)]


def card(**more):
    return {"type": "card", "title": marked()} | more


def carousel(count=1):
    return {"type": "carousel", "elements": [card() for _ in range(count)]}


LIMITS = {
    "card title": (lambda n: card(title=marked(n)), 150),
    "card subtitle": (lambda n: card(subtitle=plain(n)), 150),
    "card body": (lambda n: card(body=marked(n)), 200),
    "card subtext": (lambda n: card(subtext=marked(n)), 200),
    "card actions": (lambda n: card(actions=buttons(n)["elements"]), 3),
    "carousel": (carousel, 10),
    "chart title": (lambda n: charted(pie("a")["chart"], "x" * n), 50),
    "segments": (lambda n: pie(*several(n)), 12),
    "segment label": (lambda n: pie("x" * n), 20),
    "series": (lambda n: plot(names=several(n)), 12),
    "series name": (lambda n: plot(names=["x" * n]), 20),
    "categories": (lambda n: plot("line", labels=several(n)), 20),
    "category": (lambda n: plot("area", labels=["x" * n]), 20),
    "x label": (lambda n: plot(x_label="x" * n), 50),
    "y label": (lambda n: plot(y_label="x" * n), 50),
    "data table rows": (lambda n: data_table(rows=n), 101),
    "data table columns": (lambda n: data_table(2, n), 20),
    "data table page": (lambda n: data_table(page_size=n), 100),
    "letters of tables": (letters, 10_000),
    "container title": (lambda n: container(title=plain(n)), 150),
    "container subtitle": (lambda n: container(subtitle=marked(n)), 150),
    "container children": (lambda n: container(count=n), 10),
    "section text": (lambda n: section(text=marked(n)), 3000),
    "section fields": (lambda n: section(fields=[marked()] * n), 10),
    "a field": (lambda n: section(fields=[marked(n)]), 2000),
    "header": (lambda n: {"type": "header", "text": plain(n)}, 150),
    "context elements": (lambda n: {"type": "context", "elements": [plain()] * n}, 10),
    "actions elements": (buttons, 25),
    "button text": (lambda n: actions(button(text=plain(n))), 75),
    "button value": (lambda n: actions(button(value="x" * n)), 2000),
    "button url": (lambda n: actions(button(url="x" * n)), 3000),
    "accessibility": (lambda n: actions(button(accessibility_label="x" * n)), 75),
    "block_id": (lambda n: section(block_id="x" * n), 255),
    "action_id": (lambda n: actions(button(action_id="x" * n)), 255),
    "options": (lambda n: actions(select(options=options(n))), 100),
    "option text": (lambda n: actions(select(options=options(1, n))), 75),
    "option value": (
        lambda n: actions(select(options=[{"text": plain(), "value": "x" * n}])),
        150,
    ),
    "placeholder": (lambda n: actions(select(placeholder=plain(n))), 150),
    "groups": (
        lambda n: actions(
            {
                "type": "static_select",
                "option_groups": [
                    {
                        "label": plain(),
                        "options": [{"text": plain(), "value": str(m)}],
                    }
                    for m in range(n)
                ],
            }
        ),
        100,
    ),
    "overflow": (
        lambda n: actions({"type": "overflow", "options": options(n)}),
        5,
    ),
    "radio": (lambda n: actions({"type": "radio_buttons", "options": options(n)}), 10),
    "checkboxes": (
        lambda n: actions({"type": "checkboxes", "options": options(n)}),
        10,
    ),
    "confirm title": (lambda n: confirm(title=plain(n)), 100),
    "confirm text": (lambda n: confirm(text=plain(n)), 300),
    "confirm button": (lambda n: confirm(confirm=plain(n)), 30),
    "confirm deny": (lambda n: confirm(deny=plain(n)), 30),
    "label": (lambda n: written() | {"label": plain(n)}, 2000),
    "hint": (lambda n: written() | {"hint": plain(n)}, 2000),
    "longest input": (lambda n: written(max_length=n), 3000),
    "markdown": (lambda n: {"type": "markdown", "text": "x" * n}, 12_000),
    "alt text": (
        lambda n: {"type": "image", "image_url": "https://x", "alt_text": "x" * n},
        2000,
    ),
    "table rows": (
        lambda n: {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * n},
        100,
    ),
    "table cells": (
        lambda n: {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * n]},
        20,
    ),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_holds_and_nothing_before_it(name):
    build, most = LIMITS[name]
    assert check_message([build(most)]) == []
    assert check_message([build(most + 1)])


def test_fifty_blocks_in_a_message_a_hundred_in_a_view():
    assert check_message([section()] * 50) == []
    assert check_message([section()] * 51)
    modal = {"type": "modal", "title": plain(), "blocks": [section()] * 100}
    assert check_view(modal) == []
    modal["blocks"].append(section())
    assert check_view(modal)


def said(*blocks):
    return " / ".join(str(problem) for problem in check_message(list(blocks)))


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        ({"type": "banner"}, "unsupported type: banner [json-pointer:/blocks/0/type]"),
        ({}, "missing required field: type [json-pointer:/blocks/0]"),
        ("words", "must provide an object [json-pointer:/blocks/0]"),
        ({"type": "section"}, "must define either `text` or `fields`"),
        (section(text=marked(0)), "must be more than 0 characters"),
        (section(text="words"), "must provide an object"),
        (section(colour="red"), "invalid additional property: colour"),
        ({"type": "header", "text": marked()}, "unsupported type: mrkdwn"),
        (actions(), "must provide at least 1 items [json-pointer:/blocks/0/elements]"),
        (actions({"type": "plain_text_input"}), "unsupported type: plain_text_input"),
        (actions(button(style="blue")), "must be a valid enum value"),
        (actions(button(text=marked())), "unsupported type: mrkdwn"),
        (section(accessory={"type": "datetimepicker"}), "unsupported type"),
        (actions(select(options=[])), "must provide at least 1 items"),
        (actions({"type": "static_select"}), "either `options` or `option_groups`"),
        (
            actions(select(options=[*options(), *options()])),
            "`value` must be unique",
        ),
        (
            actions(select(options=[{"text": plain(), "value": ""}])),
            "must be more than 0 characters",
        ),
        (
            actions(select(initial_option={"text": plain(), "value": "other"})),
            "initial option was not found",
        ),
        (actions(select(initial_option=options(1, 2)[0])), "was not found"),
        (entry(button()), "unsupported type: button"),
        (entry({"type": "number_input"}), "missing required field: is_decimal_allowed"),
        (entry({"type": "datepicker", "initial_date": "soon"}), "must be a valid date"),
        (
            entry({"type": "timepicker", "initial_time": "25:00"}),
            "must be a valid time",
        ),
        (entry({"type": "timepicker", "initial_time": "9"}), "must be a valid time"),
        (
            entry({"type": "number_input", "is_decimal_allowed": True, "min_value": 1}),
            "must be a number, as a string",
        ),
        (
            entry({"type": "datetimepicker", "initial_date_time": 12}),
            "must be between",
        ),
        (
            entry(
                {
                    "type": "number_input",
                    "is_decimal_allowed": True,
                    "min_value": "9",
                    "max_value": "1",
                }
            ),
            "must not be more than `max_value`",
        ),
        (written(min_length=9, max_length=3), "must not be more than `max_length`"),
        (
            written(initial_value="long", max_length=3),
            "must be less than 4 characters",
        ),
        (written(multiline="yes"), "must be a boolean"),
        (confirm(title=marked()), "unsupported type: mrkdwn"),
        (
            actions(button(confirm={"title": plain()})),
            "missing required field: text",
        ),
        ({"type": "context", "elements": [button()]}, "unsupported type: button"),
        (
            actions(button(), button()),
            '`action_id` "go" already exists in the block [json-pointer:/blocks/0]',
        ),
    ],
)
def test_what_slack_refuses(block, problem):
    assert problem in said(block)


def test_a_block_id_is_used_once():
    twice = [section(block_id="a"), section(block_id="a")]
    assert said(*twice) == (
        "`block_id` already exists: a [json-pointer:/blocks/1/block_id]"
    )


def test_one_table_a_message_and_markdown_counts_together():
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
    assert "only_one_table_allowed" in said(table, table)
    half = {"type": "markdown", "text": "x" * 7000}
    assert "12000" in said(half, half)


RICH = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [{"type": "link", "url": "https://x", "text": "INC-1"}],
        }
    ],
}


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        (data_table(rows=1), "at least 2 items"),
        (data_table(rows=2) | {"rows": [[cell()], [cell(), cell()]]}, "same number"),
        (data_table() | {"rows": [[RICH], [cell()]]}, "not allowed in a header"),
        (data_table() | {"rows": [[cell()], [cell(0)]]}, "must be more than 0"),
        (data_table(caption=None), "missing required field: caption"),
        (container(title=None), "`title` or `rich_text_title`"),
        (container(default_collapsed=True), "requires `is_collapsible`"),
        (container(is_collapsible=True, has_header_divider=True), "is_collapsible"),
        (
            container() | {"child_blocks": [data_table()]},
            "unsupported type: data_table",
        ),
        ({"type": "alert", "text": plain()}, "unsupported type: alert"),
    ],
)
def test_newer_blocks_are_checked(block, problem):
    assert problem in said(block)


ICON_OF = {"type": "icon", "name": "warning"}
PICTURE = {"type": "image", "image_url": "https://x", "alt_text": "x"}
TASK = {"type": "task_card", "task_id": "1", "title": "x", "status": "pending"}


def plan(*tasks):
    return {"type": "plan", "title": "x", "tasks": list(tasks)}


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        ({"type": "card", "subtitle": plain()}, "must define `hero_image`"),
        (card(icon=PICTURE, slack_icon=ICON_OF), "either `icon` or `slack_icon`"),
        (card(slack_icon=ICON_OF | {"name": "fire"}), "must be a valid enum value"),
        (card(actions=[select()]), "unsupported type: static_select"),
        (card(actions=[button(), button()]), "already exists in the block"),
        (carousel(0), "at least 1 items"),
        ({"type": "carousel", "elements": [section()]}, "unsupported type: section"),
        (TASK | {"status": "done"}, "must be a valid enum value"),
        (TASK | {"task_id": None}, "missing required field: task_id"),
        (TASK | {"title": plain()}, "must provide a string"),
        (TASK | {"output": section()}, "unsupported type: section"),
        (TASK | {"sources": [{"type": "url", "url": "https://x"}]}, "field: text"),
        (plan(section()), "must be a valid enum value"),
        ({"type": "plan"}, "missing required field: title"),
    ],
)
def test_cards_tasks_and_plans_are_checked(block, problem):
    assert problem in said(block)


def test_cards_tasks_and_plans_as_they_are_to_be():
    untyped = {key: TASK[key] for key in ("task_id", "title")}
    source = {"type": "url", "url": "https://x", "text": "x"}
    full = TASK | {"details": RICH, "output": RICH, "sources": [source]}
    full_card = card(icon=PICTURE, hero_image=PICTURE, actions=[button(style="danger")])
    blocks = [full_card, card(slack_icon=ICON_OF), full, plan(full, untyped), plan()]
    assert said(*blocks, {"type": "plan", "title": "x"}) == ""


@pytest.mark.parametrize(
    ("block", "modal", "home"),
    [(card(), True, True), (carousel(), False, True), (TASK, False, False)],
)
def test_cards_are_where_slack_has_them(block, modal, home):
    form = {"type": "modal", "title": plain(), "blocks": [block]}
    assert (check_view(form) == []) is modal
    assert (check_view({"type": "home", "blocks": [block]}) == []) is home


def rich(*parts):
    return {"type": "rich_text", "elements": list(parts)}


def part(*leaves, type_="rich_text_section", **more):
    return {"type": type_, "elements": list(leaves), **more}


VIDEO = {
    "type": "video",
    "title": plain(),
    "video_url": "https://x",
    "thumbnail_url": "https://x",
    "alt_text": "a",
}
ICON = {"type": "icon_button", "icon": "trash", "text": plain(), "action_id": "a"}
FEEDBACK = {
    "type": "feedback_buttons",
    "positive_button": {"text": plain(), "value": "yes"},
    "negative_button": {"text": plain(), "value": "no"},
}


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        (rich(part({"type": "text", "text": ""})), "must be more than 0 characters"),
        (rich(part({"type": "poem"})), "unsupported type: poem"),
        (
            rich(part(type_="rich_text_list", style="star")),
            "must be a valid enum value",
        ),
        (rich(part(part(), type_="rich_text_list")), "missing required field: style"),
        ({**VIDEO, "title": None}, "missing required field: title"),
        ({**VIDEO, "author_name": "x" * 51}, "must be less than 51 characters"),
        ({"type": "context_actions", "elements": [ICON] * 6}, "no more than 5 items"),
        (
            {"type": "context_actions", "elements": [{**ICON, "icon": "star"}]},
            "must be a valid enum value",
        ),
    ],
)
def test_what_is_not_legal_in_text_video_and_small_buttons_is_refused(block, problem):
    assert problem in said(block)


def test_text_video_files_and_small_buttons_as_slack_takes_them(form):
    bullets = part(
        part({"type": "user", "user_id": "U1"}), type_="rich_text_list", style="bullet"
    )
    words = part({"type": "text", "text": "a", "style": {"bold": True}})
    small = {"type": "context_actions", "elements": [ICON, FEEDBACK]}
    assert said(rich(words, bullets), VIDEO, small) == ""
    file = {"type": "file_input", "action_id": "a", "filetypes": ["pdf"]}
    asked = {"type": "input", "label": plain(), "element": file}
    view = form()
    assert check_view({**view, "blocks": [*view["blocks"], asked]}) == []


def test_newer_blocks_as_they_are_to_be():
    cells = data_table() | {"rows": [[cell()], [RICH]]}
    folded = container(is_collapsible=True, default_collapsed=True)
    assert said(cells, folded) == ""
    again = section(block_id="same")
    assert "already exists" in said(again, container() | {"child_blocks": [again]})


def test_alerts_are_in_modals_alone():
    def problems(kind, **more):
        title = {"title": plain()} if kind == "modal" else {}
        alert = {"type": "alert", "text": marked(), "level": "warning"} | more
        return check_view({"type": kind, "blocks": [alert]} | title)

    assert problems("modal") == []
    assert problems("modal", text=marked(200)) == []
    assert problems("modal", text=marked(201))
    assert problems("modal", level="loud")
    assert problems("home")


def test_only_one_input_takes_the_focus():
    assert "focus_on_load" in said(
        written(focus_on_load=True), written(focus_on_load=True)
    )


def test_inputs_may_be_in_messages_but_tables_not_in_views():
    assert said(written()) == ""
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
    modal = {"type": "modal", "title": plain(), "blocks": [table]}
    assert "unsupported type: table" in str(check_view(modal)[0])


VIEWS = {
    "title": (lambda n: {"title": plain(n)}, 24),
    "close": (lambda n: {"close": plain(n)}, 24),
    "submit": (lambda n: {"submit": plain(n)}, 24),
    "private_metadata": (lambda n: {"private_metadata": "x" * n}, 3000),
    "callback_id": (lambda n: {"callback_id": "x" * n}, 255),
    "external_id": (lambda n: {"external_id": "x" * n}, 255),
}


@pytest.mark.parametrize("name", VIEWS)
def test_a_limit_of_modals_holds(name):
    build, most = VIEWS[name]
    modal = {"type": "modal", "title": plain(), "blocks": [section()]}
    assert check_view(modal | build(most)) == []
    assert check_view(modal | build(most + 1))


def test_inputs_need_a_submit_button():
    modal = {"type": "modal", "title": plain(), "blocks": [written()]}
    assert str(check_view(modal)[0]) == (
        "must define `submit` to use an `input` block in modals"
        " [json-pointer:/view/blocks/0/input]"
    )
    assert check_view(modal | {"submit": plain()}) == []


def test_a_home_has_neither_title_nor_buttons():
    home = {"type": "home", "blocks": [section()]}
    assert check_view(home) == []
    assert check_view(home | {"title": plain()})
    assert check_view(home | {"type": "tab"})


def test_suggestions_are_checked_too():
    assert check_options({"options": []}) == []
    assert check_options({"options": options(100)}) == []
    assert check_options({"options": options(101)})
    assert check_options({"option_groups": groups(2)}), "the same value twice"
    assert check_options("words")


def test_two_charts_in_a_message():
    assert check_message([pie("a"), plot()]) == []
    (problem,) = check_message([pie("a"), plot(), plot()])
    assert str(problem) == (
        "no more than 2 data_visualization blocks allowed [json-pointer:/blocks]"
    )


def changed(block, *path, to):
    """The block with something else at a place; ``None`` leaves it out there."""
    copy = deepcopy(block)
    inner = copy
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = to
    return copy


SERIES = ("chart", "series", 0)
POINT = (*SERIES, "data", 0)
NOT_A_NUMBER = "must be a number", "/chart/series/0/data/0/value"
SHAPES = [
    (changed(plot(), "title", to=None), "missing required field: title", ""),
    (changed(plot(), "chart", to=[]), "must provide an object", "/chart"),
    (
        changed(plot(), "chart", "type", to="radar"),
        "unsupported type: radar",
        "/chart/type",
    ),
    (
        changed(plot(), "chart", "segments", to=[]),
        "invalid additional property: segments",
        "/chart",
    ),
    (
        changed(plot(), "chart", "axis_config", to=None),
        "missing required field: axis_config",
        "/chart",
    ),
    (
        changed(plot(), "chart", "axis_config", "categories", to=[]),
        "must provide at least 1 items",
        "/chart/axis_config/categories",
    ),
    (changed(plot(), *POINT, "value", to="1"), *NOT_A_NUMBER),
    (changed(plot(), *POINT, "value", to=True), *NOT_A_NUMBER),
    (changed(plot(), *POINT, "value", to=float("nan")), *NOT_A_NUMBER),
    (
        changed(plot(), *POINT, "label", to="y"),
        "must have one data point for each of the `categories`",
        "/chart/series/0/data",
    ),
    (
        plot(names=["A", "A"]),
        "`name` must be unique among the series",
        "/chart/series",
    ),
    (
        plot(labels=["x", "x"]),
        "categories must be unique",
        "/chart/axis_config/categories",
    ),
    (pie("a", value=0), "must be more than 0", "/chart/segments/0/value"),
    (pie(), "must provide at least 1 items", "/chart/segments"),
]


@pytest.mark.parametrize(("block", "said", "where"), SHAPES)
def test_a_chart_of_another_shape_is_refused(block, said, where):
    problems = [str(problem) for problem in check_message([block])]
    assert problems == [f"{said} [json-pointer:/blocks/0{where}]"]


def test_values_below_zero_are_drawn_but_not_as_segments():
    assert check_message([changed(plot("line"), *POINT, "value", to=-1.5)]) == []
    assert check_message([pie("a", value=-1)])


def test_charts_are_for_messages_alone():
    assert check_view({"type": "modal", "title": plain(), "blocks": [pie("a")]})
