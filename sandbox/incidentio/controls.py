"""Controls for other processes, which incident.io does not have.

They set faults, and list the requests that were made.
"""

from __future__ import annotations

from dataclasses import fields

from flask import Blueprint, request

from sandbox.incidentio.http.context import Answer, parts
from sandbox.incidentio.http.errors import invalid
from sandbox.incidentio.http.middleware import Fault

_FIELDS = {field.name for field in fields(Fault)} - {"ended"}

bp = Blueprint("controls", __name__, url_prefix="/sandbox")


@bp.post("/faults")
def add_fault() -> Answer:
    sent = request.get_json()
    for field in sent:
        if field not in _FIELDS:
            raise invalid(f"A fault has no {field}.", field)
    parts().faults.add(Fault(**sent))
    return "", 204


@bp.delete("/faults")
def clear_faults() -> Answer:
    parts().faults.clear()
    return "", 204


@bp.get("/requests")
def list_requests() -> Answer:
    seen = list(parts().requests)
    return {"requests": [request._asdict() for request in seen]}
