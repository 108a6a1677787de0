"""Escalation paths: the list, the card, and the form that deletes one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from slack_sdk.models.blocks import Block

from blocks.kit import messages, text
from blocks.kit.managed import manager
from blocks.kit.on_call import sections
from blocks.kit.people import people
from blocks.paths import tree as path_tree
from blocks.paths.tree import Name
from incidentio import EscalationPath

DELETE = "path.delete"
NOBODY = "⚠️ *Nobody* would be paged now"


def listing(paths: Sequence[EscalationPath], name: Name) -> list[Block]:
    """List paths, each with what happens first and who would be paged now."""
    blocks: list[Block] = [messages.section("*Escalation paths*")]
    for path in paths:
        lines = [
            text.bold(path.name),
            f"First: {path_tree.first_level(path, name)}",
            now(path),
        ]
        section = messages.section("\n".join(lines))
        section.accessory = messages.button("Show", f"path show {path.id}")
        blocks.append(section)
    if not paths:
        words = "None yet. A path says who is paged first, and who next."
        blocks.append(messages.section(words))
    return [*blocks, messages.buttons([("Create path", "path create")])]


def now(path: EscalationPath) -> str:
    """Describe who would be paged at this moment."""
    if not path.current_responders:
        return f"{NOBODY}."
    return f"Paged now: {people(path.current_responders)}"


def card(
    path: EscalationPath, tree: Sequence[str], *, origin: str, first: bool
) -> list[Block]:
    """Draw the card; the pages after the ``first`` only continue the tree."""
    facts = list(_facts(path)) if first else []
    lines = [
        ("Page", f"page path:{path.id}"),
        ("Edit", f"path edit {path.id}"),
        ("Edit as JSON", f"path json {path.id}"),
    ]
    delete = ("Delete", f"path delete {path.id}")
    head = [text.bold(path.name), *([now(path)] if first else [])]
    return [
        *sections([*head, *tree]),
        *(sections(facts) if facts else []),
        messages.buttons(lines, block_id=f"{origin}#1", danger=delete),
    ]


def _facts(path: EscalationPath) -> Iterable[str]:
    hours = [path_tree.working_hours(config) for config in path.working_hours]
    if hours:
        yield "\n".join(["*Working hours*", *(f"• {said}" for said in hours)])
    if again := path.repeat_config:
        after = text.exact(timedelta(seconds=again.repeat_after_seconds))
        held = ", later where there is activity"
        later = held if again.delay_repeat_on_activity else ""
        yield f"*Repeats* after {after}{later}"
    if by := manager(path):
        yield f"*Managed by*: {by}"
    if path.team_ids:
        teams = [text.code(id_, 60) for id_ in path.team_ids[:12]]
        yield f"*Teams*: {', '.join(teams)}"
    yield f"*Id*: {text.code(path.id)}"
