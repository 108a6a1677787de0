"""``workflow edit``, ``enable`` and ``disable``.

A change replaces the whole workflow in incident.io. What the form does not show is read
when it is submitted, and sent back as it was read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from blocks.kit import text
from blocks.kit.edit import Edit, Input
from blocks.kit.fields import Value
from blocks.kit.form import Form
from blocks.workflows import forms
from blocks.workflows.card import state_word
from handlers.core.command import Effect, Modal, Reply
from handlers.core.context import Context
from handlers.core.editing import FieldEditor
from handlers.core.locks import lock_for
from handlers.core.operations import DISABLE, ENABLE
from handlers.workflows import changes
from handlers.workflows.show import describe, group, read
from incidentio import Workflow, WorkflowSlim

EFFECT = Effect("The workflow", "changed")
ACTIVE, DISABLED = "active", "disabled"


class WorkflowEditor(FieldEditor[Workflow]):
    key = "workflow"

    def read(self) -> Workflow:
        return read(self.ctx, self.ctx.memory[self.key])

    def inputs(self, current: Workflow) -> Sequence[Input]:
        return forms.fields(current)

    def form(self, current: Workflow, inputs: Sequence[Input]) -> Form:
        return forms.form(current, changes.fingerprints(current), inputs)

    def write(self, current: Workflow, due: Mapping[str, Value]) -> Workflow:
        return changes.send(self.ctx, current, changes.body_changes(current, due))

    def describe(self, current: Workflow) -> str:
        return describe(current)

    def record_target(self, current: Workflow) -> None:
        self.ctx.notes.on("workflow", current.name, current.id)

    def elsewhere(self, current: Workflow, edit: Edit) -> Sequence[str]:
        was = self.ctx.memory["parts"]
        return _labels(was, changes.fingerprints(current), edit.changed)

    def remarks(
        self, before: Workflow, after: Workflow, due: Mapping[str, Value]
    ) -> Sequence[str]:
        lines = []
        more = _labels(changes.fingerprints(before), changes.fingerprints(after), due)
        if more:
            names = text.listed(more)
            look = "Check that this is right."
            lines.append(f"incident.io changed {names} as well. {look}")
        return lines


def _labels(
    was: Mapping[str, str], now: Mapping[str, str], fields: Iterable[str]
) -> list[str]:
    """Return labels of the parts that differ, without those that the fields show."""
    own = {forms.PARTS.get(name, name) for name in fields}
    differ = [name for name in {**was, **now} if was.get(name) != now.get(name)]
    return [f"*{changes.label(name)}*" for name in differ if name not in own]


@group.command("workflow edit", aliases=["edit workflow"], says=["change workflow"])
def edit(ctx: Context, workflow: WorkflowSlim) -> Modal:
    """Edit a workflow in a form: its name, state, folder, delay and when it runs."""
    return WorkflowEditor(ctx).open(read(ctx, workflow.id))


@group.submitted(forms.EDIT, effect=EFFECT, fields={"state": [ENABLE, DISABLE]})
def edited(ctx: Context, **values: Value) -> Reply | Modal:
    return WorkflowEditor(ctx).submit(values)


@group.command(
    "workflow enable",
    writes=True,
    effect=EFFECT,
    aliases=["enable workflow"],
    says=["turn workflow on", "start workflow"],
)
def enable(ctx: Context, workflow: WorkflowSlim) -> Reply:
    """Make a workflow active."""
    return _switched(ctx, workflow, ACTIVE)


@group.command(
    "workflow disable",
    writes=True,
    effect=EFFECT,
    aliases=["disable workflow"],
    says=["turn workflow off", "stop workflow"],
)
def disable(ctx: Context, workflow: WorkflowSlim) -> Reply:
    """Stop a workflow from running, until it is enabled again."""
    return _switched(ctx, workflow, DISABLED)


def _switched(ctx: Context, workflow: WorkflowSlim, state: str) -> Reply:
    with lock_for(workflow.id):
        found = read(ctx, workflow.id)
        if found.state == state:
            words = f"is {state_word(state).lower()}"
            already = " already. Nothing was changed" if not ctx.in_doubt else ""
            return Reply(f"{describe(found)} {words}{already}.")
        return WorkflowEditor(ctx).change(found, {"state": state})
