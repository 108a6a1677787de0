"""Incident roles: the list, the card, and what the forms about them show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import ActionsBlock, Block, HeaderBlock, PlainTextObject

from blocks.kit import incidents as cards
from blocks.kit import messages, people, text
from incidentio import Incident, Role, User

BRIEF = 200
PIECE = 2900
MOST_PIECES = 30
MOST_NAMED = 10
KINDS = {"lead": "leads the incident", "reporter": "declared it"}


@dataclass(frozen=True, slots=True)
class RoleUsage:
    """The holders of a role in incidents in progress that the person may see."""

    held: Sequence[tuple[Incident, User]] = ()

    @property
    def total(self) -> int:
        return len(self.held)


def listing(roles: Sequence[Role]) -> list[Block]:
    blocks: list[Block] = [messages.section("*Incident roles*")]
    for role in roles:
        section = messages.section(_line(role))
        section.accessory = messages.button("Show", f"role show {role.id}")
        blocks.append(section)
    if not roles:
        blocks.append(messages.section("None are set up in incident.io."))
    return [*blocks, messages.buttons([("Create role", "role create")])]


def _line(role: Role) -> str:
    facts = [text.bold(role.name), KINDS.get(role.role_type, "")]
    facts += [text.code(role.shortform)] if role.shortform else []
    words = " · ".join(fact for fact in facts if fact)
    if role.description.strip():
        words = f"{words}\n{text.inline(role.description, BRIEF)}"
    return words


def card(role: Role, usage: RoleUsage, now: datetime) -> list[Block]:
    """Show everything about a role; its instructions in full."""
    described = role.description.strip()
    return [
        HeaderBlock(text=PlainTextObject(text=text.plain(role.name, text.HEADER))),
        *([messages.section(text.paragraph(described))] if described else []),
        *_instructions(role.instructions),
        messages.section("\n".join(_facts(role, usage))),
        messages.context(" · ".join(_course(role, now))),
        _steps(role),
    ]


def _instructions(words: str) -> list[Block]:
    if not words.strip():
        return [messages.context("No instructions yet.")]
    pieces = _pieces(text.escape(words.strip()))[:MOST_PIECES]
    return [messages.section(piece) for piece in ["*Instructions*", *pieces]]


def _pieces(written: str) -> list[str]:
    """Cut a long text into pieces, never inside an entity like ``&amp;``."""
    pieces = []
    while len(written) > PIECE:
        piece = text.clip(written, PIECE)[:-1]
        pieces.append(piece)
        written = written[len(piece) :].lstrip()
    return [*pieces, written]


def _facts(role: Role, usage: RoleUsage) -> list[str]:
    kind = KINDS.get(role.role_type)
    named = text.inline(role.role_type)
    facts = [f"*Kind:* {named}, who {kind}" if kind else f"*Kind:* {named}"]
    if role.shortform:
        facts.append(f"*Short form:* {text.code(role.shortform)}")
    return [*facts, *holders(usage)]


def holders(usage: RoleUsage) -> list[str]:
    """Name who holds it where; private incidents of others are only counted."""
    if not usage.total:
        return ["No one has this role in a live incident."]
    lines = [
        f"• {cards.title(incident)}: {people.person(user)}"
        for incident, user in usage.held[:MOST_NAMED]
    ]
    left = len(usage.held) - len(lines)
    lines += [f"• and {left} more"] if left else []
    return ["*Held in live incidents:*", *lines]


def _course(role: Role, now: datetime) -> list[str]:
    moments = (("Created", role.created_at), ("Last change", role.updated_at))
    said = [
        f"{label} {text.when(moment)} ({text.ago(moment, now)})"
        for label, moment in moments
        if moment
    ]
    return [*said, f"id {text.code(role.id)}"]


def _steps(role: Role) -> Block:
    edit = ("Edit", f"role edit {role.id}")
    kept = role.role_type in KINDS
    delete = None if kept else ("Delete", f"role delete {role.id}")
    return messages.buttons([edit], block_id=f"role show {role.id}", danger=delete)


def announced(words: str, role: Role) -> list[Block]:
    """Draw the announcement of a change, with a button that shows the role."""
    show = messages.button("Show", f"role show {role.id}")
    return [messages.section(words), ActionsBlock(elements=[show])]
