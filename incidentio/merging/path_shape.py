"""Checks that JSON has the shape of an escalation path, as far as it is known here.

What is not known is left to incident.io: node types and properties may be newer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incidentio.merging.escalation_paths import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

Path = tuple[str | int, ...]
Fault = tuple[Path, str]

PIECES = (
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
    """Name what cannot be a path, each with where it is."""
    if not isinstance(value, dict):
        return [((), "A path is an object, in { and }.")]
    found = list(_texts(value, (), "name"))
    tree = value.get("path")
    if not isinstance(tree, list) or (not tree and value.get("kind") != TEMPLATED):
        return [*found, (("path",), "path must be a list of at least one step.")]
    found += _tree(tree, ("path",), set())
    known = [node.get("id") for node in nodes(tree)]
    return found or list(_lost(tree, ("path",), known))


def _texts(value: dict[str, Any], at: Path, *names: str) -> Iterator[Fault]:
    for name in names:
        text = value.get(name)
        if not isinstance(text, str) or not text.strip():
            yield (*at, name), f"{name} must be a text that says something."


def _tree(tree: list[Any], at: Path, seen: set[str]) -> Iterator[Fault]:
    for place, node in enumerate(tree):
        here = (*at, place)
        if not isinstance(node, dict):
            yield here, "A step is an object, in { and }."
            continue
        wrong = list(_texts(node, here, "id", "type"))
        yield from wrong or _step(node, here, seen)


def _step(node: dict[str, Any], at: Path, seen: set[str]) -> Iterator[Fault]:
    if node["id"] in seen:
        yield (*at, "id"), "Another step has this id."
    seen.add(node["id"])
    kind = node["type"]
    if kind not in PIECES:
        return
    piece = node.get(kind)
    if not isinstance(piece, dict):
        yield (*at, kind), f"A step of this type needs the object {kind}."
        return
    if kind in TARGETED and not isinstance(piece.get("targets"), list):
        yield (*at, kind, "targets"), "targets must be a list."
    if kind == "if_else":
        yield from _branches(piece, (*at, kind), seen)


def _branches(piece: dict[str, Any], at: Path, seen: set[str]) -> Iterator[Fault]:
    for name in BRANCHES:
        if isinstance(piece.get(name), list):
            yield from _tree(piece[name], (*at, name), seen)
        else:
            yield (*at, name), f"{name} must be a list; an empty one is fine."


def _lost(tree: list[Any], at: Path, known: list[Any]) -> Iterator[Fault]:
    """Find the steps that go back to what is not there."""
    for place, node in enumerate(tree):
        here = (*at, place)
        if node["type"] == "repeat" and node["repeat"].get("to_node") not in known:
            yield (*here, "repeat", "to_node"), "No step has this id."
        if node["type"] == "if_else":
            for name in BRANCHES:
                yield from _lost(node["if_else"][name], (*here, "if_else", name), known)
