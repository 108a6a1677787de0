"""What happened in an incident since somebody last looked, grouped by kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from slack_sdk.models.blocks import Block

from blocks.kit import incidents as cards
from blocks.kit import messages, people, text
from blocks.kit.on_call import sections
from incidentio import Actor, Incident, Severity, Status
from incidentio.activity_log import (
    ActivityContent,
    ActivityEntry,
    ItemActivity,
    MergeActivity,
    PageActivity,
    StateActivity,
)
from incidentio.timeline_items import TimelineItem

FEW, MANY = 5, 25
"""The most lines of a group: usually, and where everything is asked for."""
MOST_STEPS = 4
MESSAGE = 500
TITLE = 150

SKEW = timedelta(seconds=2)
"""The greatest difference expected between incident.io's clock and ours."""

ACTION = ("action_created", "action_updated")
FOLLOW_UP = ("follow_up_created", "follow_up_updated")

ITEM = {
    "completed": "done",
    "outstanding": "reopened",
    "not_doing": "will not be done",
    "deleted": "deleted",
}
"""Words for the status of an action or a follow-up."""


@dataclass(frozen=True, slots=True)
class Write:
    """Something that a person did through the bot, which incident.io does not know."""

    by: str
    """Their Slack id."""
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class CatchUp:
    """What is to be told of an incident; entries and items are the oldest first."""

    incident: Incident
    entries: Sequence[ActivityEntry]
    added: Sequence[TimelineItem]
    """What people added to the timeline."""
    titles: Mapping[str, str]
    """The titles of actions and follow-ups, by their ids."""
    paths: Mapping[str, str]
    """The names of escalation paths, by their ids."""
    writes: Sequence[Write]
    """What people did through the bot in this incident."""
    since: datetime | None
    """When the person last looked. None: everything is told."""

    def signed(self, at: datetime, actor: Actor) -> str:
        """Return when and by whom something was done, as far as that is known."""
        who = people.actor(actor) if actor.user else self._writer(at) or actor.name
        return f"{text.when(at)} by {who}" if who else text.when(at)

    def _writer(self, at: datetime) -> str:
        """Mention the one person who wrote through the bot's key then, if any."""
        near = (w for w in self.writes if w.start - SKEW <= at <= w.end + SKEW)
        found = {write.by for write in near}
        return text.mention(found.pop()) if len(found) == 1 else ""


@dataclass(frozen=True, slots=True)
class Group:
    """What is told of one kind; ``noun`` and ``nouns`` are what it counts."""

    name: str
    lines: Sequence[str]
    noun: str
    nouns: str | None = None


def groups(told: CatchUp) -> list[Group]:
    """Return the groups that have any lines, which are mrkdwn."""
    found = [
        Group("State", [*_state(told)], "change"),
        Group("Updates", [*_updates(told)], "update"),
        Group("Roles", [*_roles(told)], "role"),
        Group("Actions", [*_items(told, *ACTION)], "action"),
        Group("Follow-ups", [*_items(told, *FOLLOW_UP)], "follow-up"),
        Group("Pages", [*_pages(told)], "page"),
        Group("Added to the timeline", [*_added(told)], "entry", "entries"),
        Group("Also", [*_others(told)], "other event"),
    ]
    return [group for group in found if group.lines]


def summary(told: CatchUp, found: Sequence[Group], now: datetime) -> str:
    """Return it in a line, for notifications and screen readers."""
    counted = [text.count(len(group.lines), group.noun, group.nouns) for group in found]
    what = text.listed(counted) or "nothing new"
    return text.unformatted(f"{told.incident.reference}, {_since(told, now)}: {what}")


def blocks(told: CatchUp, found: Sequence[Group], now: datetime) -> list[Block]:
    incident = told.incident
    state = [cards.status(incident), cards.severity(incident)]
    lead = people.person(incident.lead) if incident.lead else "no lead"
    state.append(f"lead {lead}" if incident.lead else lead)
    head = f"{cards.title(incident)}\n{' · '.join(state)}"
    most = FEW if told.since else MANY
    lines = [f"*{text.capital(_since(told, now))}*"]
    for group in found:
        left = len(group.lines) - most
        lines += [f"\n*{group.name}*", *group.lines[:most], *_cut(incident, left)]
    if not found:
        lines.append("Nothing new.")
    return [messages.section(head), *sections(lines), _steps(told)]


def _since(told: CatchUp, now: datetime) -> str:
    if told.since:
        at, since = told.since, "since you last looked"
    else:
        at, since = told.incident.created_at or now, "since it was declared"
    return f"{since}, {text.when(at)} ({text.ago(at, now)})"


def _cut(incident: Incident, left: int) -> list[str]:
    if left <= 0:
        return []
    words = f"and {left} more"
    return [text.link(incident.permalink, words) if incident.permalink else words]


def _steps(told: CatchUp) -> Block:
    reference = told.incident.reference
    whole = [("Show all", f"catchup {reference} all")] if told.since else []
    return messages.buttons([*whole, ("Timeline", f"timeline {reference}")])


def _changes(
    entries: Iterable[ActivityEntry],
) -> Iterator[tuple[ActivityEntry, StateActivity]]:
    for entry in entries:
        content = entry.content
        if state := content.incident_update or content.status_change:
            yield entry, state


