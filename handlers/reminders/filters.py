"""Describes a reminder's filters, and warns of things that were deleted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from blocks.kit import text
from blocks.kit.fields import MOST_OPTIONS, Choosable, HasName
from handlers.core.context import Context
from incidentio.lookup import normal
from reminders.items.filters import NOBODY, DigestOptions
from reminders.sources.snapshot import FOLLOW_UPS, KINDS
from storage.rule import Rule

RECENTLY = timedelta(minutes=1)
LONGEST_LABEL = 75
LOST = (
    "This was limited to {}. Choose another below: without, it is about more than "
    "before."
)


@dataclass(frozen=True, slots=True)
class Limit:
    """The things that one filter allows: the names, and how many were deleted."""

    noun: str
    names: Sequence[str]
    gone: int

    @property
    def lost(self) -> str:
        """``a team that was deleted``; priorities are only ever seen on follow-ups."""
        number = f"a {self.noun}" if self.gone == 1 else f"{self.gone} {self.plural}"
        was = "that was" if self.gone == 1 else "that were"
        if self.noun == "priority":
            return f"{number} that no recent follow-up has"
        return f"{number} {was} deleted"

    @property
    def plural(self) -> str:
        return {"severity": "severities", "priority": "priorities"}.get(
            self.noun, f"{self.noun}s"
        )


def describe(ctx: Context, rule: Rule) -> Iterator[str]:
    """Yield each filter in mrkdwn: ``Major or Critical``, ``older than 3 days``."""
    options = DigestOptions.of(rule)
    for limit in _limits(ctx, rule):
        names = [*map(_inline, limit.names), *([limit.lost] if limit.gone else [])]
        of = f"{limit.noun} " if limit.noun in ("type", "team") and limit.names else ""
        yield f"{of}{text.listed(names, 'or')}"
    if options.labels:
        yield f"labelled {text.listed(list(map(_inline, options.labels)), 'or')}"
    if options.min_age_days:
        yield f"older than {text.count(options.min_age_days, 'day')}"
    if options.owner_ids:
        yield f"owned by {text.listed(list(map(_owner, options.owner_ids)), 'or')}"
    if options.overdue:
        yield "overdue"


def lost_filters(ctx: Context, rule: Rule) -> list[str]:
    """Return what a reminder's filters name that was deleted, in mrkdwn."""
    lost = [limit.lost for limit in _limits(ctx, rule) if limit.gone]
    return [LOST.format(text.listed(lost))] if lost else []


def lost_warning(ctx: Context, rule: Rule) -> list[str]:
    """Return ``lost_filters`` as a warning for the list of reminders."""
    lost = [limit.lost for limit in _limits(ctx, rule) if limit.gone]
    said = f"⚠ Limited to {text.listed(lost)}: it may never find anything. Edit it."
    return [said] if lost else []


def known_labels(ctx: Context) -> list[str]:
    """Return the labels of outstanding follow-ups, sorted and unique.

    Private incidents count only if they are in progress and the person may see them.
    """
    read = ctx.services.outstanding.read
    items = read(KINDS, ctx.directory, within=RECENTLY).items[FOLLOW_UPS]
    return sorted({label for item in items for label in item.labels}, key=normal)


def suggested_labels(ctx: Context, query: str) -> list[Choosable]:
    """Return the labels that fit what was typed, and the typed words themselves."""
    wanted, typed = normal(query), query.strip()
    known = [label for label in known_labels(ctx) if wanted in normal(label)]
    new = [typed] if typed and wanted not in map(normal, known) else []
    found = [label for label in [*known, *new] if len(label) <= LONGEST_LABEL]
    return [Choosable(label, label) for label in found[-MOST_OPTIONS:]]


def _limits(ctx: Context, rule: Rule) -> Iterator[Limit]:
    options, known = DigestOptions.of(rule), ctx.catalog
    if options.severity_ids:
        yield _limit("severity", known.severities(), options.severity_ids)
    if options.type_ids:
        yield _limit("type", known.types(), options.type_ids)
    if options.priority_ids:
        yield _limit("priority", known.priorities(), options.priority_ids)
    if options.team_ids:
        yield _team(known.teams(), options.team_ids)


def _limit(noun: str, known: Iterable[HasName], ids: Collection[str]) -> Limit:
    names = [item.name for item in known if item.id in ids]
    return Limit(noun, names, max(len(ids) - len(names), 0))


def _team(known: Sequence[HasName], ids: Collection[str]) -> Limit:
    """Return the filter of teams; without any known team, none counts as deleted."""
    if not known:
        return Limit("team", ["that the API key may not name"], 0)
    return _limit("team", known, ids)


def _inline(name: str) -> str:
    return text.inline(name, 80)


def _owner(owner: str) -> str:
    return "nobody" if owner == NOBODY else text.mention(owner)
