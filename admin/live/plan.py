"""The plan of ``doctor --live``, which a person reads before agreeing to it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from textwrap import fill

from admin.live.parts import Part
from admin.live.trial import Trial

HEAD = """
This tries the bot on the real services:

  Slack        {team}
  incident.io  {key}
  You          {name} ({id}), in Slack

It will
"""
WIDTH = 88
WRITE = "write each request and answer, without names, texts, ids and tokens, to a file"


def plan(trial: Trial, team: str, key: str, parts: Sequence[Part], file: Path) -> str:
    """Return the plan, with the workspace, the organisation, person and channel."""
    person = trial.person
    head = HEAD.format(team=team, key=key, name=person.name, id=person.id)
    items = [*(part.will(trial) for part in parts), WRITE]
    drawn = [
        fill(item, WIDTH, initial_indent="  - ", subsequent_indent="    ")
        for item in items
    ]
    return "\n".join([f"{head.rstrip()}", *drawn, f"    {file}", ""])
