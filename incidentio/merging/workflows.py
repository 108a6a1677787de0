"""Makes the body that replaces a workflow.

The API's answer has more than its payload takes: labels, and what expressions return.
Before SDK 2.29 it lacked what casts cast to and what concatenations add.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incidentio.merging.shapes import binding, bindings, condition, each, only, record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incidentio.base.model import Replaceable
    from incidentio.transport.operation import Json


class Lossy(Exception):
    """Replacing would lose something that the answer lacks; the message names it."""


READ_ONLY = ("id", "trigger", "version", "runs_from", "management_meta")
NEEDED = ("name", "runs_on_incidents", "continue_on_step_error")
LISTS = (
    "once_for",
    "condition_groups",
    "steps",
    "expressions",
    "runs_on_incident_modes",
)
"""Required by the payload; empty ones may be null in the answer."""
OUTDATED = "include_private_incidents"
"""Is left out where ``private_incident_scope`` is sent: the two must agree."""
SCOPE = "private_incident_scope"

_groups = each(record(conditions=each(condition)))
_branch = record(condition_groups=_groups, result=binding)
_operation = record(
    "returns",
    branches=record(branches=each(_branch)),
    filter=record(condition_groups=_groups),
    navigate=record("reference_label"),
    concatenate=record("reference_label"),
)


def _operation_whole(value: Any) -> Any:
    """Turn an operation; restore what a cast casts to, which is what it returns."""
    turned = _operation(value)
    kind = turned.get("operation_type") if isinstance(turned, dict) else None
    if kind == "cast":
        turned.setdefault("cast", {"returns": value.get("returns")})
    if kind == "concatenate" and not turned.get("concatenate"):
        raise Lossy("what one of its expressions concatenates with")
    return turned


_expression = record(
    "returns",
    operations=each(_operation_whole),
    else_branch=record(result=binding),
)
_workflow = record(
    *READ_ONLY,
    condition_groups=_groups,
    once_for=each(only("key")),
    steps=each(record("label", param_bindings=bindings)),
    expressions=each(_expression),
)


def replacement(workflow: Replaceable, changes: Mapping[str, object]) -> Json:
    """Return the body that replaces a workflow by itself with the changes.

    A change to None leaves the property out, which clears it.

    Raises:
        Lossy: the answer lacks something that replacing would lose.
    """
    raw = workflow.raw
    if missing := [name for name in (*NEEDED, *LISTS) if name not in raw]:
        raise Lossy(f"its {missing[0].replace('_', ' ')}")
    body: Json = {**_workflow(raw), **changes}
    body = {k: v for k, v in body.items() if v is not None or k not in changes}
    body |= {name: [] for name in LISTS if body.get(name) is None}
    if body.get(SCOPE) is not None:
        body.pop(OUTDATED, None)
    meta = raw.get("management_meta") or {}
    if meta.get("annotations"):
        body["annotations"] = meta["annotations"]
    return {**body, "skip_step_upgrades": True}
