"""Labels in workflows, learned from the existing workflows.

A request names a subject, an operation or a value by a key; an answer has a label
beside the key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

Json = dict[str, Any]

INT = {"type": "Number", "array": False}
TEXT = {"type": "String", "array": False}


class Vocabulary:
    def __init__(self, workflows: Iterable[Json]) -> None:
        self._labels: dict[tuple[str, str], str] = {}
        self._references: dict[str, Json] = {}
        self._returns: dict[tuple[str, int], Json] = {}
        for workflow in workflows:
            self._learn(workflow)

    def label(self, kind: str, key: str) -> str:
        return self._labels.get((kind, key)) or default_label(key)

    def reference(self, key: str) -> Json:
        unknown = {"key": key, "label": default_label(key), **TEXT}
        return self._references.get(key, unknown)

    def returns(self, expression: str, place: int, operation: Json) -> Json:
        """Return the type of one operation of an expression; ``-1`` is the whole."""
        kind = operation.get("operation_type", "")
        told = operation.get(kind)
        if isinstance(told, dict) and "returns" in told:
            return dict(told["returns"])
        usual = INT if kind in ("count", "min", "max", "sum") else TEXT
        return self._returns.get((expression, place), usual)

    def value(self, value: Json) -> str:
        return self.label("value", f"{value.get('literal')}/{value.get('reference')}")

    def _learn(self, workflow: Json) -> None:
        for step in workflow["steps"]:
            self._labels["step", step["name"]] = step["label"]
        for reference in workflow["once_for"]:
            self._references[reference["key"]] = reference
        for expression in workflow["expressions"]:
            name = expression["reference"]
            self._returns[name, -1] = expression["returns"]
            for place, operation in enumerate(expression["operations"]):
                self._returns[name, place] = operation["returns"]
        for piece in objects_in(workflow):
            self._learn_piece(piece)

    def _learn_piece(self, piece: Json) -> None:
        if isinstance(subject := piece.get("subject"), dict):
            self._labels["subject", subject["reference"]] = subject["label"]
            operation = piece["operation"]
            self._labels["operation", operation["value"]] = operation["label"]
        if "reference_label" in piece:
            self._labels["reference", piece["reference"]] = piece["reference_label"]
        for value in [piece.get("value"), *(piece.get("array_value") or [])]:
            if isinstance(value, dict) and "label" in value:
                key = f"{value.get('literal')}/{value.get('reference')}"
                self._labels["value", key] = value["label"]


def objects_in(node: Any) -> Iterator[Json]:
    """Yield every object in a JSON value, at any depth."""
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for inner in node:
            yield from objects_in(inner)


def default_label(key: str) -> str:
    """Return a label for a key: Severity for ``incident.severity``."""
    last = key.partition("/")[0].rpartition(".")[2]
    return last.replace("_", " ").capitalize() or key
