"""Tries to read: the rate limit, lists, and who is on call."""

from __future__ import annotations

from datetime import timedelta

from admin.live.trial import Broken, Skipped, Trial
from incidentio.on_call import rota
from incidentio.transport.quota import quota_in

SHOWN = timedelta(days=1)


def limits(trial: Trial) -> str:
    """Read the rate limit from the headers of an answer."""
    trial.api.identity.show()
    answer = trial.recorder.latest()[-1].exchange.answer
    quota = quota_in(answer.headers, trial.now()) if answer else None
    if quota is None:
        raise Broken("The answer has no X-RateLimit headers that can be read.")
    return f"{quota.limit} requests a minute, {quota.remaining} of them left."


def lists(trial: Trial) -> str:
    """Read one page of each of the lists that messages are made of."""
    api = trial.api
    read = {
        "statuses": len(api.statuses.list()),
        "severities": len(api.severities.list()),
        "types": len(api.types.list()),
        "roles": len(api.roles.list()),
        "incidents": len(api.incidents.page().items),
        "follow-ups": len(api.follow_ups.page().items),
    }
    return f"Read {', '.join(f'{number} {what}' for what, number in read.items())}."


def on_call(trial: Trial) -> str:
    """Read the shifts of the first schedule, as the bot does."""
    schedule = next(trial.api.schedules.list(), None)
    if schedule is None:
        raise Skipped("The organisation has no schedule.")
    now = trial.now()
    until = now + SHOWN
    entries = trial.api.schedules.list_entries(schedule.id, now, until)
    shifts = rota.of(schedule, entries, now, now, until).at(now)
    return f"{len(shifts)} on call now in “{schedule.name}”."
