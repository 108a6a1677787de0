"""Replaces an escalation path by a new body, and says what changed."""

from __future__ import annotations

from collections.abc import Mapping

from blocks.kit import managed, text
from blocks.kit.edit import overtaken
from blocks.kit.on_call import sections
from blocks.paths import tree as path_tree
from handlers.core.announce import by
from handlers.core.command import Reply
from handlers.core.context import Context
from handlers.core.editing import unchanged
from handlers.core.problems import Refusal
from handlers.paths.show import naming
from incidentio import EscalationPath
from incidentio.merging import escalation_paths as merging
from incidentio.transport.operation import Json

LABELS = {
    "name": "Name",
    "working_hours": "Working hours",
    "repeat_config": "Repeats",
    "team_ids": "Teams",
    "kind": "Source of its steps",
    "template_id": "Template",
    "param_bindings": "Values for its template",
    "order": "Steps and their order",
}


def save(ctx: Context, path: EscalationPath, body: Json) -> Reply:
    """Replace the path, and say which parts changed."""
    before = merging.body(path.raw)
    if body == before:
        return unchanged(ctx, f"The escalation path {text.bold(path.name)}")
    ctx.notes.on("escalation path", path.name, path.id)
    for name in _differing(before, body):
        old, new = (merging.parts(b).get(name) for b in (before, body))
        ctx.notes.change(_audited(name), old, new)
    saved = ctx.api.escalation_paths.update(path.id, body)
    ctx.catalog.expire("escalation_paths")
    found = _differing(before, merging.body(saved.raw))
    if not found:
        why = "incident.io answered, but left it as it was."
        named = f"The escalation path {text.bold(path.name)}"
        raise Refusal(f"{named} was not changed: {why}", in_doubt=why)
    said = f"The escalation path {text.bold(saved.name)} was edited {by(ctx)}"
    was = f" (was {text.bold(path.name)})" if saved.name != path.name else ""
    tree = path_tree.lines(saved, naming(ctx))
    words = f"{said}{was}: {text.listed([label(saved, n) for n in found])}."
    words = " ".join([words, *managed.after(saved)])
    return Reply(words, sections([words, "It is now:", *path_tree.pages(tree)[0]]))


def _differing(before: Json, after: Json) -> list[str]:
    old, new = merging.parts(before), merging.parts(after)
    names = dict.fromkeys([*new, *old])
    return [name for name in names if old.get(name) != new.get(name)]


def _audited(name: str) -> str:
    return name.replace(merging.NODE, "step ")


def label(path: EscalationPath, name: str) -> str:
    """Name a part of a path in mrkdwn."""
    if not name.startswith(merging.NODE):
        return LABELS.get(name) or text.inline(name.replace("_", " ").capitalize(), 60)
    id_ = name.removeprefix(merging.NODE)
    place = next((n for n, node in enumerate(path.path, 1) if node.id == id_), None)
    return f"Step {place}" if place else "A removed step"


def conflict(ctx: Context, path: EscalationPath, was: Mapping[str, str]) -> str | None:
    """Describe the parts that somebody else changed, and the path as it is now."""
    names = merging.changed(was, merging.body(path.raw))
    if not names:
        return None
    labels = text.listed([f"*{label(path, name)}*" for name in names])
    tree = path_tree.lines(path, naming(ctx))
    now = f"{text.bold(path.name)} is now:"
    return "\n".join([overtaken(labels), now, *tree[:30]])
