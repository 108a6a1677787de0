"""The body that replaces an escalation path: all that is not changed goes as it came.

Where the API answers with a label beside a value, it takes the value alone. Everything
else, and what is not known here, stays as it was read, at every depth.
"""

from __future__ import annotations

import hashlib
import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from incidentio.transport.operation import Json

READ_ONLY = {
    "id",
    "current_responders",
    "created_at",
    "updated_at",
    "management_meta",
}
NODE = "node/"
MOST_NODES = 30
"""Told apart one by one; a form cannot remember more."""
LATER = "later steps"


def body(raw: Mapping[str, Any]) -> Json:
    """Return the body that replaces a path by itself."""
    kept = {name: deepcopy(raw[name]) for name in raw if name not in READ_ONLY}
    kept["path"] = [_node(node) for node in kept.get("path") or []]
    if isinstance(bound := kept.get("param_bindings"), dict):
        kept["param_bindings"] = {name: _binding(one) for name, one in bound.items()}
    return kept


def _node(node: Any) -> Any:
    branches = node.get("if_else") if isinstance(node, dict) else None
    if not isinstance(branches, dict):
        return node
    sent = {name: _branch(name, value) for name, value in branches.items()}
    return {**node, "if_else": sent}


def _branch(name: str, value: Any) -> Any:
    if not isinstance(value, list):
        return value
    if name == "conditions":
        return [_condition(one) for one in value]
    return [_node(node) for node in value] if name.endswith("_path") else value


def _condition(condition: Any) -> Any:
    if not isinstance(condition, dict):
        return condition
    sent = dict(condition)
    for name, inner in (("subject", "reference"), ("operation", "value")):
        if isinstance(sent.get(name), dict) and inner in sent[name]:
            sent[name] = sent[name][inner]
    if isinstance(sent.get("param_bindings"), list):
        sent["param_bindings"] = [_binding(one) for one in sent["param_bindings"]]
    return sent


def _binding(binding: Any) -> Any:
    if not isinstance(binding, dict):
        return binding
    sent = dict(binding)
    if isinstance(sent.get("value"), dict):
        sent["value"] = _unlabelled(sent["value"])
    if isinstance(sent.get("array_value"), list):
        sent["array_value"] = [_unlabelled(one) for one in sent["array_value"]]
    return sent


def _unlabelled(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: inner for name, inner in value.items() if name != "label"}


def nodes(tree: Any) -> Iterator[Json]:
    """Yield every node, those of branches too, in the order of reading."""
    for node in tree if isinstance(tree, list) else []:
        if isinstance(node, dict):
            yield node
            branches = node.get("if_else")
            for name in ("then_path", "else_path"):
                if isinstance(branches, dict):
                    yield from nodes(branches.get(name))


def fingerprint(value: Any, length: int = 6) -> str:
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:length]


def parts(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts that people tell apart: each property, and each step."""
    found = {name: value for name, value in sent.items() if name != "path"}
    tree = sent.get("path") or []
    for place, node in enumerate(tree[:MOST_NODES]):
        found[f"{NODE}{_id(node) or place}"] = node
    if len(tree) > MOST_NODES:
        found[LATER] = tree[MOST_NODES:]
    found["order"] = [_id(node) for node in tree]
    return found


def _id(node: Any) -> Any:
    return node.get("id") if isinstance(node, dict) else None


def remembered(sent: Mapping[str, Any]) -> dict[str, str]:
    """Return a fingerprint of each part, for a form that remembers what it showed."""
    return {
        fingerprint(name): fingerprint(value) for name, value in parts(sent).items()
    }


def changed(was: Mapping[str, str], sent: Mapping[str, Any]) -> list[str]:
    """Name the parts that are other than they were; a part that is gone is not one."""
    now = parts(sent)
    return [
        name for name in now if was.get(fingerprint(name)) != fingerprint(now[name])
    ]
