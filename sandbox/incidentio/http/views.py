"""What all views of rows share: they leave out what has no value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.incidentio.state.store import Store

Shown = dict[str, Any]

_BRIEF = ("email", "id", "name", "role", "slack_user_id")


def present(values: Mapping[str, Any]) -> Shown:
    return {key: value for key, value in values.items() if value is not None}


def brief(user: Mapping[str, Any]) -> Shown:
    """A person as they appear inside other things."""
    return {key: user[key] for key in _BRIEF if key in user}


def person(store: Store, user_id: str | None) -> Shown | None:
    return None if user_id is None else brief(store.users.remembered(user_id))
