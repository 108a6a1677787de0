"""Timestamps that every incident may have: the list, and the card of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block

from blocks.kit import incidents as cards
from blocks.kit import messages, text
from incidentio import Incident, Timestamp


def listing(timestamps: Sequence[Timestamp], here: Incident | None) -> list[Block]:
    """List timestamps in their order, with the values of the incident ``here``."""
    heading = f"*Timestamps* of {cards.title(here)}" if here else "*Timestamps*"
    blocks: list[Block] = [messages.section(heading)]
    for stamp in timestamps:
        section = messages.section(_line(stamp, here))
        section.accessory = messages.button("Show", f"timestamp show {stamp.id}")
        blocks.append(section)
    if not timestamps:
        blocks.append(messages.section("None are set up in incident.io."))
    return blocks


def _line(stamp: Timestamp, here: Incident | None) -> str:
    words = f"{text.bold(stamp.name)} · rank {stamp.rank}"
    if here is None:
        return words
    at = value(stamp, here)
    return f"{words} · {text.when(at) if at else 'not set'}"


def value(stamp: Timestamp, incident: Incident) -> datetime | None:
    """Return an incident's value of a timestamp. None: it is not set."""
    values = incident.incident_timestamp_values
    return next((v.at for v in values if v.incident_timestamp.id == stamp.id), None)


def card(stamp: Timestamp, here: Incident | None, now: datetime) -> list[Block]:
    lines = [text.bold(stamp.name), f"*Rank:* {stamp.rank}"]
    if here is not None:
        at = value(stamp, here)
        said = f"{text.when(at)} ({text.ago(at, now)})" if at else "not set"
        lines.append(f"*In {cards.ref(here)}:* {said}")
    blocks: list[Block] = [
        messages.section("\n".join(lines)),
        messages.context(f"id {text.code(stamp.id)}"),
    ]
    if here is not None:
        line = f"incident edit {here.reference}"
        blocks.append(messages.buttons([(f"Edit {here.reference}", line)]))
    return blocks
