"""What ``doctor --live`` is going to do, and where: read before it is agreed to."""

from __future__ import annotations

from pathlib import Path

from admin.live.form import PRESS
from admin.live.trial import Trial

PLAN = """
This tries the bot on the real services:

  Slack        {team}
  incident.io  {key}
  You          {name} ({id}), in Slack

It will
  - post a message in {channel}, edit it, look for it and delete it
  - send you a reminder and a button as direct messages, and delete both
  - {form}
  - declare an incident in test mode, visible to everybody, and close it; incident.io
    may open a channel for it and announce it, as its settings say
  - read your people, configuration, and pages of incidents, follow-ups and schedules
  - write each request and answer, without names, texts, ids and tokens, to
    {file}
"""
SOCKET = """wait at most {seconds:.0f} s until you press the button, and open a form; until then
    it serves people too, as one more replica of the bot on its {database}"""
HTTP = "ask you whether the running bot opens a form when you press the button"


def plan(trial: Trial, team: str, key: str, file: Path) -> str:
    """Return the plan, with the workspace, the organisation, person and channel."""
    settings, person = trial.settings, trial.person
    mine = trial.channel == person.id
    kind = settings.database_url.partition(":")[0].partition("+")[0]
    database = f"{kind} database" + (", migrated first" if kind == "sqlite" else "")
    socket = SOCKET.format(seconds=PRESS, database=database)
    return PLAN.format(
        team=team,
        key=key,
        name=person.name,
        id=person.id,
        channel="your direct messages" if mine else f"the channel {trial.channel}",
        form=socket if settings.slack_app_token.get_secret_value() else HTTP,
        file=file,
    )
