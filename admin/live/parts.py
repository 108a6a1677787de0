"""The parts that can be tried, each with its plan and its promises."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from admin.live import incident, reading, reminder
from admin.live.form import PRESS, PressedForm, Wait
from admin.live.incident import OneIncident
from admin.live.messages import OneMessage
from admin.live.trial import Trial

MESSAGE = "post a message in {channel}, edit it, look for it and delete it"
REMINDER = "send you a reminder as a direct message, and delete it"
READING = "read your configuration, and pages of incidents, follow-ups and schedules"
INCIDENT = (
    "declare an incident in test mode, visible to everybody, and close it; "
    "incident.io may open a channel for it and announce it, as its settings say"
)
FORM = (
    "send you a button, and open a form when you press it; until then, for {seconds} s "
    "at most, it serves people as one more replica of the bot on its {database}"
)
FORM_ASKED = (
    "send you a button, and ask whether the running bot opened a form when you "
    "pressed it"
)


@dataclass(frozen=True, slots=True)
class Promise:
    name: str
    attempt: Callable[[Trial], str]
    """Returns what was seen; raises ``Broken`` or ``Skipped``."""


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    plan: str
    """What it will do, with names in braces that ``will`` fills."""
    promises: Sequence[Promise]

    def will(self, trial: Trial) -> str:
        """Return what it will do, and where."""
        mine = trial.channel == trial.person.id
        return self.plan.format(
            channel="your direct messages" if mine else f"{trial.channel} ({JOINS})",
            seconds=f"{PRESS:.0f}",
            database=_database(trial.settings.database_url),
        )


JOINS = "a public channel is joined if need be"

NAMES = ("message", "reminder", "reading", "incident", "form")


def parts(wait: Wait, *, over_socket: bool, only: Collection[str] = ()) -> list[Part]:
    """Return what is tried, in this order; ``only`` names parts, none means all."""
    message, declared = OneMessage(), OneIncident()
    form = PressedForm(wait)
    every = [
        Part(
            "message",
            MESSAGE,
            [
                Promise("A message is posted and edited", message.post_and_edit),
                Promise("It is found by its metadata", message.find),
                Promise("It is deleted and known to be gone", message.delete),
            ],
        ),
        Part(
            "reminder",
            REMINDER,
            [Promise("A reminder is sent once", reminder.sent_once)],
        ),
        Part(
            "reading",
            READING,
            [
                Promise("Rate limits are told", reading.limits),
                Promise("Lists are read", reading.lists),
                Promise("Who is on call is read", reading.on_call),
            ],
        ),
        Part(
            "incident",
            INCIDENT,
            [
                Promise("An incident is declared once", declared.declare),
                Promise("The incident is closed", declared.close),
                Promise("An unknown incident is not found", incident.unknown_is_told),
            ],
        ),
        Part(
            "form",
            FORM if over_socket else FORM_ASKED,
            [Promise("A form opens", form.opens)],
        ),
    ]
    return [part for part in every if not only or part.name in only]


def _database(url: str) -> str:
    kind = url.partition(":")[0].partition("+")[0]
    first = ", which is made or migrated first" if kind == "sqlite" else ""
    return f"{kind} database{first}"
