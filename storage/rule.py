"""Rules: what the bot says unprompted, to whom and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

ACTIVE, PAUSED = "active", "paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule as it was when it was read. A reminder is a rule of a channel."""

    id: str
    kind: str
    """The kind of its messages: see ``reminders.engine.kinds``."""
    channel: str | None = None
    """The id of a channel or of a person. None: each of its notices names its own."""
    created_by: str | None = None
    """The Slack id of a person. None: the bot made the rule itself."""
    created_at: datetime
    name: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    """JSON that only its kind can read, by its subclass of ``RuleOptions``."""
    recurrence: str | None = None
    """A crontab line and a time zone. None: its kind finds out what is due."""
    state: str = ACTIVE
    paused_because: str | None = None
    next_slot_at: datetime | None = None
    last_slot_at: datetime | None = None
    last_result: str | None = None
    """The state of its last slot; after a colon, the reason."""
    failing_since: datetime | None = None

    @property
    def own_channel(self) -> str:
        """The channel or person of a rule that has one.

        Raises:
            ValueError: each of its notices names its own.
        """
        if self.channel is None:
            raise ValueError(f"Rule {self.id} has no channel of its own")
        return self.channel


class RuleOptions(BaseModel):
    """The options of one kind of rule.

    Each kind has a subclass. Properties that a later version stored are kept.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    @classmethod
    def of(cls, rule: Rule) -> Self:
        """Read the options of a rule.

        Raises:
            ValidationError: they have another shape.
        """
        return cls.model_validate(rule.options)

    def changed(self, **values: object) -> Self:
        """Return these options with the given changes; unknown options stay."""
        return self.model_validate({**dict(self), **values})

    def to_json(self) -> dict[str, Any]:
        """Return the JSON to store: only what differs from the defaults."""
        return self.model_dump(mode="json", exclude_defaults=True)
