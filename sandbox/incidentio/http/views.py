"""Helpers of all views: no nulls, and users in their short form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.incidentio.state.store import Store

Shown = dict[str, Any]

_BRIEF = ("email", "id", "name", "role", "slack_user_id")


def without_nulls(values: Mapping[str, Any]) -> Shown:
    return {key: value for key, value in values.items() if value is not None}


def show_user(user: Mapping[str, Any]) -> Shown:
    """Return a user as they appear inside other resources."""
    return {key: user[key] for key in _BRIEF if key in user}


def user_by_id(store: Store, user_id: str | None) -> Shown | None:
    return None if user_id is None else show_user(store.users.resolve(user_id))
