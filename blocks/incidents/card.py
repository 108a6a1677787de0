"""The list of incidents, the card of one, and the announcement of a new one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    HeaderBlock,
    PlainTextObject,
)

from blocks.kit import messages, text
from blocks.kit.incidents import line, severity, status, title
from blocks.kit.people import actor, person
from incidentio import Actor, CustomFieldEntry, Debrief, Incident

ENDED = {"closed", "declined", "canceled", "merged"}


LINKED = 400
"""Characters of the summary below a link."""
UNSTEADY = ("last_activity_at", "updated_at", "workload_minutes_total")
"""Properties that change whenever somebody writes in the channel."""


def listing(
    incidents: Sequence[Incident], *, heading: str, now: datetime
) -> list[Block]:
    """List incidents, each with a button that shows it."""
    blocks: list[Block] = [messages.section(text.bold(heading))]
    for incident in incidents:
        section = messages.section(line(incident, now))
        section.accessory = messages.button("Show", f"incident {incident.reference}")
        blocks.append(section)
    if not incidents:
        blocks += [
            messages.section("None."),
            messages.buttons([("Declare", "declare")]),
        ]
    return blocks


def linked(incident: Incident, now: datetime) -> list[Block]:
    """Draw a short card of an incident, below a link to it."""
    short = text.paragraph(incident.summary or "", LINKED)
    parts = [line(incident, now), *([short] if short else [])]
    return [messages.section("\n".join(parts))]


def pinned(incident: Incident) -> list[Block]:
    """Draw the card that stands in an incident's channel, and is edited there.

    It has neither ages nor what every message there changes, and no buttons at the end.
    """
    steady = incident.model_copy(update=dict.fromkeys(UNSTEADY))
    drawn = card(steady, None)
    if incident.incident_status.category not in ENDED:
        return drawn
    return [block for block in drawn if not isinstance(block, ActionsBlock)]


def in_short(incident: Incident) -> str:
    """Return the card in a line, for notifications and screen readers."""
    lead = f"lead {person(incident.lead)}" if incident.lead else "no lead"
    parts = [status(incident), severity(incident), lead]
    return f"{title(incident)}: {', '.join(parts)}"


def card(incident: Incident, now: datetime | None) -> list[Block]:
    """Show everything that is set on an incident, and the next likely steps.

    ``now`` None: without ages, for what is read later than it is drawn.
    """
    return [
        HeaderBlock(text=_header(incident)),
        messages.section(" · ".join(_state(incident))),
        *_summary(incident),
        *messages.columns(_facts(incident, now)),
        *messages.columns(_custom(incident.custom_field_entries)),
        *messages.columns(_times(incident)),
        *_links(incident),
        *steps(incident),
    ]


def _header(incident: Incident) -> PlainTextObject:
    lock = "🔒 " if incident.is_private else ""
    words = f"{lock}{incident.reference} {incident.name}"
    return PlainTextObject(text=text.plain(words, text.HEADER))


def _state(incident: Incident) -> Iterable[str]:
    yield f"*{status(incident)}*"
    yield f"*{severity(incident)}*"
    if incident.incident_type:
        yield text.inline(incident.incident_type.name)
    if incident.is_private:
        yield text.inline(incident.visibility)
    if incident.mode != "standard":
        yield text.inline(incident.mode)


def _summary(incident: Incident) -> list[Block]:
    if not incident.summary or not incident.summary.strip():
        return [messages.context("No summary yet.")]
    return [messages.section(text.paragraph(incident.summary))]


Facts = list[tuple[str, str]]


def _facts(incident: Incident, now: datetime | None) -> Facts:
    facts = [
        (assigned.role.name, person(assigned.assignee))
        for assigned in incident.incident_role_assignments
        if assigned.assignee
    ]
    if not incident.lead:
        facts.insert(0, ("Lead", "none yet"))
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
    parts = []
    if incident.slack_channel_id:
        parts.append(f"Channel {text.channel(incident.slack_channel_id)}")
    for label, url in (
        ("Call", incident.call_url),
        ("Post-mortem", incident.postmortem_document_url),
        ("In incident.io", incident.permalink),
    ):
        if url:
            parts.append(text.link(url, label))
    if issue := incident.external_issue_reference:
        parts.append(text.link(issue.issue_permalink, issue.issue_name))
    return [messages.context(" · ".join(parts))] if parts else []


def steps(incident: Incident) -> list[Block]:
    """Draw the buttons for the most likely next steps."""
    name = incident.reference
    if incident.incident_status.category in ENDED:
        lines = [
            ("Follow-ups", f"followups {name}"),
            ("Change status", f"status {name}"),
            ("Catch me up", f"catchup {name}"),
        ]
        return [messages.buttons(lines)]
    return [
        messages.buttons(
            [
                ("Post update", f"update {name}"),
                ("Change severity", f"severity {name}"),
                ("Change status", f"status {name}"),
                ("Edit", f"incident edit {name}"),
                ("Actions", f"actions {name}"),
                ("Follow-ups", f"followups {name}"),
                ("Catch me up", f"catchup {name}"),
            ]
        )
    ]


def declared(incident: Incident, by: str) -> str:
    """Return the announcement of a new incident; ``by`` is a Slack id."""
    words = f"{title(incident)} was declared by {text.mention(by)}."
    channel = incident.slack_channel_id
    return f"{words} Follow along in {text.channel(channel)}." if channel else words
