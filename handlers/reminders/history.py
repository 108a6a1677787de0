"""``reminder history``: what was said here lately and what was not, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from blocks.kit import messages, text
from handlers.core.arguments.resolve import Rest
from handlers.core.command import Effect, Reply
from handlers.core.context import Context
from handlers.core.problems import UsageError
from handlers.core.rules import called, result
from handlers.reminders.show import group
from incidentio.lookup import normal
from storage.slot import SENT, Slot

MOST = 20
TOGETHER = 5
"""Lines of one section."""
LATE = timedelta(minutes=5)
NOTHING = "The bot has said nothing here on its own, and left nothing out."


@group.command("reminder history", effect=Effect("The history", "shown"))
def history(ctx: Context, which: Rest | None = None) -> Reply:
    """Show what was said here lately and what was not, and why; `mine`: to you."""
    asked = normal(which or "")
    if asked not in ("", "mine"):
        raise UsageError(f"“{text.inline(asked, 60)}” is neither `mine` nor nothing.")
    mine = bool(asked) or ctx.channel.startswith("D")
    found = ctx.services.rules.recent_slots(ctx.user if mine else ctx.channel, MOST)
    lines = [_line(slot, kind) for slot, kind in found] or [NOTHING]
    title = f"What the bot told {'you' if mine else 'this channel'} on its own"
    said = text.unformatted("\n".join([title, *lines]))
    blocks = [messages.section(part) for part in _parts(text.bold(title), lines)]
    return Reply(said, blocks)


def _line(slot: Slot, kind: str) -> str:
    """``• Mon 09:30: weekly summary, sent``; what was late says when it left."""
    words = result(slot.state, slot.reason)
    left = slot.finished_at
    if slot.state == SENT and left and left - slot.slot_at > LATE:
        words = f"{words} {text.when(left)}"
    return f"• {text.when(slot.slot_at)}: {called(kind)}, {words}"


def _parts(title: str, lines: Sequence[str]) -> Iterator[str]:
    yield title
    for start in range(0, len(lines), TOGETHER):
        yield "\n".join(lines[start : start + TOGETHER])
