"""Direct messages about a person's shifts: before one begins, and after it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from blocks.kit import messages, text
from blocks.kit.messages import Message
from blocks.kit.people import person
from incidentio.on_call.shift_events import OFF, ON, OVER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime, timedelta

    from slack_sdk.models.blocks import Block

    from incidentio.on_call.rota import Rota
    from incidentio.on_call.shift_events import ShiftEvent
    from incidentio.on_call.shifts import OverrideTakeover, Shift

MOST = 5
"""The most schedules that get buttons of their own."""


class Open(NamedTuple):
    """The numbers of open incidents and escalations; None where unknown."""

    incidents: int | None
    escalations: int | None


def title(rota: Rota) -> str:
    return f"*{text.link(rota.url, rota.name)}*" if rota.url else text.bold(rota.name)


def before(events: Sequence[ShiftEvent]) -> Message:
    """Tell one person of shifts that begin soon, all at the same moment."""
    on = [event for event in events if event.what == ON]
    lines = _several(on) if len(on) > 1 else [_begins(event) for event in on]
    lines += [_goes_on(event) for event in events if event.what == OVER]
    lines += [_relieved(event) for event in events if event.what == OFF]
    return _message(lines, [event.rota for event in events])


def _begins(event: ShiftEvent) -> str:
    assert event.shift
    what = f"You are on call for {title(event.rota)}{_layer(event)}"
    from_to = f"from {text.when(event.at)} {until(event.shift)}"
    return f"{what} {from_to}.{_override(event)} {_beside(event.rota, event.shift)}"


def _several(events: Sequence[ShiftEvent]) -> list[str]:
    names = list(dict.fromkeys(title(event.rota) for event in events))
    head = f"You are on call for {text.listed(names)} from {text.when(events[0].at)}."
    return [head, *(_one_of(event, event.shift) for event in events if event.shift)]


def _one_of(event: ShiftEvent, shift: Shift) -> str:
    what = f"• {title(event.rota)}{_layer(event)}: {until(shift)}."
    return f"{what}{_override(event)} {_beside(event.rota, shift)}"


def _goes_on(event: ShiftEvent) -> str:
    assert event.takeover
    takeover = event.takeover
    goes = f"You stay on call for {title(event.rota)}{_layer(event)}"
    return f"{goes} {_from_to(takeover)}, by an override{_instead(takeover)}."


def _relieved(event: ShiftEvent) -> str:
    assert event.takeover
    who, what = person(event.takeover.user), f"{title(event.rota)}{_layer(event)}"
    return (
        f"{who} takes over {what} from you {_from_to(event.takeover)}, by an override."
    )


def _override(event: ShiftEvent) -> str:
    if event.takeover is None or event.shift is None:
        return ""
    short = event.takeover.end < event.shift.end
    until_ = f" until {text.when(event.takeover.end)}" if short else ""
    return f" This is an override{until_}{_instead(event.takeover)}."


def _instead(takeover: OverrideTakeover) -> str:
    return f" in place of {person(takeover.before)}" if takeover.before else ""


def _from_to(takeover: OverrideTakeover) -> str:
    return f"from {text.when(takeover.start)} to {text.when(takeover.end)}"


def _layer(event: ShiftEvent) -> str:
    part = event.shift or event.takeover
    name = event.rota.layer_name(part) if part else ""
    return f" ({text.inline(name, 100)})" if name else ""


def until(shift: Shift) -> str:
    """Return the end of a shift, which is unknown beyond the period that was read."""
    return "for more than two weeks" if shift.goes_on else f"to {text.when(shift.end)}"


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


def ended(events: Sequence[ShiftEvent], now: datetime, still_open: Open) -> Message:
    """Tell one person that a shift ended, who is next, and what is still theirs."""
    lines = [_ended(event, now) for event in events]
    lines += [f"Open now: {said}." for said in [_open(still_open)] if said]
    return _message(lines, [event.rota for event in events], over=True)


def _ended(event: ShiftEvent, now: datetime) -> str:
    what = f"Your shift for {title(event.rota)}{_layer(event)} ended"
    at = "" if _soon(now - event.at) else f" {text.when(event.at)}"
    own = [
        s for s in event.rota.at(now) if event.shift and s.layer == event.shift.layer
    ]
    people = [person(s.user) for s in own or event.rota.at(now)]
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
