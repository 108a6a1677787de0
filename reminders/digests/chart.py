"""Weeks as a picture: what was opened and closed, and what was open at the end."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from blocks.reminders.summary import Week

SIZE, DPI = (8.0, 4.4), 150
PAPER, INK, FAINT, SHADE = "#ffffff", "#2b2b2b", "#c8c8c8", "#eeeeee"
OPENED, CLOSED = "#d55e00", "#0072b2"
"""Vermilion and blue: told apart by everybody, on paper that brings its own white."""

BAR = 0.38
WORDS: dict[str, Any] = {"family": "DejaVu Sans", "color": INK, "fontsize": 13}


def chart(weeks: Sequence[Week]) -> bytes:
    """Draw a PNG, the same for the same weeks.

    The library is loaded when it is needed: most processes never draw. It is used
    without ``pyplot``, which would keep every figure.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=SIZE, dpi=DPI, facecolor=PAPER)
    FigureCanvasAgg(figure)
    _draw(figure, weeks)
    png = BytesIO()
    figure.savefig(png, format="png", facecolor=PAPER, metadata={"Software": None})
    return png.getvalue()


def _draw(figure: Figure, weeks: Sequence[Week]) -> None:
    upper, lower = figure.subplots(
        2, 1, sharex=True, gridspec_kw={"height_ratios": [1, 1], "hspace": 0.45}
    )
    figure.subplots_adjust(left=0.03, right=0.97, top=0.9, bottom=0.15)
    _open(upper, [week.open for week in weeks])
    _bars(lower, weeks)
    lower.set_xlim(-0.6, len(weeks) - 0.4)
    lower.set_xticks(range(len(weeks)), [_day(week) for week in weeks], **WORDS)


def _open(axes: Axes, values: Sequence[int]) -> None:
    _bare(axes, "Open at the end of the week", max(values))
    where = range(len(values))
    axes.plot(where, values, color=INK, linewidth=2.5, marker="o", markersize=6)
    axes.fill_between(where, values, color=SHADE, linewidth=0)
    _labels(axes, where, values, INK, above=8)


def _bars(axes: Axes, weeks: Sequence[Week]) -> None:
    opened, closed = [w.opened for w in weeks], [w.closed for w in weeks]
    most = max(*opened, *closed)
    size = 13 if most < 100 else 11.5 if most < 1000 else 10
    _bare(axes, "", most)
    for values, colour, side in ((opened, OPENED, -1), (closed, CLOSED, 1)):
        where = [nth + side * BAR / 2 for nth in range(len(values))]
        axes.bar(where, values, width=BAR - 0.02, color=colour)
        _labels(axes, where, values, colour, above=3, digits=2, size=size)
    _title(
        axes, ("Opened", OPENED), ("and", INK), ("closed", CLOSED), ("in the week", INK)
    )


def _title(axes: Axes, *words: tuple[str, str]) -> None:
    """Write the names of the bars in their colours: they need no legend."""
    before: Any = axes.transAxes
    at, gap = (0.0, 1.1), 0
    for word, colour in words:
        before = axes.annotate(
            word,
            at,
            xycoords=before,
            xytext=(gap, 0),
            textcoords="offset points",
            va="bottom",
            **{**WORDS, "color": colour, "fontweight": "bold"},
        )
        at, gap = (1.0, 0.0), 5


def _labels(
    axes: Axes,
    where: Sequence[float],
    values: Sequence[int],
    colour: str,
    *,
    above: int,
    digits: int = 3,
    size: float = 13,
) -> None:
    for x, value in zip(where, values, strict=True):
        axes.annotate(
            _short(value, digits),
            (x, value),
            xytext=(0, above),
            textcoords="offset points",
            ha="center",
            **{**WORDS, "color": colour, "fontweight": "bold", "fontsize": size},
        )


def _bare(axes: Axes, title: str, most: int) -> None:
    """Leave out everything that the numbers say already."""
    axes.set_facecolor(PAPER)
    axes.set_title(title, loc="left", pad=10, **{**WORDS, "fontweight": "bold"})
    axes.set_yticks([])
    axes.tick_params(axis="x", length=0)
    axes.set_ylim(0, max(most, 1) * 1.3)
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(FAINT)


def _day(week: Week) -> str:
    day = f"{week.begins.day} {week.begins:%b}"
    return f"{day}\nso far" if week.running else day


def _short(value: int, digits: int) -> str:
    """Keep what stands side by side apart; the exact number is in the message."""
    return str(value) if value < 1000 else f"{float(f'{value:.{digits}g}') / 1000:g}k"
