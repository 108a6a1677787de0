"""Workflows in Slack: the list and the card."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from slack_sdk.models.blocks import Block, MarkdownTextObject, SectionBlock

from blocks.kit import messages, text
from blocks.workflows import words
from blocks.workflows.facts import CONFIRM, facts, form_field, state, trigger
from incidentio.workflows import Workflow, WorkflowSlim

ENOUGH = 1500
"""Characters of one part of a card."""
CHUNK = 2600


def listing(rows: Sequence[WorkflowSlim], heading: str) -> list[Block]:
    blocks: list[Block] = [messages.section(text.bold(heading))]
    if not rows:
        none = "No workflow has these words, or there is none yet."
        return [*blocks, messages.context(f"{none} They are made in incident.io.")]
    return [*blocks, *map(_row, rows)]


def _row(workflow: WorkflowSlim) -> Block:
    folder = f"in {text.inline(workflow.folder, 60)}" if workflow.folder else ""
    short = text.code(workflow.shortform, 60) if workflow.shortform else ""
    steps = text.count(len(workflow.steps), "step")
    asks = "asks before it runs" if workflow.auto_run_mode == CONFIRM else ""
    facts_ = [state(workflow.state), trigger(workflow), asks, steps, folder, short]
    said = f"{text.bold(workflow.name)}\n{' · '.join(filter(None, facts_))}"
    return SectionBlock(
        text=MarkdownTextObject(text=text.clip(said, text.SECTION)),
        accessory=messages.button("Show", f"workflow show {workflow.id}"),
    )


def card(workflow: Workflow) -> list[Block]:
    """Show everything about a workflow, each part as far as it is short."""
    blocks: list[Block] = [messages.section(head(workflow))]
    shortened = False
    for title, lines in parts(workflow, brief=True):
        said, cut = enough(lines)
        blocks.append(messages.section(f"*{title}*\n{said}"))
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
    """Take as many lines as there is room for, and say how many are left."""
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
