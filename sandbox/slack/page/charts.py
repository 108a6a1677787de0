"""Charts, laid out for the page: shapes with their places.

Places are in units of a drawing of ``WIDTH`` by ``HEIGHT``; y grows downwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil, cos, floor, log10, pi, sin

from sandbox.slack.block_kit.charts import chart_text, point_text
from sandbox.slack.block_kit.schema import Json

WIDTH, HEIGHT = 560, 180
LEFT, RIGHT, TOP, BOTTOM = 40, 552, 12, 154
"""The edges of the plot; its labels stand to the left of it and below."""

PAPERS = ("#ffffff", "#1a1d21")
INKS = (
    "#d55e00", "#1f7fc4", "#0d8f6f", "#b5479b", "#8a7a00", "#7b6fd0",
    "#d1495b", "#2a8c9c", "#a0632e", "#5b8c2a", "#8d6e8f", "#6c7a89",
)  # fmt: skip
"""A colour for each series, to be told from either of the ``PAPERS``."""

TICKS = 4
BAND = 0.8
"""The part of a category's width that its bars take."""

LETTER = 6.6
RADIUS = 80


@dataclass(frozen=True, slots=True)
class Label:
    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    ink: str
    says: str


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    says: str


@dataclass(frozen=True, slots=True)
class Polyline:
    dots: Sequence[Dot]
    ink: str
    floor: float | None
    """The y at which the area below it ends, if it has one."""

    @property
    def points(self) -> str:
        return " ".join(f"{dot.x:g},{dot.y:g}" for dot in self.dots)

    @property
    def outline(self) -> str:
        first, last = self.dots[0].x, self.dots[-1].x
        return f"{first:g},{self.floor:g} {self.points} {last:g},{self.floor:g}"


@dataclass(frozen=True, slots=True)
class Slice:
    path: str
    ink: str
    says: str


@dataclass(frozen=True, slots=True)
class Drawing:
    words: str
    legend: Sequence[tuple[str, str]] = ()
    """Names with their colours."""
    ticks: Sequence[Label] = ()
    categories: Sequence[Label] = ()
    bars: Sequence[Bar] = ()
    lines: Sequence[Polyline] = ()
    slices: Sequence[Slice] = ()
    width: int = field(default=WIDTH, init=False)
    height: int = field(default=HEIGHT, init=False)
    left: int = field(default=LEFT, init=False)
    right: int = field(default=RIGHT, init=False)


def draw(block: Json) -> Drawing:
    chart, words = block["chart"], chart_text(block)
    return _pie(chart, words) if chart["type"] == "pie" else _plot(chart, words)


def _pie(chart: Json, words: str) -> Drawing:
    segments = chart["segments"]
    total = sum(segment["value"] for segment in segments)
    slices, legend, begin = [], [], 0.0
    for segment, ink in zip(segments, INKS, strict=False):
        part = segment["value"] / total
        slices.append(Slice(_sector(begin, begin + part), ink, point_text(segment)))
        legend.append((f"{segment['label']} {part:.0%}", ink))
        begin += part
    return Drawing(words, legend, slices=slices)


def _sector(begin: float, end: float) -> str:
    """Return the path of a slice; ``begin`` and ``end`` are parts of a whole turn."""
    middle = f"{WIDTH / 2:g} {HEIGHT / 2:g}"
    stops = [begin, (begin + end) / 2, end]
    first, *others = [_on_circle(stop) for stop in stops]
    arcs = " ".join(f"A {RADIUS} {RADIUS} 0 0 1 {place}" for place in others)
    return f"M {middle} L {first} {arcs} Z"


def _on_circle(turn: float) -> str:
    x = WIDTH / 2 + RADIUS * sin(2 * pi * turn)
    y = HEIGHT / 2 - RADIUS * cos(2 * pi * turn)
    return f"{x:.2f} {y:.2f}"


def _plot(chart: Json, words: str) -> Drawing:
    names = chart["axis_config"]["categories"]
    rows = [_in_order(one["data"], names) for one in chart["series"]]
    inked = list(zip(rows, INKS, strict=False))
    scale = _Scale.over([point["value"] for row in rows for point in row])
    bars: list[Bar] = []
    lines: list[Polyline] = []
    if chart["type"] == "bar":
        bars = list(_bars(inked, scale))
    else:
        bottom = scale.y(0) if chart["type"] == "area" else None
        lines = [Polyline(_dots(row, scale), ink, bottom) for row, ink in inked]
    titles = [one["name"] for one in chart["series"]]
    legend = list(zip(titles, INKS, strict=False)) if len(titles) > 1 else []
    ticks = [Label(LEFT - 6, scale.y(value), _short(value)) for value in scale.ticks()]
    return Drawing(words, legend, ticks, list(_categories(names)), bars, lines)


def _in_order(points: Sequence[Json], names: Sequence[str]) -> list[Json]:
    by_label = {point["label"]: point for point in points}
    return [by_label[name] for name in names]


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float
    step: float

    @classmethod
    def over(cls, values: Sequence[float]) -> _Scale:
        """Return a scale of round steps, which includes zero and all values."""
        least, most = min(0, *values), max(0, *values)
        step = _round((most - least or 1) / TICKS)
        return cls(floor(least / step) * step, ceil(most / step) * step or step, step)

    def y(self, value: float) -> float:
        part = (value - self.low) / (self.high - self.low)
        return round(BOTTOM - part * (BOTTOM - TOP), 2)

    def ticks(self) -> Iterator[float]:
        for nth in range(round((self.high - self.low) / self.step) + 1):
            yield self.low + nth * self.step


def _round(step: float) -> float:
    """Return the next of 1, 2, 2.5, 5, 10, 20, 25, 50 … that is not smaller."""
    power = 10.0 ** floor(log10(step))
    found = next(n for n in (1, 2, 2.5, 5, 10) if n * power >= step * 0.999)
    return found * power


def _centre(nth: int, count: int) -> float:
    return LEFT + (RIGHT - LEFT) * (nth + 0.5) / count


def _bars(rows: Sequence[tuple[list[Json], str]], scale: _Scale) -> Iterator[Bar]:
    zero = scale.y(0)
    for nth_row, (row, ink) in enumerate(rows):
        band = (RIGHT - LEFT) / len(row) * BAND
        width = band / len(rows)
        for nth, point in enumerate(row):
            x = _centre(nth, len(row)) - band / 2 + nth_row * width
            y = scale.y(point["value"])
            top, height = min(y, zero), abs(y - zero)
            yield Bar(
                round(x, 2),
                top,
                round(width * 0.94, 2),
                height,
                ink,
                point_text(point),
            )


def _dots(row: Sequence[Json], scale: _Scale) -> list[Dot]:
    return [
        Dot(
            round(_centre(nth, len(row)), 2),
            scale.y(point["value"]),
            point_text(point),
        )
        for nth, point in enumerate(row)
    ]


def _categories(names: Sequence[str]) -> Iterator[Label]:
    """Yield as many names as there is room for: every one, every second …"""
    room = (RIGHT - LEFT) / len(names)
    every = ceil((max(map(len, names)) + 1) * LETTER / room)
    for nth, name in enumerate(names):
        if nth % every == 0:
            yield Label(round(_centre(nth, len(names)), 2), HEIGHT - 8, name)


def _short(value: float) -> str:
    """Return a number in at most six characters: 250, 2.5k, 40M."""
    for unit, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= unit:
            return f"{value / unit:g}{letter}"
    return f"{value:g}"
