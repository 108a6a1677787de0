"""Asking colleagues for cover: what they, and who asked, are told. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import ActionsBlock, Block

from blocks.kit import messages, text
from blocks.kit.fields import Choice, Choosable, Field, Moment
from blocks.kit.form import Form, Note
from blocks.kit.messages import Message
from incidentio.on_call.coverage import Span

ASK, TAKE = "cover.ask", "cover.take"
TAKEN, WITHDRAWN, EXPIRED = "taken", "withdrawn", "expired"
"""Why a request is over."""
LATE = "The time to answer is over."


@dataclass(frozen=True, slots=True)
class Cover:
    """A request for cover as it is now. People are Slack ids."""

    id: str
    place: str
    """The schedule and the layer, in mrkdwn."""
    schedule_id: str
    asker: str
    whole: Span
    left: Sequence[Span]
    """The hours that nobody takes, from now on."""
    taken: Sequence[tuple[str, Span]]
    declined: Sequence[str]
    silent: Sequence[str]
    over: str = ""
    """Why nobody can take it any more; empty as long as they can."""
    busy: Mapping[str, str] | None = None
    """Where each is on call meanwhile, in mrkdwn."""


def period(span: Span) -> str:
    return f"from {text.when(span.start)} until {text.when(span.end)}"


def _taken(cover: Cover, me: str = "") -> list[str]:
    """Say who takes what, to ``me`` in the second person."""
    lines = []
    for by, span in cover.taken:
        who = "You take" if by == me else f"{text.mention(by)} takes"
        all_ = cover.over == TAKEN and len(cover.taken) == 1
        lines.append(f"{who} {'it' if all_ else period(span)}.")
    return lines


def _left(cover: Cover) -> list[str]:
    if cover.over or not cover.taken:
        return []
    return [f"Still open: {text.listed([period(span) for span in cover.left])}."]


def asked(cover: Cover, me: str, slot_id: str, *, again: bool) -> Message:
    """Ask a colleague, or show them how it went."""
    head = f"{text.mention(cover.asker)} asks for cover: {cover.place}, "
    head = f"{'Reminder: ' if again and not cover.over else ''}{head}"
    lines = [f"{head}{period(cover.whole)}."]
    busy = (cover.busy or {}).get(me)
    if busy and not cover.over:
        lines.append(f"You are on call for {busy} then, too.")
    lines += [*_taken(cover, me), *_left(cover), *_ending(cover, me)]
    buttons = [] if cover.over else [_answers(cover, me, slot_id)]
    return _message(lines, buttons)


def _ending(cover: Cover, me: str) -> Iterable[str]:
    if cover.over == WITHDRAWN:
        yield f"{text.mention(cover.asker)} no longer asks for it."
    elif cover.over == EXPIRED:
        yield LATE
    elif me in cover.declined and not cover.over:
        yield "You said no."


def _answers(cover: Cover, me: str, slot_id: str) -> Block:
    took = any(by == me for by, _ in cover.taken)
    label = "Take the rest" if cover.taken else "Take it"
    elements = [
        messages.button(label, f"cover take {cover.id}", style="primary"),
        messages.button("Take part of it", f"cover part {cover.id}", nth=2),
    ]
    if not took and me not in cover.declined:
        elements.append(messages.button("Not me", f"cover decline {cover.id}", nth=3))
    return ActionsBlock(block_id=f"reminder show {slot_id}#0", elements=elements)


def state(cover: Cover, slot_id: str) -> Message:
    """Show who asked how it stands."""
    lines = [f"You asked for cover: {cover.place}, {period(cover.whole)}."]
    lines += [*_taken(cover), *_left(cover), *_tally(cover)]
    if cover.over == TAKEN:
        lines.append("All of it is covered.")
    elif cover.over == WITHDRAWN:
        lines.append("You withdrew it.")
    elif cover.over == EXPIRED:
        lines.append(LATE)
    buttons: list[Block] = []
    if not cover.over:
        withdraw = messages.button("Withdraw", f"cover withdraw {cover.id}")
        block_id = f"reminder show {slot_id}#0"
        buttons.append(ActionsBlock(block_id=block_id, elements=[withdraw]))
    return _message(lines, buttons)


def _tally(cover: Cover) -> Iterable[str]:
    takers = {by for by, _ in cover.taken}
    everybody = len({*takers, *cover.declined, *cover.silent})
    parts = [f"Asked {everybody}"]
    if cover.declined:
        parts.append(f"{len(cover.declined)} declined ({_people(cover.declined)})")
    if cover.silent:
        parts.append(f"no answer from {_people(cover.silent)}")
    yield f"{', '.join(parts)}."


def _people(ids: Sequence[str]) -> str:
    return text.listed([text.mention(id_) for id_ in ids])


def over(cover: Cover) -> Message:
    """Tell who asked that the time is over, and what they can do."""
    left = text.listed([period(span) for span in cover.left])
    lines = [f"Nobody took {cover.place} {left}: you are still on call."]
    return nobody(cover, lines)


def nobody(cover: Cover, lines: list[str]) -> Message:
    """Tell who asked that nobody takes it, and what they can do."""
    if cover.silent:
        lines.append(f"No answer from {_people(cover.silent)}.")
    if cover.declined:
        lines.append(f"{_people(cover.declined)} said no.")
    steps = [
        ("Ask again", f"cover again {cover.id}"),
        ("Override", f"override {cover.schedule_id}"),
        ("Page", "page"),
    ]
    return _message(lines, [messages.buttons(steps)])


def _message(lines: Sequence[str], more: Sequence[Block]) -> Message:
    words = "\n".join(lines)
    return Message(text.unformatted(words), [messages.section(words), *more])


def form(
    shifts: Sequence[Choosable], start: datetime | None, end: datetime | None
) -> Form:
    """Ask for which shift, or which hours of it, cover is asked."""
    whole = "The whole shift, if empty."
    fields: list[Field | Note] = [
        Choice(name="shift", label="Your shift", options=shifts, value=shifts[0].value),
        Moment(name="start_at", label="From", value=start, optional=True, hint=whole),
        Moment(name="end_at", label="Until", value=end, optional=True, hint=whole),
        Note(
            "Your colleagues of this schedule are asked by direct message.", small=True
        ),
    ]
    return Form(ASK, "Ask for cover", fields, "Ask")


def part(cover: Cover) -> Form:
    """Ask a colleague which hours they can take."""
    span = cover.left[0]
    left = text.listed([period(one) for one in cover.left])
    fields: list[Field | Note] = [
        Note(f"{cover.place}, open {left}."),
        Moment(name="start_at", label="From", value=span.start),
        Moment(name="end_at", label="Until", value=span.end),
    ]
    return Form(TAKE, "Take part of it", fields, "Take it", memory={"cover": cover.id})
