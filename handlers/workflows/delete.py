"""``workflow delete``: in a form that says what is lost and asks for the name."""

from __future__ import annotations

from collections.abc import Sequence

from blocks.kit.fields import Value
from blocks.workflows import forms
from handlers.core.command import Effect, Modal, Reply
from handlers.core.context import Context
from handlers.core.deleting import Deletion
from handlers.workflows.show import WORKFLOW, group
from incidentio import Workflow, WorkflowSlim


class WorkflowDeletion(Deletion[Workflow]):
    form_id = forms.DELETE
    resource = WORKFLOW
    key = "workflow"

    def losses(self, current: Workflow) -> Sequence[str]:
        return forms.losses(current)


@group.command("workflow delete", aliases=["delete workflow"], says=["remove workflow"])
def delete(ctx: Context, workflow: WorkflowSlim) -> Modal:
    """Delete a workflow, in a form that says what it does and asks for its name."""
    return WorkflowDeletion(ctx).open(workflow.id)


@group.submitted(forms.DELETE, effect=Effect("The workflow", "deleted"))
def deleted(ctx: Context, **values: Value) -> Reply | Modal:
    return WorkflowDeletion(ctx).submit(values)
