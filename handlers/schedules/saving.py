"""Previews a new body of a schedule, replaces the schedule, and says what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from blocks.kit import managed, messages, text
from blocks.kit.edit import overtaken
from blocks.kit.form import Note
from blocks.kit.on_call import sections, title
from blocks.kit.rotations import handovers
from blocks.schedules import preview as view
from handlers.core.announce import by
from handlers.core.command import Reply
from handlers.core.context import Context
from handlers.core.editing import others
from handlers.core.problems import Refusal
from incidentio import Rotation, Schedule
from incidentio.merging import schedule_parts as parts
from incidentio.merging import schedules as merging
from incidentio.on_call.intervals import compare
from incidentio.on_call.layers import LayerKey
from incidentio.transport.operation import Json

WINDOW = timedelta(days=14)
DAYS = "the next two weeks"
WORDS = {
    "name": "Name",
    "timezone": "Time zone",
    "annotations": "Annotations",
    "team_ids": "Teams",
    "holidays_public_config": "Holidays shown",
    parts.REST: "Other parts",
}
REMOVED = "*Rotations*"
CONFIG = (parts.ROTATION, "config/", parts.REST)
"""The beginnings of the names of a config's parts."""


def preview(ctx: Context, schedule: Schedule, body: Json) -> Note:
    """Ask incident.io who would be on call, and compare that with who is now."""
    start, end = ctx.now, ctx.now + WINDOW
    after = ctx.api.schedules.preview(schedule.id, body, start, end).final
    before = ctx.api.schedules.list_entries(schedule.id, start, end).final
    bodies = [merging.body(schedule.raw), body]
    return view.compared(
        compare(after, before, start, end), lambda key: layer_name(key, bodies), DAYS
    )


def layer_name(key: LayerKey, bodies: Sequence[Mapping[str, Any]]) -> str:
    """Name a rotation and, where it has several, its layer."""
    rotation_id, layer_id = key
    known = {r.get("id"): r for b in bodies for r in merging.rotations(b)}
    version = known.get(rotation_id)
    if version is None:
        return "the new rotation"
    layers = version.get("layers") or []
    names = [y.get("name") for y in layers if y.get("id") == layer_id]
    layer = names[:1] if len(layers) > 1 else []
    return " · ".join(str(name) for name in [version.get("name"), *layer] if name)


def save(
    ctx: Context, schedule: Schedule, body: Json, kept: Sequence[str] = ()
) -> Reply:
    """Replace the schedule, and say which parts changed.

    ``kept`` are labels of what only somebody else changed.
    """
    before = merging.body(schedule.raw)
    ctx.notes.on("schedule", schedule.name, schedule.id)
    for name in parts.differing(before, body):
        old, new = (_value(ctx, schedule, b, name) for b in (before, body))
        ctx.notes.change(_audited(name), old, new)
    saved = ctx.api.schedules.update(schedule.id, body)
    ctx.catalog.expire("schedules")
    after = merging.body(saved.raw)
    found = parts.differing(before, after)
    if not found:
        why = "incident.io accepted the request, but changed nothing."
        raise Refusal(f"{title(saved)} was not changed: {why}", in_doubt=why)
    lines = [f"• {_difference(ctx, saved, before, after, name)}" for name in found]
    head = f"{title(saved)} was edited {by(ctx)}."
    said = "\n".join([head, *lines, *others(kept), *managed.after(saved)])
    return Reply(said, [*sections(said.split("\n")), *steps(saved)])


def steps(schedule: Schedule) -> list[Any]:
    lines = [
        ("Show", f"schedule show {schedule.id}"),
        ("Coming shifts", f"schedule entries {schedule.id}"),
    ]
    return [messages.buttons(lines)]


def elsewhere(schedule: Schedule, was: Mapping[str, str]) -> dict[str, str]:
    """Return labels in mrkdwn, by name, of the parts that changed since a form opened.

    ``was`` has the fingerprints that the form remembers.
    """
    body = merging.body(schedule.raw)
    names = parts.changed(was, body)
    if names is None:
        return {parts.ROTATION: REMOVED}
    labels = {name: _label(body, name) for name in names}
    return {n: said if "*" in said else f"*{said}*" for n, said in labels.items()}


def conflict(ctx: Context, schedule: Schedule, was: Mapping[str, str]) -> list[Note]:
    """Return notes on what somebody else changed; first, what both changed."""
    found = elsewhere(schedule, was)
    body = merging.body(schedule.raw)
    mine = [name for name in found if name.startswith(CONFIG)]
    now = {name: _value(ctx, schedule, body, name) for name in mine}
    said = [found[n] + (f" to {value}" if value else "") for n, value in now.items()]
    words = [overtaken(text.listed(said))] if said else []
    words += others([found[name] for name in found if name not in mine])
    return [Note(line) for line in words]


def _difference(
    ctx: Context, schedule: Schedule, before: Json, after: Json, name: str
) -> str:
    old, new = (_value(ctx, schedule, body, name) for body in (before, after))
    if name not in parts.parts(after):
        return f"{_label(before, name)} was removed"
    if name not in parts.parts(before):
        return f"{_label(after, name)} is new: {new or 'set'}"
    if old == new:
        return f"{_label(after, name)} was changed"
    return f"{_label(after, name)}: {old or 'nothing'} → {new or 'nothing'}"


def _label(body: Json, name: str) -> str:
    """Name a part as people know it, in mrkdwn."""
    version = parts.version_of(body, name)
    if version is None:
        return WORDS.get(name) or text.inline(name.replace("_", " "), 60)
    named = f"rotation {text.bold(str(version.get('name')))}"
    since = merging.moment(version.get(merging.SINCE))
    return f"{named} from {text.when(since)}" if since else named


def _audited(name: str) -> str:
    kind, _, rest = name.partition("/")
    return f"{kind} {rest.strip('/')}".strip()


def _value(ctx: Context, schedule: Schedule, body: Json, name: str) -> str:
    """Return a part's value in a line of mrkdwn; "" if it has none for people."""
    version = parts.version_of(body, name)
    if version is not None:
        rotation = rotation_of(ctx, schedule, version)
        of = schedule.model_copy(update={"timezone": body.get("timezone") or "UTC"})
        return view.brief(rotation, handovers(rotation, of)) if rotation else ""
    value = parts.parts(body).get(name)
    return f"“{text.inline(value, 120)}”" if isinstance(value, str) else ""


def rotation_of(ctx: Context, schedule: Schedule, version: Json) -> Rotation | None:
    """Return a version in its sent form as a rotation, with the names of people."""
    own = {user.id: user for r in schedule.rotations for user in r.users}
    users = []
    for reference in version.get("users") or []:
        id_ = reference.get("id") or ""
        user = own.get(id_) or ctx.catalog.user(id_)
        named = user.model_dump(exclude_none=True) if user else {}
        spoken = reference.get("email") or reference.get("slack_user_id") or id_
        users.append({"id": id_, "name": spoken, **named})
    try:
        return Rotation.model_validate({"id": "", **version, "users": users})
    except ValueError:
        return None
