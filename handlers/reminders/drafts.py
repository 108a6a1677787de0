"""Converts reminders between their form and what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from typing import Any, cast

from blocks.kit import fields
from blocks.kit.fields import Value, several_in, text_in
from blocks.reminders import form as view
from handlers.core.context import Context
from reminders.calendar.schedule import Recurrence
from reminders.items.filters import NOBODY, DigestOptions
from storage.rule import Rule
from storage.rules import RuleChanges

ONLY_FOLLOW_UPS = (
    "Actions have no priority, label or target. Tick follow-ups too, or take those "
    "filters out."
)
AUDITED_AS = {"item_kinds": "kinds", "recurrence": "when"}


def stored(reminder: Rule) -> view.ReminderDraft:
    """Return the draft of a stored reminder."""
    when = Recurrence.parse(reminder.recurrence or "")
    options = DigestOptions.of(reminder)
    return view.ReminderDraft(
        name=reminder.name,
        kinds=options.item_kinds,
        scope=options.incident_id or view.ALL,
        severities=options.severity_ids,
        types=options.type_ids,
        priorities=options.priority_ids,
        teams=options.team_ids,
        labels=options.labels,
        owners=[owner for owner in options.owner_ids if owner != NOBODY],
        unowned=NOBODY in options.owner_ids,
        age=str(options.min_age_days) if options.min_age_days else None,
        overdue=options.overdue,
        rhythm=when.kind,
        at=when.at or time(9, 30),
        day=str(when.day or 7) if when.kind == "weekly" else "1",
        cron=when.crontab if when.kind == "cron" else None,
        timezone=when.timezone,
    )


def read(
    values: Mapping[str, Value], base: view.ReminderDraft | None = None
) -> view.ReminderDraft:
    """Return the draft of a form; what it did not show stays as in ``base``."""
    at = values.get("at")
    found: dict[str, Any] = {
        "name": text_in(values, "name"),
        "scope": text_in(values, "scope") or view.ALL,
        **{name: several_in(values, name) for name in SEVERAL},
        "unowned": bool(values.get("unowned")),
        "age": text_in(values, "age"),
        "overdue": bool(values.get("overdue")),
        "rhythm": text_in(values, "rhythm") or "weekdays",
        "at": at if isinstance(at, time) else time(9, 30),
        "day": text_in(values, "day") or "1",
        "cron": text_in(values, "cron"),
        fields.ZONES: text_in(values, fields.ZONES) or "UTC",
    }
    shown = {name: value for name, value in found.items() if name in values}
    return replace(base or view.ReminderDraft(), **shown)


SEVERAL = ("kinds", "severities", "types", "priorities", "teams", "labels", "owners")


def fit_follow_ups(draft: view.ReminderDraft) -> bool:
    """Return whether the filters fit follow-ups only."""
    return bool(draft.priorities or draft.labels or draft.overdue)


def options(draft: view.ReminderDraft) -> DigestOptions:
    """Return the choices of the form as they are stored."""
    return DigestOptions(
        item_kinds=tuple(draft.kinds),
        incident_id=None if draft.scope == view.ALL else draft.scope,
        severity_ids=tuple(draft.severities),
        type_ids=tuple(draft.types),
        priority_ids=tuple(draft.priorities),
        owner_ids=(*draft.owners, *([NOBODY] if draft.unowned else [])),
        team_ids=tuple(draft.teams),
        labels=tuple(draft.labels),
        min_age_days=int(float(draft.age or 0)),
        overdue=draft.overdue,
    )


def before(rule: Rule, changes: RuleChanges) -> RuleChanges:
    """Return the current values of what ``changes`` would change."""
    known: RuleChanges = {
        "name": rule.name,
        "options": DigestOptions.of(rule),
        "recurrence": rule.recurrence or "",
    }
    return cast("RuleChanges", {n: value for n, value in known.items() if n in changes})


def keep_unknown(rule: Rule, changes: RuleChanges) -> None:
    """Keep the options that a later version stored, which this one does not know."""
    if "options" in changes:
        chosen = dict(changes["options"])
        changes["options"] = DigestOptions.of(rule).changed(**chosen)


def note(ctx: Context, before: RuleChanges, after: RuleChanges) -> None:
    """Note each difference for the audit."""
    old, new = _flat(before), _flat(after)
    for name in dict.fromkeys([*new, *old]):
        if (old.get(name) or None) != (new.get(name) or None):
            label = AUDITED_AS.get(name, name.replace("_", " "))
            ctx.notes.change(
                label, _audit_value(old.get(name)), _audit_value(new.get(name))
            )


def _flat(changes: RuleChanges) -> dict[str, object]:
    own = {name: value for name, value in changes.items() if name != "options"}
    options = changes.get("options")
    return {**own, **(options.model_dump() if options else {})}


def _audit_value(value: object) -> Any:
    if isinstance(value, tuple):
        return ", ".join(value)
    return "yes" if value is True else value or None
