"""Replaces the mentions of people, channels and groups by their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackClientError

from blocks.kit import json_text, references
from blocks.kit.fields import Value
from blocks.kit.form import read_view
from handlers.core.context import Context
from incidentio import User
from incidentio.errors import IncidentioError


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Names of people in incident.io, else in Slack; of public channels; of groups."""

    ctx: Context

    def person(self, slack_id: str) -> str | None:
        user = self._account(slack_id)
        try:
            return user.name if user else self.ctx.services.people.find(slack_id).name
        except SlackClientError:
            return None

    def _account(self, slack_id: str) -> User | None:
        try:
            return self.ctx.services.accounts.of(slack_id)
        except IncidentioError:
            return None

    def channel(self, slack_id: str) -> str | None:
        return self.ctx.services.channels.public_name(slack_id)

    def group(self, slack_id: str) -> str | None:
        return self.ctx.services.groups.name(slack_id)


def write_out(ctx: Context, words: str) -> str:
    """Write out what Slack encodes in a message: mentions, channels, links, dates."""
    return references.write_out(words, KnownNames(ctx))


def without_ids(ctx: Context, words: str) -> str:
    """Replace mentions by names in the text of a form's field."""
    return references.without_ids(words, KnownNames(ctx))


def entered(ctx: Context, view: Mapping[str, Any]) -> dict[str, Value]:
    """Read a submitted form, with names in place of the mentions in its texts.

    JSON is not changed: it goes to incident.io as it was typed.
    """

    def written(name: str, value: Value) -> Value:
        meant = isinstance(value, str) and not name.startswith(json_text.PREFIX)
        return without_ids(ctx, value) if isinstance(value, str) and meant else value

    return {name: written(name, value) for name, value in read_view(view).items()}
