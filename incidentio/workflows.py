"""Workflows: steps that incident.io runs by itself."""

from __future__ import annotations

from incidentio.base.model import Model, Replaceable, When
from incidentio.base.resource import Resource, many, one
from incidentio.conditions import Binding, Condition
from incidentio.merging.workflows import replacement
from incidentio.transport.operation import Json
from incidentio.transport.query import plain


class Trigger(Model):
    name: str
    label: str = ""


class ConditionGroup(Model):
    """Conditions that must all hold. Of several groups one must."""

    conditions: tuple[Condition, ...] = ()


class Step(Model):
    """One step. In lists of workflows it has neither an id nor parameters."""

    name: str
    label: str = ""
    id: str | None = None
    for_each: str | None = None
    param_bindings: tuple[Binding, ...] = ()


class Returns(Model):
    type: str
    array: bool = False


class Branch(Model):
    condition_groups: tuple[ConditionGroup, ...] = ()
    result: Binding = Binding()


class Branches(Model):
    branches: tuple[Branch, ...] = ()


class Filter(Model):
    condition_groups: tuple[ConditionGroup, ...] = ()


class Navigate(Model):
    reference: str
    reference_label: str = ""


class Parse(Model):
    source: str


class Concatenate(Model):
    reference: str
    reference_label: str = ""


class Cast(Model):
    returns: Returns


class ExpressionOperation(Model):
    """One step of an expression; the property named like its type has its settings."""

    operation_type: str
    """navigate, filter, branches, parse, cast, count, first, or newer."""
    returns: Returns | None = None
    branches: Branches | None = None
    filter: Filter | None = None
    navigate: Navigate | None = None
    parse: Parse | None = None
    concatenate: Concatenate | None = None
    cast: Cast | None = None


class ElseBranch(Model):
    result: Binding = Binding()


class Expression(Model):
    """A value that a workflow calculates, from a reference and by operations."""

    reference: str
    label: str = ""
    root_reference: str = ""
    operations: tuple[ExpressionOperation, ...] = ()
    else_branch: ElseBranch | None = None
    returns: Returns | None = None


class EngineReference(Model):
    """A value that a workflow can refer to."""

    key: str
    label: str = ""


class Delay(Model):
    for_seconds: int
    conditions_apply_over_delay: bool = False


class WorkflowFormField(Model):
    """A question to the person who runs the workflow by hand."""

    key: str
    title: str
    type: str = ""
    description: str = ""
    array: bool = False
    required: bool = False


class WorkflowSlim(Model):
    """A workflow in a list: its steps lack parameters, so never write it back."""

    id: str
    name: str
    state: str
    trigger: Trigger
    folder: str | None = None
    shortform: str | None = None
    auto_run_mode: str | None = None
    """run_automatically, confirm_before_running, or newer."""
    steps: tuple[Step, ...] = ()
    version: int = 0


class Workflow(WorkflowSlim, Replaceable):
    """A whole workflow. ``raw`` holds its ``management_meta`` too."""

    once_for: tuple[EngineReference, ...] = ()
    condition_groups: tuple[ConditionGroup, ...] = ()
    expressions: tuple[Expression, ...] = ()
    form_fields: tuple[WorkflowFormField, ...] = ()
    delay: Delay | None = None
    continue_on_step_error: bool = False
    runs_on_incidents: str = ""
    """newly_created, newly_created_and_active, or newer."""
    runs_on_incident_modes: tuple[str, ...] = ()
    runs_from: When | None = None
    private_incident_scope: str | None = None
    """all, owning_teams, none, or newer."""
    include_private_escalations: bool | None = None
    owning_team_ids: tuple[str, ...] = ()


class Workflows(Resource):
    """Operations on workflows."""

    def list(self) -> tuple[WorkflowSlim, ...]:
        """Return all workflows, their steps without parameters.

        https://api-docs.incident.io/tag/Workflows-V2#operation/Workflows%20V2_ListWorkflows
        """
        return many(WorkflowSlim, self._http.get("/v2/workflows"), "workflows")

    def show(self, id: str) -> Workflow:  # noqa: A002
        """Return one workflow as it is stored; its steps are not upgraded.

        https://api-docs.incident.io/tag/Workflows-V2#operation/Workflows%20V2_ShowWorkflow
        """
        query = plain(skip_step_upgrades=True)
        return _whole(self._http.get("/v2/workflows/{id}", query, id=id))

    def update(self, current: Workflow, **changes: object) -> Workflow:
        """Replace a workflow by itself with the changes, and return it; None clears.

        Raises:
            Lossy: ``current`` lacks something that replacing would lose.

        https://api-docs.incident.io/tag/Workflows-V2#operation/Workflows%20V2_UpdateWorkflow
        """
        body = replacement(current, changes)
        sent = self._http.put("/v2/workflows/{id}", body, id=current.id)
        return _whole(sent, write=True)

    def delete(self, id: str) -> None:  # noqa: A002
        """Delete a workflow.

        https://api-docs.incident.io/tag/Workflows-V2#operation/Workflows%20V2_DestroyWorkflow
        """
        self._http.delete("/v2/workflows/{id}", id=id)


def _whole(body: Json, *, write: bool = False) -> Workflow:
    """Read a workflow together with its management, which is beside it in the body."""
    shown = body.get("workflow")
    if isinstance(shown, dict):
        whole = {**shown, "management_meta": body.get("management_meta")}
        body = {"workflow": whole}
    return one(Workflow, body, "workflow", write=write)
