"""The form that shows a schedule's config as it is sent, for experts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from blocks.kit import text
from blocks.kit.fields import LONGEST_TEXT, Field, Text
from blocks.kit.form import Form, Note
from blocks.kit.json_text import PREFIX
from blocks.kit.on_call import title
from incidentio import Schedule, User

JSON = "schedule.json"
MOST = 20
"""Inputs in one form; more would be a view that Slack refuses."""
LEGEND = 60


def form(
    schedule: Schedule,
    boxes: Sequence[str],
    people: Sequence[User],
    *,
    memory: Mapping[str, Any],
    above: Sequence[Note] = (),
) -> Form:
    """Draw the pieces, each in an input of its own; one more is for what is new."""
    many = len(boxes)
    fields: list[Field | Note] = [*above, Note(_head(schedule, many))]
    fields += [
        Text(
            name=f"{PREFIX}{n}",
            label=f"Config, {n} of {many}" if many > 1 else "Config",
            value=box or None,
            multiline=True,
            optional=True,
            max_length=LONGEST_TEXT,
        )
        for n, box in enumerate(boxes, 1)
    ]
    if people:
        fields.append(Note(_legend(people), small=True))
    return Form(
        id=JSON,
        title="Edit as JSON",
        fields=fields,
        submit="Save" if "seen" in memory else "Preview",
        memory=memory,
    )


def _head(schedule: Schedule, many: int) -> str:
    whole = " The inputs are one text, cut between lines." if many > 1 else ""
    return (
        f"The config of {title(schedule)}, as incident.io takes it. It replaces every "
        f"rotation and every version, those to come as well.{whole}"
    )


def _legend(people: Sequence[User]) -> str:
    named = [f"{text.code(u.id)} {text.inline(u.name, 60)}" for u in people[:LEGEND]]
    return f"People: {', '.join(named)}"


def boxes_of(values: Mapping[str, Any]) -> list[str]:
    """Read the inputs in their order; an empty one counts as a piece."""
    numbers = sorted(
        int(name.removeprefix(PREFIX)) for name in values if name.startswith(PREFIX)
    )
    return [str(values[f"{PREFIX}{n}"] or "") for n in numbers]
