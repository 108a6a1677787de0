"""Charts on the page: any that Slack takes is drawn within its frame, and in words."""

import requests
from hypothesis import given
from hypothesis import strategies as st

from sandbox.slack.block_kit.blocks import check_message
from sandbox.slack.block_kit.charts import MOST_CATEGORIES, MOST_SERIES, chart_text
from sandbox.slack.page.charts import HEIGHT, INKS, PAPERS, WIDTH, draw

SHADES = [
    [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    for colour in (*INKS, *PAPERS)
]
numbers = st.integers(-(10**9), 10**9) | st.floats(-1e9, 1e9).filter(
    lambda number: not 0 < abs(number) < 1e-6
)
labels = st.text("abcé <&>", min_size=1, max_size=20)


def distinct(most):
    return st.lists(labels, min_size=1, max_size=most, unique=True)


@st.composite
def plots(draw):
    categories = draw(distinct(MOST_CATEGORIES))
    names = draw(distinct(MOST_SERIES))
    rows = [
        [{"label": label, "value": draw(numbers)} for label in categories]
        for _ in names
    ]
    return {
        "type": draw(st.sampled_from(["bar", "line", "area"])),
        "series": [
            {"name": name, "data": row} for name, row in zip(names, rows, strict=True)
        ],
        "axis_config": {"categories": categories},
    }


@st.composite
def pies(draw):
    positive = st.integers(1, 10**9)
    names = draw(distinct(MOST_SERIES))
    return {
        "type": "pie",
        "segments": [{"label": name, "value": draw(positive)} for name in names],
    }


def block(chart, title="Things"):
    return {"type": "data_visualization", "title": title, "chart": chart}


@given(plots())
def test_any_plot_is_drawn_within_its_frame(chart):
    assert check_message([block(chart)]) == []
    drawing = draw(block(chart))
    places = [(mark.x, mark.y) for mark in (*drawing.ticks, *drawing.categories)]
    places += [(dot.x, dot.y) for line in drawing.lines for dot in line.dots]
    for bar in drawing.bars:
        places += [(bar.x, bar.y), (bar.x + bar.width, bar.y + bar.height)]
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in places)
    shown = [len(line.dots) for line in drawing.lines]
    points = sum(len(series["data"]) for series in chart["series"])
    assert len(drawing.bars) + sum(shown) == points
    assert 2 <= len(drawing.ticks) <= 7


@given(pies())
def test_any_pie_is_drawn(chart):
    assert check_message([block(chart)]) == []
    drawing = draw(block(chart))
    assert len(drawing.slices) == len(drawing.legend) == len(chart["segments"])


def test_higher_values_stand_higher():
    values = [3, -2, 0, 7]
    data = [{"label": str(n), "value": value} for n, value in enumerate(values)]
    axes = {"categories": list("0123")}
    chart = {"series": [{"name": "A", "data": data}], "axis_config": axes}
    (line,) = draw(block({"type": "line", **chart})).lines
    heights = [dot.y for dot in line.dots]
    assert sorted(heights, reverse=True) == [heights[n] for n in (1, 2, 0, 3)]
    bars = draw(block({"type": "bar", **chart})).bars
    assert [bar.height > 0 for bar in bars] == [True, True, False, True]
    assert bars[0].y + bars[0].height == bars[1].y


def test_categories_that_have_no_room_are_left_out():
    names = [f"a long category {n:02}" for n in range(20)]
    data = [{"label": name, "value": 1} for name in names]
    axes = {"categories": names}
    series = [{"name": "A", "data": data}]
    chart = {"type": "bar", "series": series, "axis_config": axes}
    assert len(draw(block(chart)).categories) == 4


def luminance(colour):
    parts = [c / 12.92 if c <= 0.04 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return sum(a * b for a, b in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def test_each_colour_is_told_from_a_light_and_a_dark_page():
    """WCAG asks for a contrast of 3 between a shape and what is behind it."""
    *inks, light, dark = map(luminance, SHADES)
    for ink in inks:
        assert (light + 0.05) / (ink + 0.05) >= 3
        assert (ink + 0.05) / (dark + 0.05) >= 3
    assert len(inks) == len(set(inks)) == MOST_SERIES


def test_a_chart_is_on_the_page_with_its_numbers_in_words(slack, web):
    segments = [{"label": "<Open>", "value": 1200}, {"label": "Closed", "value": 400}]
    shown = block({"type": "pie", "segments": segments}, "Things & more")
    web.chat_postMessage(channel="C0INCIDENTS", text="Look", blocks=[shown])
    words = "Things & more, pie chart. <Open> 1,200, Closed 400."
    assert chart_text(shown) == words
    assert slack.messages("incidents")[-1].words == words
    query = {"as": "ana", "channel": "C0INCIDENTS"}
    page = requests.get(f"{slack.url}/page", params=query, timeout=30).json()["main"]
    assert 'role="img" aria-label="Things &amp; more, pie chart. &lt;Open&gt;' in page
    assert "&lt;Open&gt; 75%" in page
