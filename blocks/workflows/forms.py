"""The forms that change and delete a workflow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from blocks.kit import text
from blocks.kit.edit import Input
from blocks.kit.fields import (
    Choice,
    Choices,
    Choosable,
    Field,
    Menu,
    Number,
    Text,
    Ticks,
)
from blocks.kit.form import Form, Note
from blocks.workflows.card import (
    MODES,
    RUNS_ON,
    SCOPES,
    STATES,
    enough,
    label_text,
    parts,
    state,
    trigger,
)
from incidentio.workflows import Workflow

EDIT, DELETE = "workflow.edit", "workflow.delete"
NAME_LIMIT = 255
SHOWN = 900
PARTS = {"for_seconds": "delay", "conditions_apply_over_delay": "delay"}
"""The part of the workflow that a field changes, where its name is another."""
YES = "yes"


def fields(workflow: Workflow) -> list[Field]:
    """Return the inputs of the form; their names are the API's."""
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
    """Return whether the options of a field fit into a Slack menu."""
    options = field.options if isinstance(field, Menu) else ()
    return all(len(option.value) <= text.OPTION for option in options)


SHORTFORM = "The word that runs it by hand."


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
    """Return a menu of the known values and the present one.

    ``error`` is offered only if it is set: nobody sets it by hand.
    """
    offered = {k: v for k, v in known.items() if k != "error" or k == value}
    offered.setdefault(value, label_text({}, value))
    options = [Choosable(words, id_) for id_, words in offered.items() if id_]
    return Choice(
        name=name, label=label, options=options, value=value, optional=not value
    )


def _modes(modes: Sequence[str]) -> Choices:
    offered = {**{mode: label_text({}, mode) for mode in modes}, **MODES}
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


def form(
    workflow: Workflow, digests: Mapping[str, str], inputs: Sequence[Input]
) -> Form:
    """Draw the form that edits a workflow.

    ``digests`` are fingerprints of the workflow's parts, to notice changes by others.
    """
    about = f"Trigger: {trigger(workflow)} · version {workflow.version}"
    return Form(
        id=EDIT,
        title="Edit a workflow",
        fields=[
            Note(about, small=True),
            *inputs,
            *(
                Note(_part(title, lines))
                for title, lines in parts(workflow, brief=True)
            ),
            Note(ELSEWHERE, small=True),
        ],
        memory={"workflow": workflow.id, "parts": dict(digests)},
    )


ELSEWHERE = (
    "Conditions, steps and expressions stay as they are; edit them in incident.io."
)


def _part(title: str, lines: Sequence[str]) -> str:
    return f"*{title}*\n{enough(lines, SHOWN)[0]}"


def losses(workflow: Workflow) -> list[str]:
    """Return what a workflow does, which is lost when it is deleted."""
    steps = dict(parts(workflow, brief=True)).get("Steps", ["No steps."])
    about = [
        f"{state(workflow.state)}. Trigger: {trigger(workflow)}",
        _part("Steps", steps),
        "incident.io archives it: it no longer runs.",
    ]
    return ["\n".join(about)]
