"""Files that the app uploads: a place for each, what came, when it can be used."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sandbox.slack.errors import Refused
from sandbox.slack.model import Json

PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(eq=False)
class File:
    id: str
    name: str
    length: int
    alt: str
    key: str = field(default_factory=lambda: secrets.token_hex(16))
    """What the address for the upload ends with."""
    content: bytes | None = None
    title: str = ""
    completed_at: datetime | None = None

    def as_json(self) -> Json:
        """Of a file that was just completed Slack knows no type yet."""
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title,
            "mimetype": "",
            "filetype": "",
            "size": self.length,
        }


class Files:
    """``delay`` is how long Slack takes until a completed file can be used."""

    def __init__(
        self, now: Callable[[], datetime], violated: Callable[[str], None]
    ) -> None:
        self._now = now
        self._violated = violated
        self._files: dict[str, File] = {}
        self.delay = timedelta(0)

    def __iter__(self) -> Iterator[File]:
        return iter(list(self._files.values()))

    def reserve(self, name: str, length: int, alt: str) -> File:
        file = File("F" + secrets.token_hex(5).upper(), name, length, alt)
        self._files[file.id] = file
        return file

    def receive(self, key: str, content: bytes) -> None:
        for file in self:
            if file.key == key and len(content) == file.length:
                file.content = content
                return
        raise Refused("upload refused", status=400)

    def complete(self, id_: str, title: str) -> File:
        file = self._files.get(id_)
        if file is None or file.content is None:
            raise Refused("file_not_found")
        file.title = title or file.name
        file.completed_at = self._now()
        return file

    def picture(self, id_: str) -> bytes | None:
        """The content of a picture that can be used by now."""
        file = self._files.get(id_)
        if file is None or file.completed_at is None or file.content is None:
            return None
        late = self._now() < file.completed_at + self.delay
        return None if late or not file.content.startswith(PNG) else file.content

    def forget(self, id_: str) -> None:
        """Somebody deleted it."""
        del self._files[id_]

    def check(self, blocks: list[Json]) -> None:
        """Refuse blocks that show what cannot be shown, in Slack's words."""
        for number, block in enumerate(blocks):
            id_ = _shown_in(block)
            if id_ is None or self.picture(id_):
                continue
            if id_ not in self._files:
                self._violated(f"{id_} is shown, which is no file")
            said = f"invalid slack file [json-pointer:/blocks/{number}/slack_file]"
            messages = (f"[ERROR] {said}",)
            raise Refused("invalid_blocks", errors=[said], messages=messages)


def _shown_in(block: Json) -> Any:
    """The id of the file that a block shows."""
    return (block.get("slack_file") or {}).get("id")
