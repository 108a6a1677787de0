"""The body that replaces a workflow.

Its answer says more than its payload takes: labels for people, what an expression
returns. Answers from before SDK 2.29 do not tell what two operations cast to or
concatenate with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incidentio.merging.shapes import each, only, record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incidentio.base.model import Replaceable
    from incidentio.transport.operation import Json


class Lossy(Exception):
    """Replacing would lose what the answer does not tell: the message names it."""


READ_ONLY = ("id", "trigger", "version", "runs_from", "management_meta")
NEEDED = ("name", "runs_on_incidents", "continue_on_step_error")
LISTS = (
    "once_for",
    "condition_groups",
    "steps",
    "expressions",
    "runs_on_incident_modes",
)
"""The payload needs these, and an empty one may be answered as null."""
OUTDATED = "include_private_incidents"
"""Must agree with ``private_incident_scope``, or be left out where that is sent."""
SCOPE = "private_incident_scope"

_value = record("label")
_binding = record(value=_value, array_value=each(_value))
_bindings = each(_binding)
_condition = record(
    subject=only("reference"), operation=only("value"), param_bindings=_bindings
)
_groups = each(record(conditions=each(_condition)))
_branch = record(condition_groups=_groups, result=_binding)
_operation = record(
    "returns",
    branches=record(branches=each(_branch)),
    filter=record(condition_groups=_groups),
    navigate=record("reference_label"),
    concatenate=record("reference_label"),
)


def _operation_whole(value: Any) -> Any:
    """Restore what a cast casts to: the answer has it as what it returns."""
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
    else_branch=record(result=_binding),
)
_workflow = record(
    *READ_ONLY,
    condition_groups=_groups,
    once_for=each(only("key")),
    steps=each(record("label", param_bindings=_bindings)),
    expressions=each(_expression),
)


def replacement(workflow: Replaceable, changes: Mapping[str, object]) -> Json:
    """Return the body that replaces a workflow by itself and the changes.

    A change to None leaves the property out, which clears it. Raises ``Lossy``
    where the answer lacks what would be lost by replacing.
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
