"""Tries a message: posted, edited, found by its metadata, deleted."""

from __future__ import annotations

from itertools import accumulate, repeat

from slack_sdk.errors import SlackApiError

from admin.live.leftovers import Leftover
from admin.live.posting import Posting, post
from admin.live.trial import Broken, Skipped, Trial
from blocks.kit.messages import Message, section
from reminders.engine.post import SHOWN_AFTER

POSTED = "A message to try the bot. It is deleted in a moment."
EDITED = "A message to try the bot. It was edited, and is deleted in a moment."
PAUSE = 3.0
"""Seconds between two looks."""


class OneMessage:
    """The message that one promise after the other is tried on."""

    def __init__(self) -> None:
        self._made: tuple[Posting, Leftover] | None = None

    def post_and_edit(self, trial: Trial) -> str:
        message = Message(POSTED, [section(POSTED)])
        self._made = posting, _ = post(trial, trial.channel, message)
        assert posting.posted is not None
        channel, ts = posting.posted
        blocks = [section(EDITED).to_dict()]
        trial.slack.chat_update(channel=channel, ts=ts, text=EDITED, blocks=blocks)
        return "Posted, then edited."

    def find(self, trial: Trial) -> str:
        """Look for it until Slack shows it, for as long as the bot would."""
        posting, _ = self._message()
        longest = SHOWN_AFTER.total_seconds()
        for waited in accumulate(repeat(PAUSE), initial=0.0):
            found = posting.find()
            if found is not None:
                break
            if waited >= longest:
                raise Broken(f"It was not found within {longest:.0f} s.")
            trial.sleep(PAUSE)
        if found != posting.posted:
            raise Broken("Another message was found under its id.")
        return f"Found {waited:.0f} s later." if waited else "Found at once."

    def delete(self, trial: Trial) -> str:
        posting, leftover = self._message()
        assert posting.posted is not None
        posting.poster.delete(posting.posted)
        leftover.done = True
        channel, ts = posting.posted
        try:
            trial.slack.chat_update(channel=channel, ts=ts, text=EDITED)
        except SlackApiError as error:
            if error.response.get("error") == "message_not_found":
                return "Deleted; Slack says that it is gone."
            raise
        raise Broken("Slack edits it though it was deleted.")

    def _message(self) -> tuple[Posting, Leftover]:
        if self._made is None:
            raise Skipped("No message was posted.")
        return self._made
