"""``workflow`` and ``workflows``: what incident.io does by itself, and when."""

from __future__ import annotations

from collections.abc import Sequence

from blocks.kit import messages, text
from blocks.workflows import card as view
from blocks.workflows.card import state_word, trigger
from handlers.core.arguments.catalogued import Catalogued
from handlers.core.arguments.resolve import FIRST, Page, Rest
from handlers.core.command import Effect, Group, Reply
from handlers.core.context import Context
from handlers.core.pages import listed, paginate
from handlers.core.permissions import Level
from handlers.core.resource import DeletableResource
from incidentio import WorkflowSlim
from incidentio.features import EDITING_WORKFLOWS, WORKFLOWS
from incidentio.lookup import matches, normal

group = Group(
    "workflow",
    "Workflows",
    level=Level.ADMINISTER,
    reads=WORKFLOWS,
    writes=EDITING_WORKFLOWS,
)

WORKFLOW = DeletableResource("workflow", "workflows", lambda ctx: ctx.api.workflows)
read = WORKFLOW.read

CHUNKS = 4
"""The most parts of a workflow's details in one message."""


@group.command(
    "workflows", effect=Effect("The workflows", "listed", "were"), says=["automations"]
)
def list_(ctx: Context, words: Rest | None = None, page: Page = FIRST) -> Reply:
    """List the workflows; or those with the words, such as disabled or a folder."""
    found = _in_order([w for w in ctx.api.workflows.list() if _has(w, words)])
    said = text.plain(words, 60) if words else ""
    heading = f"Workflows with “{said}”" if words else "Workflows"
    line = f"workflows {text.plain(words, 200)}" if words else "workflows"
    return listed(
        heading, line, found, page, lambda shown: view.listing(shown, heading)
    )


def _has(workflow: WorkflowSlim, words: str | None) -> bool:
    return words is None or bool(matches([workflow], words, name=_searched))


def _searched(workflow: WorkflowSlim) -> str:
    about = (workflow.folder, workflow.shortform, workflow.trigger.label)
    return " ".join(filter(None, [workflow.name, state_word(workflow.state), *about]))


def _in_order(found: Sequence[WorkflowSlim]) -> list[WorkflowSlim]:
    """Sort by folder; those without a folder come last."""
    return sorted(
        found,
        key=lambda w: (not w.folder, normal(w.folder or ""), normal(w.name)),
    )


@group.command(
    "workflow [show]", effect=Effect("The workflow", "shown"), says=["automation"]
)
def show(ctx: Context, workflow: WorkflowSlim) -> Reply:
    """Show a workflow: when it runs, on what conditions, and what it does."""
    found = read(ctx, workflow.id)
    steps = text.count(len(found.steps), "step")
    words = f"{state_word(found.state)}, {trigger(found)}, {steps}"
    return Reply(f"{text.inline(found.name)}: {words}", view.card(found))


@group.command("workflow details", effect=Effect("The workflow", "shown"))
def details(ctx: Context, workflow: WorkflowSlim, page: Page = FIRST) -> Reply:
    """Show a workflow in full, its long parts too."""
    found = read(ctx, workflow.id)
    part = paginate(view.whole(found), page, CHUNKS)
    line = f"workflow details {found.id}"
    turner = messages.pager(line, part.number, more=part.more)
    shown = [messages.section(chunk) for chunk in part.shown]
    said = f"{text.inline(found.name)} in full, page {part.number}"
    return Reply(said, [*shown, *turner])


def describe(workflow: WorkflowSlim) -> str:
    """Name a workflow in a sentence, in mrkdwn."""
    return f"The workflow {text.bold(workflow.name)}"


Catalogued(
    "workflow", lambda ctx: _in_order(ctx.catalog.workflows()), source="workflow"
).register(WorkflowSlim)
