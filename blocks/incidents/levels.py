"""The severities, statuses and types an organisation has, listed."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from blocks.kit import incidents as cards
from blocks.kit import messages, text
from incidentio import Incident, IncidentType, Severity, Status

DESCRIPTION = 300

_CATEGORY = {
    "live": "active",
    "learning": "post-incident",
}
"""The names of categories on incident.io's own pages, where they differ."""


def severities(levels: Sequence[Severity], here: Incident | None) -> list[Block]:
    current = here.severity.id if here and here.severity else None
    lines = [
        _line(
            s.name,
            f"rank {s.rank}",
            s.description,
            current=s.id == current,
            mark=cards.severity_mark(s),
        )
        for s in levels
    ]
    return _listing("Severities", lines, _change("severity", here))


def statuses(levels: Sequence[Status], here: Incident | None) -> list[Block]:
    current = here.incident_status.id if here else None
    lines = [
        _line(
            s.name,
            _CATEGORY.get(s.category, s.category),
            s.description,
            current=s.id == current,
            mark=cards.CATEGORY.get(s.category, "▫️"),
        )
        for s in levels
    ]
    return _listing("Statuses", lines, _change("status", here))


def types(kinds: Sequence[IncidentType], here: Incident | None) -> list[Block]:
    current = here.incident_type.id if here and here.incident_type else None
    lines = [
        _line(t.name, _traits(t), t.description, current=t.id == current) for t in kinds
    ]
    return _listing("Incident types", lines, [])


def _traits(kind: IncidentType) -> str:
    traits = {
        "default": kind.is_default,
        "always private": kind.private_incidents_only,
        "starts in triage": kind.create_in_triage == "always",
    }
    return ", ".join(trait for trait, has in traits.items() if has)


def _line(
    name: str, trait: str, description: str, *, current: bool, mark: str = ""
) -> str:
    first = f"{mark} {text.bold(name)}".strip()
    facts = [first, text.inline(trait) if trait else "", "_now_" if current else ""]
    words = " · ".join(fact for fact in facts if fact)
    if description.strip():
        words = f"{words}\n{text.inline(description, DESCRIPTION)}"
    return words


def _change(verb: str, here: Incident | None) -> list[Block]:
    if here is None:
        return []
    line = f"{verb} {here.reference}"
    return [messages.buttons([(f"Change {verb} of {here.reference}", line)])]


def _listing(heading: str, lines: Sequence[str], more: Sequence[Block]) -> list[Block]:
    blocks: list[Block] = [messages.section(text.bold(heading))]
    blocks += [messages.section(line) for line in lines]
    if not lines:
        blocks.append(messages.section("None are set up in incident.io."))
    return [*blocks, *more]
