"""``incident edit``: change what an incident says about itself.

Only what was changed in the form is sent. What somebody else changed meanwhile is never
overwritten unseen: the form is shown again, with theirs beside what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from blocks.incidents import edit as view
from blocks.incidents import properties as things
from blocks.incidents.declare import CUSTOM
from blocks.incidents.properties import Item, settled
from blocks.kit import text
from blocks.kit.fields import Value
from handlers.core.announce import announced, by, ref
from handlers.core.arguments.people import known, no_account, plainly
from handlers.core.command import Modal, Reply
from handlers.core.context import Context
from handlers.core.locks import turn
from handlers.core.problems import FieldErrors, Refusal
from handlers.incidents.declare import entries
from handlers.incidents.show import group
from incidentio.errors import Invalid
from incidentio.models import Incident, User

FAILS = "The incident was not changed"
LISTS = {
    things.ROLE: "incident_role_assignments",
    CUSTOM: "custom_field_entries",
    things.TIME: "incident_timestamp_values",
}
"""What the API calls the lists that these fields go in."""

Values = Mapping[str, Value]


@group.command("incident edit", fails=FAILS)
def edit(ctx: Context, incident: Incident) -> Modal:
    """Edit an incident in a form: name, summary, people, fields and times."""
    return Modal(view.form(incident, _items(ctx, incident)))


@group.submitted(view.FORM, fails=FAILS)
def submitted(
    ctx: Context, *, notify: tuple[str, ...] = (), **values: Value
) -> Reply | Modal:
    with turn(ctx.memory["incident"]):
        return _edited(ctx, values, notify=bool(notify))


def _edited(ctx: Context, values: Values, *, notify: bool) -> Reply | Modal:
    incident = ctx.directory.incident(ctx.memory["incident"])
    every = _items(ctx, incident)
    was: dict[str, str] = ctx.memory["was"]
    changed = _changed(every, values, was)
    accounts = _accounts(ctx, changed, values)
    differing = [i for i in changed if i.settled != settled(i.field, values[i.name])]
    overtaken = [i for i in differing if was[view.key(i.name)] != _digest(i)]
    if overtaken:
        typed = {item.name: values[item.name] for item in changed}
        again = view.form(incident, every, was=was, typed=typed, overtaken=overtaken)
        return Modal(again)
    due = changed if ctx.attempt > 1 else differing
    if not due:
        return Reply(f"{ref(incident)} was left as it is: nothing was changed.")
    ctx.notes.on_incident(incident)
    for item in due:
        ctx.notes.change(item.label, plainly(ctx, item.words), values[item.name])
    after = _items(ctx, _send(ctx, incident, due, values, accounts, notify=notify))
    ctx.catalog.forget("live_incidents")
    became = {item.name: item for item in after}
    for item in due:
        ctx.notes.change(
            item.label, plainly(ctx, item.words), plainly(ctx, became[item.name].words)
        )
    words = _said(ctx, incident, due, values, after)
    return announced(ctx, incident, words, notify=notify)


def _plainly(item: Item) -> str:
    """Give a value as the audit keeps it: without mrkdwn."""
    return text.unescape(text.unformatted(item.words))


def _items(ctx: Context, incident: Incident) -> list[Item]:
    catalog = ctx.catalog
    live = things.Configuration(
        roles=catalog.roles(),
        custom_fields=catalog.custom_fields(),
        timestamps=catalog.timestamps(),
    )
    return things.items(incident, live)


def _digest(item: Item) -> str:
    return things.digest(item.settled)


def _changed(
    every: Sequence[Item], values: Values, was: Mapping[str, str]
) -> list[Item]:
    """Find what the person changed, whatever became of it meanwhile."""
    known = {item.name: item for item in every}
    errors = {}
    changed = []
    for name, value in values.items():
        item = known.get(name)
        if item is None:
            errors[name] = "This was deleted in incident.io meanwhile. Leave it."
        elif was.get(view.key(name)) == things.digest(settled(item.field, value)):
            continue
        elif problem := _unfit(item, value):
            errors[name] = problem
        else:
            changed.append(item)
    if errors:
        raise FieldErrors(errors)
    return changed


def _unfit(item: Item, value: Value) -> str | None:
    if value is None and not item.field.optional:
        return f"{item.label} cannot be empty."
    if not things.is_offered(item.field, value):
        return "That option was deleted. Choose another."
    return None


def _accounts(
    ctx: Context, changed: Sequence[Item], values: Values
) -> dict[str, User | None]:
    """Find the accounts of those who are to have roles, by field name."""
    chosen = {
        item.name: str(values[item.name])
        for item in changed
        if item.name.startswith(things.ROLE) and values[item.name]
    }
    found = {name: known(ctx, slack_id) for name, slack_id in chosen.items()}
    missing = {
        name: no_account(ctx, chosen[name])
        for name, user in found.items()
        if user is None
    }
    if missing:
        raise FieldErrors(missing)
    return found


def _send(
    ctx: Context,
    incident: Incident,
    due: Sequence[Item],
    values: Values,
    accounts: Mapping[str, User | None],
    *,
    notify: bool,
) -> Incident:
    changes: dict[str, Any] = {}
    for item in due:
        prefix, mark, id_ = item.name.partition(":")
        value = values[item.name]
        if not mark:
            changes[item.name] = value
            continue
        name = LISTS[f"{prefix}:"]
        entry = _entry(ctx, f"{prefix}:", id_, value, accounts.get(item.name))
        changes.setdefault(name, []).append(entry)
    try:
        return ctx.api.incidents.edit(
            incident.id, notify_incident_channel=notify, **changes
        )
    except Invalid as error:
        if beside := _beside(error, due):
            raise FieldErrors(beside) from error
        raise


def _entry(
    ctx: Context, prefix: str, id_: str, value: Value, account: User | None
) -> Mapping[str, Any]:
    """Write one value as its list in the API takes it; empty ones clear."""
    if prefix == things.ROLE:
        assignee = {"id": account.id} if account else None
        return {"incident_role_id": id_, "assignee": assignee}
    if prefix == things.TIME:
        return {"incident_timestamp_id": id_, "value": value}
    set_ = entries(ctx.catalog.custom_fields(), {f"{CUSTOM}{id_}": value})
    return set_[0] if set_ else {"custom_field_id": id_, "values": []}


def _beside(error: Invalid, due: Sequence[Item]) -> dict[str, str]:
    """Find the fields that a refusal is about, by where it points in the request.

    Empty unless each of its problems has one: then it is explained as a whole.
    """
    errors = {}
    for problem in error.problems:
        found = re.search(r"([a-z_]+)/(\d+)(?:/|$)", problem.pointer or "")
        prefix = next((p for p, n in LISTS.items() if found and n == found[1]), None)
        if not found or not prefix:
            return {}
        names = [item.name for item in due if item.name.startswith(prefix)]
        if int(found[2]) >= len(names):
            return {}
        errors[names[int(found[2])]] = f"incident.io says: {problem.message}"
    return errors


def _said(
    ctx: Context,
    incident: Incident,
    due: Sequence[Item],
    values: Values,
    after: Sequence[Item],
) -> str:
    """Say old → new for each field, and plainly what was not applied."""
    now = {item.name: item for item in after}
    done, left = [], []
    for item in due:
        new = now[item.name]
        if new.settled == settled(item.field, values[item.name]):
            before = f"{item.words} → " if item.settled != new.settled else ""
            done.append(f"• {item.label_words}: {before}{new.words}")
        else:
            left.append(
                f"• {item.label_words} was not applied: it is still {new.words}."
            )
    if not done:
        answered = "incident.io answered, but left it as it was."
        raise Refusal(
            "\n".join([f"{ref(incident)} was not changed. {answered}", *left])
        )
    return "\n".join([f"{ref(incident)} was edited {by(ctx)}.", *done, *left])
