"""Reads JSON that was typed into a form, and puts errors beside its inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from blocks.kit import json_text
from blocks.kit.json_text import PREFIX, error_text
from handlers.core.problems import FieldErrors
from incidentio.errors import Invalid
from incidentio.merging.path_shape import Fault


def typed(boxes: Sequence[str], faults: Callable[[Any], Iterable[Fault]]) -> Any:
    """Return the JSON value that was typed into several boxes.

    Raises:
        FieldErrors: it is not JSON, or ``faults`` finds something wrong.
    """
    try:
        value = json_text.parse(json_text.join(boxes))
    except json_text.NotJson as error:
        spot = json_text.position(boxes, error.offset)
        said = {f"{PREFIX}{spot.piece + 1}": error_text(spot, str(error))}
        raise FieldErrors(said) from error
    if found := beside(faults(value), boxes):
        raise FieldErrors(found)
    return value


def beside(faults: Iterable[Fault], boxes: Sequence[str]) -> dict[str, str]:
    """Return the words about faults, by the name of the input that each is in."""
    whole = json_text.join(boxes)
    found: dict[str, list[str]] = {}
    for path, message in faults:
        spot = json_text.position(boxes, json_text.locate(whole, path))
        name = f"{PREFIX}{spot.piece + 1}"
        found.setdefault(name, []).append(error_text(spot, message, path))
    return {name: " ".join(said) for name, said in found.items()}


def refused(
    error: Invalid, boxes: Sequence[str], above: tuple[str, ...] = ()
) -> Exception:
    """Return incident.io's refusal as ``FieldErrors``, if it says where its faults are.

    ``above`` is the path to the typed value in the body that was sent. If a problem is
    outside of that value, the error itself is returned.
    """
    faults = []
    for problem in error.problems:
        steps = (problem.pointer or "").strip("/").split("/")
        if not problem.pointer or tuple(steps[: len(above)]) != above:
            return error
        inside = steps[len(above) :]
        path = tuple(int(s) if s.isdecimal() else s for s in inside)
        faults.append((path, f"incident.io says: {problem.message}"))
    return FieldErrors(beside(faults, boxes)) if faults else error
