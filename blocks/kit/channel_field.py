"""A field of a form for a channel."""

from __future__ import annotations

from dataclasses import dataclass

from slack_sdk.models.blocks import (
    ConversationFilter,
    ConversationSelectElement,
    InputInteractiveElement,
)

from blocks.kit.fields import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelField(Field):
    """A channel, public or private, by id."""

    value: str | None = None

    def element(self) -> InputInteractiveElement:
        return ConversationSelectElement(
            **self._common,
            initial_conversation=self.value,
            filter=ConversationFilter(include=["public", "private"]),
        )
