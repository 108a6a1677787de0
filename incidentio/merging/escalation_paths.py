"""Makes the body that replaces an escalation path; tells which of its parts changed.

Labels beside values are dropped, for the API does not take them. Everything else, also
what is not known here, stays as it was read, at every depth.
"""

from __future__ import annotations

import hashlib
import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from incidentio.merging.shapes import binding, condition, each, record

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
"""The most steps that are parts of their own: a form cannot remember more."""
LATER = "later steps"
"""The name of the part that has all steps after the first ``MOST_NODES``."""


def body(raw: Mapping[str, Any]) -> Json:
    """Return the body that replaces a path by itself; ``raw`` is its JSON."""
    kept = {name: deepcopy(raw[name]) for name in raw if name not in READ_ONLY}
    kept["path"] = _steps(kept.get("path") or [])
    if isinstance(bound := kept.get("param_bindings"), dict):
        kept["param_bindings"] = {name: binding(one) for name, one in bound.items()}
    return kept


def _steps(tree: Any) -> Any:
    return each(_step)(tree)


_branches = record(conditions=each(condition), then_path=_steps, else_path=_steps)
_step = record(if_else=_branches)


def nodes(tree: Any) -> Iterator[Json]:
    """Yield every step, those of branches too, from top to bottom."""
    for node in tree if isinstance(tree, list) else []:
        if isinstance(node, dict):
            yield node
            branches = node.get("if_else")
            for name in ("then_path", "else_path"):
                if isinstance(branches, dict):
                    yield from nodes(branches.get(name))


def fingerprint(value: Any, length: int = 6) -> str:
    """Return ``length`` hexadecimal digits of the hash of a value."""
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:length]


def parts(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts that people tell apart, by name: each property, each step."""
    found = {name: value for name, value in sent.items() if name != "path"}
    tree = sent.get("path") or []
    for position, node in enumerate(tree[:MOST_NODES]):
        found[f"{NODE}{_id(node) or position}"] = node
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
    """Return the names of parts that are new or differ from the remembered ones."""
    now = parts(sent)
    return [
        name for name in now if was.get(fingerprint(name)) != fingerprint(now[name])
    ]
