"""The form that sets a ladder, and the preview before it is turned on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from blocks.kit import text
from blocks.kit.fields import (
    TEAMS,
    ChannelField,
    Choice,
    Choices,
    Choosable,
    Field,
    Number,
    PersonPicker,
)
from blocks.kit.form import Form, Note

EDIT = "ladder.edit"
SCOPE = "scope"
HERE, ORGANISATION = "here", "organisation"
SCOPES = {
    HERE: Choosable("Of this channel", HERE),
    ORGANISATION: Choosable("Of the whole organisation", ORGANISATION),
}
LONGEST = 365
STEPS = ("owner", "lead", "channel", "person")
LABELS = {
    "owner": "the owner",
    "lead": "the incident's lead",
    "channel": "a channel",
    "person": "a person",
}
ABOUT = (
    "Each step is taken once, this many working days after the target has passed, and "
    "only while nothing happens on the follow-up. Empty steps are left out."
)
PRIVATE = (
    "Follow-ups of private incidents are not shown here. Only their owner, their "
    "incident's lead and its own channel hear about them."
)
MOST_RECIPIENTS = 30


@dataclass(frozen=True, slots=True)
class LadderDraft:
    """The contents of the form; ``days`` are the typed numbers by step."""

    scope: str
    days: Mapping[str, str]
    where: str | None = None
    """The channel of its step; None: the incident's own."""
    who: str | None = None
    teams: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class LadderOffer:
    """The options that the form offers."""

    scopes: Sequence[str]
    teams: Sequence[Choosable] = ()
    """Empty in an incident's channel, and for the ladder of the organisation."""


def days_of(step: str) -> str:
    """Return the name of the field for the days of a step."""
    return f"{step}_days"


def form(draft: LadderDraft, offer: LadderOffer, memory: Mapping[str, Any]) -> Form:
    return Form(EDIT, "Ladder", list(_fields(draft, offer)), "Preview", memory=memory)


def _fields(draft: LadderDraft, offer: LadderOffer) -> Iterator[Field | Note]:
    yield Choice(
        name=SCOPE,
        label="For which follow-ups?",
        options=[SCOPES[scope] for scope in offer.scopes],
        value=draft.scope,
        live=True,
    )
    if offer.teams:
        yield Choices(
            name="teams",
            label="Of these teams",
            options=offer.teams,
            value=draft.teams,
            source=TEAMS,
            fresh=draft.scope,
        )
    yield Note(ABOUT, small=True, name="about")
    for step in STEPS:
        yield _days(draft, step)
        yield from _whom(draft, step)


def _days(draft: LadderDraft, step: str) -> Field:
    return Number(
        name=days_of(step),
        label=f"Working days until {LABELS[step]} is told",
        value=draft.days.get(step),
        decimal=False,
        least="0",
        most=str(LONGEST),
        optional=True,
        fresh=draft.scope,
    )


def _whom(draft: LadderDraft, step: str) -> Iterator[Field]:
    if step == "channel":
        yield ChannelField(
            name="where",
            label="Which channel?",
            value=draft.where,
            hint="Leave empty for the incident's own.",
            optional=True,
            fresh=draft.scope,
        )
    elif step == "person":
        yield PersonPicker(
            name="who",
            label="Which person?",
            value=draft.who,
            optional=True,
            fresh=draft.scope,
        )


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who would be told, with the titles of the first."""

    to: str
    whom: str
    total: int
    titles: Sequence[str]


@dataclass(frozen=True, slots=True)
class LadderPreview:
    """The messages that the ladder would send if it were on."""

    at: datetime
    now: datetime
    recipients: Sequence[Recipient]
    total: int
    nobody: int = 0
    """The number of follow-ups for which no remaining step has a recipient."""


def preview(
    shown: LadderPreview, about: str, memory: Mapping[str, Any], *, submit: str | None
) -> Form:
    """Draw the preview; ``about`` describes the ladder, in mrkdwn."""
    on = submit is None
    notes = [Note(about), Note(f"*{summary(shown, on=on)}*"), *_recipients(shown)]
    if shown.nobody:
        said = text.count(shown.nobody, "follow-up")
        notes.append(Note(f"{said}: no step that is left has a recipient."))
    notes.append(Note(PRIVATE, small=True))
    close = "Cancel" if submit else "Close"
    return Form(EDIT, "Preview", notes, submit, close, memory)


def summary(shown: LadderPreview, *, on: bool) -> str:
    """Return ``If it were on, 3 owners and 1 lead would be told of 11 …``."""
    if not shown.recipients:
        told = "Nobody is" if on else "If it were on, nobody would be"
        return f"{told} told of anything yet."
    counted = [
        text.count(number, noun)
        for to, noun in (("owner", "owner"), ("lead", "lead"), ("channel", "channel"))
        if (number := sum(one.to == to for one in shown.recipients))
    ]
    counted += [text.mention(r.whom) for r in shown.recipients if r.to == "person"]
    when = "now" if shown.at <= shown.now else f"on {text.when(shown.at)}"
    what = text.count(shown.total, "follow-up")
    if on:
        return f"Told of {what} {when}: {text.listed(counted)}."
    return f"If it were on, {text.listed(counted)} would be told of {what} {when}."


def _recipients(shown: LadderPreview) -> Iterator[Note]:
    for one in shown.recipients[:MOST_RECIPIENTS]:
        at = text.channel if one.to == "channel" else text.mention
        titles = [text.inline(title, 150) for title in one.titles]
        more = one.total - len(titles)
        titles += [f"{more:,} more"] if more else []
        yield Note(f"{at(one.whom)} ({LABELS[one.to]}): {'; '.join(titles)}")
    left = len(shown.recipients) - MOST_RECIPIENTS
    if left > 0:
        yield Note(f"and {text.count(left, 'recipient')} more")
