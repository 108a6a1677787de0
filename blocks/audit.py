"""The audit log as people read it: who changed what, from which value to which."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import Block

from blocks.kit import messages, tables, text
from blocks.kit.incidents import VEIL
from blocks.kit.tables import Cell

SPOKEN = {
    "done": "done",
    "refused": "refused",
    "unknown": "unknown",
    "accepted": "under way",
}
MARKS = {"done": "✅", "refused": "🚫", "unknown": "❔", "accepted": "⏳"}
"""The mark of each state; it stands beside the word for the state."""

LINE, VALUE, WHY = 1000, 80, 400
WHOLE = 500
IN_SHORT = 350
NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One entry. ``outcome`` is mrkdwn, as it was sent; the other texts are plain.

    A ``veiled`` entry is about a private incident, and shows nothing of it.
    """

    at: datetime
    actor: str
    operation: str
    state: str
    target: str | None = None
    changes: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    outcome: str | None = None
    channel: str | None = None
    ref: str | None = None
    request_id: str | None = None
    veiled: bool = False


def state_label(state: str) -> str:
    return SPOKEN.get(state, state)


def listing(
    lines: Sequence[AuditLine], heading: str, slash: str, *, alone: bool = False
) -> list[Block]:
    """List entries; one ``alone`` is shown at length. ``heading`` is mrkdwn."""
    blocks: list[Block] = [messages.section(heading)]
    plain = [messages.section(_drawn(line, alone=alone)) for line in lines]
    if alone or not lines:
        blocks += plain
    else:
        blocks += _table(lines, plain)
    if not lines:
        hint = f"`{slash} audit` alone shows all that is kept."
        blocks.append(messages.section(f"Nothing matches. {hint}"))
    elif any(map(_clipped, lines)) and not alone:
        blocks.append(messages.context(f"`{slash} audit <ref>` shows one at length."))
    return blocks


HEADER = ("When", "Who", "What", "On", "Changes", "State", "Where", "Ref")


def _table(lines: Sequence[AuditLine], plain: Sequence[Block]) -> list[Block]:
    named = [one for one in lines if one.ref]
    found = [(f"{one.ref} {one.operation}", f"audit {one.ref}") for one in named]
    menu = messages.menu("Show one at length", found)
    rows = [*map(_row, lines)]
    return tables.table("What was done and refused", HEADER, rows, plain, menu)


def _row(line: AuditLine) -> list[Cell]:
    changes = "; ".join(change.removeprefix("• ") for change in _changes(line.changes))
    why = " ".join(text.unformatted(one) for one in _why(line, VALUE))
    return [
        Cell(at=line.at),
        tables.mrkdwn(text.mention(line.actor)),
        Cell(line.operation),
        Cell(VEIL if line.veiled else line.target or ""),
        Cell(text.unescape(changes or why)),
        Cell(f"{MARKS.get(line.state, '▫️')} {state_label(line.state)}"),
        Cell(channel=line.channel),
        Cell(line.ref or ""),
    ]


def _drawn(line: AuditLine, *, alone: bool) -> str:
    value, limit = (WHOLE, text.SECTION) if alone else (VALUE, LINE)
    first = f"{text.when(line.at)} {text.mention(line.actor)} {_did(line)}"
    rows = [first, *_changes(line.changes, value), *_why(line, value), _facts(line)]
    return _fitting(rows, limit)


def _fitting(rows: Sequence[str], limit: int) -> str:
    """Join rows; leave out whole changes, the last first, until the text fits.

    The first row and the last one, with the facts, always stay.
    """
    rows = list(rows)
    left_out = 0
    while len("\n".join(rows)) > limit - len("… and 100 more\n") and len(rows) > 2:
        del rows[-2]
        left_out += 1
    if left_out:
        rows.insert(-1, f"… and {left_out} more")
    return "\n".join(rows)


def _did(line: AuditLine) -> str:
    what = text.code(line.operation)
    about = VEIL if line.veiled else text.inline(line.target or "", 200)
    return f"{what} on {about}" if line.veiled or line.target else what


def _changes(changes: Mapping[str, Sequence[Any]], limit: int = VALUE) -> Iterator[str]:
    for name, (old, new) in changes.items():
        shown = f"{_value(old, limit)} → {_value(new, limit)}"
        yield f"• {text.inline(name, 60)}: {shown}"


def _value(value: Any, limit: int) -> str:
    return NOTHING if value in (None, "") else text.inline(str(value), limit)


def _clipped(line: AuditLine) -> bool:
    values = [str(v) for pair in line.changes.values() for v in pair]
    return any(len(words) > VALUE for words in values)


def _why(line: AuditLine, limit: int) -> Iterator[str]:
    """Yield the outcome of a write that was not done: else the changes tell it."""
    if line.outcome and line.state != "done":
        said = " ".join(line.outcome.split())
        bare = text.unescape(text.unformatted(said))
        yield said if len(said) <= WHY else text.inline(bare, max(limit, WHY))


def _facts(line: AuditLine) -> str:
    state = f"{MARKS.get(line.state, '▫️')} {text.inline(state_label(line.state), 40)}"
    return " · ".join([state, *_where(line)])


def _where(line: AuditLine) -> Iterator[str]:
    if line.channel:
        yield text.channel(line.channel)
    if line.ref:
        yield f"ref {text.code(line.ref)}"
    if line.request_id:
        yield f"request {text.code(line.request_id, 60)}"


def summary(heading: str, lines: Sequence[AuditLine]) -> str:
    """Return a page as mrkdwn, for notifications and screen readers."""
    said = [
        f"{text.mention(line.actor)} {_did(line)}: {state_label(line.state)}"
        for line in lines
    ]
    return text.clip("\n".join([heading, *said]), text.MESSAGE)


def done(actor: str, target: str | None, changes: Mapping[str, Sequence[Any]]) -> str:
    """Return a message that a write was done, for one that is sent late."""
    named = re.sub(r" \(\w+\)$", "", target or "")
    first = f"Done for {text.mention(actor)}: {text.bold(named)}"
    return text.clip("\n".join([first, *_changes(changes, VALUE)]), text.MESSAGE)


def in_short(line: AuditLine, name: str) -> str:
    """Return an entry as one line for a channel, without mentions."""
    changes = [change.removeprefix("• ") for change in _changes(line.changes, 40)]
    what = "; ".join([_did(line), *changes])
    said = f"*{text.inline(name, 60)}* {text.clip(what, IN_SHORT - 120)}"
    ref = f" (ref {text.code(line.ref)})" if line.ref else ""
    return f"{text.when(line.at)} {said}: {state_label(line.state)}{ref}"
