"""Percentiles, figures as text, and Markdown tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """A row of the table at the end: what was measured, and whether it is enough.

    ``beside`` is the same figure of what one would use instead, in the same run.
    """

    row: str
    figure: str
    goal: str
    met: bool
    beside: str = "-"


def summary(found: Iterable[Figure]) -> str:
    """Return the figures as a Markdown table."""
    rows = (
        (f.row, f.figure, f.beside, f.goal, "yes" if f.met else "no") for f in found
    )
    return table(("", "figure", "beside it", "goal", "met"), rows)


def percentile(values: Iterable[float], percent: float) -> float:
    """Return the smallest value that ``percent`` of all do not exceed.

    Raises: ValueError without any values.
    """
    ranked = sorted(values)
    if not ranked:
        raise ValueError("There are no values to rank.")
    return ranked[max(0, ceil(len(ranked) * percent / 100) - 1)]


def ms(seconds: float) -> str:
    """Return milliseconds, with more decimals the fewer they are."""
    return f"{seconds * 1000:,.{0 if seconds >= 0.1 else 2 if seconds < 0.01 else 1}f}"


def middle_and_tail(seconds: Sequence[float]) -> tuple[str, str, str]:
    """Return median, p99 and maximum in milliseconds."""
    return ms(median(seconds)), ms(percentile(seconds, 99)), ms(max(seconds))


def megabytes(size: float) -> str:
    """Return bytes as megabytes."""
    return f"{size / 1_000_000:,.1f}"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def section(title: str, about: str, *parts: str) -> None:
    """Print one benchmark's part of the report."""
    print(f"\n## {title}\n\n{about}\n")
    print("\n\n".join(parts), flush=True)
