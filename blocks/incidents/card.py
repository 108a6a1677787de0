"""The list of incidents, the card of one, and the announcement of a new one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ContainerBlock,
    HeaderBlock,
    PlainTextObject,
)

from blocks.kit import messages, tables, text
from blocks.kit.form import Form, Note
from blocks.kit.incidents import (
    line,
    severity,
    severity_mark,
    severity_name,
    status,
    status_mark,
    title,
)
from blocks.kit.newer import Newer
from blocks.kit.people import actor, person
from blocks.kit.tables import Cell
from incidentio import Actor, CustomFieldEntry, Debrief, Incident

ENDED = {"closed", "declined", "canceled", "merged"}
DETAILS = "incident.details"
MOST_FOLDED = 10
NAMED = 80
"""The most characters of a name in a table."""
LINKED = 400
"""Characters of the summary below a link."""
UNSTEADY = ("last_activity_at", "updated_at", "workload_minutes_total")
"""Properties that change whenever somebody writes in the channel."""


@dataclass(frozen=True, slots=True)
class IncidentList:
    """Incidents to list. ``page`` are those that are listed where Slack has no tables.

    ``next_page`` and ``next_rows`` turn to what follows them and what follows the
    table.
    """

    heading: str
    rows: Sequence[Incident]
    page: Sequence[Incident]
    total: str = ""
    order: str = "The worst first"
    next_page: Sequence[Block] = ()
    next_rows: Sequence[Block] = ()


def totals(incidents: Sequence[Incident]) -> str:
    """Count incidents, all and by severity, the worst first."""
    known = {i.severity.id: i.severity for i in incidents if i.severity}
    counts = Counter(i.severity.id if i.severity else "" for i in incidents)
    worst_first = sorted(known.values(), key=lambda severity: -severity.rank)
    parts = [f"{counts[s.id]} {severity_name(s)}" for s in worst_first]
    if counts[""]:
        parts.append(f"{counts['']} without severity")
    return " · ".join([f"*{len(incidents)} in all*", *parts]) if len(parts) > 1 else ""


def listing(given: IncidentList, now: datetime) -> list[Block]:
    """List incidents in a table with a menu; else each with a button that shows it."""
    blocks: list[Block] = [messages.section(text.bold(given.heading))]
    if given.total:
        blocks.append(messages.context(given.total))
    if not given.rows:
        blocks += [
            messages.section("None."),
            messages.buttons([("Declare", "declare")]),
        ]
        return blocks
    plain = [*_sections(given.page, now), *given.next_page]
    rows = given.rows[: tables.MOST_ROWS]
    lines = [(f"{i.reference} {i.name}", f"incident {i.reference}") for i in rows]
    beside = [*messages.menu("Show an incident", lines), *given.next_rows]
    return [
        *blocks,
        *tables.table(given.order, HEADER, [*map(_row, rows)], plain, beside),
    ]


HEADER = ("Incident", "Severity", "Status", "Lead", "Declared", "Channel")


def _row(incident: Incident) -> list[Cell]:
    lock = "🔒 " if incident.is_private else ""
    where = (incident.reference, incident.permalink or "")
    mark, named = "", "no severity"
    if incident.severity:
        mark, named = severity_mark(incident.severity), incident.severity.name
    return [
        Cell(text.clip(f"{lock}{incident.name}", NAMED), link=where),
        Cell(f"{mark} {named}".strip()),
        Cell(f"{status_mark(incident)} {incident.incident_status.name}"),
        tables.person(incident.lead, "no lead"),
        Cell(at=incident.created_at),
        Cell(channel=incident.slack_channel_id),
    ]


def _sections(incidents: Sequence[Incident], now: datetime) -> Iterable[Block]:
    for incident in incidents:
        section = messages.section(line(incident, now))
        section.accessory = messages.button("Show", f"incident {incident.reference}")
        yield section


def linked(incident: Incident, now: datetime) -> list[Block]:
    """Draw a short card of an incident, below a link to it."""
    short = text.paragraph(incident.summary or "", LINKED)
    parts = [line(incident, now), *([short] if short else [])]
    return [messages.section("\n".join(parts))]


def pinned(incident: Incident) -> list[Block]:
    """Draw the card that stands in an incident's channel, and is edited there.

    It has no ages, nothing that changes with every message in the channel, and no
    buttons for what has ended.
    """
    drawn = card(incident.model_copy(update=dict.fromkeys(UNSTEADY)), None)
    if incident.incident_status.category not in ENDED:
        return drawn
    return [block for block in drawn if not isinstance(block, ActionsBlock)]


def in_short(incident: Incident) -> str:
    """Return the state of an incident in a line, for notifications."""
    return f"{title(incident)}: {', '.join(_state(incident))}"


def card(
    incident: Incident, now: datetime | None, due: datetime | None = None
) -> list[Block]:
    """Show an incident: its state, summary and next steps, the rest in *Details*.

    ``now`` None: without ages, for what is read later than it is drawn. ``due``: when
    its next update is.
    """
    return [
        HeaderBlock(text=_header(incident)),
        *overview(incident, due),
        *steps(incident),
        _folded(incident, now),
    ]


def _folded(incident: Incident, now: datetime | None) -> Block:
    """Fold the details; where Slack cannot, a button opens them."""
    line = f"incident details {incident.reference}"
    button = messages.buttons([("Details", line)])
    inside = details(incident, now)
    if len(inside) > MOST_FOLDED:
        return button
    folded = ContainerBlock(
        title=text.plain("Details"),
        child_blocks=inside,
        is_collapsible=True,
        default_collapsed=True,
    )
    return Newer(folded, [button])


def overview(incident: Incident, due: datetime | None = None) -> list[Block]:
    """Draw the state, the summary, what is next, and where it is worked on."""
    return [
        messages.section(" · ".join(_state(incident))),
        *_summary(incident),
        *_next(incident, due),
        *_links(incident),
    ]


def details(incident: Incident, now: datetime | None) -> list[Block]:
    """Draw people, times, metrics and custom fields."""
    return [
        *messages.columns(_facts(incident, now)),
        *messages.columns(_custom(incident.custom_field_entries)),
        *messages.columns(_times(incident)),
    ]


def details_form(incident: Incident, now: datetime) -> Form:
    """Show the details of an incident in a modal, where Slack cannot fold them."""
    title = f"{incident.reference} details"
    shown = Note("", blocks=details(incident, now))
    return Form(DETAILS, title, [shown], submit=None, close="Close")


def _header(incident: Incident) -> PlainTextObject:
    lock = "🔒 " if incident.is_private else ""
    words = f"{lock}{incident.reference} {incident.name}"
    return PlainTextObject(text=text.plain(words, text.HEADER))


def _state(incident: Incident) -> Iterable[str]:
    yield f"*{status(incident)}*"
    yield f"*{severity(incident)}*"
    yield f"lead {person(incident.lead)}" if incident.lead else "*no lead*"


def _summary(incident: Incident) -> list[Block]:
    if not incident.summary or not incident.summary.strip():
        return [messages.context("No summary yet.")]
    return [messages.section(text.paragraph(incident.summary))]


def _next(incident: Incident, due: datetime | None) -> list[Block]:
    steps = [*_missing(incident, due)]
    if not steps:
        return []
    return [messages.section(f"*Next:* {text.listed(steps)}.")]


def _missing(incident: Incident, due: datetime | None) -> Iterable[str]:
    category = incident.incident_status.category
    if category == "triage":
        yield "accept or decline it"
    if category in ("triage", "live") and not incident.lead:
        yield "give it a lead"
    if category == "live" and not (incident.summary or "").strip():
        yield "write a summary"
    if due:
        yield f"update by {text.when(due)}"
    if category == "learning":
        yield "finish its follow-ups and close it"


Facts = list[tuple[str, str]]


def _facts(incident: Incident, now: datetime | None) -> Facts:
    facts = [
        (assigned.role.name, person(assigned.assignee))
        for assigned in incident.incident_role_assignments
        if assigned.assignee
    ]
    facts.append(_declared(incident.creator))
    if incident.created_at:
        facts.append(("Declared", _since(incident.created_at, now)))
    active = incident.last_activity_at or incident.updated_at
    if active and active != incident.created_at:
        facts.append(("Last activity", _since(active, now)))
    if incident.debriefs:
        meetings = [_meeting(debrief) for debrief in incident.debriefs]
        facts.append(("Debrief", "\n".join(meetings)))
    if incident.workload_minutes_total:
        spent = timedelta(minutes=incident.workload_minutes_total)
        facts.append(("Time spent", text.duration(spent)))
    return facts


def _declared(by: Actor) -> tuple[str, str]:
    """Return a label and who declared it; with an API key, the person is unknown."""
    if by.api_key and not by.user:
        return "Created through", f"{actor(by)} (API key)"
    return "Declared by", actor(by)


def _meeting(debrief: Debrief) -> str:
    return f"{text.when(debrief.start_at)} to {text.when(debrief.end_at, '{time}')}"


def _since(moment: datetime, now: datetime | None) -> str:
    said = text.when(moment)
    return f"{said} ({text.ago(moment, now)})" if now else said


def _custom(entries: Iterable[CustomFieldEntry]) -> Facts:
    return [
        (entry.custom_field.name, ", ".join(_values(entry)))
        for entry in entries
        if entry.values
    ]


def _values(entry: CustomFieldEntry) -> Iterable[str]:
    for value in entry.values:
        if value.value_link:
            yield text.link(value.value_link, value.value_link)
        else:
            yield text.inline(value.text)


def _times(incident: Incident) -> Facts:
    facts = [
        (value.incident_timestamp.name, text.when(value.at))
        for value in incident.incident_timestamp_values
        if value.at
    ]
    return facts + [
        (metric.duration_metric.name, _lasted(metric.value_seconds))
        for metric in incident.duration_metrics
        if metric.value_seconds is not None
    ]


def _lasted(seconds: int) -> str:
    return text.duration(timedelta(seconds=seconds))


def _links(incident: Incident) -> list[Block]:
    parts = [*_kind(incident)]
    if incident.slack_channel_id:
        parts.append(text.channel(incident.slack_channel_id))
    for label, url in (
        ("Call", incident.call_url),
        ("Post-mortem", incident.postmortem_document_url),
        ("incident.io", incident.permalink),
    ):
        if url:
            parts.append(text.link(url, label))
    if issue := incident.external_issue_reference:
        parts.append(text.link(issue.issue_permalink, issue.issue_name))
    return [messages.context(" · ".join(parts))] if parts else []


def _kind(incident: Incident) -> Iterable[str]:
    if incident.incident_type:
        yield text.inline(incident.incident_type.name)
    if incident.is_private:
        yield text.inline(incident.visibility)
    if incident.mode != "standard":
        yield text.inline(incident.mode)


def steps(incident: Incident) -> list[Block]:
    """Draw the buttons for the most likely next steps."""
    name = incident.reference
    match incident.incident_status.category:
        case category if category in ENDED:
            lines = [
                ("Follow-ups", f"followups {name}"),
                ("Reopen", f"reopen {name}"),
                ("Catch me up", f"catchup {name}"),
            ]
            return [messages.buttons(lines)]
        case "triage":
            first = [("Accept", f"accept {name}"), ("Decline", f"decline {name}")]
        case _:
            first = [("Post update", f"update {name}")]
    lines = [
        *first,
        ("Page", f"page {name}"),
        ("On call", "oncall"),
        ("Change lead" if incident.lead else "Set lead", f"lead {name}"),
        ("Roles", f"incident roles {name}"),
        ("Change severity", f"severity {name}"),
        ("Change status", f"status {name}"),
        ("Edit", f"incident edit {name}"),
        ("Actions", f"actions {name}"),
        ("Follow-ups", f"followups {name}"),
        ("Catch me up", f"catchup {name}"),
    ]
    return [messages.buttons(lines)]


def declared(incident: Incident, by: str) -> str:
    """Return the announcement of a new incident; ``by`` is a Slack id."""
    words = f"{title(incident)} was declared by {text.mention(by)}."
    channel = incident.slack_channel_id
    return f"{words} Follow along in {text.channel(channel)}." if channel else words
