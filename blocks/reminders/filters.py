"""The fields of the form for a reminder that say which items it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blocks.kit.fields import (
    MOST_OPTIONS,
    Choices,
    Choosable,
    Field,
    Number,
    People,
    Ticks,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from blocks.reminders.form import Draft, Offer

UNOWNED, OVERDUE = "nobody", "overdue"
TEAMS, LABELS = "teams", "labels"
"""Also where more of them are found than a menu holds, and labels at all."""


def fields(draft: Draft, offer: Offer) -> Iterable[Field]:
    yield from _chosen(
        "severities", "Only of these severities", offer.severities, draft.severities
    )
    yield from _chosen("types", "Only of these types", offer.types, draft.types)
    yield from _chosen(
        "priorities",
        "Only follow-ups of these priorities",
        offer.priorities,
        draft.priorities,
    )
    yield from _chosen(
        TEAMS, "Only follow-ups of these teams", offer.teams, draft.teams
    )
    yield Choices(
        name=LABELS,
        label="Only follow-ups with one of these labels",
        options=[Choosable(label, label) for label in draft.labels],
        values=draft.labels,
        source=LABELS,
        optional=True,
    )
    yield People(
        name="owners", label="Only owned by", values=draft.owners, optional=True
    )
    yield _tick("unowned", "Without an owner", "Those that nobody owns", UNOWNED, draft)
    yield Number(
        name="age",
        label="Only older than this many days",
        value=draft.age,
        decimal=False,
        least="0",
        most="3650",
        optional=True,
    )
    yield _tick("overdue", "Late", "Only follow-ups past their target", OVERDUE, draft)


def _chosen(
    name: str, label: str, offered: Sequence[Choosable], values: Sequence[str]
) -> Iterable[Field]:
    if offered:
        yield Choices(
            name=name,
            label=label,
            options=offered if name == TEAMS else offered[:MOST_OPTIONS],
            values=values,
            source=TEAMS if name == TEAMS and len(offered) > MOST_OPTIONS else None,
            optional=True,
        )


def _tick(name: str, label: str, words: str, value: str, draft: Draft) -> Field:
    ticked = [value] if getattr(draft, name) else []
    return Ticks(
        name=name, label=label, options=[Choosable(words, value)], values=ticked
    )
