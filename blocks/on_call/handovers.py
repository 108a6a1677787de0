"""The brief for a handover: people, live incidents and open escalations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from blocks.kit import escalations, messages, people, text
from blocks.kit import incidents as cards
from blocks.kit.messages import Message
from blocks.kit.on_call import NOBODY, sections, warn_on_call
from blocks.kit.people import person
from blocks.on_call.shift_notices import title, until

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from incidentio import Escalation, Incident
    from incidentio.on_call.rota import Rota
    from incidentio.on_call.shifts import Shift

MOST_LAYERS = 20
MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Brief:
    """What a message about a handover is drawn from.

    ``at`` is the moment of the handover. None: there is no handover, somebody asked for
    the message. ``incidents`` and ``escalations`` are None if they could not be read.
    """

    rota: Rota
    at: datetime | None
    now: datetime
    incidents: Sequence[Incident] | None
    escalations: Sequence[Escalation] | None


def message(brief: Brief) -> Message:
    layers = [*_layers(brief)]
    left = len(layers) - MOST_LAYERS
    more = [f"and {left} more"] if left > 0 else []
    at = brief.at or brief.now
    gone = warn_on_call((s.user for s in brief.rota.at(at)), "then")
    who = [_headline(brief), *layers[:MOST_LAYERS], *more, *gone]
    lines = [*who, *_incidents(brief), *_escalations(brief)]
    blocks = [*sections(lines), messages.buttons(_steps(brief))]
    return Message(text.unformatted("\n".join(who)), blocks)


def _headline(brief: Brief) -> str:
    what = title(brief.rota)
    if brief.at is None:
        return f"{what}: on call now" if brief.rota.at(brief.now) else _nobody(what)
    if brief.at > brief.now:
        return f"{what} is handed over {text.when(brief.at)}"
    return f"{what} is handed over"


def _nobody(what: str) -> str:
    return f"{what}: {NOBODY}"


def _layers(brief: Brief) -> Iterator[str]:
    rota = brief.rota
    if brief.at is None:
        for shift in rota.at(brief.now):
            yield f"• {_layer(rota, shift)}{person(shift.user)} {_lasts(shift)}"
        return
    coming = rota.starting(brief.at)
    for shift in coming:
        yield f"• {_layer(rota, shift)}{_comes(rota, shift)}"
    filled = {shift.layer for shift in coming}
    for shift in rota.ending(brief.at):
        if shift.layer not in filled:
            yield f"• {_layer(rota, shift)}nobody, after {person(shift.user)}"


def _comes(rota: Rota, shift: Shift) -> str:
    comes = f"{person(shift.user)} {_lasts(shift)}"
    before = rota.before(shift)
    if before is None:
        return comes
    if before.end == shift.start:
        return f"{comes}, after {person(before.user)}"
    return f"{comes}, after {person(before.user)} until {text.when(before.end)}"


def _lasts(shift: Shift) -> str:
    return until(shift) if shift.goes_on else f"until {text.when(shift.end)}"


def _layer(rota: Rota, shift: Shift) -> str:
    name = rota.layer_name(shift)
    return f"{text.bold(name)}: " if name else ""


def _incidents(brief: Brief) -> Iterator[str]:
    if brief.incidents is None:
        yield "incident.io did not answer, so live incidents are not shown."
    elif not brief.incidents:
        yield "No live incidents."
    else:
        yield f"*{text.count(len(brief.incidents), 'live incident')}*"
    for incident in (brief.incidents or ())[:MOST_SHOWN]:
        facts = [cards.severity(incident), _lead(incident)]
        yield f"• {' · '.join([cards.title(incident), *facts])}"
    yield from _more(brief.incidents)


def _lead(incident: Incident) -> str:
    """Return the lead's name: only people of the handover are mentioned."""
    lead = incident.lead
    return f"lead {text.inline(lead.name, 80)}" if lead else "no lead"


def _escalations(brief: Brief) -> Iterator[str]:
    if brief.escalations:
        yield f"*{text.count(len(brief.escalations), 'open escalation')}*"
    for escalation in (brief.escalations or ())[:MOST_SHOWN]:
        facts = [
            escalations.state(escalation.status),
            people.people(escalation.notified),
        ]
        title_ = text.inline(escalation.title, 150)
        yield f"• {' · '.join([title_, *facts])}"
    yield from _more(brief.escalations)


def _more(found: Sequence[object] | None) -> Iterator[str]:
    left = len(found or ()) - MOST_SHOWN
    if left > 0:
        yield f"and {left} more"


def _steps(brief: Brief) -> list[tuple[str, str]]:
    steps = [("On call", f"oncall {brief.rota.id}")]
    if brief.incidents:
        steps.append(("Incidents", "incidents"))
    if brief.escalations:
        steps.append(("Escalations", "escalations"))
    return [*steps, ("Override", f"override {brief.rota.id}")]
