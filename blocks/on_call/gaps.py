"""The warning of times in which nobody is on call, or somebody who has left."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from blocks.kit import messages, text
from blocks.kit.messages import Message
from blocks.kit.on_call import sections
from blocks.kit.people import person
from blocks.kit.rotations import unread_zone, zone_of
from blocks.on_call.shift_notices import title

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import timedelta

    from incidentio.on_call.coverage import Span
    from incidentio.on_call.rota import Rota
    from incidentio.on_call.shifts import Shift

T = TypeVar("T")

MOST = 20


def message(
    rota: Rota, gaps: Sequence[Span], gone: Sequence[Shift], within: timedelta
) -> Message:
    """Warn of the gaps of a rota, and of the shifts of people who have left."""
    lines = [
        *_listed(f"*Nobody is on call* for {title(rota)}", gaps, _line, within),
        *_listed(
            f"*Somebody who left is on call* for {title(rota)}", gone, _shift, within
        ),
    ]
    if gaps and zone_of(rota.timezone) is None:
        why = text.inline(unread_zone(rota.timezone))
        lines.append(f"Working hours are read as UTC: {why}.")
    words = "\n".join(lines)
    steps = [
        ("Add override", f"override {rota.id}"),
        ("Coming shifts", f"schedule entries {rota.id}"),
    ]
    blocks = [*sections(lines), messages.buttons(steps)]
    return Message(text.unformatted(words), blocks)


def _listed(
    what: str, found: Sequence[T], line: Callable[[T], str], within: timedelta
) -> Iterator[str]:
    if not found:
        return
    times, left = text.count(len(found), "time"), len(found) - MOST
    yield f"⚠️ {what} at {times} in the next {within.days} days:"
    yield from map(line, found[:MOST])
    if left > 0:
        yield f"and {left} more"


def _shift(shift: Shift) -> str:
    return f"• {person(shift.user)}, {text.when(shift.start)} to {text.when(shift.end)}"


def _line(span: Span) -> str:
    lasts = _hours(span.end - span.start)
    return f"• {text.when(span.start)} to {text.when(span.end)} ({lasts})"


def _hours(lasts: timedelta) -> str:
    """Return a duration in hours: ``60 h``, ``1 h 30 min``, ``45 min``."""
    hours, minutes = divmod(int(lasts.total_seconds()) // 60, 60)
    parts = [f"{hours} h"] if hours else []
    parts += [f"{minutes} min"] if minutes else []
    return " ".join(parts)
