"""The form that edits an incident: all properties that a form can show and change."""

from __future__ import annotations

from collections.abc import Sequence

from blocks.incidents.change_forms import NOTIFY
from blocks.incidents.properties import Property
from blocks.kit import incidents as cards
from blocks.kit import text
from blocks.kit.edit import Input
from blocks.kit.fields import Field, Ticks
from blocks.kit.form import Form, Note
from incidentio import Incident

FORM = "incident.edit"
MOST = 85
"""The most blocks of inputs in one form: Slack takes 100, and notes need some."""


def shown(every: Sequence[Property]) -> list[Field]:
    """Return the inputs that can hold the present value and fit into the form."""
    found, room = [], MOST
    for field in (one.field for one in every if one.fits):
        room -= len(field.draw())
        if room >= 0:
            found.append(field)
    return found


def form(
    incident: Incident, every: Sequence[Property], inputs: Sequence[Input]
) -> Form:
    """Draw the form around ``inputs``, with a note that names what is left out.

    What people change most comes first, the rest with *More*.
    """
    names = {field.name for field in shown(every)}
    hidden = [p.field.label_text for p in every if p.field.name not in names]
    fields: list[Input] = [Note(cards.title(incident), small=True), *inputs]
    if incident.slack_channel_id:
        fields.append(
            Ticks(name="notify", label="Notify", options=[NOTIFY], value=["channel"])
        )
    if hidden:
        fields.append(Note(_elsewhere(incident, hidden), small=True))
    return Form(
        id=FORM,
        title=f"Edit {incident.reference}",
        fields=fields,
        memory={"incident": incident.id},
        later=[p.field.name for p in every if not p.usual],
        rest="the other roles, custom fields, times and the call",
    )


def _elsewhere(incident: Incident, labels: Sequence[str]) -> str:
    where = "incident.io"
    if incident.permalink:
        where = text.link(incident.permalink, where)
    names = text.listed(list(labels))
    return f"Not editable here, and kept as they are: {names}. Change them in {where}."
