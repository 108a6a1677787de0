"""The roles of an incident: who holds them, and what somebody is told who gets one."""

from __future__ import annotations

from slack_sdk.models.blocks import ActionsBlock, Block, SectionBlock

from blocks.kit import incidents as cards
from blocks.kit import messages, text
from blocks.kit.messages import Message
from blocks.kit.people import person
from incidentio import Incident, Role, RoleAssignment

INSTRUCTIONS = 2_500


def listing(
    incident: Incident, assigned: list[RoleAssignment], me: str | None
) -> list[Block]:
    """List roles with a button each; ``me`` is the account of who reads it."""
    blocks: list[Block] = [messages.section(f"Roles in {cards.title(incident)}")]
    for number, one in enumerate(assigned):
        blocks.append(_role(incident, one, me, number))
    return blocks


def _role(
    incident: Incident, assigned: RoleAssignment, me: str | None, number: int
) -> SectionBlock:
    role, holder = assigned.role, assigned.assignee
    line = f"incident role {incident.reference} {role.id}"
    if holder is None:
        button = messages.button("Claim", f"{line} me", style="primary")
    elif holder.id == me:
        button = messages.button("Hand over", line)
    else:
        button = messages.button("Reassign", line)
    needed = " (required)" if role.required and holder is None else ""
    words = [f"{text.bold(role.name)}: {person(holder)}{needed}"]
    if role.description:
        words.append(text.inline(role.description, 200))
    return SectionBlock(
        block_id=f"incident roles {incident.reference}#{number}",
        text=messages.section("\n".join(words)).text,
        accessory=button,
    )


def given(incident: Incident, role: Role, by: str) -> Message:
    """Tell somebody which role they hold now, and what it asks of them.

    ``by`` is the Slack id of who gave it.
    """
    name, where = text.bold(role.name), cards.title(incident)
    words = f"{text.mention(by)} made you {name} of {where}."
    if incident.slack_channel_id:
        words = f"{words} Follow along in {text.channel(incident.slack_channel_id)}."
    blocks: list[Block] = [messages.section(words)]
    if told := instructions(role):
        blocks.append(messages.section(told))
    reference = incident.reference
    steps = [
        messages.button("Show incident", f"incident {reference}"),
        messages.button("Hand over", f"incident role {reference} {role.id}", nth=2),
    ]
    return Message(text.unformatted(words), [*blocks, ActionsBlock(elements=steps)])


def instructions(role: Role) -> str:
    """Return what a role asks of whoever holds it, quoted; "" if it says nothing."""
    written = role.instructions.strip()
    return text.quote(written, INSTRUCTIONS) if written else ""
