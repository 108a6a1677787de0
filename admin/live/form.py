"""Tries a form: a person presses a button, and the bot opens it.

Meanwhile this is one more replica of the bot, on the database of the settings: whatever
else Slack delivers here is done as anywhere else.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from slack_bolt import BoltResponse

from admin.live.posting import Posting, post
from admin.live.trial import Broken, Skipped, Trial
from blocks.kit.messages import Message, buttons, section
from http_base.client import Exchange
from runtime import processes
from runtime.wiring import Runtime

PRESS = 60.0
"""Seconds that a press is waited for."""
GREETING = 15.0
"""Seconds that Slack's socket may take."""
OPENING = 30.0
"""Seconds in which the press is answered."""

ASKED = (
    "No press arrived here; another process of the bot may have it. Did a form open?"
)
ASKED_OVER_HTTP = "Did a form open?"
ASKING = "The bot's doctor asks you to press this button, to see that a form opens."
BUTTON = "Open a form"
LINE = "prefs"
"""The command that the button stands for: its form changes nothing by itself."""
METHOD = "/views.open"

Wait = Callable[[Event, float], bool]


@dataclass
class Press:
    """A press of the button, if one was delivered."""

    ts: str = ""
    """The message with the button."""
    trigger: str = ""
    handled: Event = field(default_factory=Event)

    def hear(
        self, body: dict[str, Any], next_: Callable[[], BoltResponse]
    ) -> BoltResponse:
        """Record the press; set ``handled`` once the bot has acknowledged it."""
        message = body.get("message") or {}
        if not self.ts or message.get("ts") != self.ts:
            return next_()
        self.trigger = str(body.get("trigger_id") or "")
        answer = next_()
        self.handled.set()
        return answer

    def caused(self, exchange: Exchange) -> bool:
        """Return whether the bot sent this request because of the press."""
        return bool(self.trigger) and self.trigger.encode() in (exchange.data or b"")


class PressedForm:
    """Tries a form; ``wait`` waits for an event, so many seconds at most."""

    def __init__(self, wait: Wait = Event.wait) -> None:
        self._wait = wait

    def opens(self, trial: Trial) -> str:
        if not trial.settings.slack_app_token.get_secret_value():
            self._ask_to_press(trial, "The running bot opens the form")
            return _as_seen(trial, ASKED_OVER_HTTP)
        press = Press()
        hear = trial.recorder.only(press.caused)
        with (
            processes.started(
                trial.settings, on_exchange=hear, on_delivery=press.hear
            ) as bot,
            processes.listening(trial.settings, bot, None) as socket,
        ):
            if not socket.wait_until_greeted(GREETING):
                raise Broken(f"Slack's socket did not greet within {GREETING:.0f} s.")
            posting = self._ask_to_press(trial, f"You have {PRESS:.0f} s")
            press.ts = posting.posted.ts if posting.posted else ""
            if self._wait(press.handled, PRESS):
                return _opened(trial, bot)
        return _as_seen(trial, ASKED)

    def _ask_to_press(self, trial: Trial, hint: str) -> Posting:
        row = buttons([(BUTTON, LINE)])
        message = Message(ASKING, [section(ASKING), row])
        posting, _ = post(trial, trial.person.id, message)
        trial.say(f"Press “{BUTTON}” in your direct messages in Slack. {hint}.")
        return posting


def _opened(trial: Trial, bot: Runtime) -> str:
    """Return that a form was opened; say why where it was not."""
    if not bot.wait_idle(OPENING):
        raise Broken(f"The press was not answered within {OPENING:.0f} s.")
    opened = [kept for kept in trial.recorder.latest() if kept.path == METHOD]
    if not opened:
        raise Broken("The press arrived, but the bot opened no form: it answered you.")
    answer = opened[-1].exchange.answer
    if answer is None or not json.loads(answer.body).get("ok"):
        raise Broken("Slack did not open the form.")
    return "Opened when you pressed the button. You can close it."


def _as_seen(trial: Trial, question: str) -> str:
    """Ask what happened where a running bot may have taken the press."""
    seen = trial.ask(question)
    if seen is None:
        raise Skipped("No press arrived here, and nobody can be asked.")
    if not seen:
        raise Broken("You saw no form.")
    return "You saw it. The running bot opened it, so it is not in the file."
