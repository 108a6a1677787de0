"""Workflows: the list, the card and its parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

from slack_sdk.models.blocks import Block, MarkdownTextObject, SectionBlock

from blocks.kit import messages, text
from blocks.kit.managed import manager
from blocks.workflows import words
from blocks.workflows.words import label
from incidentio.workflows import Workflow, WorkflowFormField, WorkflowSlim

ENOUGH = 1500
"""The most characters of one part of a card."""
CHUNK = 2600


def listing(rows: Sequence[WorkflowSlim], heading: str) -> list[Block]:
    blocks: list[Block] = [messages.section(text.bold(heading))]
    if not rows:
        none = "No workflow matches."
        return [
            *blocks,
            messages.context(f"{none} Workflows are created in incident.io."),
        ]
    return [*blocks, *map(_row, rows)]


def _row(workflow: WorkflowSlim) -> Block:
    folder = f"in {text.inline(workflow.folder, 60)}" if workflow.folder else ""
    short = text.code(workflow.shortform, 60) if workflow.shortform else ""
    steps = text.count(len(workflow.steps), "step")
    asks = "asks before it runs" if workflow.auto_run_mode == CONFIRM else ""
    facts_ = [state(workflow.state), trigger(workflow), asks, steps, folder, short]
    label_mrkdwn = f"{text.bold(workflow.name)}\n{' · '.join(filter(None, facts_))}"
    return SectionBlock(
        text=MarkdownTextObject(text=text.clip(label_mrkdwn, text.SECTION)),
        accessory=messages.button("Show", f"workflow show {workflow.id}"),
    )


def card(workflow: Workflow) -> list[Block]:
    """Draw everything about a workflow; long parts are shortened."""
    blocks: list[Block] = [messages.section(head(workflow))]
    shortened = False
    for title, lines in parts(workflow, brief=True):
        label_mrkdwn, cut = enough(lines)
        blocks.append(messages.section(f"*{title}*\n{label_mrkdwn}"))
        shortened = shortened or cut
    if shortened or _is_clipped(workflow):
        blocks.append(messages.context("Long parts are shortened here."))
    id_ = workflow.id
    switch = ("Disable", "disable") if workflow.state == "active" else ENABLE
    lines_ = [
        ("Edit", f"workflow edit {id_}"),
        (switch[0], f"workflow {switch[1]} {id_}"),
        ("Show in full", f"workflow details {id_}"),
    ]
    delete = ("Delete", f"workflow delete {id_}")
    block_id = text.clip(f"workflow show {id_}#1", text.BLOCK_ID)
    return [*blocks, messages.buttons(lines_, block_id=block_id, danger=delete)]


ENABLE = ("Enable", "enable")


def head(workflow: Workflow) -> str:
    title = f"{text.bold(workflow.name)} · {state(workflow.state)}"
    return "\n".join([title, *facts(workflow)])


def parts(workflow: Workflow, *, brief: bool) -> list[tuple[str, list[str]]]:
    """Return the parts of a card, each with its lines; empty ones are left out."""
    found = [
        ("Conditions", words.conditions(workflow.condition_groups, brief=brief)),
        ("Steps", words.steps(workflow, brief=brief)),
        ("Expressions", words.expressions(workflow, brief=brief)),
        ("Form", [form_field(field) for field in workflow.form_fields]),
    ]
    return [(title, lines) for title, lines in found if lines]


def enough(lines: Sequence[str], most: int = ENOUGH) -> tuple[str, bool]:
    """Return the lines that fit into ``most`` characters, and whether some did not."""
    taken: list[str] = []
    for place, line in enumerate(lines):
        if taken and len("\n".join([*taken, line])) > most:
            left = len(lines) - place
            return "\n".join([*taken, f"… and {left} more"]), True
        taken.append(text.clip(line, most))
    return "\n".join(taken), any(len(line) > most for line in lines)


def _is_clipped(workflow: Workflow) -> bool:
    """Return whether the card shortens a value."""
    return _flat(workflow, brief=True) != _flat(workflow, brief=False)


def _flat(workflow: Workflow, *, brief: bool) -> list[str]:
    found = parts(workflow, brief=brief)
    return [" ".join(line.split()) for _, lines in found for line in lines]


def whole(workflow: Workflow) -> list[str]:
    """Return the whole workflow as texts that each fit a section."""
    lines = head(workflow).split("\n")
    for title, texts in parts(workflow, brief=False):
        lines += ["", f"*{title}*", *"\n".join(texts).split("\n")]
    return list(_packed(lines))


def _packed(lines: Iterable[str]) -> Iterable[str]:
    chunk = ""
    for line in lines:
        if chunk and len(chunk) + len(line) >= CHUNK:
            yield chunk
            chunk = line
        else:
            chunk = f"{chunk}\n{line}" if chunk else line
    if chunk.strip():
        yield chunk


STATES = {
    "active": ("Active", ":large_green_circle:"),
    "disabled": ("Disabled", ":white_circle:"),
    "draft": ("Draft", ":memo:"),
    "error": ("Error", ":red_circle:"),
}


RUNS_ON = {
    "newly_created": "New incidents only",
    "newly_created_and_active": "New incidents, and those active when it was set up",
}


SCOPES = {
    "none": "None",
    "owning_teams": "Those that an owning team can see",
    "all": "All",
}


MODES = {"standard": "Standard", "test": "Test", "retrospective": "Retrospective"}


CONFIRM = "confirm_before_running"


AUTO = {
    "run_automatically": "At once",
    CONFIRM: "After somebody confirms it in the channel",
}


SHOWN = 10


LONGEST = 200


def state(name: str) -> str:
    """Return a state with its mark."""
    _, mark = STATES.get(name, ("", ""))
    return f"{mark} {state_word(name)}".strip()


def state_word(name: str) -> str:
    return label_mrkdwn({known: said for known, (said, _) in STATES.items()}, name)


def label_text(known: Mapping[str, str], name: str) -> str:
    """Return the label of a value in plain text; for an unknown one, its name."""
    return known.get(name) or text.plain(name.replace("_", " ").capitalize())


def label_mrkdwn(known: Mapping[str, str], name: str) -> str:
    """Return ``label_text`` in mrkdwn; empty for an empty name."""
    return text.inline(label_text(known, name), LONGEST) if name else ""


def trigger(workflow: WorkflowSlim) -> str:
    return label(workflow.trigger.label, workflow.trigger.name)


def facts(workflow: Workflow) -> list[str]:
    """Return a line for each fact that is set."""
    return [f"*{name}:* {said}" for name, said in _facts(workflow) if said]


def _facts(workflow: Workflow) -> Iterator[tuple[str, str]]:
    yield "Trigger", trigger(workflow)
    yield "Runs", label_mrkdwn(AUTO, workflow.auto_run_mode or "")
    yield (
        "Folder",
        text.inline(workflow.folder or "", LONGEST) if _folder(workflow) else "",
    )
    yield "Shortform", text.code(workflow.shortform) if workflow.shortform else ""
    yield "Runs on", label_mrkdwn(RUNS_ON, workflow.runs_on_incidents)
    yield "Modes", modes(workflow)
    yield "Delay", delay(workflow)
    every = [label(one.label, one.key) for one in workflow.once_for[:SHOWN]]
    yield "Once for each", text.listed(every)
    yield "Private incidents", private(workflow)
    yield "When a step fails", FAILING[workflow.continue_on_step_error]
    teams = [text.code(id_) for id_ in workflow.owning_team_ids[:SHOWN]]
    yield "Owning teams", text.listed(teams)
    yield "Runs since", text.when(workflow.runs_from) if workflow.runs_from else ""
    yield "Version", str(workflow.version or "")
    yield "Managed by", manager(workflow) or "the dashboard"


FAILING = {True: "The next steps run all the same", False: "The next steps do not run"}


def _folder(workflow: Workflow) -> bool:
    return bool(workflow.folder and workflow.folder.strip())


def modes(workflow: Workflow) -> str:
    return text.listed(
        [label_mrkdwn(MODES, mode) for mode in workflow.runs_on_incident_modes]
    )


def delay(workflow: Workflow) -> str:
    if workflow.delay is None:
        return ""
    words = text.exact(timedelta(seconds=workflow.delay.for_seconds))
    again = ", then the conditions must still hold"
    return words + (again if workflow.delay.conditions_apply_over_delay else "")


def private(workflow: Workflow) -> str:
    said = label_mrkdwn(SCOPES, workflow.private_incident_scope or "")
    more = "; private escalations too" if workflow.include_private_escalations else ""
    return said + more


def form_field(field: WorkflowFormField) -> str:
    """Return a field of the form that people fill in to run it by hand."""
    kind = f"{label(field.type)}{', several' if field.array else ''}"
    needed = ", required" if field.required else ""
    about = f": {text.inline(field.description)}" if field.description else ""
    return f"{text.bold(field.title)} ({kind}{needed}){about}"
