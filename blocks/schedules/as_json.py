"""The form that edits a schedule's config as JSON, for experts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from blocks.kit import json_text, managed, text
from blocks.kit.fields import Field
from blocks.kit.form import Form, Note
from blocks.kit.on_call import title
from blocks.kit.people import named
from incidentio import Schedule, User

JSON = "schedule.json"
LEGEND = 60


def form(
    schedule: Schedule,
    boxes: Sequence[str],
    people: Sequence[User],
    *,
    memory: Mapping[str, Any],
    above: Sequence[Note] = (),
) -> Form:
    """Draw the form, with an input for each piece."""
    warned = map(Note, managed.before(schedule, title(schedule)))
    fields: list[Field | Note] = [*warned, *above, Note(_head(schedule, boxes))]
    fields += json_text.inputs("Config", boxes)
    if people:
        fields.append(Note(_legend(people), small=True))
    return Form(
        id=JSON,
        title="Edit as JSON",
        fields=fields,
        submit="Save" if "seen" in memory else "Preview",
        memory=memory,
    )


def _head(schedule: Schedule, boxes: Sequence[str]) -> str:
    return (
        f"The config of {title(schedule)}, as incident.io takes it. Saving replaces "
        f"every rotation and every version, future ones too.{json_text.are_one(boxes)}"
    )


def _legend(people: Sequence[User]) -> str:
    shown = [f"{text.code(u.id)} {text.inline(named(u), 60)}" for u in people[:LEGEND]]
    return f"People: {', '.join(shown)}"
