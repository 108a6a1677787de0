"""The list of ladders: their steps in words, and their buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block

from blocks.kit import messages, text
from blocks.ladders.messages import whom


@dataclass(frozen=True, slots=True)
class ListedStep:
    to: str
    days: int
    id: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class ListedLadder:
    """A ladder, or that there is none; all words are mrkdwn."""

    title: str
    scope: str
    """The word for the ladder in commands."""
    steps: Sequence[ListedStep]
    on: bool = False
    notes: Sequence[str] = ()

    @property
    def state(self) -> str:
        if not self.steps:
            return "not set"
        return "on" if self.on else "off"


def steps_text(steps: Sequence[ListedStep]) -> str:
    """Return ``the owner once the target has passed, then …``."""
    return ", then ".join(_step_text(step) for step in steps) or "nobody"


def _step_text(step: ListedStep) -> str:
    who = whom(step.to, step.id, step.name)
    if not step.days:
        return f"{who} once the target has passed"
    return f"{who} {text.count(step.days, 'working day')} past it"


def listing(ladders: Sequence[ListedLadder]) -> list[Block]:
    blocks: list[Block] = []
    for number, ladder in enumerate(ladders):
        blocks.append(messages.section("\n".join(lines(ladder))))
        blocks.append(messages.buttons(_verbs(ladder), block_id=f"ladder#{number}"))
    return blocks


def lines(ladder: ListedLadder) -> list[str]:
    head = f"*{ladder.title}*: {ladder.state}"
    steps = [f"{n}. {_step_text(step)}" for n, step in enumerate(ladder.steps, 1)]
    return [head, *steps, *ladder.notes]


def _verbs(ladder: ListedLadder) -> list[tuple[str, str]]:
    if not ladder.steps:
        return [("Set it up", f"ladder edit {ladder.scope}")]
    verbs = [("Edit", f"ladder edit {ladder.scope}")]
    label = "Preview" if ladder.on else "Preview and turn on"
    verbs.append((label, f"ladder preview {ladder.scope}"))
    return [*verbs, ("Turn off", f"ladder off {ladder.scope}")] if ladder.on else verbs
