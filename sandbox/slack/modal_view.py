"""The modal somebody is looking at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.slack.inputs import STATEFUL
from sandbox.slack.model import Json, View
from sandbox.slack.validate.objects import options_of
from sandbox.slack.words import buttons_in, words_in


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a modal."""

    block_id: str
    action_id: str
    label: str
    type: str
    optional: bool
    value: Any
    options: list[str]
    """The labels of a list of choices."""


@dataclass(frozen=True, slots=True)
class ModalView:
    """A modal, or a home, as it is now."""

    view: View

    @property
    def id(self) -> str:
        return self.view.id

    @property
    def title(self) -> str:
        return self._text("title")

    @property
    def submit(self) -> str:
        return self._text("submit")

    @property
    def close(self) -> str:
        return self._text("close")

    @property
    def blocks(self) -> list[Json]:
        return self.view.blocks

    @property
    def buttons(self) -> list[str]:
        return buttons_in(self.blocks)

    @property
    def callback_id(self) -> str:
        return str(self.view.content.get("callback_id", ""))

    @property
    def private_metadata(self) -> str:
        return str(self.view.content.get("private_metadata", ""))

    @property
    def errors(self) -> dict[str, str]:
        return self.view.errors

    @property
    def state(self) -> Json:
        return self.view.values

    @property
    def fields(self) -> dict[str, Field]:
        inputs = [block for block in self.blocks if block["type"] == "input"]
        return {block["block_id"]: self._field(block) for block in inputs}

    @property
    def words(self) -> str:
        """Everything that can be read, and what is filled in."""
        held = [str(field.value) for field in self.fields.values() if field.value]
        shown = [self.title, words_in(self.blocks), *held, self.submit, self.close]
        return "\n".join(filter(None, [*shown, *self.errors.values()]))

    def _field(self, block: Json) -> Field:
        element = block["element"]
        holds = STATEFUL[element["type"]]
        state = self.view.values[block["block_id"]][element["action_id"]]
        return Field(
            block["block_id"],
            element["action_id"],
            block["label"]["text"],
            element["type"],
            bool(block.get("optional")),
            state[holds.key],
            [option["text"]["text"] for option in options_of(element)],
        )

    def _text(self, key: str) -> str:
        shown = self.view.content.get(key)
        return str(shown["text"]) if shown else ""