def _state(told: CatchUp) -> Iterator[str]:
    """Yield how severity, status, name and summary changed, from first to last."""
    severity, status = Steps(), Steps()
    for entry, state in _changes(told.entries):
        signed = told.signed(entry.occurred_at, state.updater)
        unset = "no severity" if state.previous_status else None
        was, now = _severity(state.previous_severity), _severity(state.new_severity)
        severity.add(was or unset, now, signed)
        status.add(_status(state.previous_status), _status(state.new_status), signed)
    yield from severity.line("Severity")
    yield from status.line("Status")
    yield from _texts(told)


def _severity(severity: Severity | None) -> str | None:
    return cards.severity_name(severity) if severity else None


def _status(status: Status | None) -> str | None:
    if status is None:
        return None
    mark = cards.CATEGORY.get(status.category, "▫️")
    return f"{mark} {text.inline(status.name)}"


def _texts(told: CatchUp) -> Iterator[str]:
    name, summaries = Steps(), []
    for entry in told.entries:
        if renamed := entry.content.incident_rename:
            signed = told.signed(entry.occurred_at, renamed.updater)
            name.add(_name(renamed.previous_name), _name(renamed.new_name), signed)
        if rewritten := entry.content.summary_update:
            signed = told.signed(entry.occurred_at, rewritten.updater)
            quoted = text.quote(rewritten.new_summary or "", MESSAGE)
            summaries.append(f"*Summary*: rewritten, {signed}\n{quoted}".rstrip())
    yield from name.line("Name")
    yield from summaries[-1:]


def _name(name: str | None) -> str | None:
    return text.inline(name, TITLE) if name else None


class Steps:
    """The values that one property went through."""

    def __init__(self) -> None:
        self._values: list[str] = []
        self._signed = ""

    def add(self, before: str | None, after: str | None, signed: str) -> None:
        """Note a change; the same change may be told by two entries."""
        if after is None or after in {before, *self._values[-1:]}:
            return
        self._values += [before] if before and not self._values else []
        self._values.append(after)
        self._signed = signed

    def line(self, label: str) -> Iterator[str]:
        """Yield ``Severity: Minor → Major``, and when and by whom; if it changed."""
        values = self._values
        if len(values) > MOST_STEPS:
            values = [values[0], "…", *values[2 - MOST_STEPS :]]
        if len(values) > 1:
            yield f"*{label}*: {' → '.join(values)}, {self._signed}"


def _updates(told: CatchUp) -> Iterator[str]:
    for entry, state in _changes(reversed(told.entries)):
        if state.message:
            signed = told.signed(entry.occurred_at, state.updater)
            yield f"{text.quote(state.message, MESSAGE)}\n{signed}"


def _roles(told: CatchUp) -> Iterator[str]:
    roles: dict[str, Steps] = {}
    for entry in told.entries:
        given = entry.content.role_update
        if given and given.role:
            steps = roles.setdefault(given.role.name, Steps())
            who = (
                people.person(given.previous_assignee),
                people.person(given.new_assignee),
            )
            steps.add(*who, told.signed(entry.occurred_at, given.updater))
    for name, steps in roles.items():
        yield from steps.line(text.inline(name))


def _items(told: CatchUp, *types: str) -> Iterator[str]:
    """Yield the newest state of each item that was added or changed."""
    seen: set[str] = set()
    for entry in reversed(told.entries):
        item: ItemActivity | None = next(
            (found for type_ in types if (found := getattr(entry.content, type_))), None
        )
        if item is None or item.item_id in seen:
            continue
        seen.add(item.item_id)
        title = text.inline(told.titles.get(item.item_id) or entry.title, TITLE)
        is_new = entry.type == types[0]
        actor = item.actor if is_new else item.updater
        words = "added" if is_new else _item(item)
        yield f"• {title}: {words}, {told.signed(entry.occurred_at, actor)}"


def _item(item: ItemActivity) -> str:
    if item.new_status:
        return ITEM.get(item.new_status, text.inline(item.new_status))
    if item.new_assignee:
        return f"assigned to {people.person(item.new_assignee)}"
    return "unassigned" if item.previous_assignee else "changed"


def _pages(told: CatchUp) -> Iterator[str]:
    for entry in reversed(told.entries):
        content, at = entry.content, entry.occurred_at
        if page := content.escalation_created:
            yield f"• {_paged(told, page)}, {told.signed(at, page.creator)}"
        elif page := content.escalation_acknowledged:
            by = Actor(user=page.acknowledger)
            yield f"• Acknowledged, {told.signed(at, by)}"


def _paged(told: CatchUp, page: PageActivity) -> str:
    path = told.paths.get(page.escalation_path_id or "")
    who = people.people(page.escalated_to_users) if page.escalated_to_users else ""
    by = f" by {text.inline(path)}" if path else ""
    return f"Paged {who or 'somebody'}{by}"


def _added(told: CatchUp) -> Iterator[str]:
    for item in reversed(told.added):
        title = text.inline(item.title, TITLE)
        yield f"• {title}, {told.signed(item.timestamp, item.creator)}"


def _others(told: CatchUp) -> Iterator[str]:
    for entry in reversed(told.entries):
        if merged := entry.content.incident_merged:
            signed = told.signed(entry.occurred_at, merged.merger)
            yield f"• {_merged(merged)}, {signed}"
        elif entry.type not in ActivityContent.model_fields:
            title = text.inline(entry.title, TITLE)
            yield f"• {title}, {text.when(entry.occurred_at)}"


def _merged(merged: MergeActivity) -> str:
    """Name the incident that was merged into this one, unless it is private."""
    source = merged.source_incident
    if source is None or source.visibility != "public":
        return f"{text.capital(cards.VEIL)} was merged into this one"
    name = text.inline(f"{source.reference} {source.name}", TITLE)
    return f"{name} was merged into this one"
