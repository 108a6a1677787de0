"""The form that edits an incident: everything of it that a form can show and change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from blocks.incidents.change_forms import NOTIFY
from blocks.incidents.properties import Item, digest
from blocks.kit import incidents as cards
from blocks.kit import text
from blocks.kit.fields import Field, Ticks, Value
from blocks.kit.form import Form, Note
from incidentio.models import Incident

FORM = "incident.edit"
MOST = 85
"""Items in one form: Slack takes 100 blocks, and notes need some."""


def key(name: str) -> str:
    """Shorten a field's name: a form remembers at most 3,000 characters."""
    return digest(name, 6)


def remembered(shown: Iterable[Item]) -> dict[str, str]:
    """What the form showed, told apart without repeating it."""
    return {key(item.name): digest(item.settled) for item in shown}


def form(
    incident: Incident,
    every: Sequence[Item],
    *,
    was: Mapping[str, str] | None = None,
    typed: Mapping[str, Value] | None = None,
    overtaken: Sequence[Item] = (),
) -> Form:
    """Draw the form as the incident is now.

    Drawn again, it keeps what was ``typed``; where that is ``overtaken`` by what
    somebody else set meanwhile, theirs is said above it. ``was`` is what it showed.
    """
    shown = [item for item in every if item.whole][:MOST]
    hidden = [item.label_words for item in every if item not in shown]
    fields: list[Field | Note] = [Note(cards.title(incident), small=True)]
    for item in shown:
        if item in overtaken:
            fields.append(Note(_meanwhile(item)))
        fields.append(_filled(item, was or {}, typed or {}))
    if incident.slack_channel_id:
        fields.append(
            Ticks(name="notify", label="Notify", options=[NOTIFY], values=["channel"])
        )
    if hidden:
        fields.append(Note(_elsewhere(incident, hidden), small=True))
    return Form(
        id=FORM,
        title=f"Edit {incident.reference}",
        fields=fields,
        memory={"incident": incident.id, "was": remembered(shown)},
    )


def _filled(item: Item, was: Mapping[str, str], typed: Mapping[str, Value]) -> Field:
    """Fill in what was typed; else show what somebody else set, in place of before."""
    field = item.field
    if item.name in typed:
        value = typed[item.name]
        name = "values" if isinstance(value, tuple) else "value"
        filled: dict[str, Any] = {name: value}
        return replace(field, **filled)
    now = digest(item.settled)
    if was.get(key(item.name), now) != now:
        return replace(field, fresh=now)
    return field


def _meanwhile(item: Item) -> str:
    return (
        f"Somebody changed *{item.label_words}* meanwhile: it is {item.words} now. "
        "Save again to replace that with what is below."
    )


def _elsewhere(incident: Incident, labels: Sequence[str]) -> str:
    where = "incident.io"
    if incident.permalink:
        where = text.link(incident.permalink, where)
    names = text.listed(list(labels))
    return f"Not in this form, and left as they are: {names}. Change them in {where}."
