"""Previews of who is on call before and after a change of a schedule."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from blocks.kit import text
from blocks.kit.form import Note
from blocks.kit.on_call import sections
from blocks.kit.people import person
from incidentio import Rotation, User
from incidentio.on_call.stretches import Place, Stretch

MOST = 36

Named = Callable[[Place], str]


def compared(stretches: Sequence[Stretch], place: Named, days: str) -> Note:
    """Draw the plan with what it changes; ``days`` says for how long."""
    many = sum(stretch.changed for stretch in stretches)
    if not stretches:
        head = f"*Preview*: nobody would be on call in {days}."
    elif many:
        head = f"*Preview*: who would be on call in {days}. What changes is marked ●."
    else:
        head = f"*Preview*: who is on call does not change in {days}."
    return _note([head, *_lines(stretches, place, marked=True)])


def plain(stretches: Sequence[Stretch], place: Named) -> list[str]:
    """Say who is on call, in lines."""
    return _lines(stretches, place, marked=False)


def _lines(stretches: Sequence[Stretch], place: Named, *, marked: bool) -> list[str]:
    lines = [_line(stretch, place, marked=marked) for stretch in stretches[:MOST]]
    left = stretches[MOST:]
    if left:
        other = sum(stretch.changed for stretch in left) if marked else 0
        change = f", of which {other} change" if other else ""
        lines.append(f"and {len(left)} more{change}")
    return lines


def _line(stretch: Stretch, place: Named, *, marked: bool) -> str:
    named = text.inline(place(stretch.place), 100) if place(stretch.place) else ""
    where = f" · {named}" if named else ""
    time = f"{text.when(stretch.start)} to {text.when(stretch.end)}"
    who = person(stretch.user) if stretch.user else "⚠️ *nobody*"
    if not marked or not stretch.changed:
        return f"• {time}: {who}{where}"
    return f"● {time}: {who}{where}, instead of {person(stretch.before)}"


def in_words(lines: Sequence[str]) -> Note:
    return _note(lines)


def _note(lines: Sequence[str]) -> Note:
    return Note("", blocks=sections(lines))


def brief(rotation: Rotation, handover: str) -> str:
    """Say a rotation in a line, for what changed in it."""
    return f"{handover}; {_names(rotation.users)}"


def _names(users: Sequence[User]) -> str:
    shown = [person(user) for user in users[:12]]
    left = len(users) - len(shown)
    return text.listed([*shown, *([f"{left} more"] if left else [])]) or "nobody"
