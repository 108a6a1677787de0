"""The form that shows an escalation path as it is sent, for experts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from blocks.kit import text
from blocks.kit.fields import LONGEST_TEXT, Field, Text
from blocks.kit.form import Form, Note
from blocks.kit.json_text import PREFIX
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
    """Draw the pieces, each in an input of its own; ``names`` explain ids."""
    many = len(boxes)
    fields: list[Field | Note] = [Note(above)] if above else []
    fields.append(Note(_head(path, many)))
    fields += [
        Text(
            name=f"{PREFIX}{n}",
            label=f"Path, {n} of {many}" if many > 1 else "Path",
            value=box or None,
            multiline=True,
            optional=True,
            max_length=LONGEST_TEXT,
        )
        for n, box in enumerate(boxes, 1)
    ]
    if names:
        shown = list(names.items())[:LEGEND]
        said = [f"{text.code(id_)} {text.inline(name, 60)}" for id_, name in shown]
        fields.append(Note(f"Who is who: {', '.join(said)}", small=True))
    return Form(JSON, "Edit as JSON", fields, memory=memory)


def _head(path: EscalationPath, many: int) -> str:
    whole = " The inputs are one text, cut between lines." if many > 1 else ""
    return (
        f"The escalation path {text.bold(path.name)}, as incident.io takes it. Saving "
        f"replaces all of it.{whole}"
    )
