"""Previews of who is on call before and after a change of a schedule."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from blocks.kit import text
from blocks.kit.form import Note
from blocks.kit.on_call import sections
from blocks.kit.people import person
from incidentio import Rotation, User
from incidentio.on_call.intervals import Interval
from incidentio.on_call.layers import LayerKey

MOST = 36

LayerName = Callable[[LayerKey], str]


def compared(intervals: Sequence[Interval], layer_name: LayerName, days: str) -> Note:
    """Draw who would be on call, with changes marked; ``days``: the period in words."""
    many = sum(interval.changed for interval in intervals)
    if not intervals:
        head = f"*Preview*: nobody would be on call in {days}."
    elif many:
        head = f"*Preview*: who would be on call in {days}. What changes is marked ●."
    else:
        head = f"*Preview*: who is on call does not change in {days}."
    return in_words([head, *_lines(intervals, layer_name, marked=True)])


def plain(intervals: Sequence[Interval], layer_name: LayerName) -> list[str]:
    """Describe who is on call, a line for each shift."""
    return _lines(intervals, layer_name, marked=False)


def _lines(
    intervals: Sequence[Interval], layer_name: LayerName, *, marked: bool
) -> list[str]:
    lines = [
        _line(interval, layer_name, marked=marked) for interval in intervals[:MOST]
    ]
    left = intervals[MOST:]
    if left:
        other = sum(interval.changed for interval in left) if marked else 0
        change = f", of which {other} change" if other else ""
        lines.append(f"and {len(left)} more{change}")
    return lines


def _line(interval: Interval, layer_name: LayerName, *, marked: bool) -> str:
    layer = layer_name(interval.layer)
    where = f" · {text.inline(layer, 100)}" if layer else ""
    time = f"{text.when(interval.start)} to {text.when(interval.end)}"
    who = person(interval.user) if interval.user else "⚠️ *nobody*"
    if not marked or not interval.changed:
        return f"• {time}: {who}{where}"
    return f"● {time}: {who}{where}, instead of {person(interval.before)}"


def in_words(lines: Sequence[str]) -> Note:
    return Note("", blocks=sections(lines))


def brief(rotation: Rotation, handover: str) -> str:
    """Return a rotation in one line, to show changes of it."""
    return f"{handover}; {_names(rotation.users)}"


def _names(users: Sequence[User]) -> str:
    shown = [person(user) for user in users[:12]]
    left = len(users) - len(shown)
    return text.listed([*shown, *([f"{left} more"] if left else [])]) or "nobody"
