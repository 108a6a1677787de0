"""Escalation paths: listed, shown, created, replaced, deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint

from sandbox.incidentio.escalation_paths import view
from sandbox.incidentio.escalation_paths.checks import Checks
from sandbox.incidentio.http import query
from sandbox.incidentio.http.access import READS_PATHS, WRITES_PATHS
from sandbox.incidentio.http.context import Answer, find, needs, payload, store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.incidentio.state.table import Record

bp = Blueprint("escalation_paths", __name__)

LARGEST_PAGE = 25
READ_ONLY = ("id", "current_responders")


def find_path(id_: str) -> Record:
    return find(store().escalation_paths, id_, "Escalation path")


@bp.get("/v2/escalation_paths")
@needs(*READS_PATHS)
def list_paths() -> Answer:
    org = store()
    shown, meta = query.sized_page(
        org.escalation_paths.after(query.cursor(), newest=False),
        lambda row: view.path(org, row),
        lambda row: str(row["id"]),
        query.page_size(LARGEST_PAGE),
    )
    return {"escalation_paths": shown, "pagination_meta": meta}


@bp.get("/v2/escalation_paths/<id_>")
@needs(*READS_PATHS)
def show_path(id_: str) -> Answer:
    return {"escalation_path": view.path(store(), find_path(id_))}


@bp.post("/v2/escalation_paths")
@needs(*WRITES_PATHS)
def create_path() -> Answer:
    org = store()
    row = _read({"id": org.new_id(), "path": []})
    org.escalation_paths.add(row["id"], row)
    return {"escalation_path": view.path(org, row)}, 201


@bp.put("/v2/escalation_paths/<id_>")
@needs(*WRITES_PATHS)
def update_path(id_: str) -> Answer:
    org = store()
    row = _read(find_path(id_))
    org.escalation_paths.replace(id_, row)
    return {"escalation_path": view.path(org, row)}


@bp.delete("/v2/escalation_paths/<id_>")
@needs(*WRITES_PATHS)
def destroy_path(id_: str) -> Answer:
    store().escalation_paths.remove(find_path(id_)["id"])
    return "", 204


def _read(before: Record) -> Record:
    """Return the path that was sent, unknown properties included."""
    sent = payload()
    Checks(store(), sent, set(_types(before["path"])))
    sent.check()
    body = {k: v for k, v in sent.data.items() if k not in READ_ONLY}
    if "param_bindings" in body:
        body["param_bindings"] = view.label_bindings(store(), body["param_bindings"])
    nodes = view.with_labels(body["path"], body.get("working_hours") or [])
    usual = {"kind": "standalone", "team_ids": []}
    return {"id": before["id"], **usual, **body, "path": nodes}


def _types(nodes: list[Any]) -> Iterator[str]:
    for node in nodes:
        yield node["type"]
        for branch in ("then_path", "else_path"):
            yield from _types((node.get("if_else") or {}).get(branch) or [])
