"""``workflow edit``, ``enable`` and ``disable``.

incident.io takes only whole workflows: what the form does not show is read anew when it
is submitted and goes back as it was read. Where anything was changed since the form was
opened, nothing is written before the person has seen it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from blocks.kit import text
from blocks.kit.fields import Value
from blocks.kit.form import Form
from blocks.workflows import forms
from blocks.workflows.facts import manager, state_word
from handlers.core.announce import by
from handlers.core.command import Effect, Modal, Reply
from handlers.core.context import Context
from handlers.core.locks import lock_for
from handlers.core.problems import FieldErrors, Refusal
from handlers.workflows import changes
from handlers.workflows.show import group, read, the
from incidentio.models import Workflow, WorkflowSlim

EFFECT = Effect("The workflow", "changed")
ACTIVE, DISABLED = "active", "disabled"


@group.command("workflow edit")
def edit(ctx: Context, workflow: WorkflowSlim) -> Modal:
    """Edit a workflow in a form: its name, state, folder, delay and when it runs."""
    found = read(ctx, workflow.id)
    return Modal(forms.form(found, changes.digests(found)))


@group.submitted(forms.EDIT, effect=EFFECT)
def edited(ctx: Context, **values: Value) -> Reply | Modal:
    with lock_for(ctx.memory["workflow"]):
        return _edited(ctx, read(ctx, ctx.memory["workflow"]), values)


def _edited(
    ctx: Context, workflow: Workflow, values: Mapping[str, Value]
) -> Reply | Modal:
    was, now = ctx.memory["shown"], forms.shown(workflow)
    typed = {n: v for n, v in values.items() if forms.told(v) != was.get(n)}
    if not typed:
        return Reply(f"{the(workflow)} was left as it is.")
    _check(typed)
    due = {n: v for n, v in typed.items() if forms.told(v) != now.get(n)}
    moved = _moved(workflow, ctx.memory["parts"], typed, due)
    if moved and ctx.attempt == 1:
        return Modal(_again(workflow, was, typed, moved))
    if moved & {_part(name) for name in due}:
        raise Refusal(f"{the(workflow)} was changed by somebody else. Edit it again.")
    if not due:
        return Reply(f"{the(workflow)} is as the form says.")
    return _written(ctx, workflow, changes.body_changes(workflow, due))


def _part(field: str) -> str:
    return forms.PARTS.get(field, field)


def _check(typed: Mapping[str, Value]) -> None:
    if "name" in typed and not typed["name"]:
        raise FieldErrors({"name": "A workflow needs a name."})
    if typed.get("for_seconds"):
        changes.seconds_of(str(typed["for_seconds"]))


def _moved(
    workflow: Workflow,
    before: Mapping[str, str],
    typed: Mapping[str, Value],
    due: Mapping[str, Value],
) -> set[str]:
    """Find the parts that changed since the form was drawn, not to what it says."""
    after = changes.digests(workflow)
    differ = {n for n in {**before, **after} if before.get(n) != after.get(n)}
    return differ - ({_part(name) for name in typed} - {_part(name) for name in due})


def _again(
    workflow: Workflow,
    was: Mapping[str, str],
    typed: Mapping[str, Value],
    moved: Collection[str],
) -> Form:
    """Draw the form again, saying what was changed meanwhile and what it is now."""
    lines = ["Somebody changed this workflow meanwhile, so nothing was saved."]
    mine = {_part(name) for name in typed}
    for part in sorted(moved):
        now = changes.now(workflow, part)
        is_now = f": now {now}" if now else " changed"
        kept = " Saving again replaces that." if part in mine else ""
        lines.append(f"• *{changes.label(part)}*{is_now}.{kept}")
    lines.append("Save again to go on; what you did not change stays as it is now.")
    notice = text.clip("\n".join(lines), text.SECTION)
    digests = changes.digests(workflow)
    return forms.form(workflow, digests, was=was, typed=typed, notice=notice)


@group.command("workflow enable", writes=True, effect=EFFECT)
def enable(ctx: Context, workflow: WorkflowSlim) -> Reply:
    """Make a workflow active."""
    return _switched(ctx, workflow, ACTIVE)


@group.command("workflow disable", writes=True, effect=EFFECT)
def disable(ctx: Context, workflow: WorkflowSlim) -> Reply:
    """Stop a workflow from running, until it is enabled again."""
    return _switched(ctx, workflow, DISABLED)


def _switched(ctx: Context, workflow: WorkflowSlim, state: str) -> Reply:
    with lock_for(workflow.id):
        found = read(ctx, workflow.id)
        if found.state == state:
            words = f"is {state_word(state).lower()}"
            already = " already. Nothing was changed" if ctx.attempt == 1 else ""
            return Reply(f"{the(found)} {words}{already}.")
        return _written(ctx, found, {"state": state})


def _written(ctx: Context, workflow: Workflow, sent: Mapping[str, Any]) -> Reply:
    """Write the changes, and say how each came out."""
    ctx.notes.on("workflow", workflow.name, workflow.id)
    for part, value in sent.items():
        ctx.notes.change(part, workflow.raw.get(part), value)
    before = changes.digests(workflow)
    after = changes.send(ctx, workflow, sent)
    came = changes.digests(after)
    lines = [
        _line(workflow, after, p, applied=before.get(p) != came.get(p)) for p in sent
    ]
    if before == came:
        raise Refusal("\n".join([f"{the(after)} was not changed.", *lines]))
    every = {**before, **came}
    others = [p for p in every if before.get(p) != came.get(p) and p not in sent]
    if others:
        names = text.listed([f"*{changes.label(part)}*" for part in others])
        lines.append(
            f"incident.io changed {names} as well. Look whether that is right."
        )
    if who := manager(after):
        lines.append(f"It is managed by {who}, which will overwrite this.")
    return Reply("\n".join([f"{the(after)} was changed {by(ctx)}.", *lines]))


def _line(before: Workflow, after: Workflow, part: str, *, applied: bool) -> str:
    was, now = changes.now(before, part) or "empty", changes.now(after, part) or "empty"
    if not applied:
        return f"• {changes.label(part)} was not applied: it is still {was}."
    return f"• {changes.label(part)}: {was} → {now}"
