"""The times in which nobody is on call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blocks.kit import messages, text
from blocks.kit.messages import Message
from blocks.kit.on_call import sections
from blocks.kit.rotations import unread_zone, zone_of
from blocks.on_call.shift_notices import title

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from incidentio.on_call.coverage import Span
    from incidentio.on_call.rota import Rota

MOST = 20


def message(rota: Rota, gaps: Sequence[Span], within: timedelta) -> Message:
    times = text.count(len(gaps), "time")
    head = (
        f"⚠️ *Nobody is on call* for {title(rota)} at {times} in the next"
        f" {within.days} days:"
    )
    lines = [_line(span) for span in gaps[:MOST]]
    left = len(gaps) - MOST
    lines += [f"and {left} more"] if left > 0 else []
    if zone_of(rota.timezone) is None:
        why = text.inline(unread_zone(rota.timezone))
        lines.append(f"Working hours are taken to be in UTC, for {why}.")
    words = "\n".join([head, *lines])
    steps = [
        ("Add override", f"override {rota.id}"),
        ("Coming shifts", f"schedule entries {rota.id}"),
    ]
    blocks = [*sections([head, *lines]), messages.buttons(steps)]
    return Message(text.unformatted(words), blocks)


def _line(span: Span) -> str:
    lasts = _hours(span.end - span.start)
    return f"• {text.when(span.start)} to {text.when(span.end)} ({lasts})"


def _hours(lasts: timedelta) -> str:
    """Return a duration in hours: ``60 h``, ``1 h 30 min``, ``45 min``."""
    hours, minutes = divmod(int(lasts.total_seconds()) // 60, 60)
    parts = [f"{hours} h"] if hours else []
    parts += [f"{minutes} min"] if minutes else []
    return " ".join(parts)
