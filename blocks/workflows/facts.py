"""Facts of a workflow other than conditions, steps and expressions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from blocks.kit import text
from blocks.workflows.words import label
from incidentio.workflows import Workflow, WorkflowFormField, WorkflowSlim

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
MANAGERS = {"terraform": "Terraform", "external": "another system"}
CONFIRM = "confirm_before_running"
AUTO = {
    "run_automatically": "At once",
    CONFIRM: "After somebody confirms it in the channel",
}
SHOWN = 10
LONGEST = 200


def state(name: str) -> str:
    """Say a state, with its mark."""
    _, mark = STATES.get(name, ("", ""))
    return f"{mark} {state_word(name)}".strip()


def state_word(name: str) -> str:
    return said({known: words for known, (words, _) in STATES.items()}, name)


def named(known: Mapping[str, str], name: str) -> str:
    """Return what people call it; of a newer value, its own name. Plain text."""
    return known.get(name) or text.plain(name.replace("_", " ").capitalize())


def said(known: Mapping[str, str], name: str) -> str:
    """Return the same in mrkdwn; nothing where there is nothing."""
    return text.inline(named(known, name), LONGEST) if name else ""


def trigger(workflow: WorkflowSlim) -> str:
    return label(workflow.trigger.label, workflow.trigger.name)


def manager(workflow: Workflow) -> str | None:
    """Name who else changes it; None where only its dashboard does."""
    meta = workflow.management_meta
    if meta is None or meta.managed_by == "dashboard":
        return None
    words = MANAGERS.get(meta.managed_by) or text.inline(meta.managed_by, 60)
    return text.link(meta.source_url, words) if meta.source_url else words


def facts(workflow: Workflow) -> list[str]:
    """A line for each; empty ones are left out."""
    return [f"*{name}:* {words}" for name, words in _facts(workflow) if words]


def _facts(workflow: Workflow) -> Iterator[tuple[str, str]]:
    yield "Trigger", trigger(workflow)
    yield "Runs", said(AUTO, workflow.auto_run_mode or "")
    yield (
        "Folder",
        text.inline(workflow.folder or "", LONGEST) if _folder(workflow) else "",
    )
    yield "Shortform", text.code(workflow.shortform) if workflow.shortform else ""
    yield "Runs on", said(RUNS_ON, workflow.runs_on_incidents)
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
    return text.listed([said(MODES, mode) for mode in workflow.runs_on_incident_modes])


def delay(workflow: Workflow) -> str:
    if workflow.delay is None:
        return ""
    seconds = workflow.delay.for_seconds
    exact = text.duration(timedelta(seconds=seconds))
    words = f"{seconds} s" if seconds % 60 or not seconds else exact
    again = ", then the conditions must still hold"
    return words + (again if workflow.delay.conditions_apply_over_delay else "")


def private(workflow: Workflow) -> str:
    words = said(SCOPES, workflow.private_incident_scope or "")
    more = "; private escalations too" if workflow.include_private_escalations else ""
    return words + more


def form_field(field: WorkflowFormField) -> str:
    """Say what is asked of whoever runs it by hand."""
    kind = f"{label(field.type)}{', several' if field.array else ''}"
    needed = ", required" if field.required else ""
    about = f": {text.inline(field.description)}" if field.description else ""
    return f"{text.bold(field.title)} ({kind}{needed}){about}"
