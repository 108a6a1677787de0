"""The updates of an incident: messages and changes, by whom and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import Block

from blocks.kit import incidents as cards
from blocks.kit import messages, people, text
from incidentio import Incident, IncidentUpdate, Severity, Status

MESSAGE = 2000


@dataclass(frozen=True, slots=True)
class UpdateStep:
    """An update, and the one before it."""

    update: IncidentUpdate
    before: IncidentUpdate | None


def steps(updates: Iterable[IncidentUpdate]) -> list[UpdateStep]:
    """Pair each update with the one before it; the newest comes first."""
    newest_first = sorted(updates, key=_age)
    befores = [*newest_first[1:], None]
    return [UpdateStep(u, b) for u, b in zip(newest_first, befores, strict=False)]


def _age(update: IncidentUpdate) -> float:
    return -update.created_at.timestamp() if update.created_at else 0.0


def listing(
    incident: Incident, steps: Sequence[UpdateStep], now: datetime
) -> list[Block]:
    blocks: list[Block] = [messages.section(f"Updates of {cards.title(incident)}")]
    for step in steps:
        blocks.append(messages.section(_body(step)))
        blocks.append(messages.context(_signed(step, incident, now)))
    if not steps:
        blocks.append(messages.section("None yet."))
    line = f"update {incident.reference}"
    return [*blocks, messages.buttons([("Post update", line)])]


def _body(step: UpdateStep) -> str:
    parts = list(_changes(step))
    if step.update.merged_into_incident_id:
        parts.append("merged into another incident")
    if step.update.message:
        parts.append(text.quote(step.update.message, MESSAGE))
    return "\n".join(parts) or "Nothing was changed."


def _changes(step: UpdateStep) -> Iterable[str]:
    """Yield ``old → new`` for each change; for the first update, what it set."""
    for label, was, now in _levels(step):
        if now is None or _same(was, now):
            continue
        first = f"{text.inline(was.name)} → " if was else ""
        yield f"{label}: {first}{text.bold(now.name)}"


Level = Severity | Status | None


def _levels(step: UpdateStep) -> tuple[tuple[str, Level, Level], ...]:
    new, old = step.update, step.before
    return (
        ("Severity", old.new_severity if old else None, new.new_severity),
        ("Status", old.new_incident_status if old else None, new.new_incident_status),
    )


def _same(was: Level, now: Level) -> bool:
    return was is not None and now is not None and was.id == now.id


def _signed(step: UpdateStep, incident: Incident, now: datetime) -> str:
    """Return who and when, what did not change, and a link to a longer message."""
    update = step.update
    parts = [people.actor(update.updater)]
    if at := update.created_at:
        parts.append(f"{text.when(at)} ({text.ago(at, now)})")
    parts += [
        f"{label.lower()} still {text.inline(level.name)}"
        for label, was, level in _levels(step)
        if level is not None and _same(was, level)
    ]
    if len(update.message or "") > MESSAGE and incident.permalink:
        parts.append(text.link(incident.permalink, "Read all of it in incident.io"))
    return " · ".join(parts)
