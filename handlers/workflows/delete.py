"""``workflow delete``: in a form that says what is lost and asks for the name."""

from __future__ import annotations

import json

from blocks.kit import text
from blocks.kit.digests import digest
from blocks.workflows import forms
from handlers.core.announce import by
from handlers.core.command import Effect, Modal, Reply
from handlers.core.context import Context
from handlers.core.locks import lock_for
from handlers.core.problems import FieldErrors
from handlers.workflows.show import gone, group, read, the
from incidentio.errors import NotFound
from incidentio.lookup import normal
from incidentio.models import Workflow, WorkflowSlim


@group.command("workflow delete")
def delete(ctx: Context, workflow: WorkflowSlim) -> Modal:
    """Delete a workflow, in a form that names what it does and asks for its name."""
    found = read(ctx, workflow.id)
    return Modal(forms.delete(found, _state(found)))


def _state(workflow: Workflow) -> str:
    """Tell what the form showed from what it may become."""
    return digest(json.dumps(workflow.raw, sort_keys=True))


@group.submitted(forms.DELETE, effect=Effect("The workflow", "deleted"))
def deleted(ctx: Context, *, name: str | None = None) -> Reply | Modal:
    with lock_for(ctx.memory["workflow"]):
        return _deleted(ctx, name or "")


def _deleted(ctx: Context, name: str) -> Reply | Modal:
    id_ = ctx.memory["workflow"]
    try:
        workflow = ctx.api.workflows.show(id_)
        if _state(workflow) != ctx.memory["was"] and ctx.attempt == 1:
            notice = "Somebody changed it meanwhile, so it was not deleted. Look again."
            return Modal(forms.delete(workflow, _state(workflow), notice))
        _check(workflow, name)
        ctx.notes.on("workflow", workflow.name, id_)
        ctx.notes.change("name", workflow.name, None)
        ctx.api.workflows.delete(id_)
    except NotFound:
        if ctx.attempt == 1:
            raise gone(ctx) from None
        return Reply(f"The workflow was deleted, {by(ctx)}.")
    ctx.catalog.forget("workflows")
    return Reply(f"{the(workflow)} was deleted, {by(ctx)}.")


def _check(workflow: Workflow, name: str) -> None:
    shown = text.plain(workflow.name, 3000)
    if normal(name) not in (normal(workflow.name), normal(shown)):
        raise FieldErrors({"name": "That is not its name, as it stands above."})
