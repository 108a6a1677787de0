"""Charts that Slack draws: https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from slack_sdk.models.blocks import Block

from blocks.kit import text

if TYPE_CHECKING:
    from collections.abc import Sequence

TITLE = 50
LABEL = 20


@dataclass(frozen=True, slots=True)
class Series:
    """One number for each category of its chart."""

    name: str
    values: Sequence[float]


class ChartBlock(Block):
    """A chart of 1 to 12 series over 1 to 20 categories; a message may have two.

    The names of the series differ, and so do the categories.
    """

    type = "data_visualization"

    def __init__(
        self,
        kind: Literal["area", "bar", "line"],
        title: str,
        categories: Sequence[str],
        series: Sequence[Series],
    ) -> None:
        super().__init__(type=self.type)
        labels = [text.clip(category, LABEL) for category in categories]
        self.title = text.clip(title, TITLE)
        self.chart: dict[str, Any] = {
            "type": kind,
            "series": [_series(one, labels) for one in series],
            "axis_config": {"categories": labels},
        }

    @property
    def attributes(self) -> set[str]:  # type: ignore[override]
        return super().attributes | {"title", "chart"}


def _series(series: Series, labels: Sequence[str]) -> dict[str, Any]:
    points = zip(labels, series.values, strict=True)
    return {
        "name": text.clip(series.name, LABEL),
        "data": [{"label": label, "value": value} for label, value in points],
    }
