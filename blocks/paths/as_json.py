"""The form that edits an escalation path as JSON, for experts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from blocks.kit import json_text, managed, text
from blocks.kit.fields import Field
from blocks.kit.form import Form, Note
from incidentio import EscalationPath

JSON = "path.json"
LEGEND = 60


def form(
    path: EscalationPath,
    boxes: Sequence[str],
    names: Mapping[str, str],
    memory: Mapping[str, Any],
    above: str | None,
) -> Form:
    """Draw the form, with an input for each piece; ``names`` are the names of ids."""
    subject = f"The escalation path {text.bold(path.name)}"
    warned = managed.before(path, subject)
    fields: list[Field | Note] = [*map(Note, warned), *([Note(above)] if above else [])]
    fields.append(Note(_head(path, boxes)))
    fields += json_text.inputs("Path", boxes)
    if names:
        shown = list(names.items())[:LEGEND]
        said = [f"{text.code(id_)} {text.inline(name, 60)}" for id_, name in shown]
        fields.append(Note(f"Who is who: {', '.join(said)}", small=True))
    return Form(JSON, "Edit as JSON", fields, memory=memory)


def _head(path: EscalationPath, boxes: Sequence[str]) -> str:
    return (
        f"The escalation path {text.bold(path.name)}, as incident.io takes it. Saving "
        f"replaces all of it.{json_text.are_one(boxes)}"
    )
