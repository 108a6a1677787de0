"""Direct messages about a person's shifts: before one begins, and after it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from blocks.kit import messages, text
from blocks.kit.messages import Message
from blocks.kit.people import person
from incidentio.on_call.turns import OFF, ON, OVER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime, timedelta

    from slack_sdk.models.blocks import Block

    from incidentio.on_call.rota import Rota
    from incidentio.on_call.shifts import Relief, Shift
    from incidentio.on_call.turns import Turn

MOST = 5
"""Schedules with buttons of their own."""


class Open(NamedTuple):
    """The numbers of open incidents and escalations; None where unknown."""

    incidents: int | None
    escalations: int | None


def title(rota: Rota) -> str:
    return f"*{text.link(rota.url, rota.name)}*" if rota.url else text.bold(rota.name)


def before(turns: Sequence[Turn]) -> Message:
    """Say what one person should know before it is so; all begins at one moment."""
    on = [turn for turn in turns if turn.what == ON]
    lines = _several(on) if len(on) > 1 else [_on(turn) for turn in on]
    lines += [_over(turn) for turn in turns if turn.what == OVER]
    lines += [_off(turn) for turn in turns if turn.what == OFF]
    return _message(lines, [turn.rota for turn in turns])


def _on(turn: Turn) -> str:
    assert turn.shift
    what = f"You are on call for {title(turn.rota)}{_place(turn)}"
    from_to = f"from {text.when(turn.at)} {until(turn.shift)}"
    return f"{what} {from_to}.{_override(turn)} {_beside(turn.rota, turn.shift)}"


def _several(turns: Sequence[Turn]) -> list[str]:
    names = list(dict.fromkeys(title(turn.rota) for turn in turns))
    head = f"You are on call for {text.listed(names)} from {text.when(turns[0].at)}."
    return [head, *(_one_of(turn, turn.shift) for turn in turns if turn.shift)]


def _one_of(turn: Turn, shift: Shift) -> str:
    what = f"• {title(turn.rota)}{_place(turn)}: {until(shift)}."
    return f"{what}{_override(turn)} {_beside(turn.rota, shift)}"


def _over(turn: Turn) -> str:
    assert turn.relief
    relief = turn.relief
    goes = f"You go on being on call for {title(turn.rota)}{_place(turn)}"
    return f"{goes} {_from_to(relief)}, by an override{_instead(relief)}."


def _off(turn: Turn) -> str:
    assert turn.relief
    who, what = person(turn.relief.user), f"{title(turn.rota)}{_place(turn)}"
    return f"{who} takes over {what} from you {_from_to(turn.relief)}, by an override."


def _override(turn: Turn) -> str:
    if turn.relief is None or turn.shift is None:
        return ""
    short = turn.relief.end < turn.shift.end
    until_ = f" until {text.when(turn.relief.end)}" if short else ""
    return f" This is an override{until_}{_instead(turn.relief)}."


def _instead(relief: Relief) -> str:
    return f" in place of {person(relief.before)}" if relief.before else ""


def _from_to(relief: Relief) -> str:
    return f"from {text.when(relief.start)} to {text.when(relief.end)}"


def _place(turn: Turn) -> str:
    part = turn.shift or turn.relief
    name = turn.rota.place(part) if part else ""
    return f" ({text.inline(name, 100)})" if name else ""


def until(shift: Shift) -> str:
    """Return the end of a shift; one that reaches beyond the read period has none."""
    return "for two weeks and longer" if shift.goes_on else f"to {text.when(shift.end)}"


def _beside(rota: Rota, shift: Shift) -> str:
    last, following = rota.before(shift), rota.after(shift)
    joined = last if last and last.end == shift.start else None
    said = f"Before you: {person(joined.user if joined else None)}."
    if shift.goes_on:
        return said
    if following is None:
        return f"{said} After you: nobody."
    if following.start == shift.end:
        return f"{said} After you: {person(following.user)}."
    then = f"{person(following.user)} from {text.when(following.start)}"
    return f"{said} After you: nobody, then {then}."


def ended(turns: Sequence[Turn], now: datetime, still_open: Open) -> Message:
    """Say that a shift ended, who is on call now, and what is left to them."""
    lines = [_ended(turn, now) for turn in turns]
    lines += [f"Open now: {said}." for said in [_open(still_open)] if said]
    return _message(lines, [turn.rota for turn in turns], over=True)


def _ended(turn: Turn, now: datetime) -> str:
    what = f"Your shift for {title(turn.rota)}{_place(turn)} ended"
    at = "" if _soon(now - turn.at) else f" {text.when(turn.at)}"
    own = [s for s in turn.rota.at(now) if turn.shift and s.place == turn.shift.place]
    people = [person(s.user) for s in own or turn.rota.at(now)]
    names = list(dict.fromkeys(people))
    verb = "is" if len(names) < 2 else "are"
    return f"{what}{at}; {text.listed(names) or 'nobody'} {verb} on call now."


def _soon(late: timedelta) -> bool:
    return late.total_seconds() < 15 * 60


def _open(still_open: Open) -> str:
    said = []
    if still_open.incidents:
        said.append(text.count(still_open.incidents, "live incident"))
    if still_open.escalations:
        said.append(text.count(still_open.escalations, "escalation"))
    return text.listed(said)


def _message(
    lines: Sequence[str], rotas: Iterable[Rota], *, over: bool = False
) -> Message:
    known = list({rota.id: rota for rota in rotas}.values())
    words = "\n".join(lines)
    return Message(text.unformatted(words), [*_sections(lines), *_steps(known, over)])


def _sections(lines: Iterable[str]) -> list[Block]:
    return [messages.section(line) for line in lines]


def _steps(rotas: Sequence[Rota], over: bool) -> list[Block]:
    blocks: list[Block] = []
    for rota in rotas[:MOST]:
        of = f" {rota.name}" if len(rotas) > 1 else ""
        steps = [(f"Schedule{of}", f"schedule show {rota.id}")]
        if not over:
            steps.insert(0, (f"Override{of}", f"override {rota.id}"))
        blocks.append(messages.buttons(steps))
    return blocks
