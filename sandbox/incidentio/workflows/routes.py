"""Workflows: listed without parameters, shown, replaced, deleted."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from flask import Blueprint

from sandbox.incidentio.http import query
from sandbox.incidentio.http.access import READS_WORKFLOWS
from sandbox.incidentio.http.context import Answer, find, needs, payload, store
from sandbox.incidentio.state.times import format_time
from sandbox.incidentio.workflows.checks import check_workflow
from sandbox.incidentio.workflows.view import summary, upgrade_steps, with_labels
from sandbox.incidentio.workflows.vocabulary import Vocabulary

if TYPE_CHECKING:
    from sandbox.incidentio.state.table import Record

bp = Blueprint("workflows", __name__)

TERRAFORM = "incident.io/terraform/version"
READ_ONLY = ("id", "trigger", "version", "runs_from")
"""Properties that a request cannot change."""
KEPT = ("state", "auto_run_mode")
"""Properties that stay where a request leaves them out."""


def _found(id_: str) -> Record:
    return find(store().workflows, id_, "Workflow")


def _whole(row: Record) -> Record:
    workflow = {k: v for k, v in row.items() if k != "management_meta"}
    return {"workflow": workflow, "management_meta": row["management_meta"]}


@bp.get("/v2/workflows")
@needs(*READS_WORKFLOWS)
def list_workflows() -> Answer:
    rows = [summary(_whole(row)["workflow"]) for row in store().workflows]
    return {"workflows": rows}


@bp.get("/v2/workflows/<id_>")
@needs(*READS_WORKFLOWS)
def show_workflow(id_: str) -> Answer:
    row = _found(id_)
    as_it_is = query.flag("skip_step_upgrades")
    return _whole(row if as_it_is else upgrade_steps(row))


@bp.put("/v2/workflows/<id_>")
@needs("workflows_editor")
def update_workflow(id_: str) -> Answer:
    """Replace a workflow, except for what a request cannot change."""
    org, before, sent = store(), _found(id_), payload()
    check_workflow(sent, org.workflows, id_)
    sent.check()
    body = copy.deepcopy(sent.data)
    row = with_labels(body, Vocabulary(org.workflows))
    row = row if body.get("skip_step_upgrades") else upgrade_steps(row)
    row = {**row, **{k: before[k] for k in READ_ONLY if k in before}}
    row = {**{k: before[k] for k in KEPT if k in before}, **row}
    scope = _scope(row)
    row |= {
        "private_incident_scope": scope,
        "include_private_incidents": scope != "none",
    }
    row.setdefault("include_private_escalations", False)
    row["version"] += 1
    if row["state"] == "active" and before["state"] != "active":
        row["runs_from"] = format_time(org.now())
    row["management_meta"] = _managed(before, body.get("annotations") or {})
    before.clear()
    before |= row
    return _whole(row)


def _scope(row: Record) -> str:
    usual = "all" if row.get("include_private_incidents") else "none"
    return str(row.get("private_incident_scope") or usual)


def _managed(before: Record, annotations: Record) -> Record:
    """Return the management metadata; Terraform is known by its annotation."""
    meta = {**before["management_meta"], "annotations": annotations}
    if TERRAFORM in annotations:
        return {**meta, "managed_by": "terraform"}
    by = "external" if "source_url" in meta else "dashboard"
    return {**meta, "managed_by": by}


@bp.delete("/v2/workflows/<id_>")
@needs("workflows_editor")
def delete_workflow(id_: str) -> Answer:
    """Delete a workflow: it runs no more, and no request finds it."""
    store().workflows.remove(_found(id_)["id"])
    return "", 204
