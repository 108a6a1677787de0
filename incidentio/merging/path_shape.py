"""Checks that JSON has the shape of an escalation path.

Step types and properties that are not known here may be newer: incident.io judges them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incidentio.merging.escalation_paths import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

Pointer = tuple[str | int, ...]
"""Where something is in JSON: the names and indexes that lead to it."""
Fault = tuple[Pointer, str]
"""Where something is wrong, and what."""

STEP_TYPES = (
    "level",
    "notify_channel",
    "if_else",
    "delay",
    "repeat",
    "escalation_path",
)
TEMPLATED = "templated"
"""The kind of a path that takes its steps from a template."""
TARGETED = ("level", "notify_channel")
BRANCHES = ("then_path", "else_path")


def faults(value: Any) -> list[Fault]:
    """Return what is wrong in the JSON of a path, and where."""
    if not isinstance(value, dict):
        return [((), "A path is an object, in { and }.")]
    found = list(_texts(value, (), "name"))
    tree = value.get("path")
    if not isinstance(tree, list) or (not tree and value.get("kind") != TEMPLATED):
        return [*found, (("path",), "path must be a list of at least one step.")]
    found += _tree(tree, ("path",), set())
    known = [node.get("id") for node in nodes(tree)]
    return found or list(_dangling(tree, ("path",), known))


def _texts(value: dict[str, Any], at: Pointer, *names: str) -> Iterator[Fault]:
    for name in names:
        text = value.get(name)
        if not isinstance(text, str) or not text.strip():
            yield (*at, name), f"{name} must be a text that says something."


def _tree(tree: list[Any], at: Pointer, seen: set[str]) -> Iterator[Fault]:
    for index, node in enumerate(tree):
        here = (*at, index)
        if not isinstance(node, dict):
            yield here, "A step is an object, in { and }."
            continue
        wrong = list(_texts(node, here, "id", "type"))
        yield from wrong or _step(node, here, seen)


def _step(node: dict[str, Any], at: Pointer, seen: set[str]) -> Iterator[Fault]:
    if node["id"] in seen:
        yield (*at, "id"), "Another step has this id."
    seen.add(node["id"])
    kind = node["type"]
    if kind not in STEP_TYPES:
        return
    piece = node.get(kind)
    if not isinstance(piece, dict):
        yield (*at, kind), f"A step of this type needs the object {kind}."
        return
    if kind in TARGETED and not isinstance(piece.get("targets"), list):
        yield (*at, kind, "targets"), "targets must be a list."
    if kind == "if_else":
        yield from _branches(piece, (*at, kind), seen)


def _branches(piece: dict[str, Any], at: Pointer, seen: set[str]) -> Iterator[Fault]:
    for name in BRANCHES:
        if isinstance(piece.get(name), list):
            yield from _tree(piece[name], (*at, name), seen)
        else:
            yield (*at, name), f"{name} must be a list; an empty one is fine."


def _dangling(tree: list[Any], at: Pointer, known: list[Any]) -> Iterator[Fault]:
    """Find the steps that go back to a step that is not there."""
    for index, node in enumerate(tree):
        here = (*at, index)
        if node["type"] == "repeat" and node["repeat"].get("to_node") not in known:
            yield (*here, "repeat", "to_node"), "No step has this id."
        if node["type"] == "if_else":
            for name in BRANCHES:
                yield from _dangling(
                    node["if_else"][name], (*here, "if_else", name), known
                )
