"""The names of people, channels and groups that are mentioned in words."""

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
    """People as incident.io names them, else as Slack does; channels all may read."""

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
    """Write mentions out as names in what was typed into a form, or is shown in one."""
    return references.without_ids(words, KnownNames(ctx))


def entered(ctx: Context, view: Mapping[str, Any]) -> dict[str, Value]:
    """Read a submitted form, with the mentions in its texts written out.

    JSON stays to the letter: what stands there is meant for incident.io.
    """

    def written(name: str, value: Value) -> Value:
        meant = isinstance(value, str) and not name.startswith(json_text.PREFIX)
        return without_ids(ctx, value) if isinstance(value, str) and meant else value

    return {name: written(name, value) for name, value in read_view(view).items()}
