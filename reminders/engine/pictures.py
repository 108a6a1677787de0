"""Put the picture of a message where Slack can show it; without it, the words do.

Slack takes in a file after it has acknowledged it, and refuses messages with it until
then. Such a message is tried again with the same file, a few times.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError, SlackClientError

from blocks.kit.pictures import image

if TYPE_CHECKING:
    from collections.abc import Mapping

    from blocks.kit.pictures import Picture
    from blocks.reminders.digest import Message
    from slack.client import SlackClient

log = logging.getLogger(__name__)

FILE, TRIES = "file", "tries"
"""What is kept of it in ``shown``."""

FAILURES = (SlackClientError, ImportError, KeyError, OSError, RuntimeError, ValueError)
"""What drawing and uploading may raise. The message is more than its picture."""

MOST = 5
AWHILE = timedelta(seconds=2)
"""Slack takes about a second."""


class Pictures:
    def __init__(self, slack: SlackClient) -> None:
        self._slack = slack

    def place(self, message: Message, shown: Mapping[str, Any] | None) -> Message:
        """Put the picture among the blocks; ``shown`` is of a try before this."""
        picture = message.picture
        if picture is None:
            return message
        tries = (shown or {}).get(TRIES, 0) + 1
        file_id = (shown or {}).get(FILE) or self._uploaded(picture)
        if file_id is None or tries > MOST:
            log.warning("a message goes without its picture, at the %s. try", tries)
            return message._replace(picture=None)
        blocks = list(message.blocks)
        blocks.insert(picture.nth, image(file_id, picture.title, picture.alt))
        kept = {**(message.shown or {}), FILE: file_id, TRIES: tries}
        return message._replace(blocks=blocks, shown=kept)

    def _uploaded(self, picture: Picture) -> str | None:
        """Upload it for the bot alone; who sees the message sees it."""
        try:
            content = picture.draw()
            place = self._slack.files_getUploadURLExternal(
                filename="picture.png", length=len(content), alt_txt=picture.alt[:1000]
            )
            file_id = str(place["file_id"])
            self._slack.upload(str(place["upload_url"]), content)
            titled: dict[str, str | None] = {"id": file_id, "title": picture.title}
            self._slack.files_completeUploadExternal(files=[titled])
        except FAILURES as error:
            log.warning("a picture was not uploaded: %s", error)
            return None
        return file_id


def unready(error: SlackClientError) -> bool:
    """Whether Slack refused a message because it does not know its picture yet."""
    if not isinstance(error, SlackApiError):
        return False
    problems = error.response.get("errors") or ()
    refused = error.response.get("error") == "invalid_blocks"
    return refused and any("slack_file" in str(problem) for problem in problems)
