"""Charts: https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sandbox.slack.block_kit.objects import TYPE
from sandbox.slack.block_kit.schema import (
    Json,
    Report,
    array,
    by_type,
    number,
    positive,
    record,
    string,
)

LABEL = string(20)
MOST_SERIES, MOST_CATEGORIES = 12, 20


def _distinct_names(chart: Any, at: str, report: Report) -> None:
    categories = chart["axis_config"]["categories"]
    names = [series["name"] for series in chart["series"]]
    if len(set(names)) < len(names):
        report.add(f"{at}/series", "`name` must be unique among the series")
    if len(set(categories)) < len(categories):
        report.add(f"{at}/axis_config/categories", "categories must be unique")


def _a_point_for_each_category(chart: Any, at: str, report: Report) -> None:
    categories = sorted(chart["axis_config"]["categories"])
    for index, labels in enumerate(_labels(chart)):
        if sorted(labels) != categories:
            message = "must have one data point for each of the `categories`"
            report.add(f"{at}/series/{index}/data", message)


def _labels(chart: Json) -> Iterator[list[str]]:
    for series in chart["series"]:
        yield [point["label"] for point in series["data"]]


SEGMENT = record({"label": LABEL, "value": positive}, required=("label", "value"))
POINT = record({"label": LABEL, "value": number}, required=("label", "value"))
SERIES = record(
    {"name": LABEL, "data": array(POINT, most=MOST_CATEGORIES)},
    required=("name", "data"),
)
AXES = record(
    {
        "categories": array(LABEL, most=MOST_CATEGORIES),
        "x_label": string(50),
        "y_label": string(50),
    },
    required=("categories",),
)
PIE = record(
    {"type": TYPE, "segments": array(SEGMENT, most=MOST_SERIES)}, required=("segments",)
)
PLOT = record(
    {"type": TYPE, "series": array(SERIES, most=MOST_SERIES), "axis_config": AXES},
    required=("series", "axis_config"),
    rules=(_distinct_names, _a_point_for_each_category),
)
CHART = by_type({"pie": PIE, "bar": PLOT, "area": PLOT, "line": PLOT})
CHART_BLOCK = {"title": string(50), "chart": CHART}
MOST_IN_MESSAGE = 2


def check_chart_count(blocks: list[Json], at: str, report: Report) -> None:
    charts = sum(block["type"] == "data_visualization" for block in blocks)
    if charts > MOST_IN_MESSAGE:
        message = f"no more than {MOST_IN_MESSAGE} data_visualization blocks allowed"
        report.add(at, message, type="max_items")


def chart_text(block: Json) -> str:
    """Return a chart as text, for readers who do not see it: title, series, numbers."""
    chart = block["chart"]
    if chart["type"] == "pie":
        rows = [_pairs(chart["segments"])]
    else:
        rows = [f"{one['name']}: {_pairs(one['data'])}" for one in chart["series"]]
    return f"{block['title']}, {chart['type']} chart. {'. '.join(rows)}."


def _pairs(points: Sequence[Json]) -> str:
    return ", ".join(point_text(point) for point in points)


def point_text(point: Json) -> str:
    return f"{point['label']} {point['value']:,}"
