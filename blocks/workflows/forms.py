"""The forms that change and delete a workflow."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from blocks.kit import text
from blocks.kit.digests import digest
from blocks.kit.fields import (
    Choice,
    Choices,
    Choosable,
    Field,
    Number,
    Text,
    Ticks,
    Value,
)
from blocks.kit.form import Form, Note
from blocks.workflows.card import enough, parts
from blocks.workflows.facts import (
    MODES,
    RUNS_ON,
    SCOPES,
    STATES,
    manager,
    named,
    state,
    trigger,
)
from incidentio.models.workflows import Workflow

EDIT, DELETE = "workflow.edit", "workflow.delete"
NAME_LIMIT = 255
SHOWN = 900
PARTS = {"for_seconds": "delay", "conditions_apply_over_delay": "delay"}
"""What of the workflow a field is of, where it is not of its own name."""
YES = "yes"


def fields(workflow: Workflow) -> list[Field]:
    """What the form can change, filled in; a field's name is the API's."""
    delay = workflow.delay
    found: list[Field] = [
        Text(name="name", label="Name", value=workflow.name, max_length=NAME_LIMIT),
        _choice("state", "State", {k: v[0] for k, v in STATES.items()}, workflow.state),
        _short("folder", "Folder", workflow.folder),
        _short("shortform", "Shortform", workflow.shortform, SHORTFORM),
        _choice("runs_on_incidents", "Runs on", RUNS_ON, workflow.runs_on_incidents),
        _modes(workflow.runs_on_incident_modes),
        Number(
            name="for_seconds",
            label="Delay in seconds",
            value=str(delay.for_seconds) if delay else None,
            decimal=False,
            least="0",
            optional=True,
        ),
        _switch(
            "conditions_apply_over_delay",
            "After the delay",
            "The conditions must still hold",
            on=bool(delay and delay.conditions_apply_over_delay),
        ),
        _switch(
            "continue_on_step_error",
            "When a step fails",
            "Run the next steps all the same",
            on=workflow.continue_on_step_error,
        ),
    ]
    scope = workflow.private_incident_scope
    if scope:
        about = "Private incidents it acts on"
        found.append(_choice("private_incident_scope", about, SCOPES, scope))
    return [field for field in found if _fits(field)]


def _fits(field: Field) -> bool:
    """Whether Slack can hold what may be chosen: what it cannot stays as it is."""
    options = field.options if isinstance(field, Choice | Choices) else ()
    return all(len(option.value) <= text.OPTION for option in options)


SHORTFORM = "What it is run by, for one that is run by hand."


def _short(name: str, label: str, value: str | None, hint: str | None = None) -> Text:
    return Text(
        name=name,
        label=label,
        value=value or None,
        hint=hint,
        optional=True,
        max_length=NAME_LIMIT,
    )


def _choice(name: str, label: str, known: dict[str, str], value: str) -> Choice:
    """Offer what is known and what it is; nobody sets an error by hand."""
    offered = {k: v for k, v in known.items() if k != "error" or k == value}
    offered.setdefault(value, named({}, value))
    options = [Choosable(words, id_) for id_, words in offered.items() if id_]
    return Choice(
        name=name, label=label, options=options, value=value, optional=not value
    )


def _modes(modes: Sequence[str]) -> Choices:
    offered = {**{mode: named({}, mode) for mode in modes}, **MODES}
    return Choices(
        name="runs_on_incident_modes",
        label="Modes of incidents",
        options=[Choosable(words, id_) for id_, words in offered.items()],
        value=tuple(modes),
        optional=True,
    )


def _switch(name: str, label: str, words: str, *, on: bool) -> Ticks:
    ticked = (YES,) if on else ()
    return Ticks(name=name, label=label, options=[Choosable(words, YES)], value=ticked)


def held(field: Field) -> Value:
    """Give what a field reads as while nobody touches it."""
    if isinstance(field, Text):
        return text.clip(field.value or "", field.max_length)
    if isinstance(field, Choices | Ticks):
        return tuple(field.value)
    return getattr(field, "value", None)


def settled(value: Value) -> str:
    """Make values that look the same the same."""
    if isinstance(value, tuple):
        return json.dumps(sorted(map(str, value)))
    return " ".join(str(value or "").split())


def told(value: Value) -> str:
    """Tell a value from others in few characters: a form remembers no more."""
    return digest(settled(value), 6)


def shown(workflow: Workflow) -> dict[str, str]:
    return {field.name: told(held(field)) for field in fields(workflow)}


def form(
    workflow: Workflow,
    digests: Mapping[str, str],
    *,
    was: Mapping[str, str] | None = None,
    typed: Mapping[str, Value] | None = None,
    notice: str | None = None,
) -> Form:
    """Draw the form as the workflow is now, keeping what was ``typed``.

    ``digests`` tell the parts of the workflow from what they may become; ``was`` is
    what the form showed before, for what is not typed in to be drawn anew.
    """
    now = shown(workflow)
    inputs = [_drawn(f, was or now, typed or {}, now) for f in fields(workflow)]
    about = [f"Trigger: {trigger(workflow)} · version {workflow.version}"]
    return Form(
        id=EDIT,
        title="Edit a workflow",
        fields=[
            *([Note(notice)] if notice else []),
            *_managed(workflow),
            Note(about[0], small=True),
            *inputs,
            *(
                Note(_part(title, lines))
                for title, lines in parts(workflow, brief=True)
            ),
            Note(ELSEWHERE, small=True),
        ],
        memory={"workflow": workflow.id, "shown": now, "parts": dict(digests)},
    )


ELSEWHERE = (
    "Conditions, steps and expressions stay as they are; edit them in incident.io."
)


def _drawn(
    field: Field,
    was: Mapping[str, str],
    typed: Mapping[str, Value],
    now: Mapping[str, str],
) -> Field:
    if field.name in typed:
        entered = typed[field.name]
        filled: dict[str, Any] = {"value": entered}
        return replace(field, **filled)
    if was.get(field.name) != now[field.name]:
        return replace(field, fresh=now[field.name])
    return field


def _part(title: str, lines: Sequence[str]) -> str:
    return f"*{title}*\n{enough(lines, SHOWN)[0]}"


def _managed(workflow: Workflow) -> list[Note]:
    by = manager(workflow)
    if by is None:
        return []
    return [
        Note(
            f":warning: This workflow is managed by {by}. What is changed here will be "
            "overwritten from there: change it there too."
        )
    ]


def delete(workflow: Workflow, digest_: str, notice: str | None = None) -> Form:
    """Name what is deleted, and ask for its name."""
    steps = dict(parts(workflow, brief=True)).get("Steps", ["No steps."])
    about = [
        f"This deletes {text.bold(workflow.name)} · {state(workflow.state)}.",
        f"Trigger: {trigger(workflow)}",
        _part("Steps", steps),
        "incident.io archives it: it does not run any more.",
    ]
    return Form(
        id=DELETE,
        title="Delete a workflow",
        fields=[
            *([Note(notice)] if notice else []),
            *_managed(workflow),
            Note("\n".join(about)),
            Text(name="name", label="Type its name to delete it"),
        ],
        submit="Delete",
        memory={"workflow": workflow.id, "was": digest_},
    )
